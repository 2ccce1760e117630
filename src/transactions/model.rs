//! A transaction as its row says, and what is left of it to give back. Pure.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::transactions;
use crate::gateway::AttemptStatus;
use crate::kernel::{
    Currency, EmailPaymentId, Lang, MerchantId, Money, OriginatorId, StatementId, TransactionId,
    UserId,
};
use crate::settlement::{Channel, Operation};

/// One movement at the gateway. Empty or `None`: the gateway did not tell.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = transactions)]
pub struct Transaction {
    pub merchant_id: MerchantId,
    pub id: TransactionId,
    pub originator_id: OriginatorId,
    pub provider: String,
    pub channel: Channel,
    pub operation: Operation,
    pub status: AttemptStatus,
    /// Never negative: which way the money goes, the operation says.
    pub amount_minor: i64,
    pub currency: String,
    pub method: String,
    pub network: String,
    pub result_code: String,
    pub gateway_transaction_id: String,
    /// The gateway's number of the one that this follows.
    pub reference_transaction_id: Option<String>,
    pub email_payment_id: Option<EmailPaymentId>,
    pub is_test: bool,
    pub occurred_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub statement_id: Option<StatementId>,
    pub order_id: String,
    pub customer_name: String,
    pub customer_email: String,
    pub card_number_masked: String,
    pub ip_address: String,
    pub country: String,
    pub descriptor: String,
    pub is_3d_secure: Option<bool>,
    pub asked_by: Option<UserId>,
    /// What a wallet took of its customer, in minor units of the wallet's currency.
    pub wallet_total_minor: Option<i64>,
    pub wallet_currency: Option<String>,
    /// Units of the wallet's currency for one of the transaction's: a decimal number.
    pub exchange_rate: Option<String>,
}

impl Transaction {
    /// Who paid: the name, else the address, else nothing.
    #[must_use]
    pub fn customer(&self) -> &str {
        if self.customer_name.is_empty() { &self.customer_email } else { &self.customer_name }
    }

    /// `1.830,00`
    #[must_use]
    pub fn number(&self, lang: Lang) -> String {
        number(self.amount_minor, &self.currency, lang)
    }

    /// What a wallet took of its customer: `1.194,14 CNY`.
    #[must_use]
    pub fn wallet_total(&self, lang: Lang) -> Option<String> {
        let (minor, currency) = (self.wallet_total_minor?, self.wallet_currency.as_deref()?);
        Some(format!("{}\u{a0}{currency}", number(minor, currency, lang)))
    }

    /// At which rate: `1 EUR = 7,8125 CNY`.
    #[must_use]
    pub fn wallet_rate(&self, lang: Lang) -> Option<String> {
        let (rate, wallet) = (self.exchange_rate.as_deref()?, self.wallet_currency.as_deref()?);
        let rate = if lang == Lang::En { rate.to_owned() } else { rate.replace('.', ",") };
        Some(format!("1\u{a0}{} = {rate}\u{a0}{wallet}", self.currency))
    }

    /// `1.830,00 EUR`
    #[must_use]
    pub fn amount_words(&self, lang: Lang) -> String {
        format!("{}\u{a0}{}", self.number(lang), self.currency)
    }
}

/// An amount in a currency of the database, as a language writes it.
#[must_use]
pub fn number(minor: i64, currency: &str, lang: Lang) -> String {
    Currency::parse(currency)
        .map_or_else(|| minor.to_string(), |currency| Money::new(minor, currency).number(lang))
}

/// How much of a payment went back, and how much still may. In its minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refunds {
    pub done_minor: i64,
    /// With the provider: it may still be declined.
    pub pending_minor: i64,
    /// What neither went back nor is on its way.
    pub left_minor: i64,
    /// Bank or scheme took it back: to refund as well would pay the customer twice.
    pub is_disputed: bool,
}

