//! One transaction as the gateway tells of it: a try of a customer, or what was done to one later.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::call::Call;
use super::clean::{cut, filled, mask};
use super::outcome::AttemptStatus;
use super::wire::{MeanAnswer, ShopperAnswer, TransactionAnswer};
use super::{Credentials, Gateway, operations};
use crate::kernel::{Currency, Error, Money};

/// Texts are cut at the lengths that the gateway documents.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub id: String,
    /// The one that this follows: of a refund the sale, of a capture the authorisation.
    pub parent_id: Option<String>,
    /// Ten characters; shared by all transactions of one payment.
    pub payment_id: Option<String>,
    /// Which of our preparations it belongs to, if it is one of ours. A secret.
    pub merchant_token: Option<SecretString>,
    /// The acquirer's number.
    pub provider_id: Option<String>,
    pub subscription_id: Option<String>,
    /// `sale`, `authorize`, `refund`, …: small letters; a word that we don't know is kept as it is.
    pub operation: String,
    pub status: AttemptStatus,
    /// Three digits; `000` is success.
    pub result_code: String,
    /// The gateway's words for it.
    pub result_message: String,
    /// Never negative: which way the money goes, the operation says.
    pub amount: Money,
    /// What of it has been given back, in the same currency.
    pub refunded_minor: i64,
    /// The gateway's word: `CreditCard`, `Alipay`, `Chargeback`, ….
    pub method: String,
    pub network: Option<String>,
    pub mean: Mean,
    pub order_id: Option<String>,
    pub order_description: Option<String>,
    pub shopper: Shopper,
    pub is_test: bool,
    pub occurred_at: DateTime<Utc>,
}

/// Who paid, as far as the gateway was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shopper {
    pub name: Option<String>,
    pub email: Option<String>,
    /// ISO 3166-1, two letters.
    pub country: Option<String>,
    pub ip_address: Option<String>,
}

/// What it was paid with: of a card never more than may be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    pub card_brand: Option<String>,
    /// First six and last four digits, `411111XXXXXX1111`.
    pub card_number_masked: Option<String>,
    pub card_holder: Option<String>,
    /// `2034-10`.
    pub card_expiry: Option<String>,
    /// Whether the bank answers for fraud (3-D Secure).
    pub is_3d_secure: Option<bool>,
    pub statement_descriptor: Option<String>,
    /// What a wallet took, in minor units of its own currency: a number as it was written.
    pub total_fee: Option<String>,
    /// The wallet's currency for one of the payment's: a decimal number as it was written.
    pub exchange_rate: Option<String>,
    /// Of chargebacks and reversals: `AC01`, ….
    pub reason_code: Option<String>,
}

impl Gateway {
    /// Asks for one transaction: what became of an operation whose number is known. Waits at most 20
    /// seconds, never retries.
    ///
    /// # Errors
    /// [`Error::NotFound`]: the gateway does not know the number, or not for this originator.
    /// [`Error::Unavailable`]: timeout, refused connection, bad credentials, unreadable answer; its
    /// state is then *unknown*. [`Error::Malformed`]: no number of a transaction; nothing was asked.
    ///
    /// Source: Connect2Pay API 002.73, "Transaction information".
    pub async fn transaction(&self, by: &Credentials, id: &str) -> Result<Transaction, Error> {
        operations::check_id(id)?;
        let request = self.http.get(self.versioned(&["transaction", id, "info"]));
        let answer: TransactionAnswer = self.ask(Call::Info, by, request).await?;
        let unreadable = || Error::unavailable("gateway", "its transaction lacks number or amount");
        Transaction::read(&answer, None).filter(|found| found.id == id).ok_or_else(unreadable)
    }
}

