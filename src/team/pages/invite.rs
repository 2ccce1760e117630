//! Inviting, sending again, withdrawing.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::super::commands;
use super::super::door::Door;
use super::super::form::InviteForm;
use super::super::model::Hindrance;
use super::{Choice, Frame, choices, fault, team};
use crate::kernel::{Lang, Texts};
use crate::web::{
    App, Client, Faults, Flash, Form, Fresh, Html, Kept, Shell, Ui, html, invalid, see_other,
    set_flash,
};

#[derive(Template)]
#[template(path = "team/invite.html")]
struct InvitePage {
    shell: Shell,
    t: &'static Texts,
    frame: Frame,
    form: InviteForm,
    faults: Faults,
    /// Whether to ask if another account is meant.
    is_address_known: bool,
}

impl InvitePage {
    fn choices(&self) -> Vec<Choice> {
        choices(&self.frame.door, self.t, &self.form.role)
    }
}

/// `GET …/team/invitations/new`
pub async fn new(door: Door, shell: Shell, app: Data<App>, Kept(kept): Kept<InviteForm>) -> Html {
    let frame = Frame::of(door, &app).await?;
    let language = frame.merchant.language.code().to_owned();
    let form = kept.unwrap_or_else(|| InviteForm { language, ..InviteForm::default() });
    html(&InvitePage {
        t: shell.t,
        is_address_known: !form.is_other_account.is_empty(),
        shell,
        frame,
        form,
        faults: Faults::default(),
    })
}

/// `POST …/team/invitations`. A role is given away: only with a fresh proof of who asks.
pub async fn create(
    door: Door,
    _: Fresh,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<InviteForm>,
) -> Html {
    let t = Ui::of(&req).lang.texts();
    let new = match form.validate(t, door.authority) {
        Ok(new) => new,
        Err(faults) => return again(door, &req, &app, form, faults, false).await,
    };
    let (scope, writer, keys) = (door.scope, door.writer(&client, &app), app.keys.clone());
    let email = new.email.to_string();
    let work = move |conn: &mut PgConnection| commands::invite(conn, &keys, scope, &writer, &new);
    match app.db.run(scope.tenants(), work).await? {
        Ok(()) => {
            set_flash(&session, &Flash::TeamInvited { email })?;
            Ok(see_other(&door.base))
        }
        Err(hindrance) => {
            let is_known = matches!(hindrance, Hindrance::AddressInTeam(_));
            let field = if hindrance == Hindrance::BeyondYours { "role" } else { "email" };
            again(door, &req, &app, form, fault(field, t, &hindrance), is_known).await
        }
    }
}

/// The same form again: 422, with everything that was typed.
async fn again(
    door: Door,
    req: &HttpRequest,
    app: &App,
    form: InviteForm,
    faults: Faults,
    is_known: bool,
) -> Html {
    let (shell, frame) = (Shell::of(req)?, Frame::of(door, app).await?);
    let is_address_known = is_known || !form.is_other_account.is_empty();
    invalid(&InvitePage { t: shell.t, shell, frame, form, faults, is_address_known })
}

/// `POST …/team/invitations/{invitation}/resend`
pub async fn resend(
    door: Door,
    _: Fresh,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let id = door.invitation()?;
    let (scope, writer, keys) = (door.scope, door.writer(&client, &app), app.keys.clone());
    let work = move |conn: &mut PgConnection| commands::resend(conn, &keys, scope, &writer, id);
    match app.db.run(scope.tenants(), work).await? {
        Ok(email) => {
            set_flash(&session, &Flash::TeamInvited { email })?;
            Ok(see_other(&door.base))
        }
        Err(hindrance) => {
            let t = Ui::of(&req).lang.texts();
            team::again(door, &req, &app, fault("invitations", t, &hindrance)).await
        }
    }
}

/// `POST …/team/invitations/{invitation}/withdrawal`
pub async fn withdraw(door: Door, app: Data<App>, client: Client, session: Session) -> Html {
    let id = door.invitation()?;
    let (scope, writer) = (door.scope, door.writer(&client, &app));
    let work = move |conn: &mut PgConnection| commands::withdraw(conn, scope, &writer, id);
    let email = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::TeamInvitationWithdrawn { email })?;
    Ok(see_other(&door.base))
}
