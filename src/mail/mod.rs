//! Mail: one transaction in, at least once out (SEC-15).
//!
//! A mail is a row of `mails`, inserted by the transaction that it tells about. A job claims rows,
//! asks the slices for the words, sends, and settles. A sender that dies leaves a lease that runs out.

mod dkim;
mod model;
mod outbox;
mod transport;

pub use model::{About, MailKind, MailState, NOBODYS, nobodys};
pub use outbox::{
    Claimed, Draft, Ended, IDLE, Letters, NewMail, NoLetter, Outbox, Outcome, WORKERS, insert,
    waiting,
};
pub use transport::{LOGO, Letter, SendError, Transport, local};
