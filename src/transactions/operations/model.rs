//! What may be done to a transaction, how much of it, and how far a wish has come. Pure.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::db::columns::text_column;
use crate::db::schema::operation_requests;
use crate::gateway::AttemptStatus;
use crate::kernel::{Currency, MerchantId, Money, OperationRequestId, TransactionId, UserId};
use crate::settlement::Operation;
use crate::transactions::model::{Refunds, Transaction};

/// How long an authorisation can be captured (PayXpert's guide for shops).
const CAPTURE_WITHIN: Duration = Duration::days(7);

text_column! {
    /// What is done to a transaction.
    Act {
        Refund = "refund",
        Capture = "capture",
        Cancel = "cancel",
    }
}

text_column! {
    /// How far it has come.
    OperationState {
        /// For a second person's word.
        Waiting = "waiting",
        /// The gateway is being asked.
        Sending = "sending",
        /// The gateway's answer got lost.
        Unknown = "unknown",
        /// The gateway has noted it and waits for our confirmation.
        Requested = "requested",
        Done = "done",
        /// By the gateway.
        Declined = "declined",
        /// The gateway knows nothing of it: no money has moved.
        NotDone = "not_done",
        /// By the second person.
        Rejected = "rejected",
        /// By who asked.
        Withdrawn = "withdrawn",
    }
}

impl OperationState {
    /// Whether money may still move by it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Sending | Self::Unknown | Self::Requested)
    }
}

impl Act {
    /// The operation that comes of it.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Refund => Operation::Refund,
            Self::Capture => Operation::Capture,
            Self::Cancel => Operation::Cancel,
        }
    }
}

/// A wish, and what became of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = operation_requests)]
pub struct OperationRequest {
    pub merchant_id: MerchantId,
    pub id: OperationRequestId,
    pub transaction_id: TransactionId,
    pub operation: Act,
    pub amount_minor: i64,
    pub currency: String,
    pub reason: String,
    pub is_disputed: bool,
    pub state: OperationState,
    pub asked_by: UserId,
    pub asked_at: DateTime<Utc>,
    pub decided_by: Option<UserId>,
    pub sent_at: Option<DateTime<Utc>>,
    pub result_code: String,
    pub gateway_transaction_id: Option<String>,
    /// How often it was asked for since.
    pub checks: i32,
}

impl OperationRequest {
    /// `None`: the table holds a currency that is none.
    #[must_use]
    pub fn amount(&self) -> Option<Money> {
        Currency::parse(&self.currency).map(|currency| Money::new(self.amount_minor, currency))
    }
}

/// Why it is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// No money was taken by it, or none was promised.
    DoesNotFit,
    /// All of it is back, or on its way.
    NothingLeft,
    /// A chargeback stands on it, and who asks has no right to pay the customer twice.
    Disputed,
    /// More than is left; in minor units.
    TooMuch { left_minor: i64 },
    /// Captured or set free already, or on the way.
    IsOver,
    /// The week in which it could be captured is over.
    Lapsed,
    /// An email payment is captured in full.
    OnlyWhole,
    /// A colleague has decided, or the one who asked.
    Decided,
    /// Nobody allows their own wish.
    OwnWish,
}

/// What may be done to a transaction now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// At most so much may go back, in minor units.
    pub refund: Result<i64, Hindrance>,
    /// A chargeback stands on it.
    pub is_disputed: bool,
    /// Of what may be captured the most, in minor units.
    pub capture: Result<i64, Hindrance>,
    /// The authorised amount, in minor units: it is set free as a whole.
    pub cancel: Result<i64, Hindrance>,
}

impl Allowance {
    /// Of a transaction, what was done to it, and what was asked for it already.
    #[must_use]
    pub fn of(
        transaction: &Transaction,
        followers: &[Transaction],
        asked: &[OperationRequest],
        now: DateTime<Utc>,
    ) -> Self {
        let refunds = Refunds::of(transaction, followers);
        let promised = promised(transaction, followers, asked, now);
        Self {
            refund: refunds.map_or(Err(Hindrance::DoesNotFit), |refunds| {
                let left = refunds.left_minor.saturating_sub(reserved(asked));
                if left > 0 { Ok(left) } else { Err(Hindrance::NothingLeft) }
            }),
            is_disputed: refunds.is_some_and(|refunds| refunds.is_disputed),
            capture: promised,
            cancel: promised,
        }
    }

