//! The payment gateway, PayXpert's Connect2Pay: the only call of this product that money hangs on.
//!
//! Facts of the wire stand in `wire/`, the one way to the gateway in `call.rs`, what an answer means
//! in the file of its subject: `outcome.rs` (a payment), `transaction.rs`, `operations.rs` (refunds
//! and their like), `export.rs`, `account.rs`, and `lookup.rs` for the API behind it; who asks, in
//! `credentials.rs`. A timeout is not a refusal: whoever asks must treat [`Error::Unavailable`] as
//! *unknown*.

mod account;
mod breaker;
mod call;
mod clean;
mod credentials;
mod export;
mod lookup;
mod operations;
mod outcome;
mod transaction;
mod validity;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use openidconnect::reqwest;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use url::Url;

use self::breaker::Breaker;
use self::call::Call;
use crate::kernel::{Clock, EmailAddress, Error, Lang, Money};
pub use account::{Account, AccountMethod, method_name};
pub use credentials::{Credentials, credentials};
pub use export::{Export, WINDOW_MAX, Window};
pub use lookup::Listed;
pub use operations::{NewTransaction, Refusal, Verdict};
pub use outcome::{Attempt, AttemptStatus, PaymentState, Report, callback_token};
pub use transaction::{Mean, Shopper, Transaction};
pub use validity::Validity;

/// The version of the API that this client speaks.
const API_VERSION: &str = "002.73";

/// A way to pay that the gateway's page offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    CreditCard,
    /// Alipay+: many wallets.
    Alipay,
}

/// A payment to be prepared. Every field of the payment page stays empty but the amount; the order
/// ID is the one that the system filled in.
pub struct Preparation<'a> {
    pub amount: Money,
    pub order_id: &'a str,
    pub description: &'a str,
    pub customer_email: &'a EmailAddress,
    pub language: Lang,
    /// The one method that the page offers; `None`: a choice of the account's.
    pub method: Option<Method>,
    /// How long the page may be used.
    pub validity: Validity,
    pub callback_url: String,
    pub return_url: String,
    /// Comes back with every answer; we sign it.
    pub custom_data: String,
}

/// What the gateway gives for a preparation. Both tokens are secrets.
pub struct Prepared {
    /// Between the gateway and us.
    pub merchant_token: String,
    /// Part of the address that the customer opens.
    pub customer_token: String,
}

/// The client. One connection pool and one breaker for the process.
#[derive(Clone)]
pub struct Gateway {
    base: Url,
    payments: Url,
    http: reqwest::Client,
    breaker: Arc<Breaker>,
    clock: Clock,
}

impl Gateway {
    /// `base` is `CONNECT2PAY_URL`, `payments` is `PAYXPERT_GATEWAY_URL`.
    pub fn new(base: Url, payments: Url, clock: Clock) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .user_agent(concat!("Central/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { base, payments, http, breaker: Arc::default(), clock })
    }

    /// How many originators are held back by the breaker.
    #[must_use]
    pub fn held_back(&self) -> usize {
        self.breaker.held_back()
    }

    /// Scheme, host and port, for the `form-action` of pages that lead there.
    #[must_use]
    pub fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// The payment page that a customer is sent to.
    #[must_use]
    pub fn page_url(&self, customer_token: &str) -> String {
        self.url(&["payment", customer_token]).to_string()
    }

    /// Creates a payment at the gateway. Nothing is charged by it; after a timeout it may be
    /// prepared again with the same order ID. Waits at most 20 seconds, never retries.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: timeout, refused connection, bad credentials, any answer but success.
    /// The cause names the gateway's code and words.
    ///
    /// Source: Connect2Pay API 002.73, "Create a payment".
    pub async fn prepare(
        &self,
        by: &Credentials,
        payment: &Preparation<'_>,
    ) -> Result<Prepared, Error> {
        let body = wire::PrepareRequest::of(payment);
        let request = self.http.post(self.url(&["payment", "prepare"])).json_body(&body)?;
        let answer: wire::PrepareAnswer = self.ask(Call::Prepare, by, request).await?;
        match (answer.code.as_str(), answer.merchant_token, answer.customer_token) {
            ("200", Some(merchant_token), Some(customer_token)) => {
                Ok(Prepared { merchant_token, customer_token })
            }
            (code, ..) => {
                let words = answer.message.unwrap_or_default();
                Err(Error::unavailable("gateway", format!("prepare was refused: {code} {words}")))
            }
        }
    }

    /// Asks what became of a payment. Waits at most 20 seconds, never retries.
    ///
    /// # Errors
    /// [`Error::NotFound`]: the gateway does not know the token. [`Error::Unavailable`]: timeout,
    /// refused connection, bad credentials, unreadable answer; the state is then *unknown*.
    ///
    /// Source: Connect2Pay API 002.73, "Payment status".
    pub async fn status(&self, by: &Credentials, merchant_token: &str) -> Result<Report, Error> {
        let request = self.http.get(self.versioned(&["payment", merchant_token, "status"]));
        outcome::report(&self.ask(Call::Status, by, request).await?)
    }

    /// An address that is read: it names the version, as bodies do.
    fn versioned(&self, segments: &[&str]) -> Url {
        let mut url = self.url(segments);
        url.query_pairs_mut().append_pair("apiVersion", API_VERSION);
        url
    }

    fn url(&self, segments: &[&str]) -> Url {
        below(&self.base, segments)
    }
}

/// An address below another.
fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Small things that reqwest has only with features that we don't take.
trait RequestExt: Sized {
    fn basic(self, by: &Credentials) -> Self;
    fn json_body(self, body: &impl Serialize) -> Result<Self, Error>;
}

impl RequestExt for reqwest::RequestBuilder {
    fn basic(self, by: &Credentials) -> Self {
        self.basic_auth(&by.number, Some(by.api_key.expose_secret()))
    }

    fn json_body(self, body: &impl Serialize) -> Result<Self, Error> {
        let text = serde_json::to_vec(body).map_err(Error::internal)?;
        Ok(self.header(reqwest::header::CONTENT_TYPE, "application/json").body(text))
    }
}
