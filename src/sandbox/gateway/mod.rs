//! `Connect2Pay`'s wire protocol on loopback, with a payment page for cardholders, and the
//! payment-gateway API behind it on a second listener.
//!
//! What it does as the real service does: prepare and status (both routes, both request forms), the
//! payment page, the callback with its retries, the encrypted return form, account, transaction
//! info, export, refund and its confirmation, capture, cancel, rebill. What it does not have:
//! subscriptions (there are none, and each number is an unknown one), the direct processes of others than
//! Alipay, and the seamless script; those routes answer 404.
//!
//! What is this sandbox's own convention: card endings choose the outcome (its page lists them), a pending
//! attempt is paid after a minute unless its page says otherwise, and a callback is posted after
//! each try that has an outcome, declines with tries left included (whether the real service does so
//! is not published). Conventions of later operations stand in `operations.rs`.

mod api;
mod assets;
mod blacklist;
mod callbacks;
mod cards;
mod control;
mod direct;
mod durations;
mod earlier;
mod form;
mod operations;
mod page_lang;
mod pages;
mod parts;
mod payment;
mod payments_api;
mod prepare;
mod routes;
mod sales;
mod seal;
mod store;
mod tokens;
mod transactions_api;
mod version;
mod views;
mod wallets;
mod wire;

#[cfg(test)]
mod tests;

use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use actix_web::{App, HttpServer, web};
use openidconnect::reqwest::Client;
use tokio_util::sync::CancellationToken;

use crate::kernel::{Clock, Currency};
pub use earlier::{Earlier, EarlierSale};

/// The largest request body that is read.
const BODY_MAX: usize = 64 * 1024;

/// A merchant's account at the gateway.
#[derive(Clone)]
pub struct Account {
    /// The originator number, six digits: the user name of the API.
    pub number: String,
    /// The password of the API.
    pub api_key: String,
    /// The name that cardholders read.
    pub name: String,
    pub currencies: Vec<Currency>,
    /// How often a cardholder may try to pay one payment; at least 1.
    pub attempts_max: u32,
    /// Whether a card's money is only promised at first, to be captured later: its `defaultOperation`.
    pub authorizes: bool,
}

/// How a gateway is set up.
pub struct Options {
    pub accounts: Vec<Account>,
    /// Where cardholders reach the listener, e.g. `http://127.0.0.1:8082`.
    pub base_url: String,
    /// Where payments are kept over a restart; `None`: in memory only.
    pub data_file: Option<PathBuf>,
    pub clock: Clock,
    /// Asked for sales that the gateway does not know; `None`: there was nothing before it.
    pub earlier: Option<Earlier>,
}

/// What all requests work on.
struct Shared {
    accounts: RwLock<Vec<Account>>,
    store: store::Store,
    base_url: String,
    clock: Clock,
    client: Client,
    earlier: Option<Earlier>,
    down: AtomicBool,
    callbacks: AtomicBool,
    /// Minutes before each further try to deliver a callback.
    retry_minutes: RwLock<Vec<i64>>,
    sent: AtomicUsize,
}

impl Shared {
    fn accounts(&self) -> RwLockReadGuard<'_, Vec<Account>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn retry_minutes(&self) -> Vec<i64> {
        self.retry_minutes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_retry_minutes(&self, minutes: Vec<i64>) {
        *self.retry_minutes.write().unwrap_or_else(PoisonError::into_inner) = minutes;
    }

    fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }
}

/// A running sandbox gateway. Copies are handles to the same one.
#[derive(Clone)]
pub struct Gateway(Arc<Shared>);

impl Gateway {
    /// Serves the payment page and its API on `listener`, in the background, until `stop` fires.
    ///
    /// # Errors
    /// When the data file cannot be read, or the listener cannot be used.
    #[expect(clippy::unused_async, reason = "it needs a runtime, and its caller has one")]
    pub async fn start(
        listener: TcpListener,
        options: Options,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            accounts: RwLock::new(options.accounts),
            store: store::Store::open(options.data_file)?,
            base_url: options.base_url.trim_end_matches('/').to_owned(),
            clock: options.clock,
            earlier: options.earlier,
            client: callbacks::client().map_err(io::Error::other)?,
            down: AtomicBool::new(false),
            callbacks: AtomicBool::new(true),
            retry_minutes: RwLock::new(payment::RETRY_MINUTES.to_vec()),
            sent: AtomicUsize::new(0),
        });
        let data = web::Data::from(Arc::clone(&shared));
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).default_service(web::to(routes::serve))
        });
        spawn(server.workers(1).disable_signals().listen(listener)?.run(), stop.clone());
        let background = Arc::clone(&shared);
        tokio::spawn(async move { callbacks::run(&background, stop).await });
        Ok(Self(shared))
    }

    /// Serves the payment-gateway API on a second listener until `stop` fires, on the same payments.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn start_payments_api(
        &self,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> io::Result<()> {
        let data = web::Data::from(Arc::clone(&self.0));
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).default_service(web::to(payments_api::serve))
        });
        spawn(server.workers(1).disable_signals().listen(listener)?.run(), stop);
        Ok(())
    }

    /// The address that a cardholder opens.
    #[must_use]
    pub fn payment_url(&self, customer_token: &str) -> String {
        format!("{}/payment/{customer_token}", self.0.base_url)
    }

    /// An outage: while down, every call of the API answers 503. The payment page stays.
    pub fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::Relaxed);
    }

    /// While off, no callback is posted. Those that fall due meanwhile are posted once on again.
    pub fn set_callbacks(&self, on: bool) {
        self.0.callbacks.store(on, Ordering::Relaxed);
    }

    /// While on, time decides no attempt that is pending.
    pub fn set_hold(&self, on: bool) {
        self.0.store.holds.store(on, Ordering::Relaxed);
    }

    /// Answers once more as if a transaction were not decided yet: an answer that was overtaken.
    pub fn forget_outcome(&self, transaction_id: &str) {
        self.0.store.change(self.0.clock.now(), |state| {
            let attempts = state.payments.values_mut().flat_map(|payment| &mut payment.attempts);
            for attempt in attempts.filter(|attempt| attempt.transaction_id == transaction_id) {
                payment::UNDECIDED.clone_into(&mut attempt.result_code);
            }
        });
    }

    /// Tells from now on that everything happened at this instant, in milliseconds since 1970, which may be
    /// none.
    pub fn set_dates(&self, milliseconds: i64) {
        self.0.store.change(self.0.clock.now(), |state| {
            let attempts = state.payments.values_mut().flat_map(|payment| &mut payment.attempts);
            attempts.for_each(|attempt| attempt.date = milliseconds);
        });
    }

    /// How many callbacks were posted, whether or not anybody acknowledged them.
    #[must_use]
    pub fn callbacks_sent(&self) -> usize {
        self.0.sent.load(Ordering::Relaxed)
    }

    /// Adds an account, or replaces the one of the same number.
    pub fn add_account(&self, account: Account) {
        let mut accounts = self.0.accounts.write().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|known| known.number != account.number);
        accounts.push(account);
    }
}

fn spawn(server: actix_web::dev::Server, stop: CancellationToken) {
    let handle = server.handle();
    tokio::spawn(async move {
        stop.cancelled().await;
        handle.stop(false).await;
    });
    tokio::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the sandbox gateway's server ended");
        }
    });
}

/// The whole body, whatever its content type and transfer encoding; `None` if it is too large or
/// breaks off. It is read before anything is answered, so that the connection can be used again.
async fn read_body(payload: web::Payload) -> Option<web::Bytes> {
    payload.to_bytes_limited(BODY_MAX).await.ok()?.ok()
}
