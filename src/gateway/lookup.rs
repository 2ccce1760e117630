//! Looking things up at the payment-gateway API, the one behind the payment page: what the page's API
//! does not tell, chargebacks and frauds first.

use super::call::Call;
use super::clean::cut;
use super::export::{Export, Window};
use super::transaction::Transaction;
use super::wire::lookup::{ListAnswer, LookUpAnswer};
use super::{Credentials, Gateway, below, operations};
use crate::kernel::Error;

/// What is listed alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Chargebacks,
    Frauds,
}

impl Listed {
    const fn word(self) -> &'static str {
        match self {
            Self::Chargebacks => "chargeback",
            Self::Frauds => "fraud",
        }
    }
}

const SUCCESS: &str = "000";
const NO_SUCH_TRANSACTION: &str = "312";

impl Gateway {
    /// One transaction as the API behind the page knows it: less than [`Gateway::transaction`] tells,
    /// also of what never was on a page. Waits at most 20 seconds, never retries.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such number, or not for this originator.
    /// [`Error::Unavailable`]: timeout, refused connection, bad credentials, unreadable answer; its
    /// state is then *unknown*. [`Error::Malformed`]: no number of a transaction; nothing was asked.
    ///
    /// Source: payment-gateway API 0207, "Query transaction".
    pub async fn look_up(&self, by: &Credentials, id: &str) -> Result<Transaction, Error> {
        operations::check_id(id)?;
        let request = self.http.get(below(&self.payments, &["transaction", id]));
        let answer: LookUpAnswer = self.ask(Call::LookUp, by, request).await?;
        check(&answer.error_code, &answer.error_message)?;
        let unreadable = || Error::unavailable("gateway", "its transaction lacks number or amount");
        let found = answer.transaction.map(Into::into).ok_or_else(unreadable)?;
        Transaction::read(&found, None).filter(|found| found.id == id).ok_or_else(unreadable)
    }

    /// The chargebacks or the frauds of a window. Waits at most 130 seconds, never retries; asking
    /// again is harmless.
    ///
    /// # Errors
    /// [`Error::TooLarge`]: more than 64 MiB, ask for a shorter window. [`Error::Unavailable`]:
    /// timeout, refused connection, bad credentials, unreadable answer.
    ///
    /// Source: payment-gateway API 0207, "Export transactions".
    pub async fn listed(
        &self,
        by: &Credentials,
        what: Listed,
        window: Window,
    ) -> Result<Export, Error> {
        let mut url = below(&self.payments, &["transactions"]);
        // Both ends are inclusive here.
        url.query_pairs_mut()
            .append_pair("startDate", &window.from.to_string())
            .append_pair("endDate", &(window.to - 1).to_string())
            .append_pair("transactionType", what.word());
        let answer: ListAnswer = self.ask(Call::List, by, self.http.get(url)).await?;
        check(&answer.error_code, &answer.error_message)?;
        let found: Vec<_> = answer.transaction_list.into_iter().map(Into::into).collect();
        Ok(Export::read(&found))
    }
}

fn check(code: &str, message: &str) -> Result<(), Error> {
    match code {
        SUCCESS => Ok(()),
        NO_SUCH_TRANSACTION => Err(Error::NotFound),
        _ => {
            let words = format!("it refused: {} {}", cut(code, 8), cut(message, 255));
            Err(Error::unavailable("gateway", words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::AttemptStatus;
    use crate::kernel::{Currency, Money};

    #[test]
    fn a_chargeback_is_read_as_the_published_clients_read_it() {
        let answer: ListAnswer = serde_json::from_str(
            r#"{"errorCode":"000","errorMessage":"ok","transactionList":[
                {"transactionID":"77","orderID":"CB-1","referralID":5643604,"subscriptionID":null,"status":"Authorized",
                 "errorCode":"000","operation":"chargeback","paymentType":"creditcard","date":"1764000000",
                 "shopperName":"Anna Ricci","shopperEmail":"anna@example.it","customerIP":"203.0.113.7","amount":1830,
                 "currency":"EUR","orderDescription":"Vase","paymentMeanInfo":{"cardNumber":"411111XXXXXX1111"}},
                {"transactionID":"78","operation":"chargeback","status":"unauthorized","errorCode":"051"}]}"#,
        )
        .unwrap();
        let found: Vec<_> = answer.transaction_list.into_iter().map(Into::into).collect();
        let export = Export::read(&found);
        assert_eq!((export.transactions.len(), export.unreadable), (1, vec!["78".to_owned()]));
        let chargeback = &export.transactions[0];
        assert_eq!(chargeback.parent_id.as_deref(), Some("5643604"));
        assert_eq!(chargeback.amount, Money::new(1_830, Currency::EUR));
        assert_eq!(chargeback.status, AttemptStatus::Authorised);
        assert_eq!(
            (chargeback.method.as_str(), chargeback.result_code.as_str()),
            ("CreditCard", "000")
        );
        assert_eq!(chargeback.occurred_at.timestamp(), 1_764_000_000);
        assert_eq!(chargeback.shopper.ip_address.as_deref(), Some("203.0.113.7"));
    }

    #[test]
    fn a_refused_list_is_no_empty_list() {
        assert!(check("000", "").is_ok());
        assert!(matches!(check("312", ""), Err(Error::NotFound)));
        assert!(matches!(check("500", "?"), Err(Error::Unavailable(..))));
        assert!(matches!(check("", ""), Err(Error::Unavailable(..))));
    }
}
