//! What is done on a ticket's page: answer, solve, note, take, pass on, follow.

use actix_session::Session;
use actix_web::web::Data;
use diesel::PgConnection;
use serde::Deserialize;

use super::show::{AnswerForm, again};
use super::{check_files, keep};
use crate::kernel::{Error, UserId};
use crate::tickets::commands::{self, Assigned, NewMessage, Unsaid};
use crate::tickets::door::Door;
use crate::tickets::form;
use crate::web::{App, Faults, Flash, Form, Html, Ui, Upload, see_other, set_flash};

/// `POST …/messages`: an answer, with `act=solve` the last one.
pub async fn answer(door: Door, app: Data<App>, session: Session, upload: Upload) -> Html {
    let t = Ui::of(door.request()).lang.texts();
    let typed = AnswerForm {
        text: upload.text("text").to_owned(),
        form_id: upload.text("form_id").to_owned(),
        ..AnswerForm::default()
    };
    let form_id = form::form_id(&typed.form_id)?;
    let is_solved = upload.text("act") == "solve";
    if !upload.files.is_empty() {
        app.limits.uploads.take(&door.principal.user_id)?;
    }
    let (files, mut faults) = check_files(upload.files, t).await?;
    let text = form::message(&typed.text, t, &mut faults);
    if let Some(text) = text.filter(|_| faults.is_empty()) {
        let (sight, merchant_id, number) = (door.sight, door.merchant_id, door.number);
        let writer = door.writer()?;
        let message = NewMessage { text, files: keep(&app, merchant_id, files).await?, form_id };
        let work = move |conn: &mut PgConnection| {
            commands::answer(conn, sight, &writer, merchant_id, number, &message, is_solved)
        };
        match app.db.run(door.tenants(), work).await? {
            Ok(()) => {
                let flash = if is_solved {
                    Flash::TicketSolved { number }
                } else {
                    Flash::TicketAnswered { number }
                };
                set_flash(&session, &flash)?;
                return Ok(see_other(door.address));
            }
            Err(Unsaid::Full) => faults.add("files", t.msg_ticket_fault_full()),
            Err(Unsaid::Closed) => faults.add("text", t.msg_ticket_fault_closed()),
        }
    }
    again(door, &app, typed, faults).await
}

/// What support writes for support.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteForm {
    #[serde(default)]
    note: String,
}

/// `POST …/notes`
pub async fn note(
    door: Door,
    app: Data<App>,
    session: Session,
    Form(typed): Form<NoteForm>,
) -> Html {
    let scope = door.support()?;
    let t = Ui::of(door.request()).lang.texts();
    let mut faults = Faults::default();
    let Some(text) = form::message(&typed.note, t, &mut faults) else {
        let mut at_field = Faults::default();
        for (_, words) in faults.each() {
            at_field.add("note", words.to_owned());
        }
        let form =
            AnswerForm { note: typed.note, form_id: super::form_key(), ..AnswerForm::default() };
        return again(door, &app, form, at_field).await;
    };
    let (merchant_id, number, writer) = (door.merchant_id, door.number, door.writer()?);
    let work = move |conn: &mut PgConnection| {
        commands::add_note(conn, scope, &writer, merchant_id, number, &text)
    };
    app.db.run(door.tenants(), work).await?;
    set_flash(&session, &Flash::TicketNoted { number })?;
    Ok(see_other(door.address))
}

/// Who is to answer; empty: nobody in particular.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssigneeForm {
    #[serde(default)]
    assignee: String,
    /// Who had it when the page was read.
    #[serde(default)]
    seen: String,
}

impl AssigneeForm {
    fn user(id: &str) -> Result<Option<UserId>, Error> {
        match id {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| Error::Malformed("assignee")),
        }
    }
}

/// `POST …/assignee`: take, pass on, give back.
pub async fn assign(
    door: Door,
    app: Data<App>,
    session: Session,
    Form(typed): Form<AssigneeForm>,
) -> Html {
    let scope = door.support()?;
    let seen_and_wanted = (AssigneeForm::user(&typed.seen)?, AssigneeForm::user(&typed.assignee)?);
    let (merchant_id, number, writer) = (door.merchant_id, door.number, door.writer()?);
    let work = move |conn: &mut PgConnection| {
        commands::assign(conn, scope, &writer, merchant_id, number, seen_and_wanted)
    };
    let flash = match app.db.run(door.tenants(), work).await? {
        Assigned::Done => Flash::TicketAssigned { number },
        Assigned::Meanwhile(has) => {
            let t = Ui::of(door.request()).lang.texts();
            Flash::TicketPassedOn { number, has: has.unwrap_or_else(|| t.msg_ticket_nobody()) }
        }
    };
    set_flash(&session, &flash)?;
    Ok(see_other(door.address))
}

/// Who follows the ticket, or no longer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchForm {
    #[serde(default)]
    user: String,
    #[serde(default)]
    is_watching: bool,
}

/// `POST …/watchers`
pub async fn watch(
    door: Door,
    app: Data<App>,
    session: Session,
    Form(typed): Form<WatchForm>,
) -> Html {
    let asker = door.asker()?;
    let user_id: UserId = typed.user.parse().map_err(|_| Error::Malformed("user"))?;
    let (number, writer, is_watching) = (door.number, door.writer()?, typed.is_watching);
    let work = move |conn: &mut PgConnection| {
        commands::watch(conn, asker, &writer, number, user_id, is_watching)
    };
    app.db.run(door.tenants(), work).await?;
    set_flash(&session, &Flash::TicketFollowed { number })?;
    // Who takes themselves out may not see the ticket any more.
    let is_gone = !is_watching && user_id == door.principal.user_id;
    Ok(see_other(if is_gone { crate::tickets::LIST.to_owned() } else { door.address }))
}
