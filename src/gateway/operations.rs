//! What may be done to a transaction later: give back, capture, cancel, charge again. Each is sent once
//! and never repeated by us: the gateway has no key by which it would know a repetition.
//!
//! After [`Error::Unavailable`] the outcome is *unknown*: the money may have moved. Who asks must note
//! that before it asks, and find out before it asks again: [`Gateway::transaction`] of the parent shows
//! what has been given back of it, [`Gateway::export`] of the minutes in question shows the transaction
//! itself, with the parent's number as `parent_id`. It may come late: ask again after some minutes.

use super::call::Call;
use super::clean::{cut, filled};
use super::wire::{OperationAnswer, OperationRequest};
use super::{API_VERSION, Credentials, Gateway, RequestExt as _};
use crate::kernel::{Error, Money};

/// What the gateway made of an operation. All three are answers: the gateway has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Done(NewTransaction),
    /// It is noted and waits for [`Gateway::confirm_refund`]: refunds of asynchronous methods.
    Requested(NewTransaction),
    /// It is not done, and no money has moved.
    Refused(Refusal),
}

/// The transaction that an operation made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTransaction {
    /// Its number. `None`: the gateway left it out; the export will tell.
    pub id: Option<String>,
    /// What was really done, small letters: a rebill of a direct debit is a `submission`. `None`: the
    /// gateway did not say, so what was asked for.
    pub operation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Three digits: `012`, `064`, `312` (no such transaction), ….
    pub code: String,
    /// The gateway's words for it.
    pub message: String,
    /// The declined transaction, where one was made.
    pub id: Option<String>,
}

/// "Transaction successfully completed."
const SUCCESS: &str = "000";

impl Gateway {
    /// Gives back `amount` of a sale, a capture or a rebill (of an authorisation: of its capture).
    /// Several are possible, together at most what was taken. Waits at most 20 seconds.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: timeout, refused connection, bad credentials, unreadable answer: the
    /// outcome is *unknown*; see above what to ask then. [`Error::NotFound`]: no such transaction;
    /// nothing was done. [`Error::Malformed`]: no number or no amount; nothing was sent.
    ///
    /// Source: Connect2Pay API 002.73, "Refund a transaction".
    pub async fn refund(
        &self,
        by: &Credentials,
        transaction_id: &str,
        amount: Money,
    ) -> Result<Verdict, Error> {
        self.operate(Call::Refund, by, &[transaction_id, "refund"], Some(amount), None).await
    }

    /// Confirms a refund that was only [`Verdict::Requested`]; `transaction_id` is the request's.
    /// Waits at most 20 seconds.
    ///
    /// # Errors
    /// As of [`Gateway::refund`].
    ///
    /// Source: Connect2Pay API 002.70, "Refund a transaction".
    pub async fn confirm_refund(
        &self,
        by: &Credentials,
        transaction_id: &str,
    ) -> Result<Verdict, Error> {
        let path = [transaction_id, "refund", "confirm"];
        self.operate(Call::ConfirmRefund, by, &path, None, None).await
    }

    /// Takes `amount`, at most what was authorised; once. Waits at most 20 seconds.
    ///
    /// # Errors
    /// As of [`Gateway::refund`].
    ///
    /// Source: Connect2Pay API 002.73, "Capture a transaction".
    pub async fn capture(
        &self,
        by: &Credentials,
        transaction_id: &str,
        amount: Money,
    ) -> Result<Verdict, Error> {
        self.operate(Call::Capture, by, &[transaction_id, "capture"], Some(amount), None).await
    }

    /// Voids an authorisation that was not captured; `amount` is the authorised one. Waits at most 20
    /// seconds.
    ///
    /// # Errors
    /// As of [`Gateway::refund`].
    ///
    /// Source: Connect2Pay API 002.73, "Cancel a transaction".
    pub async fn cancel(
        &self,
        by: &Credentials,
        transaction_id: &str,
        amount: Money,
    ) -> Result<Verdict, Error> {
        self.operate(Call::Cancel, by, &[transaction_id, "cancel"], Some(amount), None).await
    }

    /// Charges the same mean of payment again, under an order ID of its own where one is given. Waits
    /// at most 20 seconds.
    ///
    /// # Errors
    /// As of [`Gateway::refund`].
    ///
    /// Source: Connect2Pay API 002.73, "Rebill a transaction".
    pub async fn rebill(
        &self,
        by: &Credentials,
        transaction_id: &str,
        amount: Money,
        order_id: Option<&str>,
    ) -> Result<Verdict, Error> {
        self.operate(Call::Rebill, by, &[transaction_id, "rebill"], Some(amount), order_id).await
    }

