//! Kinds, states and refusals in words.

use chrono::{Datelike as _, Days, NaiveDate};

use super::model::{Actor, Document, Kind, Source, State};
use crate::kernel::{Lang, Texts, dates};
use crate::web::ui::{Badge, Icon};

pub fn kind(kind: Kind, t: &Texts) -> String {
    match kind {
        Kind::Invoice => t.msg_doc_kind_invoice(),
        Kind::CreditNote => t.msg_doc_kind_credit_note(),
        Kind::PayoutStatement => t.msg_doc_kind_payout_statement(),
        Kind::HoldbackStatement => t.msg_doc_kind_holdback_statement(),
    }
}

pub fn state(state: State, t: &Texts) -> String {
    match state {
        State::WaitingAccountantPayment => t.msg_doc_state_waiting_accountant(),
        State::WaitingCustomerPayment => t.msg_doc_state_waiting_customer(),
        State::WaitingAccounting => t.msg_doc_state_waiting_accounting(),
        State::BlockedPayment => t.msg_doc_state_blocked_payment(),
        State::BlockedReview => t.msg_doc_state_blocked_review(),
        State::BlockedMissingInformation => t.msg_doc_state_blocked_information(),
        State::Paid => t.msg_doc_state_paid(),
        State::Cancelled => t.msg_doc_state_cancelled(),
        State::Informative => t.msg_doc_state_informative(),
    }
}

/// What a state means, in one sentence.
pub fn sentence(document: &Document, lang: Lang) -> String {
    let t = lang.texts();
    match document.state {
        State::WaitingAccountantPayment => match document.due_on {
            Some(day) => t.msg_doc_words_waiting_accountant(dates::plain_day(day, lang)),
            None => t.msg_doc_words_waiting_accountant_open(),
        },
        State::WaitingCustomerPayment => match document.due_on {
            Some(day) => t.msg_doc_words_waiting_customer(dates::plain_day(day, lang)),
            None => t.msg_doc_words_waiting_customer_open(),
        },
        State::WaitingAccounting => t.msg_doc_words_waiting_accounting(),
        State::BlockedPayment => t.msg_doc_words_blocked_payment(),
        State::BlockedReview => t.msg_doc_words_blocked_review(),
        State::BlockedMissingInformation => t.msg_doc_words_blocked_information(),
        State::Paid => t.msg_doc_words_paid(),
        State::Cancelled => t.msg_doc_words_cancelled(),
        State::Informative => t.msg_doc_words_informative(),
    }
}

/// Who has to act.
pub fn actor(state: State, t: &Texts) -> String {
    match state.actor() {
        Actor::Platform => t.msg_doc_actor_platform(),
        Actor::Merchant => t.msg_doc_actor_merchant(),
        Actor::Nobody => t.msg_doc_actor_nobody(),
    }
}

pub fn source(source: Source, t: &Texts) -> String {
    match source {
        Source::PeriodEnd => t.msg_doc_source_period_end(),
        Source::Page => t.msg_doc_source_page(),
        Source::Command | Source::Api => t.msg_doc_source_program(),
    }
}

pub fn badge(of: State, t: &Texts) -> Badge {
    let (icon, tone) = match of {
        State::WaitingAccountantPayment => ("clock", "wait"),
        State::WaitingCustomerPayment => ("alert-circle", "warn"),
        State::WaitingAccounting => ("hourglass", "neu"),
        State::BlockedPayment | State::BlockedReview => ("ban", "warn"),
        State::BlockedMissingInformation => ("alert-triangle", "neg"),
        State::Paid => ("circle-check", "pos"),
        State::Cancelled => ("x", "neu"),
        State::Informative => ("file-invoice", "neu"),
    };
    Badge { icon: Icon(icon), words: state(of, t), tone }
}

/// A period: `Ottobre 2026` where it is a whole month, else its first and last day.
pub fn period(from: NaiveDate, until: NaiveDate, lang: Lang) -> String {
    let is_month = from.day() == 1
        && from.month() == until.month()
        && from.year() == until.year()
        && until.checked_add_days(Days::new(1)).is_some_and(|next| next.day() == 1);
    if is_month {
        dates::month(from, lang)
    } else {
        lang.texts().msg_chip_days(dates::short_day(from, lang), dates::short_day(until, lang))
    }
}
