//! What an answer of the gateway means, in words of ours.

use chrono::{DateTime, Utc};

use super::clean::cut;
use super::transaction::{Transaction, status};
use super::wire::{StatusAnswer, TransactionAnswer};
use crate::db::columns::text_column;
use crate::kernel::{Currency, Error, Money};

/// The state of a payment at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Nobody has tried, or a try failed and another may follow.
    Open,
    /// A try is with the acquirer or the wallet.
    InProgress,
    /// The money is taken.
    Paid,
    /// No try is left.
    Refused,
    /// Its time is over.
    Expired,
    /// A word that we don't know: wait and ask again.
    Unknown,
}

text_column! {
    /// How one try ended.
    AttemptStatus {
        Authorised = "authorised",
        Declined = "declined",
        Pending = "pending",
        Error = "error",
        Expired = "expired",
    }
}

/// The bank wants its customer to confirm. What the customer does is the next transaction, part of
/// the same try, so that this one counts only where the gateway gave up with it.
const SOFT_DECLINE: &str = "065";

/// One try of the customer. Amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub transaction_id: String,
    pub status: AttemptStatus,
    pub operation: String,
    /// The acquirer's code, three digits; `000` is success.
    pub result_code: String,
    pub amount: Money,
    pub method: String,
    pub card_brand: Option<String>,
    /// First six and last four digits, `411111XXXXXX1111`.
    pub card_number_masked: Option<String>,
    /// The wallet or the bank's scheme, where it is no card.
    pub network: Option<String>,
    /// What a wallet took of its customer and the rate: decimal numbers as they were written.
    pub total_fee: Option<String>,
    pub exchange_rate: Option<String>,
    pub is_test: bool,
    pub attempted_at: DateTime<Utc>,
}

/// The gateway's answer about one payment.
#[derive(Clone, Debug)]
pub struct Report {
    pub state: PaymentState,
    pub order_id: String,
    pub amount: Money,
    /// First tries (no refunds, no captures), oldest first.
    pub attempts: Vec<Attempt>,
}

/// Reads an answer.
///
/// # Errors
/// [`Error::Unavailable`]: amount or currency is missing or unreadable: nothing may be concluded.
pub fn report(answer: &StatusAnswer) -> Result<Report, Error> {
    let unreadable =
        |what: &str| Error::unavailable("gateway", format!("its answer has no readable {what}"));
    let currency = Currency::parse(&answer.currency).ok_or_else(|| unreadable("currency"))?;
    let amount = Money::new(answer.amount.ok_or_else(|| unreadable("amount"))?, currency);
    let mut attempts: Vec<Attempt> = answer
        .transactions
        .iter()
        .filter_map(|transaction| attempt(transaction, currency))
        .collect();
    attempts.sort_by_key(|attempt| attempt.attempted_at);
    let state = state(&answer.status, &attempts);
    if state != PaymentState::Refused {
        attempts.retain(|attempt| attempt.result_code != SOFT_DECLINE);
    }
    Ok(Report {
        state,
        order_id: answer.order.as_ref().map(|order| order.id.clone()).unwrap_or_default(),
        amount,
        attempts,
    })
}

/// The merchant token that a callback's body names; nothing else of it is believed.
#[must_use]
pub fn callback_token(body: &[u8]) -> Option<(String, String)> {
    let answer: StatusAnswer = serde_json::from_slice(body).ok()?;
    let token = Some(answer.merchant_token).filter(|token| (8..=64).contains(&token.len()))?;
    Some((token, answer.ctrl_custom_data))
}

fn state(status: &str, attempts: &[Attempt]) -> PaymentState {
    let is_waiting = attempts.last().is_some_and(|last| last.status == AttemptStatus::Pending);
    match status.to_ascii_lowercase().as_str() {
        "authorized" | "accepted" => PaymentState::Paid,
        "pending" if is_waiting => PaymentState::InProgress,
        "not processed" | "pending" | "call failed" => PaymentState::Open,
        "not authorized" => PaymentState::Refused,
        "expired" => PaymentState::Expired,
        _ => PaymentState::Unknown,
    }
}

