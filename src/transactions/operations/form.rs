//! What is typed when something is to be done to a transaction, and what was meant.

use serde::{Deserialize, Serialize};

use super::commands::Wish;
use super::display;
use super::model::{Act, Allowance, Hindrance};
use crate::kernel::{Currency, Lang, Money, MoneyError, OperationRequestId, Texts, text};
use crate::transactions::model::Transaction;
use crate::web::{Faults, text_fault};

/// Characters of a reason.
const REASON_MAX: usize = 500;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationForm {
    /// The form's own: sent twice, it is one wish.
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub amount: String,
    #[serde(default)]
    pub reason: String,
    /// Ticked: "yes, in spite of the chargeback".
    #[serde(default)]
    pub disputed: String,
}

impl OperationForm {
    /// The form as it is opened: with all that is left.
    #[must_use]
    pub fn fresh(act: Act, allowance: &Allowance, transaction: &Transaction, lang: Lang) -> Self {
        let most = allowance.most(act).ok();
        let money = most.zip(Currency::parse(&transaction.currency));
        let amount = money.map(|(minor, currency)| Money::new(minor, currency).for_field(lang));
        Self {
            key: OperationRequestId::new().to_string(),
            amount: amount.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What is wished for.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn validate(
        &self,
        act: Act,
        transaction: &Transaction,
        allowance: &Allowance,
        lang: Lang,
    ) -> Result<Wish, Faults> {
        let (mut faults, t) = (Faults::default(), lang.texts());
        let is_disputed = allowance.is_disputed;
        let currency = Currency::parse(&transaction.currency);
        let whole = currency.map(|currency| Money::new(transaction.amount_minor, currency));
        let amount = match (act, currency) {
            (Act::Refund | Act::Capture, Some(currency)) => Money::parse(&self.amount, currency)
                .map_err(|error| match (error, allowance.most(act)) {
                    (MoneyError::TooLarge, Ok(left_minor)) => {
                        display::hindrance(Hindrance::TooMuch { left_minor }, transaction, lang)
                    }
                    (error, _) => fault(error, currency, t),
                }),
            (Act::Cancel, _) => whole.ok_or_else(|| t.msg_op_fault_amount()),
            (_, None) => Err(t.msg_op_fault_amount()),
        };
        let amount = amount.and_then(|amount| {
            if amount.minor > 0 { Ok(amount) } else { Err(t.msg_op_fault_amount()) }
        });
        let amount = faults.keep("amount", amount);
        let reason = text::lines(&self.reason, REASON_MAX).map_err(|error| text_fault(&error, t));
        let reason = faults.keep("reason", reason);
        let knows = self.disputed == "yes";
        if act == Act::Refund && is_disputed && !knows {
            faults.add("disputed", t.msg_op_fault_disputed());
        }
        let id: Option<OperationRequestId> = self.key.parse().ok();
        match (id, amount, reason) {
            (Some(id), Some(amount), Some(reason)) if faults.is_empty() => {
                Ok(Wish { id, act, amount, reason, is_disputed: knows })
            }
            (None, ..) => {
                faults.add("amount", t.msg_op_fault_form());
                Err(faults)
            }
            _ => Err(faults),
        }
    }
}

fn fault(error: MoneyError, currency: Currency, t: &Texts) -> String {
    match error {
        MoneyError::TooManyDecimals => {
            t.msg_op_fault_decimals(currency.exponent(), currency.code())
        }
        MoneyError::Ambiguous => t.msg_amount_ambiguous(),
        MoneyError::NotAnAmount | MoneyError::TooLarge | MoneyError::NotPositive => {
            t.msg_op_fault_amount()
        }
    }
}

/// Where a hindrance that the database found stands in the form.
#[must_use]
pub fn hindered(why: Hindrance, transaction: &Transaction, lang: Lang) -> Faults {
    let mut faults = Faults::default();
    let field = if why == Hindrance::Disputed { "disputed" } else { "amount" };
    faults.add(field, display::hindrance(why, transaction, lang));
    faults
}
