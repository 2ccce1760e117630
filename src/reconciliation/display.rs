//! Differences and the state of the reading, in words.

use super::model::{DifferenceKind, Failure, GatewayList};
use super::queries::DifferenceRow;
use crate::kernel::{Currency, Lang, Money, Texts};
use crate::web::ui::{Badge, Icon};

/// What disagrees.
pub fn kind(kind: DifferenceKind, t: &Texts) -> String {
    match kind {
        DifferenceKind::Missing => t.msg_recon_missing(),
        DifferenceKind::Amount => t.msg_recon_amount(),
        DifferenceKind::Twice => t.msg_recon_twice(),
        DifferenceKind::Unexpected => t.msg_recon_unexpected(),
        DifferenceKind::Refunds => t.msg_recon_refunds(),
        DifferenceKind::Unreadable => t.msg_recon_unreadable(),
    }
}

/// What it means, and what to do.
pub fn advice(kind: DifferenceKind, t: &Texts) -> String {
    match kind {
        DifferenceKind::Missing => t.msg_recon_missing_advice(),
        DifferenceKind::Amount => t.msg_recon_amount_advice(),
        DifferenceKind::Twice => t.msg_recon_twice_advice(),
        DifferenceKind::Unexpected => t.msg_recon_unexpected_advice(),
        DifferenceKind::Refunds => t.msg_recon_refunds_advice(),
        DifferenceKind::Unreadable => t.msg_recon_unreadable_advice(),
    }
}

/// The figures of both sides.
pub fn figures(row: &DifferenceRow, t: &Texts, lang: Lang) -> String {
    match row.currency.as_deref() {
        Some(currency) => t.msg_recon_figures(
            money(row.expected_minor, currency, lang),
            money(row.found_minor, currency, lang),
        ),
        None => t.msg_recon_unreadable_count(row.found_minor),
    }
}

/// `1.830,00 EUR`
pub fn money(minor: i64, code: &str, lang: Lang) -> String {
    let number = Currency::parse(code)
        .map_or_else(|| minor.to_string(), |currency| Money::new(minor, currency).number(lang));
    format!("{number}\u{a0}{code}")
}

pub fn list(list: GatewayList, t: &Texts) -> String {
    match list {
        GatewayList::Transactions => t.msg_tx_title(),
        GatewayList::Chargebacks => t.msg_tx_view_chargebacks(),
    }
}

/// Why it could not be read.
pub fn failure(failure: Failure, t: &Texts) -> String {
    match failure {
        Failure::Unavailable => t.msg_recon_failure_unavailable(),
        Failure::TooLarge => t.msg_recon_failure_too_large(),
        Failure::Internal => t.msg_recon_failure_internal(),
    }
}

/// Up to date, on its way, or failing.
pub fn state(failed: bool, is_running: bool, t: &Texts) -> Badge {
    let (icon, words, tone) = match (failed, is_running) {
        (true, _) => ("alert-circle", t.msg_recon_state_failed(), "warn"),
        (false, true) => ("clock", t.msg_recon_state_running(), "wait"),
        (false, false) => ("circle-check", t.msg_recon_state_current(), "pos"),
    };
    Badge { icon: Icon(icon), words, tone }
}