/// A first try; `None` for what came later, and for what nothing can be concluded from: a word for its
/// status that we don't know is no refusal.
fn attempt(transaction: &TransactionAnswer, currency: Currency) -> Option<Attempt> {
    let read = Transaction::read(transaction, Some(currency));
    let Some(read) = read.filter(|_| status(&transaction.status).is_some()) else {
        tracing::warn!(
            gateway_transaction.id = cut(&transaction.transaction_id, 40),
            status = cut(&transaction.status, 32),
            "the gateway tells of a transaction that can't be read"
        );
        return None;
    };
    let is_first =
        matches!(read.operation.as_str(), "sale" | "authorize" | "submission" | "collection");
    (is_first && read.parent_id.is_none()).then_some(Attempt {
        transaction_id: read.id,
        status: read.status,
        operation: read.operation,
        result_code: read.result_code,
        amount: read.amount,
        method: read.method,
        card_brand: read.mean.card_brand,
        card_number_masked: read.mean.card_number_masked,
        network: read.network,
        total_fee: read.mean.total_fee,
        exchange_rate: read.mean.exchange_rate,
        is_test: read.is_test,
        attempted_at: read.occurred_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Report, Error> {
        report(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_payment_is_what_the_gateway_says() {
        for (status, expected) in [
            ("Authorized", PaymentState::Paid),
            ("Accepted", PaymentState::Paid),
            ("Not processed", PaymentState::Open),
            ("Pending", PaymentState::Open),
            ("Call failed", PaymentState::Open),
            ("Not authorized", PaymentState::Refused),
            ("Expired", PaymentState::Expired),
            ("Something new", PaymentState::Unknown),
        ] {
            let json = format!(r#"{{"status":"{status}","amount":1,"currency":"EUR"}}"#);
            assert_eq!(read(&json).unwrap().state, expected, "{status}");
        }
    }

    #[test]
    fn without_an_amount_nothing_is_concluded() {
        assert!(read(r#"{"status":"Authorized","currency":"EUR"}"#).is_err());
        assert!(read(r#"{"status":"Authorized","amount":1,"currency":"???"}"#).is_err());
    }

    #[test]
    fn a_banks_question_is_no_attempt_of_its_own() {
        let codes = |status: &str, codes: &[&str]| {
            let transaction = |(place, code): (usize, &&str)| {
                let status = if *code == "000" { "Authorized" } else { "Not authorized" };
                format!(
                    r#"{{"transactionID":"{place}","operation":"sale","date":{place},"amount":500,"resultCode":"{code}","status":"{status}"}}"#
                )
            };
            let transactions: Vec<String> = codes.iter().enumerate().map(transaction).collect();
            let json = format!(
                r#"{{"status":"{status}","amount":500,"currency":"EUR","transactions":[{}]}}"#,
                transactions.join(",")
            );
            let attempts = read(&json).unwrap().attempts;
            attempts.into_iter().map(|attempt| attempt.result_code).collect::<Vec<_>>()
        };
        assert_eq!(codes("Authorized", &["051", "065", "000"]), ["051", "000"]);
        assert!(codes("Pending", &["065"]).is_empty());
        assert_eq!(codes("Not authorized", &["065"]), ["065"]);
    }

    #[test]
    fn a_word_that_we_do_not_know_is_no_refusal() {
        let report = read(
            r#"{"status":"Authorized","amount":500,"currency":"EUR","transactions":[
                {"transactionID":"1","operation":"sale","date":1000,"amount":500,"resultCode":"000","status":"Settled"}]}"#,
        )
        .unwrap();
        assert_eq!((report.state, report.attempts), (PaymentState::Paid, Vec::new()));
    }

    #[test]
    fn refunds_are_no_attempts() {
        let report = read(
            r#"{"status":"Authorized","amount":500,"currency":"EUR","transactions":[
                {"transactionID":"2","refTransactionID":"1","operation":"refund","date":2000,"amount":500,"status":"Authorized"},
                {"transactionID":"1","operation":"sale","date":1000,"amount":500,"resultCode":"000","status":"Authorized"}]}"#,
        )
        .unwrap();
        assert_eq!(report.attempts.len(), 1);
        assert_eq!(report.attempts[0].transaction_id, "1");
    }
}
