//! Processing > Email Payments > Bulk actions: one thing that is done to many payments, picked ones or
//! all of a filter. Asked once, with what it comes to; then a job does it row by row, and each row tells
//! what became of it.

mod commands;
mod display;
mod model;
mod pages;
mod queries;
mod report;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

const WRITE: Audience = Audience::Merchant(Right::WriteEmailPayments);

/// The addresses of this slice. They come before those of email payments, which take what is left
/// below the same path for an id.
pub fn routes(r: &mut Routes) {
    r.get("/processing/email-payments/bulk-actions", WRITE, pages::list);
    r.post("/processing/email-payments/bulk-actions", WRITE, pages::begin);
    r.get("/processing/email-payments/bulk-actions/new", WRITE, pages::ask);
    r.get("/processing/email-payments/bulk-actions/{id}", WRITE, pages::show);
    r.post("/processing/email-payments/bulk-actions/{id}/stop", WRITE, pages::stop);
    r.get("/processing/email-payments/bulk-actions/{id}/report.csv", WRITE, report::report);
}

/// The job of this slice, run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::work_due;
}
