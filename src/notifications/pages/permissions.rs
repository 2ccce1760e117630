//! `/merchants/{id}/permissions`: a success manager decides what the merchant's users are told.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use crate::auth::{MerchantScope, Staff};
use crate::kernel::{Error, MerchantId, NotificationPermissionId, NotificationRequestId, Texts};
use crate::notifications::commands;
use crate::notifications::display::{self, Reader};
use crate::notifications::form::{self, GrantForm};
use crate::notifications::model::NoticeKind;
use crate::notifications::queries::told::{self, Delivery};
use crate::notifications::queries::{self, Merchant, Permission, Person, Request};
use crate::web::ui::Entry;
use crate::web::{
    App, Client, Faults, Flash, Form, Fresh, Html, Kept, Query, Shell, Ui, html, invalid, rights,
    see_other, set_flash,
};

/// One kind, and how it stands with the person whom the page shows.
struct KindRow {
    kind: NoticeKind,
    name: String,
    words: String,
    /// Who permitted it and when; empty without.
    granted: String,
    until: String,
    permission: Option<NotificationPermissionId>,
    request: Option<NotificationRequestId>,
    /// Since when it waits, and why they ask; empty without.
    asked: String,
    is_seen: bool,
}

#[derive(Template)]
#[template(path = "notifications/permissions.html")]
struct PermissionsPage {
    shell: Shell,
    t: &'static Texts,
    merchant_id: MerchantId,
    merchant: Merchant,
    people: Vec<Person>,
    /// Whom the page shows; `None`: nobody works for the merchant.
    person: Option<Person>,
    standing: Vec<Permission>,
    waiting: Vec<Request>,
    /// The ledger's, cut where there are many.
    permissions: Vec<Permission>,
    requests: Vec<Request>,
    deliveries: Vec<Delivery>,
    form: GrantForm,
    faults: Faults,
}

impl PermissionsPage {
    async fn new(
        scope: MerchantScope,
        shell: Shell,
        app: &App,
        form: GrantForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let now = shell.now;
        let read = move |conn: &mut PgConnection| {
            Ok((
                queries::merchant(conn, scope)?,
                queries::people(conn, scope)?,
                (queries::standing(conn, scope, now)?, queries::waiting(conn, scope)?),
                queries::permissions(conn, scope)?,
                queries::requests(conn, scope)?,
                told::deliveries(conn, scope)?,
            ))
        };
        let (merchant, people, (standing, waiting), permissions, requests, deliveries) =
            app.db.run(scope.tenants(), read).await?;
        // Whoever the address names; else who waits for an answer; else the first.
        let waits =
            |person: &&Person| waiting.iter().any(|request| request.user_id == person.user_id);
        let person = match form.user.as_str() {
            "" => people.iter().find(waits).or_else(|| people.first()),
            user => {
                let wanted = people.iter().find(|person| person.user_id.to_string() == user);
                Some(wanted.ok_or(Error::NotFound)?)
            }
        };
        Ok(Self {
            t: shell.t,
            merchant_id: scope.merchant_id(),
            person: person.cloned(),
            shell,
            merchant,
            people,
            standing,
            waiting,
            permissions,
            requests,
            deliveries,
            form,
            faults,
        })
    }

