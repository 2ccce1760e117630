//! States and reasons in words.

use super::file::{FILE_BYTES_MAX, ROWS_MAX, Refusal};
use super::model::{ImportState, Reason};
use crate::kernel::{Lang, Texts, money_grouped};
use crate::web::ui::{Badge, Icon};

pub fn badge(state: ImportState, t: &Texts) -> Badge {
    let (icon, words, tone) = match state {
        ImportState::Checked => ("pencil", t.msg_imports_state_checked(), "neu"),
        ImportState::Waiting => ("clock", t.msg_imports_state_waiting(), "wait"),
        ImportState::Running => ("send", t.msg_imports_state_running(), "wait"),
        ImportState::Done => ("circle-check", t.msg_imports_state_done(), "pos"),
        ImportState::Stopped => ("ban", t.msg_imports_state_stopped(), "warn"),
        ImportState::Undone => ("x", t.msg_imports_state_undone(), "neu"),
        ImportState::Discarded => ("x", t.msg_imports_state_discarded(), "neu"),
    };
    Badge { icon: Icon(icon), words, tone }
}

pub fn reason(reason: Reason, t: &Texts) -> String {
    match reason {
        Reason::Faulty => t.msg_imports_reason_faulty(),
        Reason::OrderIdTwice => t.msg_imports_reason_order_id_twice(),
        Reason::OrderIdTaken => t.msg_imports_reason_order_id_taken(),
        Reason::Repeated => t.msg_imports_reason_repeated(),
        Reason::TooManyToAddress => t.msg_form_too_many_to_address(),
        Reason::SwitchedOff => t.msg_hindrance_switched_off(),
        Reason::Failed => t.msg_imports_reason_failed(),
        Reason::Stopped => t.msg_imports_reason_stopped(),
    }
}

/// Why a file was refused, and what helps.
pub fn refusal(refusal: &Refusal, t: &Texts, lang: Lang) -> String {
    let count = |count: usize| money_grouped(count as u64, lang);
    match refusal {
        Refusal::TooLarge => t.msg_imports_file_too_large(FILE_BYTES_MAX / 1024 / 1024),
        Refusal::NotText => t.msg_imports_file_not_text(),
        Refusal::NoRows => t.msg_imports_file_no_rows(),
        Refusal::TooManyRows(rows) => {
            t.msg_imports_file_too_many_rows(count(*rows), count(ROWS_MAX))
        }
        Refusal::TooManyColumns => t.msg_imports_file_too_many_columns(),
        Refusal::Missing(columns) => {
            let names: Vec<String> = columns.iter().map(|column| column.words(t)).collect();
            t.msg_imports_file_missing(names.join(", "))
        }
        Refusal::Twice(column) => t.msg_imports_file_twice(column.words(t)),
    }
}
