//! Mail: one transaction in, at least once out (SEC-15).
//!
//! A mail is a row of `mails`, inserted by the transaction that it tells about. A job claims rows,
//! asks the slice for the words, sends, and settles. A sender that dies leaves a lease that runs out.

mod outbox;
mod transport;

pub use outbox::{
    About, Claimed, IDLE, Letters, MailKind, MailState, NewMail, NoLetter, Outbox, Outcome, insert,
};
pub use transport::{Letter, SendError, Transport, local};
