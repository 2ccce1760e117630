//! Callbacks: the payment's status, posted to the merchant until the merchant says that it came.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use openidconnect::reqwest::{self, Client, header::CONTENT_TYPE, redirect::Policy};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{Shared, wire};

/// How often the loop looks for callbacks that are due and attempts that time decides.
const PAUSE: Duration = Duration::from_millis(500);

/// # Errors
/// When the TLS library does not start.
pub fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(5))
        .redirect(Policy::none())
        .no_proxy()
        .build()
}

/// Delivers what is due until the token fires.
pub async fn run(shared: &Shared, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now = shared.clock.now();
        let due: Vec<String> = shared.store.read(now, |state| {
            let is_due = |delivery: super::payment::Delivery| delivery.due_at <= now;
            let payments = state.payments.values();
            payments
                .filter(|payment| payment.delivery.is_some_and(is_due))
                .map(|payment| payment.merchant_token.clone())
                .collect()
        });
        join_all(due.iter().map(|token| deliver(shared, token))).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Posts one payment's callback if it is due. The next try is booked before this one begins, so two
/// callers never post the same one, and a crash loses none.
pub async fn deliver(shared: &Shared, merchant_token: &str) {
    if !shared.callbacks.load(Ordering::Relaxed) {
        return;
    }
    let (now, retry_minutes) = (shared.clock.now(), shared.retry_minutes());
    let leased = shared.store.change(now, |state| {
        let payment = state.payments.get_mut(merchant_token)?;
        let url = payment.callback_url.clone()?;
        payment
            .lease_delivery(&retry_minutes, now)
            .then(|| (url, wire::status(payment, payment.version, now), payment.delivery))
    });
    let Some((url, body, booked)) = leased else { return };
    let acknowledged = post(&shared.client, &url, &body).await;
    shared.sent.fetch_add(1, Ordering::Relaxed);
    tracing::info!(acknowledged, "sandbox gateway: callback posted");
    if acknowledged {
        shared.store.change(now, |state| {
            let payment = state.payments.get_mut(merchant_token);
            // A later result may have booked a callback of its own meanwhile.
            if let Some(payment) = payment.filter(|payment| payment.delivery == booked) {
                payment.delivery = None;
            }
        });
    }
}

async fn post(client: &Client, url: &str, body: &Value) -> bool {
    let request = client.post(url).header(CONTENT_TYPE, "application/json").body(body.to_string());
    let Ok(answer) = request.send().await else { return false };
    let success = answer.status().is_success();
    let text = answer.text().await.unwrap_or_default();
    is_acknowledged(success, &text)
}

/// The merchant's word counts; where there is none, the HTTP status does.
fn is_acknowledged(success: bool, body: &str) -> bool {
    let parsed: Option<Value> = serde_json::from_str(body).ok();
    match parsed.as_ref().and_then(|value| value.get("status")).and_then(Value::as_str) {
        Some(status) => status == "OK",
        None => success,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_merchants_word_counts_before_the_http_status() {
        assert!(is_acknowledged(true, r#"{"status":"OK","message":"Status recorded"}"#));
        assert!(!is_acknowledged(true, r#"{"status":"KO"}"#));
        assert!(is_acknowledged(true, ""));
        assert!(is_acknowledged(true, "<html>"));
        assert!(!is_acknowledged(false, ""));
    }
}
