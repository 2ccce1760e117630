//! Writes: the ledger, what users choose, and what they are told.

mod choose;
mod digest;
mod inbox;
mod ledger;
mod notify;

pub use choose::{choose, resume, stop};
pub use digest::send_digests;
pub use inbox::{mark_all_read, mark_read};
pub use ledger::{ask, grant, refuse, withdraw};
pub use notify::{notify, send_again, test};
