//! Processing > Email Payments > Import: many payments from a file. Upload, check, confirm; then a job
//! makes them row by row, by the rules of the form.

mod check;
mod columns;
mod commands;
mod display;
mod export;
mod file;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

const WRITE: Audience = Audience::Merchant(Right::WriteEmailPayments);

/// The addresses of this slice. They come before those of email payments, which take what is left
/// below the same path for an id.
pub fn routes(r: &mut Routes) {
    r.get("/processing/email-payments/import", WRITE, pages::new);
    r.upload("/processing/email-payments/import", WRITE, file::BODY_BYTES_MAX, pages::create);
    r.get("/processing/email-payments/import/template.csv", WRITE, export::template);
    r.get("/processing/email-payments/imports", WRITE, pages::list);
    r.get("/processing/email-payments/imports/{id}", WRITE, pages::show);
    r.post("/processing/email-payments/imports/{id}", WRITE, pages::update);
    r.get("/processing/email-payments/imports/{id}/left-out.csv", WRITE, export::left_out);
    r.get("/processing/email-payments/imports/{id}/confirmation", WRITE, pages::ask_confirm);
    r.post("/processing/email-payments/imports/{id}/confirmation", WRITE, pages::confirm);
    r.post("/processing/email-payments/imports/{id}/undo", WRITE, pages::undo);
    r.post("/processing/email-payments/imports/{id}/start", WRITE, pages::start);
    r.post("/processing/email-payments/imports/{id}/stop", WRITE, pages::stop);
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::{forget_due, make_due};
}