impl Refunds {
    /// Of a payment that was taken, and those that follow it directly. `None`: there is nothing to give back.
    #[must_use]
    pub fn of(payment: &Transaction, followers: &[Transaction]) -> Option<Self> {
        if !payment.operation.is_sale() || payment.status != AttemptStatus::Authorised {
            return None;
        }
        let number = payment.gateway_transaction_id.as_str();
        let following = || {
            let is_next = |other: &&Transaction| {
                other.reference_transaction_id.as_deref() == Some(number)
                    && other.currency == payment.currency
            };
            followers.iter().filter(is_next)
        };
        let sum = |operation, status| -> i64 {
            let these = following()
                .filter(|other| other.operation == operation && other.status == status)
                .map(|other| other.amount_minor);
            these.fold(0, i64::saturating_add)
        };
        let done_minor = sum(Operation::Refund, AttemptStatus::Authorised);
        let pending_minor = sum(Operation::Refund, AttemptStatus::Pending);
        // A direct debit that the bank took back is a reversal.
        let taken_back = sum(Operation::Chargeback, AttemptStatus::Authorised)
            .saturating_add(sum(Operation::Reversal, AttemptStatus::Authorised));
        let won_back = sum(Operation::Representment, AttemptStatus::Authorised);
        let gone = done_minor.saturating_add(pending_minor);
        Some(Self {
            done_minor,
            pending_minor,
            left_minor: payment.amount_minor.saturating_sub(gone).max(0),
            is_disputed: taken_back > won_back,
        })
    }
}

/// A transaction of a test, which follows number 1.
#[cfg(test)]
pub fn example(number: &str, operation: Operation, minor: i64) -> Transaction {
    Transaction {
        merchant_id: MerchantId::new(),
        id: TransactionId::new(),
        originator_id: OriginatorId::new(),
        provider: "PayXpert".to_owned(),
        channel: Channel::Ecommerce,
        operation,
        status: AttemptStatus::Authorised,
        amount_minor: minor,
        currency: "EUR".to_owned(),
        method: "CreditCard".to_owned(),
        network: "visa".to_owned(),
        result_code: "000".to_owned(),
        gateway_transaction_id: number.to_owned(),
        reference_transaction_id: (number != "1").then(|| "1".to_owned()),
        email_payment_id: None,
        is_test: false,
        occurred_at: DateTime::UNIX_EPOCH,
        recorded_at: DateTime::UNIX_EPOCH,
        statement_id: None,
        order_id: String::new(),
        customer_name: String::new(),
        customer_email: String::new(),
        card_number_masked: String::new(),
        ip_address: String::new(),
        country: String::new(),
        descriptor: String::new(),
        is_3d_secure: None,
        asked_by: None,
        wallet_total_minor: None,
        wallet_currency: None,
        exchange_rate: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_back_and_what_is_on_its_way_is_no_longer_to_refund() {
        let sale = example("1", Operation::Sale, 10_000);
        let mut pending = example("3", Operation::Refund, 5_000);
        pending.status = AttemptStatus::Pending;
        let mut chain = vec![sale.clone(), example("2", Operation::Refund, 3_000), pending];
        let of = |chain: &[Transaction]| Refunds::of(&sale, chain).unwrap();
        let refunds = of(&chain);
        assert_eq!((refunds.done_minor, refunds.pending_minor), (3_000, 5_000));
        assert_eq!((refunds.left_minor, refunds.is_disputed), (2_000, false));
        chain[2].status = AttemptStatus::Declined;
        assert_eq!(of(&chain).left_minor, 7_000);
        chain.push(example("4", Operation::Chargeback, 7_000));
        assert!(of(&chain).is_disputed);
        chain.push(example("5", Operation::Representment, 7_000));
        assert!(!of(&chain).is_disputed, "the chargeback was won");
        chain.push(example("6", Operation::Refund, 99_999));
        assert_eq!(of(&chain).left_minor, 0);
        chain.push(example("7", Operation::Reversal, 10_000));
        assert!(of(&chain).is_disputed, "the bank took it back");
    }

    #[test]
    fn only_money_that_was_taken_can_go_back() {
        let mut sale = example("1", Operation::Sale, 10_000);
        sale.status = AttemptStatus::Declined;
        assert_eq!(Refunds::of(&sale, &[]), None);
        assert_eq!(Refunds::of(&example("1", Operation::Authorize, 10_000), &[]), None);
    }
}
