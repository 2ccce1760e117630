//! Switches and their turns in words.

use super::queries::Turn;
use crate::email_payments::confirming::Confirmation;
use crate::kernel::{Texts, dates};
use crate::web::Shell;
use crate::web::ui::{Badge, Entry, Icon};

pub fn confirmation(confirmation: Confirmation, t: &Texts) -> String {
    match confirmation {
        Confirmation::Success => t.msg_confirm_success(),
        Confirmation::Failure => t.msg_confirm_failure(),
    }
}

/// What customers get by it, in one sentence.
pub fn explain(confirmation: Confirmation, t: &Texts) -> String {
    match confirmation {
        Confirmation::Success => t.msg_confirm_success_words(),
        Confirmation::Failure => t.msg_confirm_failure_words(),
    }
}

pub fn state(is_on: bool, t: &Texts) -> Badge {
    if is_on {
        Badge { icon: Icon("circle-check"), words: t.msg_confirm_on(), tone: "pos" }
    } else {
        Badge { icon: Icon("ban"), words: t.msg_confirm_off(), tone: "neu" }
    }
}

/// The turns as a ledger that both sides read.
pub fn ledger(turns: &[Turn], shell: &Shell, zone: chrono_tz::Tz) -> Vec<Entry> {
    turns.iter().map(|turn| entry(turn, shell, zone)).collect()
}

fn entry(turn: &Turn, shell: &Shell, zone: chrono_tz::Tz) -> Entry {
    let t = shell.t;
    let what = confirmation(turn.confirmation, t);
    let (icon, tone, title) = if turn.is_on {
        ("circle-check", "pos", t.msg_confirm_turned_on(&turn.by, what))
    } else {
        ("ban", "neu", t.msg_confirm_turned_off(&turn.by, what))
    };
    let words = match &turn.reason {
        Some(reason) => t.msg_ledger_words(&turn.originator, reason),
        None => t.msg_confirm_turned_for_all(&turn.originator),
    };
    Entry {
        at: turn.at,
        title,
        words,
        icon: Icon(icon),
        tone,
        moment: dates::moment(turn.at, shell.now, zone, shell.lang),
        machine: dates::machine(turn.at, zone),
    }
}
