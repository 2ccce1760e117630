//! Processing > Transactions > Reconciliation. A job reads what moved at the gateway through every
//! channel, window by window, and notes it ([`crate::settlement`]); then email payments and transactions
//! are compared. What disagrees is work for a person, on a page of its own (decision 29).

mod commands;
mod display;
mod form;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use queries::open_count;

/// Where the page is found.
pub const PAGE: &str = "/processing/transactions/reconciliation";

const VIEW: Audience = Audience::Merchant(Right::ViewTransactions);
const SETTLE: Audience = Audience::Merchant(Right::SettleDifferences);

/// The addresses of this slice. They come before those of transactions, which take what is left below the
/// same path for an id.
pub fn routes(r: &mut Routes) {
    r.get("/processing/transactions/reconciliation", VIEW, pages::show);
    r.post(
        "/processing/transactions/reconciliation/{difference}/settlement",
        SETTLE,
        pages::settle,
    );
    r.post("/processing/transactions/reconciliation/{difference}/reopening", SETTLE, pages::reopen);
}

/// The job of this slice, run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::import_due;
}
