//! One member: role, sessions, access.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands;
use super::super::door::Door;
use super::super::form::{read_role, words};
use super::super::queries::{self, Member};
use super::{Choice, Frame, choices, fault};
use crate::kernel::{Error, Texts, dates};
use crate::web::{
    App, Client, Faults, Flash, Form, Fresh, Html, Kept, Shell, Ui, html, invalid, rights,
    see_other, set_flash,
};

/// A member's page, or the question before their access is taken away.
struct Shown {
    shell: Shell,
    frame: Frame,
    member: Member,
}

impl Shown {
    async fn of(door: Door, req: &HttpRequest, app: &App) -> Result<Self, Error> {
        let (scope, user_id) = (door.scope, door.member()?);
        let read = move |conn: &mut PgConnection| queries::member(conn, scope, user_id);
        let member = app.db.run(scope.tenants(), read).await?;
        Ok(Self { shell: Shell::of(req)?, frame: Frame::of(door, app).await?, member })
    }
}

#[derive(Template)]
#[template(path = "team/member.html")]
struct MemberPage {
    shell: Shell,
    t: &'static Texts,
    frame: Frame,
    member: Member,
    /// The role that the form shows.
    role: String,
    faults: Faults,
}

impl MemberPage {
    fn new(shown: Shown, role: Option<String>, faults: Faults) -> Self {
        let Shown { shell, frame, member } = shown;
        let role = role.unwrap_or_else(|| member.role.as_str().to_owned());
        Self { t: shell.t, shell, frame, member, role, faults }
    }

    fn choices(&self) -> Vec<Choice> {
        choices(&self.frame.door, self.t, &self.role)
    }

    fn role_name(&self) -> String {
        rights::merchant_role(self.t, self.member.role)
    }

    fn is_me(&self) -> bool {
        self.member.user_id == self.shell.principal.user_id
    }

    fn full(&self, at: &DateTime<Utc>) -> String {
        dates::full(*at, self.frame.merchant.zone(), self.shell.lang)
    }

    fn at(&self) -> String {
        format!("{}/members/{}", self.frame.door.base, self.member.user_id)
    }
}

/// `GET …/team/members/{user}`
pub async fn show(
    door: Door,
    req: HttpRequest,
    app: Data<App>,
    Kept(kept): Kept<RoleForm>,
) -> Html {
    let role = kept.map(|form| form.role);
    html(&MemberPage::new(Shown::of(door, &req, &app).await?, role, Faults::default()))
}

/// What the form of the role sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    #[serde(default)]
    role: String,
}

/// `POST …/team/members/{user}/role`. A role is given away: only with a fresh proof of who asks.
pub async fn set_role(
    door: Door,
    _: Fresh,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<RoleForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let (scope, user_id, writer) = (door.scope, door.member()?, door.writer(&client, &app));
    let done = match read_role(t, door.authority, &form.role) {
        Err(words) => Err(words),
        Ok(role) => {
            let work = move |conn: &mut PgConnection| {
                commands::set_role(conn, scope, &writer, user_id, role)
            };
            let done = app.db.run(scope.tenants(), work).await?;
            done.map_err(|hindrance| words(t, &hindrance))
        }
    };
    match done {
        Ok(name) => {
            set_flash(&session, &Flash::TeamRoleChanged { name, role: form.role })?;
            Ok(see_other(door.after_changing(user_id)))
        }
        Err(words) => {
            let mut faults = Faults::default();
            faults.add("role", words);
            let shown = Shown::of(door, &req, &app).await?;
            invalid(&MemberPage::new(shown, Some(form.role), faults))
        }
    }
}

/// `POST …/team/members/{user}/sign-out`: ends the member's sessions, wherever they are. Nobody's own.
pub async fn end_sessions(
    door: Door,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let (scope, user_id, writer) = (door.scope, door.member()?, door.writer(&client, &app));
    if user_id == door.principal.user_id {
        return Err(Error::Malformed("one's own sessions are not another's"));
    }
    let work = move |conn: &mut PgConnection| commands::end_sessions(conn, scope, &writer, user_id);
    match app.db.run(scope.tenants(), work).await? {
        Ok(name) => {
            set_flash(&session, &Flash::TeamSessionsEnded { name })?;
            Ok(see_other(format!("{}/members/{user_id}", door.base)))
        }
        Err(hindrance) => {
            let faults = fault("sessions", Ui::of(&req).lang.texts(), &hindrance);
            invalid(&MemberPage::new(Shown::of(door, &req, &app).await?, None, faults))
        }
    }
}

#[derive(Template)]
#[template(path = "team/removal.html")]
struct RemovalPage {
    shell: Shell,
    t: &'static Texts,
    frame: Frame,
    member: Member,
    faults: Faults,
}

impl RemovalPage {
    fn new(shown: Shown, faults: Faults) -> Self {
        let Shown { shell, frame, member } = shown;
        Self { t: shell.t, shell, frame, member, faults }
    }

    fn role_name(&self) -> String {
        rights::merchant_role(self.t, self.member.role)
    }

    fn at(&self) -> String {
        format!("{}/members/{}", self.frame.door.base, self.member.user_id)
    }

    fn title(&self) -> String {
        self.t.msg_team_removal_title(&self.member.name)
    }
}

/// `GET …/team/members/{user}/removal`: asks first.
pub async fn ask_remove(door: Door, req: HttpRequest, app: Data<App>) -> Html {
    html(&RemovalPage::new(Shown::of(door, &req, &app).await?, Faults::default()))
}

/// `POST …/team/members/{user}/removal`
pub async fn remove(
    door: Door,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let (scope, user_id, writer) = (door.scope, door.member()?, door.writer(&client, &app));
    let work = move |conn: &mut PgConnection| commands::remove(conn, scope, &writer, user_id);
    match app.db.run(scope.tenants(), work).await? {
        // Pressed twice: the first time has told.
        Ok(None) => Ok(see_other(&door.base)),
        Ok(Some(name)) => {
            set_flash(&session, &Flash::TeamRemoved { name })?;
            Ok(see_other(door.after_changing(user_id)))
        }
        Err(hindrance) => {
            let faults = fault("removal", Ui::of(&req).lang.texts(), &hindrance);
            invalid(&RemovalPage::new(Shown::of(door, &req, &app).await?, faults))
        }
    }
}
