//! What a request that leaves later offers: leave now, or be a draft again.

use super::super::commands;
use super::super::model::{Hindrance, Status};
use super::Editor;
use super::form::edit_again;
use crate::kernel::Error;
use crate::web::{Flash, Html};

/// `POST /processing/email-payments/{id}/sending`: now, as it stands.
pub async fn send_now(editor: Editor) -> Html {
    let keys = editor.app.keys.clone();
    let sent = editor
        .act(move |conn, scope, writer, id| commands::send_now(conn, &keys, scope, writer, id))
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
