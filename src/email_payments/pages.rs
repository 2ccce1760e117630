//! The pages of Processing > Email Payments.

mod detail;
mod export;
mod form;
mod list;

pub use detail::{ask_cancel, ask_resend, cancel, mail, resend, show};
pub use export::{csv, exports, xlsx};
pub use form::{create, edit, new, preview, update};
pub use list::list;

use actix_web::web::{Data, Path};

use super::commands::Writer;
use super::prepare::Parts;
use crate::auth::MerchantUser;
use crate::kernel::{EmailPaymentId, Error};
use crate::web::{App, Client};

/// Where the list lives.
pub const LIST: &str = "/processing/email-payments";

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
