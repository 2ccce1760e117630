//! Processing > Transactions: what moved at the gateway, through every channel. Rows are noted by
//! [`crate::settlement`]; here they are found, explained and taken along.

mod columns;
mod display;
mod files;
mod filter;
mod means;
mod model;
mod operations;
mod pages;
mod queries;
mod result_codes;
mod totals;

use self::operations::pages::{
    approve, ask, create, limits, of_payment, reject, save_limits, waiting, withdraw,
};
use crate::exports;
use crate::kernel::Right;
use crate::views;
use crate::web::{Audience, Routes};

/// Where a merchant's users find their transactions.
pub const LIST: &str = "/processing/transactions";

const VIEW: Audience = Audience::Merchant(Right::ViewTransactions);
const OPERATE: Audience = Audience::Merchant(Right::Operate);
const APPROVE: Audience = Audience::Merchant(Right::ApproveOperations);
const OVERRULE: Audience = Audience::Merchant(Right::OverruleRefunds);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/processing/transactions", VIEW, pages::list);
    views::routes::<columns::Column>(r);
    exports::routes::<columns::Column>(r);
    r.get("/processing/transactions/operations", OPERATE, waiting);
    r.post("/processing/transactions/operations/{operation}/approval", APPROVE, approve);
    r.post("/processing/transactions/operations/{operation}/rejection", APPROVE, reject);
    r.post("/processing/transactions/operations/{operation}/withdrawal", OPERATE, withdraw);
    r.get("/processing/transactions/{id}", VIEW, pages::show);
    r.get("/processing/transactions/{id}/operations/{act}", OPERATE, ask);
    r.post("/processing/transactions/{id}/operations/{act}", OPERATE, create);
    r.get("/processing/email-payments/{id}/refund", OPERATE, of_payment);
    r.get("/settings/refunds", APPROVE, limits);
    r.post("/settings/refunds", OVERRULE, save_limits);
}

pub use operations::RefundLetters;

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::operations::resolve_due;
}

/// What the start page tells of transactions.
pub mod overview {
    pub use super::operations::waiting_count;
}

/// What tells about one transaction elsewhere needs of it.
pub mod telling {
    pub use super::display::{badge, explained, means, operation};
    pub use super::model::Transaction;
    pub use super::queries::get;
}
