//! What a request that leaves later offers: leave now, or be a draft again.

use serde::Deserialize;

use super::super::commands;
use super::super::model::{Hindrance, Status};
use super::Editor;
use super::form::edit_again;
use crate::kernel::Error;
use crate::web::{Flash, Form, Html};

/// What the button to send now carries.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SendForm {
    /// What stands for the request as its page showed it.
    state: String,
}

/// `POST /processing/email-payments/{id}/sending`: now, as the page showed it.
pub async fn send_now(editor: Editor, Form(form): Form<SendForm>) -> Html {
    let keys = editor.app.keys.clone();
    let sent = editor
        .act(move |conn, scope, writer, id| {
            commands::send_now(conn, &keys, scope, writer, id, &form.state)
        })
        .await?;
    let payment = match sent {
        Ok(payment) => payment,
        // Pressed twice, or the clock was faster.
        Err(Hindrance::Status(Status::Open)) => editor.payment().await?,
        Err(Hindrance::Status(_)) => return Err(Error::Conflict),
        Err(hindrance) => return edit_again(&editor, hindrance).await,
    };
    editor.done(&Flash::PaymentSent { order_id: payment.order_id, email: payment.customer_email })
}

/// `POST /processing/email-payments/{id}/unscheduling`: undo, a draft again.
pub async fn unschedule(editor: Editor) -> Html {
    let payment = match editor.act(commands::unschedule).await? {
        Ok(payment) => payment,
        Err(Hindrance::Status(Status::Draft)) => editor.payment().await?,
        Err(_) => return Err(Error::Conflict),
    };
    editor.done(&Flash::PaymentUnscheduled { order_id: payment.order_id })
}
