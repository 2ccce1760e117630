//! `/notifications`: what a user is told, who permitted it, and the way to ask for what is missing.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::{merchant_writer, readable};
use crate::auth::MerchantUser;
use crate::kernel::{Error, Texts};
use crate::notifications::commands;
use crate::notifications::display::{self, Reader};
use crate::notifications::form;
use crate::notifications::model::{NoticeKind, Standing};
use crate::notifications::queries::{self, Merchant, Permission, Request};
use crate::web::ui::Entry;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, Ui, html, invalid, see_other, set_flash,
};

/// One kind, and how it stands with the reader.
struct KindRow {
    kind: NoticeKind,
    name: String,
    words: String,
    /// Who permitted it, when, until when; empty without.
    granted: String,
    /// Since when a request waits; empty without.
    waits: String,
    /// Whether the reader's role sees what it would be about.
    is_seen: bool,
}

#[derive(Template)]
#[template(path = "notifications/mine.html")]
struct MinePage {
    shell: Shell,
    t: &'static Texts,
    merchant: Merchant,
    permissions: Vec<Permission>,
    requests: Vec<Request>,
    form: AskForm,
    faults: Faults,
}

impl MinePage {
    async fn new(
        user: &MerchantUser,
        shell: Shell,
        app: &App,
        form: AskForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let scope = readable(user)?;
        let read = move |conn: &mut PgConnection| {
            let merchant = queries::merchant(conn, scope)?;
            Ok((merchant, queries::permissions(conn, scope)?, queries::requests(conn, scope)?))
        };
        let (merchant, permissions, requests) = app.db.run(scope.tenants(), read).await?;
        Ok(Self { t: shell.t, shell, merchant, permissions, requests, form, faults })
    }

    fn reader(&self) -> Reader<'_> {
        Reader { shell: &self.shell, merchant: &self.merchant }
    }

    fn kinds(&self) -> Vec<KindRow> {
        NoticeKind::ALL.iter().map(|kind| self.kind(*kind)).collect()
    }

    fn kind(&self, kind: NoticeKind) -> KindRow {
        let (me, reader) = (self.shell.principal.user_id, self.reader());
        let permission = self.permissions.iter().find(|permission| {
            permission.user_id == me
                && permission.kind == kind
                && permission.standing(self.shell.now) == Standing::Valid
        });
        let request = self.requests.iter().find(|request| {
            request.user_id == me && request.kind == kind && request.answer.is_none()
        });
        KindRow {
            kind,
            name: display::kind(kind, self.t),
            words: display::explain(kind, self.t),
            granted: permission.map_or_else(String::new, |permission| {
                let day = reader.day(permission.granted_at);
                let until = reader.until(permission.valid_until);
                self.t.msg_notifications_granted(&permission.granted_by, day, until)
            }),
            waits: request.map_or_else(String::new, |request| {
                self.t.msg_notifications_waits(reader.moment(request.asked_at))
            }),
            is_seen: self.shell.may(kind.right()),
        }
    }

    fn ledger(&self) -> Vec<Entry> {
        self.reader().ledger(&self.permissions, &self.requests)
    }
}

/// `GET /notifications`
pub async fn show(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    Kept(kept): Kept<AskForm>,
) -> Html {
    let form = kept.unwrap_or_default();
    html(&MinePage::new(&user, shell, &app, form, Faults::default()).await?)
}

/// What asks for a permission, or for a test.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    words: String,
}

impl AskForm {
    fn kind(&self) -> Result<NoticeKind, Error> {
        NoticeKind::parse(&self.kind).ok_or(Error::Malformed("no such kind"))
    }
}

/// `POST /notifications/requests`: asks the success manager.
pub async fn ask(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<AskForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let (kind, scope) = (form.kind()?, user.own()?);
    let done = match form::words(&form.words, t) {
        Err(words) => Err(words),
        Ok(words) => {
            let writer = merchant_writer(&user, &client, &app);
            let work =
                move |conn: &mut PgConnection| commands::ask(conn, scope, &writer, kind, &words);
            let done = app.db.run(scope.tenants(), work).await?;
            done.map_err(|hindrance| form::hindrance(hindrance, t))
        }
    };
    match done {
        Ok(()) => {
            set_flash(&session, &Flash::PermissionAsked)?;
            Ok(see_other("/notifications"))
        }
        Err(words) => again(&user, &req, &app, form, "words", words).await,
    }
}

/// `POST /notifications/test`: a notice about nothing, to oneself.
pub async fn test(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<AskForm>,
) -> Html {
    let (kind, scope) = (form.kind()?, user.own()?);
    let writer = merchant_writer(&user, &client, &app);
    let work = move |conn: &mut PgConnection| commands::test(conn, scope, &writer, kind);
    match app.db.run(scope.tenants(), work).await? {
        Ok(()) => {
            let email = user.principal().email.clone();
            set_flash(&session, &Flash::TestNoticeSent { email })?;
            Ok(see_other("/notifications"))
        }
        Err(hindrance) => {
            let words = form::hindrance(hindrance, Ui::of(&req).lang.texts());
            again(&user, &req, &app, form, "test", words).await
        }
    }
}

/// The page once more, with what is wrong.
async fn again(
    user: &MerchantUser,
    req: &HttpRequest,
    app: &App,
    form: AskForm,
    field: &'static str,
    words: String,
) -> Html {
    let mut faults = Faults::default();
    faults.add(field, words);
    invalid(&MinePage::new(user, Shell::of(req)?, app, form, faults).await?)
}
