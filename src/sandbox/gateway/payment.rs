//! A payment and the attempts at it: pure rules, no input or output. What is done to a transaction
//! later stands in `operations.rs`.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::cards::Outcome;
use super::prepare::Request;
use super::version::Version;
use super::{Account, tokens};
use crate::kernel::{Currency, Money};

/// A JSON object that the merchant sent and gets back as it was.
pub type Object = Map<String, Value>;

/// Result code of an attempt whose outcome nobody knows yet, and of a payment nobody tried.
pub const UNDECIDED: &str = "-1";
pub const SUCCESS: &str = "000";
/// The issuer wants strong authentication; the attempt that follows is part of the same try.
pub const SOFT_DECLINE: &str = "065";

/// How long an undecided attempt stays so when nobody decides it.
const PENDING_SECONDS: i64 = 60;

/// Minutes before each further try to deliver a callback, unless others are set: up to 6 hours, then
/// daily for 3 days.
pub const RETRY_MINUTES: [i64; 8] = [1, 5, 15, 60, 360, 1440, 1440, 1440];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    CreditCard,
    Alipay,
}

impl Method {
    pub const ALL: [Self; 2] = [Self::CreditCard, Self::Alipay];

    pub const fn wire(self) -> &'static str {
        match self {
            Self::CreditCard => "CreditCard",
            Self::Alipay => "Alipay",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.wire().eq_ignore_ascii_case(text))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    Sale,
    Authorize,
    Capture,
    Cancel,
    Rebill,
    Refund,
    RefundRequest,
    Credit,
    /// The cardholder's bank takes money back.
    Chargeback,
}

impl Operation {
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Authorize => "authorize",
            Self::Capture => "capture",
            Self::Cancel => "cancel",
            Self::Rebill => "rebill",
            Self::Refund => "refund",
            Self::RefundRequest => "refund_request",
            Self::Credit => "credit",
            Self::Chargeback => "chargeback",
        }
    }
}

/// Where the cardholder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The form: nobody has tried, or a try failed and another is allowed.
    Open,
    /// The bank asks its customer to confirm.
    Challenge,
    /// Alipay+ was chosen; nothing has happened there yet.
    Wallet,
    /// An attempt was made and its outcome is not known.
    Pending,
    Paid,
    /// No try is left.
    Failed,
}

/// What is known of a mean of payment: of a card, never more than may be kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mean {
    pub method: Method,
    /// `paymentMeanInfo` of the protocol.
    pub info: Object,
    /// Where the cardholder wants the receipt.
    pub email: Option<String>,
    /// The wallet behind Alipay+.
    #[serde(default)]
    pub network: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    pub transaction_id: String,
    /// The attempt that this one follows.
    pub ref_transaction_id: Option<String>,
    pub operation: Operation,
    /// Unix time in milliseconds.
    pub date: i64,
    pub amount_minor: i64,
    pub refunded_minor: i64,
    pub result_code: String,
    pub mean: Mean,
    /// Where it is another one than the payment's.
    #[serde(default)]
    pub order_id: Option<String>,
}

/// A callback that the merchant has not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub tries: usize,
    pub due_at: DateTime<Utc>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Payment {
    /// Number of the account that prepared it.
    pub account: String,
    pub merchant_name: String,
    pub attempts_max: u32,
    pub customer_token: String,
    pub merchant_token: String,
    pub short_id: String,
    pub version: Version,
    pub expires_at: DateTime<Utc>,
    pub amount_minor: i64,
    #[serde(with = "currency_code")]
    pub currency: Currency,
    /// The only way to pay; `None`: the cardholder chooses.
    pub method: Option<Method>,
    pub operation: Operation,
    pub secure3d: bool,
    pub redirect_url: Option<String>,
    pub callback_url: Option<String>,
    pub custom_data: Option<String>,
    pub shopper: Object,
    pub order: Object,
    pub shipping: Object,
    pub stage: Stage,
    pub attempt_key: String,
    /// The mean under challenge.
    pub draft: Option<Mean>,
    pub attempts: Vec<Attempt>,
    pub delivery: Option<Delivery>,
    /// Paid before the gateway was there: its sale is in no export.
    #[serde(default)]
    pub is_earlier: bool,
}