    /// The most that an act may take, in minor units.
    pub const fn most(&self, act: Act) -> Result<i64, Hindrance> {
        match act {
            Act::Refund => self.refund,
            Act::Capture => self.capture,
            Act::Cancel => self.cancel,
        }
    }

    /// Whether so much may be done; `may_overrule`: also in spite of a chargeback.
    ///
    /// # Errors
    /// Why not.
    pub fn check(
        &self,
        act: Act,
        transaction: &Transaction,
        amount_minor: i64,
        may_overrule: bool,
    ) -> Result<(), Hindrance> {
        let most = self.most(act)?;
        let is_part = amount_minor != most;
        match act {
            Act::Refund if self.is_disputed && !may_overrule => Err(Hindrance::Disputed),
            Act::Capture if is_part && transaction.email_payment_id.is_some() => {
                Err(Hindrance::OnlyWhole)
            }
            Act::Cancel if is_part => Err(Hindrance::OnlyWhole),
            _ if amount_minor > most => Err(Hindrance::TooMuch { left_minor: most }),
            Act::Refund | Act::Capture | Act::Cancel => Ok(()),
        }
    }
}

/// What wishes that are still open would give back.
fn reserved(asked: &[OperationRequest]) -> i64 {
    let open = asked.iter().filter(|one| one.operation == Act::Refund && one.state.is_open());
    open.map(|one| one.amount_minor).fold(0, i64::saturating_add)
}

/// What is left of a limit for one more refund of a transaction, in minor units: those that went without a
/// second person count together, else a large one could be asked for in parts.
#[must_use]
pub fn limit_left(limit: Option<i64>, asked: &[OperationRequest]) -> Option<i64> {
    let went_alone = |one: &&OperationRequest| {
        one.operation == Act::Refund
            && one.decided_by.is_none()
            && match one.state {
                OperationState::Sending
                | OperationState::Unknown
                | OperationState::Requested
                | OperationState::Done => true,
                OperationState::Waiting
                | OperationState::Declined
                | OperationState::NotDone
                | OperationState::Rejected
                | OperationState::Withdrawn => false,
            }
    };
    let alone = asked.iter().filter(went_alone).map(|one| one.amount_minor);
    let alone = alone.fold(0, i64::saturating_add);
    limit.map(|above| above.saturating_sub(alone).max(0))
}

/// What of an authorisation waits to be captured.
fn promised(
    transaction: &Transaction,
    followers: &[Transaction],
    asked: &[OperationRequest],
    now: DateTime<Utc>,
) -> Result<i64, Hindrance> {
    let is_promise = transaction.operation == Operation::Authorize
        && transaction.status == AttemptStatus::Authorised;
    if !is_promise {
        return Err(Hindrance::DoesNotFit);
    }
    let number = transaction.gateway_transaction_id.as_str();
    let is_followed = followers.iter().any(|other| {
        other.reference_transaction_id.as_deref() == Some(number)
            && matches!(other.operation, Operation::Capture | Operation::Cancel)
            && matches!(other.status, AttemptStatus::Authorised | AttemptStatus::Pending)
    });
    let is_asked = asked.iter().any(|one| {
        one.operation != Act::Refund && (one.state.is_open() || one.state == OperationState::Done)
    });
    if is_followed || is_asked {
        return Err(Hindrance::IsOver);
    }
    if now >= capture_before(transaction) {
        return Err(Hindrance::Lapsed);
    }
    Ok(transaction.amount_minor)
}

/// Until when an authorisation can be captured.
#[must_use]
pub fn capture_before(transaction: &Transaction) -> DateTime<Utc> {
    transaction.occurred_at + CAPTURE_WITHIN
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
