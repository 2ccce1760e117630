//! What a merchant does to a transaction later, and the rules of its money.
//!
//! The sandbox's own conventions: a cancellation voids the whole authorisation, whatever part of it
//! was named; a wallet's refund of an amount that ends in 77 is only noted and waits for its
//! confirmation, as refunds of asynchronous methods do.

use chrono::{DateTime, Utc};

use super::payment::{Attempt, Method, Operation, Payment, SUCCESS};
use crate::kernel::Money;

/// The end of the amounts that a wallet gives back only after a confirmation.
const TO_BE_CONFIRMED: i64 = 77;

const WRONG_TRANSACTION: &str = "012";
const WRONG_AMOUNT: &str = "013";
const TOO_MUCH: &str = "064";
const UNKNOWN: &str = "312";
const MISSING: &str = "401";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Refund,
    ConfirmRefund,
    Capture,
    Cancel,
    Rebill,
    /// Money to a card that has paid, beyond what it paid: the payment-gateway API's.
    Credit,
    /// Not the merchant's but a bank's: only the sandbox's own routes ask for it.
    Chargeback,
}

impl Act {
    /// By the last part of its route.
    pub fn parse(verb: &str) -> Option<Self> {
        Some(match verb {
            "refund" => Self::Refund,
            "capture" => Self::Capture,
            "cancel" => Self::Cancel,
            "rebill" => Self::Rebill,
            "credit" => Self::Credit,
            _ => return None,
        })
    }
}

/// What the merchant asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    pub act: Act,
    pub transaction_id: String,
    /// A confirmation has none.
    pub amount_minor: Option<i64>,
    /// The order that a rebill belongs to, if it is another one.
    pub order_id: Option<String>,
}

/// The transaction that came of it, done or declined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub code: &'static str,
    pub transaction_id: String,
    pub operation: Operation,
}

impl Payment {
    /// Does it, or writes down that it was declined.
    ///
    /// # Errors
    /// The code, where no transaction is made of it: no such one, no amount.
    pub fn operate(
        &mut self,
        wish: &Wish,
        number: &mut u64,
        now: DateTime<Utc>,
    ) -> Result<Made, &'static str> {
        let same = |attempt: &Attempt| attempt.transaction_id == wish.transaction_id;
        let at = self.attempts.iter().position(same).ok_or(UNKNOWN)?;
        let parent = self.attempts.get(at).ok_or(UNKNOWN)?;
        let amount_minor = match wish.act {
            Act::ConfirmRefund => parent.amount_minor,
            Act::Chargeback => wish.amount_minor.unwrap_or(parent.amount_minor),
            Act::Refund | Act::Capture | Act::Cancel | Act::Rebill | Act::Credit => {
                wish.amount_minor.ok_or(MISSING)?
            }
        };
        if !(1..=Money::MINOR_MAX).contains(&amount_minor) {
            return Err(WRONG_AMOUNT);
        }
        let code = self.judge(wish.act, parent, amount_minor);
        let operation = operation(wish.act, parent, amount_minor);
        let made = Attempt {
            transaction_id: self.transaction_id(parent.mean.method, number),
            ref_transaction_id: Some(parent.transaction_id.clone()),
            operation,
            date: self.next_date(now),
            amount_minor,
            refunded_minor: 0,
            result_code: code.to_owned(),
            mean: parent.mean.clone(),
            order_id: wish.order_id.clone().filter(|_| wish.act == Act::Rebill),
        };
        let answer = Made { code, transaction_id: made.transaction_id.clone(), operation };
        if let (Act::Refund, SUCCESS, Some(parent)) = (wish.act, code, self.attempts.get_mut(at)) {
            parent.refunded_minor += amount_minor;
        }
        self.attempts.push(made);
        Ok(answer)
    }

    /// The result code.
    fn judge(&self, act: Act, parent: &Attempt, amount_minor: i64) -> &'static str {
        use Operation::{
            Authorize, Cancel, Capture, Chargeback, Rebill, Refund, RefundRequest, Sale,
        };
        let is_card = parent.mean.method == Method::CreditCard;
        let has_taken = matches!(parent.operation, Sale | Capture | Rebill);
        let fits = match act {
            Act::Refund => has_taken,
            Act::ConfirmRefund => {
                parent.operation == RefundRequest && !self.is_followed_by(parent, &[Refund])
            }
            Act::Capture | Act::Cancel => {
                parent.operation == Authorize && !self.is_followed_by(parent, &[Capture, Cancel])
            }
            Act::Rebill => is_card && (has_taken || parent.operation == Authorize),
            Act::Credit => is_card && has_taken,
            Act::Chargeback => is_card && has_taken && !self.is_followed_by(parent, &[Chargeback]),
        };
        let most = match act {
            Act::Refund => parent.amount_minor - parent.refunded_minor,
            Act::ConfirmRefund | Act::Capture | Act::Cancel | Act::Chargeback => {
                parent.amount_minor
            }
            Act::Rebill | Act::Credit => Money::MINOR_MAX,
        };
        if parent.result_code != SUCCESS || !fits {
            WRONG_TRANSACTION
        } else if amount_minor > most {
            TOO_MUCH
        } else {
            SUCCESS
        }
    }

    fn is_followed_by(&self, parent: &Attempt, operations: &[Operation]) -> bool {
        self.attempts.iter().any(|attempt| {
            attempt.ref_transaction_id.as_ref() == Some(&parent.transaction_id)
                && attempt.result_code == SUCCESS
                && operations.contains(&attempt.operation)
        })
    }
}

fn operation(act: Act, parent: &Attempt, amount_minor: i64) -> Operation {
    let is_wallet = parent.mean.method != Method::CreditCard;
    match act {
        Act::Refund if is_wallet && amount_minor % 100 == TO_BE_CONFIRMED => {
            Operation::RefundRequest
        }
        Act::Refund | Act::ConfirmRefund => Operation::Refund,
        Act::Capture => Operation::Capture,
        Act::Cancel => Operation::Cancel,
        Act::Rebill => Operation::Rebill,
        Act::Credit => Operation::Credit,
        Act::Chargeback => Operation::Chargeback,
    }
}

#[cfg(test)]
#[path = "operations_tests.rs"]
mod tests;