impl Payment {
    /// As it is when nobody has tried.
    pub fn new(account: &Account, request: Request, expires_at: DateTime<Utc>) -> Self {
        Self {
            account: account.number.clone(),
            merchant_name: account.name.clone(),
            attempts_max: account.attempts_max.max(1),
            customer_token: tokens::customer(),
            merchant_token: tokens::merchant(),
            short_id: tokens::base36(10),
            version: request.version,
            expires_at,
            amount_minor: request.money.minor,
            currency: request.money.currency,
            method: request.method,
            operation: request.operation.unwrap_or(if account.authorizes {
                Operation::Authorize
            } else {
                Operation::Sale
            }),
            secure3d: request.secure3d,
            redirect_url: request.redirect_url,
            callback_url: request.callback_url,
            custom_data: request.custom_data,
            shopper: request.shopper,
            order: request.order,
            shipping: request.shipping,
            stage: Stage::Open,
            attempt_key: tokens::attempt_key(),
            draft: None,
            attempts: Vec::new(),
            delivery: None,
            is_earlier: false,
        }
    }

    pub const fn money(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// Whether the link ended before anybody paid. An attempt that began in time may still succeed.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        matches!(self.stage, Stage::Open | Stage::Challenge | Stage::Wallet)
            && now >= self.expires_at
    }

