//! Processing > Email Payments: a merchant asks a customer for money by e-mail.

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

use crate::web::{Audience, Routes};

pub use commands::mark_opened;
pub use display::result_code as result_code_words;
pub use lookups::{PayView, by_pay_link, pay_view};
pub use mails::EmailPaymentLetters;
pub use model::Status;
pub use outcome::{Asked, ask_about, ask_and_apply, verify_callback};
pub use pages::parts;
pub use prepare::{Parts, current_page, prepare_session};
pub use queries::AttemptRow;

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/processing/email-payments", Audience::MerchantView, pages::list);
    r.post("/processing/email-payments", Audience::MerchantWrite, pages::create);
    r.get("/processing/email-payments/new", Audience::MerchantWrite, pages::new);
    r.post("/processing/email-payments/preview", Audience::MerchantWrite, pages::preview);
    r.get("/processing/email-payments/{id}", Audience::MerchantView, pages::show);
    r.get("/processing/email-payments/{id}/edit", Audience::MerchantWrite, pages::edit);
    r.post("/processing/email-payments/{id}/edit", Audience::MerchantWrite, pages::update);
    r.get(
        "/processing/email-payments/{id}/cancellation",
        Audience::MerchantWrite,
        pages::ask_cancel,
    );
    r.post("/processing/email-payments/{id}/cancellation", Audience::MerchantWrite, pages::cancel);
    r.get("/processing/email-payments/{id}/resend", Audience::MerchantWrite, pages::ask_resend);
    r.post("/processing/email-payments/{id}/resend", Audience::MerchantWrite, pages::resend);
    r.get("/processing/email-payments/{id}/mail", Audience::MerchantView, pages::mail);
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::expire_due;
    pub use super::outcome::reconcile_due;
}
