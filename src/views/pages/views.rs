//! `…/views`: saving a view, and what becomes of those that there are.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands::{NewView, Refusal, VIEWS_MAX, Writer};
use super::super::queries::{self, ViewRow};
use super::super::{Listed, tabs};
use crate::auth::{MerchantRole, MerchantUser};
use crate::kernel::{Error, SavedViewId, Texts, text};
use crate::web::list::{Question, Reader};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Query, Shell, field_fault, html, invalid, see_other,
    set_flash,
};

/// Characters of a name; more would not fit a tab.
const NAME_MAX: usize = 40;

/// What a user may do with views.
#[derive(Clone, Copy)]
struct Rights {
    user_id: crate::kernel::UserId,
    may_share: bool,
    /// Keeps the shared views of others in order, too.
    is_keeper: bool,
}

impl Rights {
    fn of<C: Listed>(user: &MerchantUser) -> Self {
        let reach = user.scope(C::LIST.share);
        let role = user.principal().current().map(|current| current.role);
        Self {
            user_id: user.user_id(),
            // A clerk's list is nobody else's: what she asks of it would show others something else.
            may_share: reach.is_ok_and(|scope| scope.only_created_by().is_none()),
            is_keeper: matches!(role, Some(MerchantRole::Owner | MerchantRole::Manager)),
        }
    }

    fn may_change(self, row: &ViewRow) -> bool {
        let is_own = row.user_id == self.user_id;
        if row.is_shared { self.may_share && (is_own || self.is_keeper) } else { is_own }
    }
}

fn name(typed: &str, t: &Texts) -> Result<String, String> {
    let line = text::line(typed, NAME_MAX);
    line.map_err(|error| field_fault(error, Texts::msg_view_name_missing, t))
}

fn refusal_words(refusal: Refusal, t: &Texts) -> String {
    match refusal {
        Refusal::TooMany => t.msg_view_too_many(VIEWS_MAX),
        Refusal::NameTaken => t.msg_view_name_taken(),
    }
}

fn writer<C: Listed>(
    user: &MerchantUser,
    client: &Client,
    app: &Data<App>,
) -> Result<Writer, Error> {
    Ok(Writer {
        scope: user.scope(C::LIST.see)?,
        list: C::LIST.key,
        user_id: user.user_id(),
        by: client.user(user.principal()),
        now: app.clock.now(),
    })
}

fn merchant(shell: &Shell) -> String {
    shell.current().map(|current| current.merchant_name.clone()).unwrap_or_default()
}

/// What was typed about a new view.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_shared: Option<String>,
    #[serde(default)]
    query: String,
}

#[derive(Template)]
#[template(path = "views/new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Texts,
    form: NewForm,
    faults: Faults,
    /// The question in words.
    asks: Vec<String>,
    may_share: bool,
    merchant: String,
    list_title: String,
    views: &'static str,
    list: &'static str,
    /// The list as it was left.
    back: String,
}

impl NewPage {
    fn new<C: Listed>(
        shell: Shell,
        (form, faults): (NewForm, Faults),
        (question, names): (&Question<C>, &C::Names),
        rights: Rights,
    ) -> Self {
        let asks = words(question, names, &shell);
        Self {
            merchant: merchant(&shell),
            list_title: (C::LIST.title)(shell.t),
            t: shell.t,
            form,
            faults,
            asks,
            may_share: rights.may_share,
            views: C::LIST.views,
            list: C::LIST.path,
            back: question.url(C::LIST.path, &[]),
            shell,
        }
    }
}

/// A question in words, with its order where that is another than by itself.
fn words<C: Listed>(question: &Question<C>, names: &C::Names, shell: &Shell) -> Vec<String> {
    let mut words = question.words(names, &Reader::of(shell));
    if !question.sort.is_at_first() {
        words.push(shell.t.msg_view_sorted_by(question.sort.column.title(shell.t)));
    }
    words
}