    /// The payment's status, in the protocol's words.
    pub fn status(&self, now: DateTime<Utc>) -> &'static str {
        match self.stage {
            Stage::Paid => "Authorized",
            Stage::Failed => "Not authorized",
            Stage::Open | Stage::Challenge | Stage::Wallet if self.is_expired(now) => "Expired",
            Stage::Open | Stage::Wallet if self.attempts.is_empty() => "Not processed",
            Stage::Open | Stage::Challenge | Stage::Wallet | Stage::Pending => "Pending",
        }
    }

    /// The latest attempt to take money.
    pub fn last_initial(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.ref_transaction_id.is_none())
    }

    pub fn attempts_left(&self) -> u32 {
        let failed = self.attempts.iter().filter(|attempt| attempt.has_failed()).count();
        self.attempts_max.saturating_sub(u32::try_from(failed).unwrap_or(u32::MAX))
    }

    pub fn order_text(&self, member: &str) -> Option<&str> {
        self.order.get(member).and_then(Value::as_str)
    }

    pub fn shopper_text(&self, member: &str) -> Option<&str> {
        self.shopper.get(member).and_then(Value::as_str)
    }

    /// "First Last" as older versions and the gateway's other API tell it.
    pub fn shopper_name(&self) -> Option<String> {
        if let Some(name) = self.shopper_text("name") {
            return Some(name.to_owned());
        }
        let parts = ["firstName", "lastName"].map(|part| self.shopper_text(part));
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Writes down one attempt and goes where its outcome leads.
    pub fn attempt(&mut self, mean: Mean, outcome: Outcome, number: &mut u64, now: DateTime<Utc>) {
        let code = match outcome {
            Outcome::Paid => SUCCESS,
            Outcome::Declined(code) => code,
            Outcome::Challenge => SOFT_DECLINE,
            Outcome::Pending => UNDECIDED,
        };
        let transaction_id = self.transaction_id(mean.method, number);
        self.draft = (outcome == Outcome::Challenge).then(|| mean.clone());
        self.attempts.push(Attempt {
            transaction_id,
            ref_transaction_id: None,
            // No wallet knows a promise.
            operation: if mean.method == Method::CreditCard {
                self.operation
            } else {
                Operation::Sale
            },
            date: self.next_date(now),
            amount_minor: self.amount_minor,
            refunded_minor: 0,
            result_code: code.to_owned(),
            mean,
            order_id: None,
        });
        self.go_on_after(code, now);
    }

    /// Whether the merchant wants its bank to ask this shopper: `shopper.account.suspicious`.
    pub fn is_suspicious(&self) -> bool {
        let account = self.shopper.get("account");
        account.and_then(|account| account.get("suspicious")) == Some(&Value::Bool(true))
    }

    /// The bank asks its customer before anything is tried.
    pub fn ask_bank(&mut self, mean: Mean) {
        self.draft = Some(mean);
        self.turn_to(Stage::Challenge);
    }

    /// The bank's customer has confirmed, or has not.
    pub fn answer_challenge(&mut self, confirmed: bool, number: &mut u64, now: DateTime<Utc>) {
        let Some(mut mean) = self.draft.take() else { return };
        let outcome = if confirmed { Outcome::Paid } else { Outcome::Declined("005") };
        mean.info.insert("is3DSecure".to_owned(), Value::Bool(confirmed));
        self.attempt(mean, outcome, number, now);
    }

    /// Decides an attempt that was pending.
    pub fn decide(&mut self, paid: bool, now: DateTime<Utc>) {
        let code = if paid { SUCCESS } else { "005" };
        let undecided = self.attempts.iter_mut().find(|attempt| attempt.result_code == UNDECIDED);
        if let Some(attempt) = undecided {
            code.clone_into(&mut attempt.result_code);
            self.go_on_after(code, now);
        }
    }

    /// Whether a pending attempt has waited long enough to be taken as paid.
    pub fn is_ripe(&self, now: DateTime<Utc>) -> bool {
        let patience = Duration::seconds(PENDING_SECONDS).num_milliseconds();
        self.stage == Stage::Pending
            && self
                .last_initial()
                .is_some_and(|attempt| now.timestamp_millis() - attempt.date >= patience)
    }

    /// Moves to another page without an attempt.
    pub fn turn_to(&mut self, stage: Stage) {
        self.stage = stage;
        self.attempt_key = tokens::attempt_key();
    }

    /// Takes the due callback, if there is one, and books the next try in case this one fails.
    pub fn lease_delivery(&mut self, retry_minutes: &[i64], now: DateTime<Utc>) -> bool {
        let Some(delivery) = self.delivery.filter(|delivery| delivery.due_at <= now) else {
            return false;
        };
        self.delivery = retry_minutes.get(delivery.tries).map(|minutes| Delivery {
            tries: delivery.tries + 1,
            due_at: now + Duration::minutes(*minutes),
        });
        true
    }

    fn go_on_after(&mut self, code: &str, now: DateTime<Utc>) {
        let stage = match code {
            SUCCESS => Stage::Paid,
            UNDECIDED => Stage::Pending,
            SOFT_DECLINE => Stage::Challenge,
            _ if self.attempts_left() > 0 => Stage::Open,
            _ => Stage::Failed,
        };
        self.turn_to(stage);
        let is_settled = matches!(stage, Stage::Open | Stage::Paid | Stage::Failed);
        if is_settled && self.callback_url.is_some() {
            self.delivery = Some(Delivery { tries: 0, due_at: now });
        }
    }

    /// Cards have a number of the gateway's, wallets the payment's with a suffix.
    pub(super) fn transaction_id(&self, method: Method, number: &mut u64) -> String {
        *number += 1;
        match method {
            Method::CreditCard => number.to_string(),
            Method::Alipay => {
                let taken = |id: &String| self.attempts.iter().any(|a| a.transaction_id == *id);
                let mut ids =
                    std::iter::repeat_with(|| format!("{}-{}", self.short_id, tokens::base36(4)));
                ids.find(|id| !taken(id)).unwrap_or_default()
            }
        }
    }

    /// Later than every attempt before it: clients find the last attempt by its date.
    pub(super) fn next_date(&self, now: DateTime<Utc>) -> i64 {
        let last = self.attempts.iter().map(|attempt| attempt.date).max().unwrap_or(0);
        now.timestamp_millis().max(last + 1)
    }
}

impl Attempt {
    pub fn status(&self) -> &'static str {
        match self.result_code.as_str() {
            SUCCESS => "Authorized",
            UNDECIDED => "Pending",
            _ => "Not authorized",
        }
    }

    /// Whether it used up one of the tries.
    fn has_failed(&self) -> bool {
        self.ref_transaction_id.is_none()
            && !matches!(self.result_code.as_str(), SUCCESS | UNDECIDED | SOFT_DECLINE)
    }
}

mod currency_code {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use crate::kernel::Currency;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub fn serialize<S: Serializer>(currency: &Currency, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(currency.code())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
        let code = String::deserialize(from)?;
        Currency::parse(&code).ok_or_else(|| de::Error::custom("unknown currency"))
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
pub mod tests;