    async fn operate(
        &self,
        call: Call,
        by: &Credentials,
        path: &[&str],
        amount: Option<Money>,
        order_id: Option<&str>,
    ) -> Result<Verdict, Error> {
        check_id(path.first().copied().unwrap_or_default())?;
        check(amount, order_id)?;
        let body = OperationRequest {
            api_version: API_VERSION,
            amount: amount.map(|amount| amount.minor),
            order_id,
        };
        let url = self.url(&[&["transaction"], path].concat());
        let request = self.http.post(url).json_body(&body)?;
        let answer: OperationAnswer = self.ask(call, by, request).await?;
        verdict(&answer)
    }
}

/// A number of the gateway's: at most 40 letters, digits and hyphens.
pub fn check_id(id: &str) -> Result<(), Error> {
    let good = (1..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if good { Ok(()) } else { Err(Error::Malformed("no number of a transaction")) }
}

fn check(amount: Option<Money>, order_id: Option<&str>) -> Result<(), Error> {
    if amount.is_some_and(|amount| !(1..=Money::MINOR_MAX).contains(&amount.minor)) {
        return Err(Error::Malformed("an amount that the gateway does not take"));
    }
    if order_id.is_some_and(|id| !(1..=100).contains(&id.chars().count())) {
        return Err(Error::Malformed("an order ID that the gateway does not take"));
    }
    Ok(())
}

fn verdict(answer: &OperationAnswer) -> Result<Verdict, Error> {
    let id = filled(&answer.transaction_id, 40);
    let operation = filled(&answer.operation.to_ascii_lowercase(), 32);
    match answer.code.as_str() {
        "" => Err(Error::unavailable("gateway", "its answer has no code")),
        SUCCESS if operation.as_deref() == Some("refund_request") => {
            Ok(Verdict::Requested(NewTransaction { id, operation }))
        }
        SUCCESS => Ok(Verdict::Done(NewTransaction { id, operation })),
        code => Ok(Verdict::Refused(Refusal {
            code: cut(code, 8),
            message: cut(&answer.message, 255),
            id,
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

    fn read(json: &str) -> Result<Verdict, Error> {
        verdict(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_operation_is_done_requested_or_refused() {
        let new = |id: Option<&str>, operation: Option<&str>| NewTransaction {
            id: id.map(str::to_owned),
            operation: operation.map(str::to_owned),
        };
        assert_eq!(
            read(r#"{"code":"000","message":"Ok","transactionID":5643605,"operation":"refund"}"#)
                .unwrap(),
            Verdict::Done(new(Some("5643605"), Some("refund")))
        );
        assert_eq!(
            read(r#"{"code":"000","transactionID":"a-b","operation":"REFUND_REQUEST"}"#).unwrap(),
            Verdict::Requested(new(Some("a-b"), Some("refund_request")))
        );
        assert_eq!(read(r#"{"code":"000"}"#).unwrap(), Verdict::Done(new(None, None)));
        assert_eq!(
            read(r#"{"code":"012","message":"Invalid Transaction","transactionID":"7"}"#).unwrap(),
            Verdict::Refused(Refusal {
                code: "012".to_owned(),
                message: "Invalid Transaction".to_owned(),
                id: Some("7".to_owned()),
            })
        );
        // The code of the other space is no success here.
        assert!(matches!(read(r#"{"code":"200"}"#).unwrap(), Verdict::Refused(_)));
    }

    #[test]
    fn an_answer_without_a_code_is_an_unknown_outcome() {
        assert!(matches!(read(r#"{"message":"?"}"#), Err(Error::Unavailable(..))));
        assert!(matches!(read(r#"{"code":null}"#), Err(Error::Unavailable(..))));
    }

    #[test]
    fn what_the_gateway_would_not_take_is_not_sent() {
        for id in ["", "../account", "1/refund", "1?x", "ä", &"1".repeat(41)] {
            assert!(check_id(id).is_err(), "{id}");
        }
        assert!(check_id("5643604").is_ok() && check_id("11js5xaxa8-x1y2").is_ok());
        let euro = |minor| Some(Money::new(minor, Currency::EUR));
        for minor in [0, -1, Money::MINOR_MAX + 1] {
            assert!(check(euro(minor), None).is_err(), "{minor}");
        }
        assert!(check(euro(1), Some("CB-1")).is_ok());
        assert!(check(euro(1), Some("")).is_err());
        assert!(check(euro(1), Some(&"x".repeat(101))).is_err());
    }

    #[test]
    fn a_request_says_only_what_it_must() {
        let body = |amount, order_id| {
            serde_json::to_string(&OperationRequest { api_version: API_VERSION, amount, order_id })
                .unwrap()
        };
        assert_eq!(body(Some(1_830), None), r#"{"apiVersion":"002.73","amount":1830}"#);
        assert_eq!(body(None, None), r#"{"apiVersion":"002.73"}"#);
        assert_eq!(
            body(Some(1), Some("CB-2")),
            r#"{"apiVersion":"002.73","amount":1,"orderId":"CB-2"}"#
        );
    }
}