pub async fn new<C: Listed<Names: Send>>(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
) -> Html {
    let scope = user.scope(C::LIST.see)?;
    let (question, faults) = Question::<C>::read(&query, &Reader::of(&shell));
    let query = question.filter_query();
    // Nothing is asked, or something that can't be read, which the list tells.
    if query.is_empty() || !faults.is_empty() {
        return Ok(see_other(question.url(C::LIST.path, &[])));
    }
    let names = app.db.run(scope.tenants(), move |conn| C::names(conn, scope)).await?;
    let form = NewForm { query, ..NewForm::default() };
    let rights = Rights::of::<C>(&user);
    html(&NewPage::new(shell, (form, Faults::default()), (&question, &names), rights))
}

pub async fn create<C: Listed<Names: Send>>(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<NewForm>,
) -> Html {
    let shell = Shell::of(&req)?;
    let (writer, rights) = (writer::<C>(&user, &client, &app)?, Rights::of::<C>(&user));
    let question: Question<C> = tabs::read(&form.query, &Reader::of(&shell))
        .filter(|question: &Question<C>| !question.filter_query().is_empty())
        .ok_or(Error::Malformed("query"))?;
    let is_shared = form.is_shared.is_some();
    if is_shared && !rights.may_share {
        return Err(Error::Forbidden(Some(C::LIST.share)));
    }
    let (mut faults, scope) = (Faults::default(), writer.scope);
    if let Some(name) = faults.keep("name", name(&form.name, shell.t)) {
        let flash = Flash::ViewSaved { name: name.clone() };
        let new = NewView { name, is_shared, query: question.filter_query() };
        let write = move |conn: &mut PgConnection| writer.create(conn, &new);
        match app.db.run(scope.tenants(), write).await? {
            Ok(()) => {
                set_flash(&session, &flash)?;
                return Ok(see_other(question.url(C::LIST.path, &[("size", None)])));
            }
            Err(refusal) => faults.add("name", refusal_words(refusal, shell.t)),
        }
    }
    let names = app.db.run(scope.tenants(), move |conn| C::names(conn, scope)).await?;
    invalid(&NewPage::new(shell, (form, faults), (&question, &names), rights))
}

/// What is wrong with one view's form, and what was typed into it.
struct Wrong {
    id: SavedViewId,
    typed: String,
    words: String,
}

#[derive(Template)]
#[template(path = "views/views.html")]
struct ViewsPage<C: Listed> {
    shell: Shell,
    t: &'static Texts,
    rows: Vec<ViewRow>,
    names: C::Names,
    rights: Rights,
    wrong: Option<Wrong>,
    path: &'static str,
    views: &'static str,
}

/// Place among its kind, how many of its kind there are, and the view.
type Placed<'a> = (usize, usize, &'a ViewRow);

impl<C: Listed> ViewsPage<C> {
    fn group(&self, is_shared: bool) -> Vec<Placed<'_>> {
        let rows: Vec<&ViewRow> =
            self.rows.iter().filter(|row| row.is_shared == is_shared && !row.is_deleted).collect();
        let count = rows.len();
        rows.into_iter().enumerate().map(|(place, row)| (place, count, row)).collect()
    }

    /// Both kinds, each with its title.
    fn groups(&self) -> Vec<(String, Vec<Placed<'_>>)> {
        let own = (self.t.msg_views_own(), self.group(false));
        let shared = (self.t.msg_views_shared(merchant(&self.shell)), self.group(true));
        [own, shared].into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
    }

    fn deleted(&self) -> Vec<&ViewRow> {
        self.rows.iter().filter(|row| row.is_deleted && self.rights.may_change(row)).collect()
    }

    fn may_change(&self, row: &ViewRow) -> bool {
        self.rights.may_change(row)
    }

    fn wrong(&self, row: &ViewRow) -> Option<&Wrong> {
        self.wrong.as_ref().filter(|wrong| wrong.id == row.id)
    }

    /// What it asks, in words, with its address; `None`: it can't be read any more.
    fn asks(&self, row: &ViewRow) -> Option<(String, String)> {
        let question = tabs::read::<C>(&row.query, &Reader::of(&self.shell))?;
        let words = words(&question, &self.names, &self.shell).join(" · ");
        Some((words, question.url(C::LIST.path, &[])))
    }

    fn list_title(&self) -> String {
        (C::LIST.title)(self.t)
    }

    fn merchant(&self) -> String {
        merchant(&self.shell)
    }
}

