//! `/notifications`: what a user is told, who permitted it, and the way to ask for what is missing.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::readable;
use crate::auth::{MerchantUser, Reach};
use crate::kernel::{Error, Right, Texts};
use crate::notifications::commands;
use crate::notifications::display::{self, Reader};
use crate::notifications::form;
use crate::notifications::model::{Choice, NoticeKind};
use crate::notifications::queries::{self, Chosen, Merchant, Permission, Request};
use crate::web::ui::Entry;
use crate::web::{
    App, Client, Faults, Flash, Form, FormBody, Html, Kept, Shell, Ui, html, invalid, see_other,
    set_flash,
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
    choice: Choice,
}

impl KindRow {
    /// Whether it can be chosen.
    fn is_open(&self) -> bool {
        self.is_seen && (!self.kind.needs_permission() || !self.granted.is_empty())
    }
}

#[derive(Template)]
#[template(path = "notifications/mine.html")]
struct MinePage {
    shell: Shell,
    t: &'static Texts,
    merchant: Merchant,
    standing: Vec<Permission>,
    waiting: Vec<Request>,
    /// The ledger's, cut where there are many.
    permissions: Vec<Permission>,
    requests: Vec<Request>,
    choices: Vec<Chosen>,
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
        let (me, now) = (user.user_id(), shell.now);
        let read = move |conn: &mut PgConnection| {
            let merchant = queries::merchant(conn, scope)?;
            let open = (queries::standing(conn, scope, now)?, queries::waiting(conn, scope)?);
            let permissions = queries::permissions(conn, scope)?;
            let requests = queries::requests(conn, scope)?;
            Ok((merchant, open, (permissions, requests), queries::choices(conn, scope, me)?))
        };
        let (merchant, (standing, waiting), (permissions, requests), choices) =
            app.db.run(scope.tenants(), read).await?;
        Ok(Self {
            t: shell.t,
            shell,
            merchant,
            standing,
            waiting,
            permissions,
            requests,
            choices,
            form,
            faults,
        })
    }

    fn reader(&self) -> Reader<'_> {
        Reader { shell: &self.shell, merchant: &self.merchant }
    }

    fn kinds(&self) -> Vec<KindRow> {
        NoticeKind::ALL.iter().map(|kind| self.kind(*kind)).collect()
    }

    fn kind(&self, kind: NoticeKind) -> KindRow {
        let (me, reader) = (self.shell.principal.user_id, self.reader());
        let permission = self
            .standing
            .iter()
            .find(|permission| permission.user_id == me && permission.kind == kind);
        let request =
            self.waiting.iter().find(|request| request.user_id == me && request.kind == kind);
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
                self.t.msg_notifications_waits(reader.moment_within(request.asked_at))
            }),
            is_seen: self.shell.may(kind.right()),
            choice: self.choice(kind),
        }
    }

    /// Payments, accounting, support: each group's name and its kinds.
    fn groups(&self) -> Vec<(String, Vec<KindRow>)> {
        let groups = [
            (self.t.msg_menu_email_payments(), Right::ViewEmailPayments),
            (self.t.msg_menu_accounting(), Right::ViewDocuments),
            (self.t.msg_menu_support(), Right::UseTickets),
        ];
        let of = |right| NoticeKind::ALL.iter().filter(move |kind| kind.right() == right);
        groups.map(|(name, right)| (name, of(right).map(|kind| self.kind(*kind)).collect())).into()
    }

    /// The ways of being told: the form's word, the name, and whether it is chosen.
    fn ways(&self, row: &KindRow) -> [(&'static str, String, bool); 3] {
        let (t, choice) = (self.t, row.choice);
        [
            ("at_once", t.msg_channel_at_once(), choice.at_once),
            ("in_app", t.msg_channel_in_app(), choice.in_app),
            ("digest", t.msg_channel_digest(), choice.digest),
        ]
    }

    fn choice(&self, kind: NoticeKind) -> Choice {
        let chosen = self.choices.iter().find(|chosen| chosen.kind == kind);
        chosen.map_or_else(|| kind.usual(), Chosen::holds)
    }

    fn sees_all_payments(&self) -> bool {
        self.shell.principal.reach(Right::ViewEmailPayments) == Reach::All
    }

    fn is_all(&self) -> bool {
        self.choice(NoticeKind::PaymentPaid).is_all
    }

    /// What a link in a mail has ended.
    fn stopped(&self) -> String {
        let stopped = self.choices.iter().filter(|chosen| chosen.is_stopped());
        stopped.map(|chosen| display::kind(chosen.kind, self.t)).collect::<Vec<_>>().join(", ")
    }

    fn changed(&self) -> String {
        self.choices.iter().map(|chosen| chosen.changed_at).max().map_or_else(
            || self.t.msg_merchant_never_changed(),
            |at| self.t.msg_notifications_changed(self.reader().moment_within(at)),
        )
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

/// `POST /notifications`: keeps what the reader has chosen. A kind's field is given once for each way.
pub async fn choose(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    FormBody(fields): FormBody,
) -> Html {
    let scope = user.own()?;
    let has = |name: &str, value: &str| fields.iter().any(|(n, v)| n == name && v == value);
    let known = |(name, _): &(String, String)| {
        matches!(name.as_str(), "reach" | "shown") || NoticeKind::parse(name).is_some()
    };
    if !fields.iter().all(known) {
        return Err(Error::Malformed("a field is not one of this form"));
    }
    let sees_all = user.principal().reach(Right::ViewEmailPayments) == Reach::All;
    // What the page did not offer stays as it is.
    let kinds = NoticeKind::ALL.iter().copied().filter(|kind| has("shown", kind.as_str()));
    let choices: Vec<(NoticeKind, Choice)> = kinds
        .map(|kind| {
            let way = |way| has(kind.as_str(), way);
            let is_all = sees_all && !kind.needs_permission() && has("reach", "all");
            let (in_app, at_once, digest) = (way("in_app"), way("at_once"), way("digest"));
            (kind, Choice { in_app, at_once, digest, is_all })
        })
        .collect();
    let writer = client.writer(user.principal(), &app);
    let work = move |conn: &mut PgConnection| commands::choose(conn, scope, &writer, &choices);
    app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::NotificationsChosen)?;
    Ok(see_other("/notifications"))
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
        NoticeKind::parse(&self.kind)
            .filter(|kind| kind.needs_permission())
            .ok_or(Error::Malformed("no such kind"))
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
            let writer = client.writer(user.principal(), &app);
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
    let writer = client.writer(user.principal(), &app);
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
