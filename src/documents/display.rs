//! Kinds, states and refusals in words.

use chrono::{Datelike as _, Days, NaiveDate};

use super::model::{Actor, Document, Kind, Source, State};
use super::queries::Balance;
use crate::kernel::{Lang, Money, Texts, dates, money_grouped};
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

/// A balance in words: who pays, how much without its sign, and the list of what makes it.
pub struct Owed {
    pub words: String,
    pub sum: String,
    pub documents: String,
    pub url: String,
}

/// The balance of one currency, for a list of documents at `base`.
#[must_use]
pub fn owed(balance: &Balance, base: &str, lang: Lang) -> Owed {
    let (t, sum) = (lang.texts(), balance.sum);
    let code = sum.currency.code();
    let states = State::OWED.iter().map(|state| format!("state={}", state.as_str()));
    let states = states.collect::<Vec<_>>().join("&");
    let grouped = money_grouped(balance.documents.unsigned_abs(), lang);
    Owed {
        words: if sum.minor < 0 {
            t.msg_doc_balance_merchant_owes(code)
        } else {
            t.msg_doc_balance_owed_to_merchant(code)
        },
        sum: Money::new(sum.minor.saturating_abs(), sum.currency).number(lang),
        documents: t.msg_doc_balance_from(balance.documents, grouped),
        url: format!("{base}?{states}&currency={code}"),
    }
}

/// A period: `Ottobre 2026` where it is a whole month, else its first and last day.
#[must_use]
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
