//! The pages of Processing > Email Payments.

mod ask;
mod detail;
mod editor;
mod form;
mod form_page;
mod list;
mod qr;
mod remind;
mod schedule;
mod undelivered;
mod views;

pub use ask::{ask_cancel, ask_extend, ask_resend, cancel, extend, resend};
pub use detail::{mail, show};
pub use editor::Editor;
pub use form::{ask_replace, create, edit, new, preview, replace, update};
pub use list::list;
pub use qr::qr;
pub use remind::{plan, remind, reminders, remove_reminder};
pub use schedule::{send_now, unschedule};
pub use undelivered::{correct, undelivered};

use actix_web::web::{Data, Path};

use super::commands::Writer;
use super::prepare::{Parts, prepare_session};
use crate::auth::{MerchantScope, MerchantUser, SystemScope};
use crate::exports::ExportList;
use crate::kernel::{EmailPaymentId, Error};
use crate::web::{App, Client};

/// Where the list lives.
pub const LIST: &str = ExportList::EmailPayments.paths().list;

/// How long a merchant's request waits for the gateway.
const READY_WAIT: std::time::Duration = std::time::Duration::from_secs(3);

/// An id that is none answers like one that is unknown.
pub fn id(path: &Path<String>) -> Result<EmailPaymentId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

fn writer(user: &MerchantUser, client: &Client, app: &Data<App>) -> Writer {
    Writer {
        by: client.user(user.principal()),
        user_id: user.user_id(),
        program: None,
        now: app.clock.now(),
    }
}

/// What this slice needs to speak with the gateway for a customer, on the connections kept for them.
pub fn parts(app: &App) -> Parts {
    Parts {
        db: app.pay_db.clone(),
        keys: app.keys.clone(),
        gateway: app.gateway.clone(),
        clock: app.clock.clone(),
        public_origin: app.public_origin.as_str().into(),
    }
}

/// Prepares the gateway's page for a link that no mail prepares, so that one click leads there. Where
/// the gateway is slow or out of reach, our own page offers it.
async fn ready_page(app: &Data<App>, scope: MerchantScope, id: EmailPaymentId) {
    let parts = parts(app);
    let preparing = prepare_session(&parts, SystemScope::found(scope.merchant_id()), id);
    match tokio::time::timeout(READY_WAIT, preparing).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(payment.id = %id, error = ?error, "a payment page is not ready yet");
        }
        Err(_) => tracing::warn!(payment.id = %id, "a payment page is not ready yet: no answer"),
    }
}
