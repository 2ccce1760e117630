//! Processing > Email Payments: a merchant asks a customer for money by e-mail.

mod answers;
mod api;
mod columns;
mod commands;
mod confirmations;
mod display;
mod files;
mod filter;
mod form;
mod history;
mod letter;
mod logos;
mod lookups;
mod mails;
mod model;
mod outcome;
mod page_settings;
mod pages;
mod plan;
mod preflight;
mod prepare;
mod queries;
mod texts;
mod totals;
mod visits;
mod when;

use crate::auth::api::Scope;
use crate::exports;
use crate::kernel::Right;
use crate::views;
use crate::web::{Audience, Routes};

pub use api::Description as ApiDescription;
pub use commands::{accept_terms, are_reminders_stopped, note_visit, stop_reminders};
pub use commands::{follow_up, note_refund_asked, note_refund_declined};
pub use display::result_code as result_code_words;
pub use logos::Logos;
pub use lookups::{PayView, by_pay_link, hold, pay_view};
pub use mails::EmailPaymentLetters;
pub use model::{EndReason, Status};
pub use outcome::{Asked, ask_about, ask_and_apply, verify_callback};
pub use pages::parts;
pub use prepare::{Parts, current_page, pay_token, prepare_session};
pub use queries::AttemptRow;
pub use queries::page_settings::logo_bytes;
pub use totals::{
    Cell as TotalsCell, Narrowed, PATIENCE as TOTALS_PATIENCE, SummaryFilter, Totals,
    WAIT as TOTALS_WAIT, totals,
};
pub use visits::VisitReason;

const VIEW: Audience = Audience::Merchant(Right::ViewEmailPayments);
const WRITE: Audience = Audience::Merchant(Right::WriteEmailPayments);
const API_READ: Audience = Audience::Api(Scope::ReadEmailPayments);
const API_WRITE: Audience = Audience::Api(Scope::WriteEmailPayments);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/processing/email-payments", VIEW, pages::list);
    r.post("/processing/email-payments", WRITE, pages::create);
    r.get("/processing/email-payments/new", WRITE, pages::new);
    r.post("/processing/email-payments/preview", WRITE, pages::preview);
    r.get("/processing/email-payments/undelivered", VIEW, pages::undelivered);
    r.post("/processing/email-payments/undelivered", WRITE, pages::correct);
    views::routes::<columns::Column>(r);
    exports::routes::<columns::Column>(r);
    r.get("/processing/email-payments/{id}", VIEW, pages::show);
    r.get("/processing/email-payments/{id}/edit", WRITE, pages::edit);
    r.post("/processing/email-payments/{id}/edit", WRITE, pages::update);
    r.get("/processing/email-payments/{id}/cancellation", WRITE, pages::ask_cancel);
    r.post("/processing/email-payments/{id}/cancellation", WRITE, pages::cancel);
    r.get("/processing/email-payments/{id}/resend", WRITE, pages::ask_resend);
    r.post("/processing/email-payments/{id}/resend", WRITE, pages::resend);
    r.get("/processing/email-payments/{id}/mail", VIEW, pages::mail);
    r.get("/processing/email-payments/{id}/qr.svg", VIEW, pages::qr);
    r.post("/processing/email-payments/{id}/sending", WRITE, pages::send_now);
    r.post("/processing/email-payments/{id}/unscheduling", WRITE, pages::unschedule);
    r.get("/processing/email-payments/{id}/reminders", WRITE, pages::reminders);
    r.post("/processing/email-payments/{id}/reminders", WRITE, pages::plan);
    r.post("/processing/email-payments/{id}/reminders/now", WRITE, pages::remind);
    r.post(
        "/processing/email-payments/{id}/reminders/{reminder}/removal",
        WRITE,
        pages::remove_reminder,
    );
    r.get("/processing/email-payments/{id}/extension", WRITE, pages::ask_extend);
    r.post("/processing/email-payments/{id}/extension", WRITE, pages::extend);
    r.get("/processing/email-payments/{id}/replacement", WRITE, pages::ask_replace);
    r.post("/processing/email-payments/{id}/replacement", WRITE, pages::replace);
    r.get("/api/v1/email-payments", API_READ, api::list);
    r.post("/api/v1/email-payments", API_WRITE, api::create);
    r.get("/api/v1/email-payments/{id}", API_READ, api::show);
    r.post("/api/v1/email-payments/{id}/cancel", API_WRITE, api::cancel);
    r.post("/api/v1/email-payments/{id}/resend", API_WRITE, api::resend);
}

/// What makes payments otherwise than by the form, by the same rules, needs of it.
pub mod making {
    pub use super::commands::{Created, Pace, Writer, bulk_pace, create};
    pub use super::form::{Context, CreateForm, Draft};
    pub use super::model::Hindrance;
    pub use super::page_settings::DAYS_USUAL;
    pub use super::queries::{MerchantView, Originator, merchant, originators_of};
}

/// What sets up how customers are told about their payments needs of it.
pub(crate) mod confirming {
    pub use super::confirmations::{
        Confirmation, FIELDS, Switches, TEXT_MAX, Wording, own_words, sender,
    };
    pub use super::letter::LetterFacts;
    pub use super::page_settings::PageSettings;
    pub use super::queries::confirmations::wording;
    pub use super::queries::page_settings::page_settings_of_one;
    pub use super::queries::{MerchantView, merchant};
}

/// What writes to customers about what became of their money needs of it.
pub(crate) mod writing {
    pub use super::page_settings::PageSettings;
    pub use super::queries::page_settings::page_settings_of_one;
    pub use super::queries::{MerchantView, merchant};
}

/// What sets up how pages and letters look needs of it.
pub(crate) mod page_setting {
    pub use super::confirmations::{FIELDS, own_words, sender};
    pub use super::letter::LetterFacts;
    pub use super::page_settings::{
        ADDRESS_MAX, ATTEMPTS, DAYS_OFFERED, MAIL_TEXT_MAX, PAGE_TEXT_MAX, PageSettings, PageTexts,
    };
    pub use super::queries::page_settings::{
        SavedPage, page_settings_of, page_settings_of_one, saved_page, saved_pages,
    };
    pub use super::queries::{MerchantView, merchant};
}

/// What does one thing to many payments, by the rules of each one's own page, needs of it.
pub mod acting {
    pub use super::commands::{Pace, Writer, bulk_pace, cancel, paced, remind};
    pub use super::filter::Question;
    pub use super::form::reason;
    pub use super::model::{EmailPayment, Hindrance};
    pub use super::pages::LIST;
    pub use super::queries::{in_order, names};
}

/// What reads the gateway's list of transactions needs of it.
pub mod importing {
    pub use super::lookups::{
        SessionOf, held_creators, known_attempts, payments_by_order, sessions_of,
    };
    pub use super::outcome::{ask_soon, wallet_total};
}

/// What tells about one payment elsewhere needs of it.
pub mod telling {
    pub use super::display::Standing;
    pub use super::model::EmailPayment;
    pub use super::queries::get;
}

/// What the start page tells of email payments.
pub mod overview {
    pub use super::queries::has_any;
    pub use super::queries::overview::{Attention, Due, attention, due};
    pub use super::totals::WAIT;
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::lapse_due;
    pub use super::commands::{expire_due, remind_due, send_due, tell_expiring};
    pub use super::outcome::reconcile_due;
    pub use super::totals::add_up;
}
