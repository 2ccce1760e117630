//! Features and their changes in words.

use chrono::{DateTime, Utc};

use super::model::{Feature, Features};
use super::queries::Change;
use crate::auth::helpers::Helpers;
use crate::kernel::{FeatureSwitchId, Right, Texts, dates};
use crate::web::ui::{Badge, Entry, Icon};
use crate::web::{Shell, ticket_address};

pub fn feature(feature: Feature, t: &Texts) -> String {
    match feature {
        Feature::EmailPayments => t.msg_feature_email_payments(),
        Feature::Card => t.msg_feature_card(),
        Feature::AlipayPlus => t.msg_feature_alipay_plus(),
    }
}

fn explain(feature: Feature, t: &Texts) -> String {
    match feature {
        Feature::EmailPayments => t.msg_feature_email_payments_words(),
        Feature::Card => t.msg_feature_card_pays_words(),
        Feature::AlipayPlus => t.msg_feature_alipay_plus_words(),
    }
}

fn state(is_on: bool, t: &Texts) -> Badge {
    if is_on {
        Badge { icon: Icon("circle-check"), words: t.msg_feature_on(), tone: "pos" }
    } else {
        Badge { icon: Icon("ban"), words: t.msg_feature_off(), tone: "neu" }
    }
}

/// One feature as both sides see it.
pub struct Row {
    pub name: String,
    pub explained: String,
    pub state: Badge,
    /// The last change that stands: what, and from when on.
    pub last: Option<String>,
    /// The same, to be taken back.
    pub undo: Option<FeatureSwitchId>,
}

pub fn rows(
    features: &Features,
    changes: &[Change],
    shell: &Shell,
    zone: chrono_tz::Tz,
) -> Vec<Row> {
    let row = |one: &Feature| {
        let last = changes.iter().find(|change| change.feature == *one && change.stands());
        Row {
            name: feature(*one, shell.t),
            explained: explain(*one, shell.t),
            state: state(features.is_on(*one), shell.t),
            last: last.map(|change| since(change, shell, zone)),
            undo: last.map(|change| change.id),
        }
    };
    Feature::ALL.iter().map(row).collect()
}

fn moment(at: DateTime<Utc>, shell: &Shell, zone: chrono_tz::Tz) -> String {
    dates::moment(at, shell.now, zone, shell.lang)
}

fn since(change: &Change, shell: &Shell, zone: chrono_tz::Tz) -> String {
    let when = dates::moment_within(change.takes_effect_at, shell.now, zone, shell.lang);
    if change.is_on {
        shell.t.msg_feature_on_from(when)
    } else {
        shell.t.msg_feature_off_from(when)
    }
}

/// The changes as a ledger that both sides read.
pub fn ledger(changes: &[Change], shell: &Shell, zone: chrono_tz::Tz) -> Vec<Entry> {
    changes.iter().map(|change| entry(change, shell, zone)).collect()
}

fn entry(change: &Change, shell: &Shell, zone: chrono_tz::Tz) -> Entry {
    let (t, what) = (shell.t, feature(change.feature, shell.t));
    let (icon, tone, title) = match (&change.reason, change.is_on) {
        (None, _) => ("history", "neu", t.msg_feature_took_back(&change.by, what)),
        (Some(_), true) => ("circle-check", "pos", t.msg_feature_turned_on(&change.by, what)),
        (Some(_), false) => ("ban", "neu", t.msg_feature_turned_off(&change.by, what)),
    };
    let words = match &change.reason {
        None => t.msg_feature_took_back_words(),
        Some(reason) if change.is_taken_back => {
            t.msg_ledger_words(t.msg_feature_is_taken_back(), reason)
        }
        Some(reason) => t.msg_ledger_words(since(change, shell, zone), reason),
    };
    Entry {
        at: change.at,
        title,
        words,
        icon: Icon(icon),
        tone,
        moment: moment(change.at, shell, zone),
        machine: dates::machine(change.at, zone),
    }
}

/// That something is off for the reader's merchant: who can switch it on, and a request for it that is ready
/// to send.
pub struct OffNotice {
    pub title: String,
    pub words: String,
    pub ask: Option<String>,
}

impl OffNotice {
    #[must_use]
    pub fn of(what: Feature, helpers: &Helpers, shell: &Shell) -> Self {
        let name = feature(what, shell.t);
        Self {
            title: shell.t.msg_feature_off_title(&name),
            words: who_switches(helpers, shell.t),
            ask: ask(&name, shell),
        }
    }
}

/// Who can switch something, by name.
pub fn who_switches(helpers: &Helpers, t: &Texts) -> String {
    if helpers.managers.is_empty() {
        t.msg_feature_nobody_switches()
    } else {
        t.msg_feature_who_switches(helpers.managers.join(", "))
    }
}

/// A ticket for who looks after the merchant, about a feature.
pub fn ask(name: &str, shell: &Shell) -> Option<String> {
    let current = shell.current().filter(|_| shell.may(Right::UseTickets))?;
    let t = shell.t;
    let text = t.msg_feature_ask_text(name, &current.merchant_name);
    Some(ticket_address("success_manager", &t.msg_feature_ask_subject(name), &text))
}