async fn views_page<C: Listed<Names: Send>>(
    user: &MerchantUser,
    shell: Shell,
    app: &Data<App>,
    wrong: Option<Wrong>,
) -> Result<ViewsPage<C>, Error> {
    let (scope, user_id) = (user.scope(C::LIST.see)?, user.user_id());
    let read = move |conn: &mut PgConnection| {
        let rows = queries::views(conn, scope, user_id, C::LIST.key)?;
        Ok((rows, C::names(conn, scope)?))
    };
    let (rows, names) = app.db.run(scope.tenants(), read).await?;
    let rights = Rights::of::<C>(user);
    Ok(ViewsPage {
        t: shell.t,
        shell,
        rows,
        names,
        rights,
        wrong,
        path: C::LIST.path,
        views: C::LIST.views,
    })
}

pub async fn views<C: Listed<Names: Send>>(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
) -> Html {
    html(&views_page::<C>(&user, shell, &app, None).await?)
}

/// What was pressed at one view.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    #[serde(default)]
    act: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_shared: Option<String>,
    /// Where it stood on the page.
    #[serde(default)]
    place: usize,
}

/// A name that was changed is kept by the buttons that move, too: nothing that was typed is lost.
pub async fn change<C: Listed<Names: Send>>(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    (session, path): (Session, Path<String>),
    Form(form): Form<ChangeForm>,
) -> Html {
    let id: SavedViewId = path.parse().map_err(|_| Error::NotFound)?;
    let shell = Shell::of(&req)?;
    let (writer, rights) = (writer::<C>(&user, &client, &app)?, Rights::of::<C>(&user));
    let (scope, t, typed) = (writer.scope, shell.t, form.name.clone());
    let write = move |conn: &mut PgConnection| {
        let row = writer.hold(conn, id)?;
        if !rights.may_change(&row) || (form.is_shared.is_some() && !rights.may_share) {
            return Err(Error::Forbidden(Some(C::LIST.share)));
        }
        press(conn, &writer, &row, &form, t)
    };
    let flash = match app.db.run(scope.tenants(), write).await? {
        Ok(flash) => flash,
        Err(words) => {
            let wrong = Some(Wrong { id, typed, words });
            return invalid(&views_page::<C>(&user, shell, &app, wrong).await?);
        }
    };
    if let Some(flash) = flash {
        set_flash(&session, &flash)?;
    }
    Ok(see_other(C::LIST.views))
}

/// Does what was pressed at a view that is held: what is told about it, or why not, in words.
fn press(
    conn: &mut PgConnection,
    writer: &Writer,
    row: &ViewRow,
    form: &ChangeForm,
    t: &Texts,
) -> Result<Result<Option<Flash>, String>, Error> {
    let refused = |refusal| refusal_words(refusal, t);
    let name = match form.act.as_str() {
        "delete" => {
            writer.delete(conn, row)?;
            return Ok(Ok(Some(Flash::ViewDeleted { name: row.name.clone() })));
        }
        "restore" => {
            let flash = Flash::ViewRestored { name: row.name.clone() };
            return Ok(writer.restore(conn, row)?.map(|()| Some(flash)).map_err(refused));
        }
        _ => match name(&form.name, t) {
            Ok(name) => name,
            Err(words) => return Ok(Err(words)),
        },
    };
    let is_shared = form.is_shared.is_some();
    let changed = writer.change(conn, row, &name, is_shared)?.map_err(refused);
    if matches!(form.act.as_str(), "up" | "down") {
        if row.is_shared == is_shared {
            writer.shift(conn, row, form.place, form.act == "up")?;
        }
        return Ok(changed.map(|()| None));
    }
    Ok(changed.map(|()| Some(Flash::ViewSaved { name })))
}
