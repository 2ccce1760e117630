//! `/merchants/{id}/documents/{document}/state`: an accountant says how far its money is, and why.

use actix_session::Session;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use crate::documents::commands;
use crate::documents::display;
use crate::documents::door::Door;
use crate::documents::model::{Document, State};
use crate::documents::queries;
use crate::kernel::{Error, Right, Texts};
use crate::web::ui::Badge;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, html, invalid, long_reason, see_other,
    set_flash,
};

#[derive(Template)]
#[template(path = "documents/state.html")]
struct StatePage {
    shell: Shell,
    t: &'static Texts,
    base: String,
    merchant: String,
    document: Document,
    form: StateForm,
    faults: Faults,
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateForm {
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
}

impl StatePage {
    fn badge(&self) -> Badge {
        display::badge(self.document.state, self.t)
    }

    /// The states that it may come into: word, words, what it means, whether it is chosen.
    fn choices(&self) -> Vec<(&'static str, String, String, bool)> {
        let next = self.document.state.next(self.document.total_minor);
        next.into_iter()
            .map(|state| {
                let then = Document { state, ..self.document.clone() };
                let words = display::sentence(&then, self.shell.lang);
                let is_chosen = self.form.state == state.as_str();
                (state.as_str(), display::state(state, self.t), words, is_chosen)
            })
            .collect()
    }

    fn amount(&self) -> String {
        self.document.total().with_code(self.shell.lang)
    }

    fn kind(&self) -> String {
        display::kind(self.document.kind, self.t)
    }
}

/// `GET`: asks for the next state and the reason.
pub async fn ask(door: Door, shell: Shell, app: Data<App>, Kept(kept): Kept<StateForm>) -> Html {
    let (document, merchant) = one(&door, &app).await?;
    if document.state.next(document.total_minor).is_empty() {
        return Err(Error::Conflict);
    }
    html(&StatePage {
        t: shell.t,
        shell,
        base: door.base,
        merchant,
        document,
        form: kept.unwrap_or_default(),
        faults: Faults::default(),
    })
}

/// `POST`: the move.
pub async fn set(
    door: Door,
    req: actix_web::HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    Form(form): Form<StateForm>,
) -> Html {
    let (document, merchant) = one(&door, &app).await?;
    let t = crate::web::Ui::of(&req).lang.texts();
    let (to, reason) = match meant(&form, &document, t) {
        Ok(meant) => meant,
        Err(faults) => {
            let shell = Shell::of(&req)?;
            return invalid(&StatePage {
                t: shell.t,
                shell,
                base: door.base,
                merchant,
                document,
                form,
                faults,
            });
        }
    };
    let (scope, writer) = (door.scope, door.writer(&client, &app));
    let (id, number) = (document.id, document.number);
    let work =
        move |conn: &mut PgConnection| commands::move_state(conn, scope, &writer, id, to, &reason);
    app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::DocumentMoved { number })?;
    Ok(see_other(format!("{}/{id}", door.base)))
}

/// The document, and what its merchant is called, for who may move its state.
async fn one(door: &Door, app: &App) -> Result<(Document, String), Error> {
    if !door.may(Right::PublishDocuments) {
        return Err(Error::Forbidden(Some(Right::PublishDocuments)));
    }
    let (scope, id) = (door.scope, door.document()?);
    let read = move |conn: &mut PgConnection| {
        Ok((queries::get(conn, scope, id)?, queries::merchant_name(conn, scope)?))
    };
    app.db.run(scope.tenants(), read).await
}

fn meant(form: &StateForm, document: &Document, t: &Texts) -> Result<(State, String), Faults> {
    let mut faults = Faults::default();
    let next = document.state.next(document.total_minor);
    let to = State::parse(&form.state).filter(|state| next.contains(state));
    let to = faults.keep("state", to.ok_or_else(|| t.msg_doc_fault_state()));
    let reason = faults.keep("reason", long_reason(&form.reason, t));
    match (to, reason) {
        (Some(to), Some(reason)) if faults.is_empty() => Ok((to, reason)),
        _ => Err(faults),
    }
}
