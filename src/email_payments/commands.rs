//! Writes: one transaction each, mail and audit row included. The only place, with `outcome.rs`,
//! that changes a status.

mod create;
mod end;
mod pace;
mod send;
mod visit;

use chrono::{DateTime, Utc};

use super::model::ResendHindrance;
use crate::auth::audit::By;
use crate::kernel::{Error, UserId};

pub use create::{Created, FormKey, create, update};
pub use end::{cancel, expire_due};
pub use pace::{Pace, bulk_pace};
pub use send::{resend, retire_sessions};
pub use visit::note_visit;

/// Who writes, and when.
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    /// The program that acts in the user's stead, as the audit names it; `None` for a browser.
    pub program: Option<serde_json::Value>,
    pub now: DateTime<Utc>,
}

/// Why a good form could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Another payment of the merchant has this order ID.
    OrderIdTaken,
    /// This address got as many mails today as it may.
    TooManyToAddress,
    /// The merchant sent as many mails in this hour as it may.
    TooManyOfMerchant,
    /// It may not be sent again (now).
    Resend(ResendHindrance),
}

/// Why a piece of work is undone: something that its reader can mend, or an error.
enum Stop {
    Hindered(Hindrance),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Stop {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}
