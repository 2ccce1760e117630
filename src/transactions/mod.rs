//! Processing > Transactions: what moved at the gateway, through every channel. Rows are noted by
//! [`crate::settlement`]; here they are found, explained and taken along.

mod columns;
mod display;
mod filter;
mod means;
mod model;
mod pages;
mod queries;
mod result_codes;
mod totals;

use crate::kernel::Right;
use crate::views;
use crate::web::{Audience, Routes};

/// Where a merchant's users find their transactions.
pub const LIST: &str = "/processing/transactions";

const VIEW: Audience = Audience::Merchant(Right::ViewTransactions);
const EXPORT: Audience = Audience::Merchant(Right::Export);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/processing/transactions", VIEW, pages::list);
    views::routes::<columns::Column>(r);
    r.get("/processing/transactions/exports", EXPORT, pages::exports);
    r.get("/processing/transactions.csv", EXPORT, pages::csv);
    r.get("/processing/transactions.xlsx", EXPORT, pages::xlsx);
    r.get("/processing/transactions/{id}", VIEW, pages::show);
}

/// What tells about one transaction elsewhere needs of it.
pub mod telling {
    pub use super::display::{badge, explained, means, operation};
    pub use super::model::Transaction;
    pub use super::queries::get;
}
