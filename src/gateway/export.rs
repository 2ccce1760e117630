//! Everything that moved at the gateway in a range of time.

use chrono::{DateTime, Duration, Utc};

use super::call::Call;
use super::clean::{cut, filled};
use super::transaction::Transaction;
use super::wire::{ExportAnswer, TransactionAnswer};
use super::{Credentials, Gateway};
use crate::kernel::Error;

/// The longest range of one call: the gateway answers all of it at once, and publishes no limit.
pub const WINDOW_MAX: Duration = Duration::days(31);

/// From an instant (inclusive) to another (exclusive), in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Window {
    /// Both ends are cut to whole seconds, so that windows that follow each other meet without a gap.
    /// `None`: empty, or longer than [`WINDOW_MAX`].
    #[must_use]
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        let (from, to) = (from.timestamp(), to.timestamp());
        (1..=WINDOW_MAX.num_seconds()).contains(&(to - from)).then_some(Self { from, to })
    }
}

/// What a window held.
#[derive(Debug)]
pub struct Export {
    /// Of every operation and outcome, oldest first, without repetitions. What the gateway counts to
    /// the window is here, whatever its date.
    pub transactions: Vec<Transaction>,
    /// Those the gateway sent that lack a number, a date or an amount: worth a person's look. The number of
    /// each, or what else was told of it; told again, it is the same.
    pub unreadable: Vec<String>,
}

impl Gateway {
    /// Asks for all transactions of the originator in a window, declined ones too. Whether chargebacks
    /// are among them is not published; [`Gateway::listed`] asks for them alone. Waits at most 130
    /// seconds, never retries; asking again is harmless.
    ///
    /// # Errors
    /// [`Error::TooLarge`]: more than 64 MiB, ask for a shorter window. [`Error::Unavailable`]:
    /// timeout, refused connection, bad credentials, unreadable answer.
    ///
    /// Source: Connect2Pay API 002.73, "Export transactions".
    pub async fn export(&self, by: &Credentials, window: Window) -> Result<Export, Error> {
        let mut url = self.versioned(&["transactions", "export"]);
        url.query_pairs_mut()
            .append_pair("startTime", &window.from.to_string())
            .append_pair("endTime", &window.to.to_string());
        let answer: ExportAnswer = self.ask(Call::Export, by, self.http.get(url)).await?;
        Ok(Export::read(&answer.transactions))
    }
}

impl Export {
    pub(super) fn read(answers: &[TransactionAnswer]) -> Self {
        let (mut transactions, mut unreadable) = (Vec::with_capacity(answers.len()), Vec::new());
        for answer in answers {
            match Transaction::read(answer, None) {
                Some(transaction) => transactions.push(transaction),
                None => unreadable.push(told(answer)),
            }
        }
        transactions.sort_by(|a, b| (a.occurred_at, &a.id).cmp(&(b.occurred_at, &b.id)));
        transactions.dedup_by(|a, b| a.id == b.id);
        Self { transactions, unreadable }
    }
}

/// By what one that can't be read is known again.
fn told(answer: &TransactionAnswer) -> String {
    let TransactionAnswer { operation, date, amount, currency, order_id, .. } = answer;
    filled(&answer.transaction_id, 40).unwrap_or_else(|| {
        let (date, amount) = (date.unwrap_or_default(), amount.unwrap_or_default());
        cut(&format!("{operation} {date} {amount} {currency} {order_id}"), 200)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn windows_meet_and_are_never_empty_or_too_long() {
        let half = Duration::milliseconds(500);
        let first = Window::new(at(0) + half, at(60) + half).unwrap();
        assert_eq!((first.from, first.to), (0, 60));
        assert_eq!(Window::new(at(5), at(5) + half), None);
        assert_eq!(Window::new(at(5), at(4)), None);
        assert!(Window::new(at(0), at(0) + WINDOW_MAX).is_some());
        assert_eq!(Window::new(at(0), at(1) + WINDOW_MAX), None);
    }

    #[test]
    fn an_export_is_in_order_and_counts_what_it_cannot_read() {
        let answer: ExportAnswer = serde_json::from_str(
            r#"{"apiVersion":"002.73","transactions":[
                {"transactionID":"3","refTransactionID":"1","operation":"refund","date":3000,"amount":5,"currency":"EUR","status":"Authorized"},
                {"transactionID":"1","operation":"sale","date":1000,"amount":9,"currency":"EUR","status":"Authorized"},
                {"transactionID":"1","operation":"sale","date":1000,"amount":9,"currency":"EUR","status":"Authorized"},
                {"transactionID":"2","operation":"something_new","date":2000,"amount":1,"currency":"EUR","status":"Strange"},
                {"operation":"sale","date":1000}]}"#,
        )
        .unwrap();
        let export = Export::read(&answer.transactions);
        let ids: Vec<&str> = export.transactions.iter().map(|found| found.id.as_str()).collect();
        assert_eq!((ids, export.unreadable.len()), (vec!["1", "2", "3"], 1));
        assert_eq!(export.transactions[1].operation, "something_new");
    }

    #[test]
    fn an_answer_without_a_list_is_no_empty_window() {
        assert!(serde_json::from_str::<ExportAnswer>("{}").is_err());
        assert!(serde_json::from_str::<ExportAnswer>(r#"{"transactions":[]}"#).is_ok());
    }
}
