//! Writes: the ledger, and the notices that follow from it.

mod ledger;
mod notify;

pub use ledger::{Writer, ask, grant, refuse, withdraw};
pub use notify::{notify, test};
