//! `GET /accounting/documents/{id}`: what it is, what is to be done, what happened to it; and the same
//! in short, beside the list.

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;

use crate::auth::{self, MerchantScope};
use crate::db::Tenants;
use crate::documents::commands;
use crate::documents::display;
use crate::documents::door::Door;
use crate::documents::model::Document;
use crate::documents::queries::{self, StateRow};
use crate::kernel::{DocumentId, Error, Lang, MerchantId, Right, Texts, dates};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

/// A document and what belongs to it.
pub struct Paper {
    /// The reader's.
    lang: Lang,
    pub document: Document,
    pub states: Vec<StateRow>,
    pub readers: Vec<(String, DateTime<Utc>)>,
    /// What it corrects.
    pub corrected: Option<Document>,
    /// What corrects it.
    pub corrections: Vec<Document>,
}

impl Paper {
    /// `None`: there is none, or not for this scope.
    pub fn read(
        conn: &mut PgConnection,
        scope: MerchantScope,
        id: DocumentId,
        lang: Lang,
    ) -> Result<Option<Self>, Error> {
        let document = match queries::get(conn, scope, id) {
            Ok(document) => document,
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Self {
            lang,
            states: queries::states(conn, scope, id)?,
            readers: queries::readers(conn, scope, id)?,
            corrected: match document.corrects {
                Some(old) => Some(queries::get(conn, scope, old)?),
                None => None,
            },
            corrections: queries::corrections(conn, scope, id)?,
            document,
        }))
    }

    pub fn kind(&self) -> String {
        display::kind(self.document.kind, self.lang.texts())
    }

    pub fn badge(&self) -> Badge {
        display::badge(self.document.state, self.lang.texts())
    }

    pub fn sentence(&self) -> String {
        display::sentence(&self.document, self.lang)
    }

    pub fn actor(&self) -> String {
        display::actor(self.document.state, self.lang.texts())
    }

    /// The words that were given with the present state; empty where none were.
    pub fn reason(&self) -> &str {
        self.states.first().map_or("", |row| row.reason.as_str())
    }

    /// What is to be told about it: label and value.
    pub fn facts(&self) -> Vec<(String, String)> {
        let (t, document) = (self.lang.texts(), &self.document);
        let day = |day: NaiveDate| dates::plain_day(day, self.lang);
        let period = display::period(document.period_from, document.period_until, self.lang);
        let mut facts = vec![
            (t.msg_doc_col_period(), period),
            (t.msg_doc_col_issued(), day(document.issued_on)),
        ];
        if let Some(due_on) = document.due_on {
            facts.push((t.msg_doc_col_due(), day(due_on)));
        }
        if !document.provider.is_empty() {
            facts.push((t.msg_doc_col_provider(), document.provider.clone()));
        }
        facts
    }

    /// Total and currency, as the last line of the paper.
    pub fn total(&self) -> (String, String) {
        let t = self.lang.texts();
        let total = self.document.total();
        (t.msg_doc_total_in(total.currency.code()), total.number(self.lang))
    }
}

#[derive(Template)]
#[template(path = "documents/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    base: String,
    merchant: Option<String>,
    paper: Paper,
    may_move: bool,
    is_staffs: bool,
}

/// A link led to a document of another merchant that the reader works for.
#[derive(Template)]
#[template(path = "documents/elsewhere.html")]
struct ElsewherePage {
    shell: Shell,
    t: &'static Texts,
    id: DocumentId,
    merchant_id: MerchantId,
    merchant: String,
}

/// The way to a document of the reader's other merchants.
///
/// # Errors
/// [`Error::NotFound`]: none of them has it.
async fn elsewhere(door: &Door, id: DocumentId, shell: Shell, app: &App) -> Html {
    let scopes = auth::elsewhere(&door.principal, Right::ViewDocuments);
    if scopes.is_empty() {
        return Err(Error::NotFound);
    }
    let ids: Vec<MerchantId> = scopes.iter().map(|scope| scope.merchant_id()).collect();
    let read = move |conn: &mut PgConnection| queries::owner(conn, &scopes, id);
    let owner = app.db.run(Tenants::several(&ids), read).await?.ok_or(Error::NotFound)?;
    let names = &door.principal.merchants;
    let merchant = names.iter().find(|one| one.merchant_id == owner).ok_or(Error::NotFound)?;
    let (merchant_id, merchant) = (merchant.merchant_id, merchant.merchant_name.clone());
    html(&ElsewherePage { t: shell.t, shell, id, merchant_id, merchant })
}

pub async fn show(door: Door, shell: Shell, app: Data<App>) -> Html {
    let (scope, id) = (door.scope, door.document()?);
    let (user_id, now, lang) = (door.principal.user_id, shell.now, shell.lang);
    let (is_staffs, is_noted) = (door.is_staffs(), !door.is_staffs() && !door.is_head());
    let read = move |conn: &mut PgConnection| {
        if queries::get(conn, scope, id).is_ok() && is_noted {
            commands::mark_read(conn, scope, user_id, id, now)?;
        }
        let paper = Paper::read(conn, scope, id, lang)?.ok_or(Error::NotFound)?;
        let merchant = if is_staffs { Some(queries::merchant_name(conn, scope)?) } else { None };
        Ok((paper, merchant))
    };
    let (paper, merchant) = match app.db.run(scope.tenants(), read).await {
        Err(Error::NotFound) if !is_staffs => return elsewhere(&door, id, shell, &app).await,
        found => found?,
    };
    let has_moves = !paper.document.state.next(paper.document.total_minor).is_empty();
    html(&ShowPage {
        t: shell.t,
        shell,
        may_move: has_moves && door.may(Right::PublishDocuments),
        base: door.base,
        merchant,
        paper,
        is_staffs,
    })
}

impl ShowPage {
    fn amount(&self) -> String {
        self.paper.document.total().number(self.shell.lang)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    fn badge_of(&self, row: &StateRow) -> Badge {
        display::badge(row.state, self.t)
    }

    fn source(&self) -> String {
        display::source(self.paper.document.source, self.t)
    }

    fn size(&self) -> String {
        let kibibytes = self.paper.document.size_bytes.saturating_add(1023) / 1024;
        self.t.msg_doc_size(crate::kernel::money_grouped(kibibytes.unsigned_abs(), self.shell.lang))
    }
}