impl Transaction {
    /// Reads one; `currency` is the payment's, where the transaction names none. `None`: it has no
    /// number, operation, date, amount or currency, so nothing may be concluded from it.
    pub(super) fn read(answer: &TransactionAnswer, currency: Option<Currency>) -> Option<Self> {
        let currency = Currency::parse(&answer.currency.to_ascii_uppercase()).or(currency)?;
        let token = &answer.payment_merchant_token;
        Some(Self {
            id: filled(&answer.transaction_id, 40)?,
            parent_id: filled(&answer.parent_id, 40),
            payment_id: filled(&answer.payment_id, 40),
            merchant_token: (!token.is_empty()).then(|| token.clone().into()),
            provider_id: filled(&answer.provider_transaction_id, 64),
            subscription_id: filled(&answer.subscription_id, 20),
            operation: filled(&answer.operation.to_ascii_lowercase(), 32)?,
            status: status(&answer.status).unwrap_or(AttemptStatus::Error),
            result_code: cut(&answer.result_code, 8),
            result_message: cut(&answer.result_message, 255),
            amount: Money::new(answer.amount?, currency),
            refunded_minor: answer.refunded_amount.unwrap_or(0),
            method: filled(&answer.payment_method, 32)
                .or_else(|| filled(&answer.payment_type, 32))
                .unwrap_or_else(|| "CreditCard".to_owned()),
            network: filled(&answer.payment_network, 32).or_else(|| filled(&answer.provider, 32)),
            mean: answer.payment_mean_info.as_ref().map(Mean::read).unwrap_or_default(),
            order_id: filled(&answer.order_id, 100),
            order_description: filled(&answer.order_description, 500),
            shopper: answer.shopper.as_ref().map(Shopper::read).unwrap_or_default(),
            is_test: answer.is_test.unwrap_or(false),
            occurred_at: DateTime::from_timestamp_millis(answer.date?)?,
        })
    }
}

/// `None`: a word that we don't know.
pub(super) fn status(word: &str) -> Option<AttemptStatus> {
    match word.to_ascii_lowercase().as_str() {
        "authorized" | "accepted" => Some(AttemptStatus::Authorised),
        "not authorized" | "unauthorized" => Some(AttemptStatus::Declined),
        "pending" | "not processed" => Some(AttemptStatus::Pending),
        "expired" => Some(AttemptStatus::Expired),
        "call failed" => Some(AttemptStatus::Error),
        _ => None,
    }
}

impl Shopper {
    fn read(answer: &ShopperAnswer) -> Self {
        let parts = [&answer.first_name, &answer.last_name].map(|part| filled(part, 80));
        let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            name: filled(&whole, 80).or_else(|| filled(&answer.name, 80)),
            email: filled(&answer.email, 100),
            country: filled(&answer.country_code.to_ascii_uppercase(), 2)
                .filter(|code| code.len() == 2 && code != "ZZ"),
            ip_address: filled(&answer.ip_address, 45),
        }
    }
}

impl Mean {
    fn read(answer: &MeanAnswer) -> Self {
        let expiry = match (answer.card_expire_year.trim(), answer.card_expire_month.trim()) {
            (year, month) if year.len() == 4 && !month.is_empty() => {
                filled(&format!("{year}-{month:0>2}"), 7)
            }
            _ => None,
        };
        Self {
            card_brand: filled(&answer.card_brand, 32),
            card_number_masked: mask(answer.card_number.trim()),
            card_holder: filled(&answer.card_holder_name, 80),
            card_expiry: expiry,
            is_3d_secure: answer.is_3d_secure,
            statement_descriptor: filled(&answer.statement_descriptor, 64),
            total_fee: decimal(&answer.total_fee),
            exchange_rate: decimal(&answer.exchange_rate),
            reason_code: filled(&answer.reason_code, 16),
        }
    }
}

