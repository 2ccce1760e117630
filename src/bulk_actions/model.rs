//! What a bulk action is. Pure.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::columns::text_column;
use crate::db::schema::bulk_actions;
use crate::email_payments::Status;
use crate::email_payments::acting::{EmailPayment, Hindrance};
use crate::kernel::{BulkActionId, UserId};

/// Rows of one bulk action.
pub const ROWS_MAX: usize = 10_000;

text_column! {
    /// What is done to each row.
    BulkAct {
        Remind = "remind",
        Cancel = "cancel",
    }
}

text_column! {
    /// How far a bulk action is.
    BulkState {
        Running = "running",
        Done = "done",
        /// By somebody, or because who began it may not act any more.
        Stopped = "stopped",
    }
}

text_column! {
    /// What became of one row.
    RowOutcome {
        Queued = "queued",
        Done = "done",
        Skipped = "skipped",
    }
}

text_column! {
    /// Why a row was skipped.
    SkipReason {
        NotSent = "not_sent",
        Open = "open",
        Processing = "processing",
        Paid = "paid",
        Expired = "expired",
        Cancelled = "cancelled",
        FailedPayment = "failed_payment",
        NeverSent = "never_sent",
        NotDelivered = "not_delivered",
        OnItsWay = "on_its_way",
        TooSoon = "too_soon",
        TooManySends = "too_many_sends",
        TooManyToAddress = "too_many_to_address",
        RemindersStopped = "reminders_stopped",
        /// Ours.
        Error = "error",
        /// The action was stopped before its turn came.
        Stopped = "stopped",
    }
}

impl SkipReason {
    /// What a hindrance is as a reason; that the merchant is too fast is none: the row waits.
    pub const fn of(hindrance: Hindrance) -> Option<Self> {
        Some(match hindrance {
            Hindrance::TooManyOfMerchant => return None,
            Hindrance::Status(status) => match status {
                Status::Draft | Status::Scheduled => Self::NotSent,
                Status::Open => Self::Open,
                Status::Processing | Status::Authorised => Self::Processing,
                Status::Paid => Self::Paid,
                Status::Expired => Self::Expired,
                Status::Cancelled => Self::Cancelled,
                Status::Failed => Self::FailedPayment,
            },
            Hindrance::NeverSent => Self::NeverSent,
            Hindrance::NotDelivered => Self::NotDelivered,
            Hindrance::OnItsWay => Self::OnItsWay,
            Hindrance::TooSoon(_) => Self::TooSoon,
            Hindrance::TooManySends => Self::TooManySends,
            Hindrance::TooManyToAddress => Self::TooManyToAddress,
            Hindrance::RemindersStopped => Self::RemindersStopped,
            // Of other acts.
            Hindrance::OrderIdTaken
            | Hindrance::NoOriginator
            | Hindrance::SwitchedOff
            | Hindrance::Expiry
            | Hindrance::NotLater
            | Hindrance::TooManyReminders
            | Hindrance::Changed => Self::Error,
        })
    }
}

impl BulkAct {
    /// Why a row would be skipped, as far as the payment itself tells; its turn may tell more.
    pub fn skips(self, payment: &EmailPayment, now: DateTime<Utc>) -> Option<SkipReason> {
        let hindrance = match self {
            Self::Remind => payment.remind_hindrance(now),
            Self::Cancel => payment.cancel_hindrance(),
        };
        hindrance.and_then(SkipReason::of)
    }
}

/// One bulk action.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bulk_actions)]
pub struct BulkAction {
    pub id: BulkActionId,
    pub act: BulkAct,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub filter: String,
    pub filter_words: Vec<Option<String>>,
    pub reason: String,
    pub state: BulkState,
    pub next_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
}