    fn reader(&self) -> Reader<'_> {
        Reader { shell: &self.shell, merchant: &self.merchant }
    }

    fn role(&self, person: &Person) -> String {
        rights::merchant_role(self.t, person.role)
    }

    fn is_shown(&self, person: &Person) -> bool {
        self.person.as_ref().is_some_and(|shown| shown.user_id == person.user_id)
    }

    /// Requests that wait for an answer: who, what and why, with the address where it is granted.
    fn waiting(&self) -> Vec<(String, String)> {
        let waiting = self
            .waiting
            .iter()
            .filter(|request| self.people.iter().any(|who| who.user_id == request.user_id));
        waiting
            .map(|request| {
                let what = display::kind(request.kind, self.t);
                let moment = self.reader().moment_within(request.asked_at);
                let words = if request.words.is_empty() {
                    self.t.msg_permissions_asks(&request.user_name, what, moment)
                } else {
                    self.t.msg_permissions_asks_why(
                        &request.user_name,
                        what,
                        moment,
                        &request.words,
                    )
                };
                let at = format!("{}?user={}#kinds", self.base(), request.user_id);
                (words, at)
            })
            .collect()
    }

    fn base(&self) -> String {
        format!("/merchants/{}/permissions", self.merchant_id)
    }

    fn kinds(&self, person: &Person) -> Vec<KindRow> {
        NoticeKind::permitted().map(|kind| self.kind(person, kind)).collect()
    }

    fn kind(&self, person: &Person, kind: NoticeKind) -> KindRow {
        let reader = self.reader();
        let permission = self
            .standing
            .iter()
            .find(|permission| permission.user_id == person.user_id && permission.kind == kind);
        let request = self
            .waiting
            .iter()
            .find(|request| request.user_id == person.user_id && request.kind == kind);
        KindRow {
            kind,
            name: display::kind(kind, self.t),
            words: display::explain(kind, self.t),
            granted: permission.map_or_else(String::new, |permission| {
                let day = reader.day(permission.granted_at);
                self.t.msg_permissions_granted(&permission.granted_by, day)
            }),
            until: permission
                .map_or_else(String::new, |permission| reader.until(permission.valid_until)),
            permission: permission.map(|permission| permission.id),
            request: request.map(|request| request.id),
            asked: request.map_or_else(String::new, |request| {
                self.t.msg_permissions_asked(reader.moment_within(request.asked_at))
            }),
            is_seen: person.role.may(kind.right()),
        }
    }

    fn reason_hint(&self, person: &Person, row: &KindRow) -> String {
        self.t.msg_permissions_confirm(&row.name, &person.name, &person.email)
    }

    fn ledger(&self) -> Vec<Entry> {
        self.reader().ledger(&self.permissions, &self.requests)
    }

    /// Mails that were given up.
    fn failed(&self) -> usize {
        self.deliveries.iter().filter(|mail| mail.is_work()).count()
    }
}

/// `GET /merchants/{id}/permissions?user=…`
pub async fn show(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    query: Query,
    Kept(kept): Kept<GrantForm>,
) -> Html {
    let scope = user.managed(&path)?;
    let mut form = kept.unwrap_or_default();
    if let Some(user) = query.one("user") {
        user.clone_into(&mut form.user);
    }
    html(&PermissionsPage::new(scope, shell, &app, form, Faults::default()).await?)
}

/// `POST /merchants/{id}/permissions`: a grant, only with a fresh proof of who gives it.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn grant(
    user: Staff,
    _: Fresh,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<GrantForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let (scope, writer) = (user.managed(&path)?, client.writer(user.principal(), &app));
    let typed = form.clone();
    let work = move |conn: &mut PgConnection| {
        let zone = queries::merchant(conn, scope)?.zone();
        let grant = match typed.validate(t, zone, writer.now)? {
            Ok(grant) => grant,
            Err(faults) => return Ok(Err(faults)),
        };
        let done = commands::grant(
            conn,
            scope,
            &writer,
            grant.user_id,
            grant.kind,
            &grant.reason,
            grant.valid_until,
        )?;
        Ok(done.map_err(|hindrance| {
            let mut faults = Faults::default();
            faults.add("reason", form::hindrance(hindrance, t));
            faults
        }))
    };
    match app.db.run(scope.tenants(), work).await? {
        Ok(name) => {
            set_flash(&session, &Flash::PermissionGranted { name })?;
            Ok(see_other(format!(
                "/merchants/{}/permissions?user={}",
                scope.merchant_id(),
                form.user
            )))
        }
        Err(faults) => {
            invalid(&PermissionsPage::new(scope, Shell::of(&req)?, &app, form, faults).await?)
        }
    }
}