/// A plain decimal number; anything else is none.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = [whole, fraction]
        .iter()
        .all(|part| (1..=20).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    is_number.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Transaction> {
        Transaction::read(&serde_json::from_str(json).unwrap(), None)
    }

    #[test]
    fn a_card_sale_is_read_as_it_is_documented() {
        let sale = read(
            r#"{"paymentID":"11js5xaxa8","paymentMerchantToken":"AAECAwQFBgcICQoLDA0ODw","transactionID":"5643604",
                "providerTransactionID":"5643604","subscriptionID":null,"paymentMethod":"CreditCard","operation":"sale",
                "date":1764000000123,"amount":1830,"refundedAmount":"500","currency":"EUR","resultCode":"000",
                "resultMessage":"Transaction successfully completed","status":"Authorized",
                "shopper":{"firstName":"Anna","lastName":"Ricci","email":"NA","countryCode":"ZZ","ipAddress":"203.0.113.7"},
                "paymentMeanInfo":{"cardNumber":"411111XXXXXX1111","cardExpireYear":"2034","cardExpireMonth":"9",
                  "cardHolderName":"ANNA RICCI","cardBrand":"VISA","is3DSecure":true,"statementDescriptor":"BELLINI"},
                "orderID":"CB-1","orderDescription":"Vase","isTest":true,"logs":[]}"#,
        )
        .unwrap();
        assert_eq!((sale.id.as_str(), sale.parent_id), ("5643604", None));
        assert_eq!(sale.amount, Money::new(1_830, Currency::EUR));
        assert_eq!((sale.refunded_minor, sale.status), (500, AttemptStatus::Authorised));
        assert_eq!(sale.shopper.name.as_deref(), Some("Anna Ricci"));
        assert_eq!((sale.shopper.email, sale.shopper.country), (None, None));
        assert_eq!(sale.mean.card_expiry.as_deref(), Some("2034-09"));
        assert_eq!(sale.mean.is_3d_secure, Some(true));
        assert_eq!(sale.occurred_at.timestamp_millis(), 1_764_000_000_123);
        assert!(sale.is_test);
    }

    #[test]
    fn wallets_and_old_revisions_are_read_too() {
        let wallet = read(
            r#"{"transactionID":"11js5xaxa8-x1y2","paymentType":"Alipay","operation":"Sale","date":"1764000000000",
                "amount":"1000","currency":"eur","status":"Accepted","shopper":{"name":"A B","address":"x"},
                "paymentMeanInfo":{"totalFee":7812.5,"exchangeRate":7.8125,"cardNumber":5}}"#,
        )
        .unwrap();
        assert_eq!((wallet.method.as_str(), wallet.operation.as_str()), ("Alipay", "sale"));
        assert_eq!(wallet.status, AttemptStatus::Authorised);
        assert_eq!(wallet.mean.exchange_rate.as_deref(), Some("7.8125"));
        assert_eq!(wallet.mean.total_fee.as_deref(), Some("7812.5"));
        assert_eq!(wallet.mean.card_number_masked, None);
        assert_eq!(wallet.shopper.name.as_deref(), Some("A B"));
    }

    #[test]
    fn from_what_has_no_number_or_amount_nothing_is_concluded() {
        let whole =
            r#"{"transactionID":"1","operation":"sale","date":1,"amount":1,"currency":"EUR"}"#;
        assert!(read(whole).is_some());
        for (member, without) in [
            (r#""transactionID":"1""#, r#""transactionID":"""#),
            (r#""operation":"sale""#, r#""operation":null"#),
            (r#""date":1"#, r#""date":"soon""#),
            (r#""amount":1"#, r#""amount":1.5"#),
            (r#""currency":"EUR""#, r#""currency":"EURO""#),
        ] {
            assert!(read(&whole.replace(member, without)).is_none(), "{without}");
        }
    }

    #[test]
    fn sec_21_what_is_printed_of_a_transaction_has_no_token() {
        let json = r#"{"transactionID":"1","operation":"sale","date":1,"amount":1,"currency":"EUR",
            "paymentMerchantToken":"AAECAwQFBgcICQoLDA0ODw"}"#;
        assert!(!format!("{:?}", read(json).unwrap()).contains("AAEC"));
    }
}
