//! Processing > Email Payments: a merchant asks a customer for money by e-mail.

mod api;
mod columns;
mod commands;
mod display;
mod filter;
mod form;
mod history;
mod lookups;
mod mails;
mod model;
mod outcome;
mod pages;
mod prepare;
mod queries;

use crate::auth::api::Scope;
use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use api::Description as ApiDescription;
pub use commands::mark_opened;
pub use display::result_code as result_code_words;
pub use lookups::{PayView, by_pay_link, pay_view};
pub use mails::EmailPaymentLetters;
pub use model::Status;
pub use outcome::{Asked, ask_about, ask_and_apply, verify_callback};
pub use pages::parts;
pub use prepare::{Parts, current_page, prepare_session};
pub use queries::AttemptRow;

const VIEW: Audience = Audience::Merchant(Right::ViewEmailPayments);
const WRITE: Audience = Audience::Merchant(Right::WriteEmailPayments);
const EXPORT: Audience = Audience::Merchant(Right::Export);
const API_READ: Audience = Audience::Api(Scope::ReadEmailPayments);
const API_WRITE: Audience = Audience::Api(Scope::WriteEmailPayments);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/processing/email-payments", VIEW, pages::list);
    r.post("/processing/email-payments", WRITE, pages::create);
    r.get("/processing/email-payments/new", WRITE, pages::new);
    r.post("/processing/email-payments/preview", WRITE, pages::preview);
    r.get("/processing/email-payments/exports", EXPORT, pages::exports);
    r.get("/processing/email-payments.csv", EXPORT, pages::csv);
    r.get("/processing/email-payments.xlsx", EXPORT, pages::xlsx);
    r.get("/processing/email-payments/{id}", VIEW, pages::show);
    r.get("/processing/email-payments/{id}/edit", WRITE, pages::edit);
    r.post("/processing/email-payments/{id}/edit", WRITE, pages::update);
    r.get("/processing/email-payments/{id}/cancellation", WRITE, pages::ask_cancel);
    r.post("/processing/email-payments/{id}/cancellation", WRITE, pages::cancel);
    r.get("/processing/email-payments/{id}/resend", WRITE, pages::ask_resend);
    r.post("/processing/email-payments/{id}/resend", WRITE, pages::resend);
    r.get("/processing/email-payments/{id}/mail", VIEW, pages::mail);
    r.get("/api/v1/email-payments", API_READ, api::list);
    r.post("/api/v1/email-payments", API_WRITE, api::create);
    r.get("/api/v1/email-payments/{id}", API_READ, api::show);
    r.post("/api/v1/email-payments/{id}/cancel", API_WRITE, api::cancel);
    r.post("/api/v1/email-payments/{id}/resend", API_WRITE, api::resend);
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::expire_due;
    pub use super::outcome::reconcile_due;
}
