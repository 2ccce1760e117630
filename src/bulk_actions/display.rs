//! States and reasons in words.

use super::model::{BulkAct, BulkState, RowOutcome, SkipReason};
use crate::kernel::Texts;
use crate::web::ui::{Badge, Icon};

pub fn badge(state: BulkState, t: &Texts) -> Badge {
    let (icon, words, tone) = match state {
        BulkState::Running => ("hourglass", t.msg_bulk_state_running(), "wait"),
        BulkState::Done => ("circle-check", t.msg_bulk_state_done(), "pos"),
        BulkState::Stopped => ("ban", t.msg_bulk_state_stopped(), "warn"),
    };
    Badge { icon: Icon(icon), words, tone }
}

/// `Reminders`, `Cancellations`.
pub fn act(act: BulkAct, t: &Texts) -> String {
    match act {
        BulkAct::Remind => t.msg_bulk_act_remind(),
        BulkAct::Cancel => t.msg_bulk_act_cancel(),
    }
}

/// What became of a row, in one line.
pub fn outcome(act: BulkAct, state: RowOutcome, reason: Option<SkipReason>, t: &Texts) -> String {
    match (state, reason) {
        (RowOutcome::Queued, _) => t.msg_bulk_row_queued(),
        (RowOutcome::Skipped, Some(reason)) => t.msg_bulk_row_skipped(self::reason(reason, t)),
        (RowOutcome::Done | RowOutcome::Skipped, _) => match act {
            BulkAct::Remind => t.msg_bulk_row_reminded(),
            BulkAct::Cancel => t.msg_bulk_row_cancelled(),
        },
    }
}

pub fn reason(reason: SkipReason, t: &Texts) -> String {
    match reason {
        SkipReason::NotSent => t.msg_bulk_reason_not_sent(),
        SkipReason::Open => t.msg_bulk_reason_open(),
        SkipReason::Processing => t.msg_bulk_reason_processing(),
        SkipReason::Paid => t.msg_bulk_reason_paid(),
        SkipReason::Expired => t.msg_bulk_reason_expired(),
        SkipReason::Cancelled => t.msg_bulk_reason_cancelled(),
        SkipReason::FailedPayment => t.msg_bulk_reason_failed(),
        SkipReason::NeverSent => t.msg_bulk_reason_never_sent(),
        SkipReason::NotDelivered => t.msg_bulk_reason_not_delivered(),
        SkipReason::OnItsWay => t.msg_bulk_reason_on_its_way(),
        SkipReason::TooSoon => t.msg_bulk_reason_too_soon(),
        SkipReason::TooManySends => t.msg_bulk_reason_too_many_sends(),
        SkipReason::TooManyToAddress => t.msg_bulk_reason_too_many_to_address(),
        SkipReason::RemindersStopped => t.msg_bulk_reason_reminders_stopped(),
        SkipReason::Error => t.msg_bulk_reason_error(),
        SkipReason::Stopped => t.msg_bulk_reason_stopped(),
    }
}
