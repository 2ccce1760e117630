//! What a real gateway does not have: its clock, its callbacks and its cardholders' banks, in the hands
//! of whoever tries it. An account's name and key open it, as they open the rest.
//!
//! `GET /sandbox`: where they stand. `POST /sandbox/clock` `{"advance": "P8D"}`: an ISO 8601 duration;
//! all that shares the clock moves with it. `POST /sandbox/callbacks` `{"on": false,
//! "retryMinutes": [1, 5]}`: whether callbacks are posted, and the pauses before each further try.
//! `POST /sandbox/chargebacks` `{"transactionID": "7000001", "amount": 500}`: a bank takes a card's
//! money back, all of it without an amount; once.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::durations::Span;
use super::operations::Act;
use super::{Account, Shared, transactions_api, wire};

/// The longest pause before a further try, in minutes, and how many tries there may be.
const RETRY_MINUTES_MAX: i64 = 10_080;
const RETRIES_MAX: usize = 20;

pub fn show(shared: &Shared) -> HttpResponse {
    wire::ok(&json!({
        "code": "200",
        "now": shared.clock.now().to_rfc3339(),
        "callbacks": {
            "on": shared.callbacks.load(Ordering::Relaxed),
            "posted": shared.sent.load(Ordering::Relaxed),
            "retryMinutes": shared.retry_minutes(),
        },
    }))
}

pub fn set_clock(shared: &Shared, body: &[u8]) -> HttpResponse {
    let now = shared.clock.now();
    let body = transactions_api::object(body).unwrap_or_default();
    let span = body.get("advance").and_then(Value::as_str).and_then(Span::parse);
    match span.and_then(|span| span.after(now)) {
        Some(later) => {
            shared.clock.advance(later - now);
            show(shared)
        }
        None => wrong("advance"),
    }
}

pub fn set_callbacks(shared: &Shared, body: &[u8]) -> HttpResponse {
    let Ok(body) = transactions_api::object(body) else { return wrong("body") };
    let minutes = match body.get("retryMinutes").map(|value| minutes(value).ok_or(())) {
        Some(Err(())) => return wrong("retryMinutes"),
        Some(Ok(minutes)) => Some(minutes),
        None => None,
    };
    if let Some(on) = body.get("on").and_then(Value::as_bool) {
        shared.callbacks.store(on, Ordering::Relaxed);
    }
    if let Some(minutes) = minutes {
        shared.set_retry_minutes(minutes);
    }
    show(shared)
}

pub fn charge_back(shared: &Shared, account: &Account, body: &[u8]) -> HttpResponse {
    let body_members = transactions_api::object(body).unwrap_or_default();
    match body_members.get("transactionID").and_then(Value::as_str) {
        Some(id) => transactions_api::operate(shared, account, body, Act::Chargeback, id),
        None => wrong("transactionID"),
    }
}

fn minutes(value: &Value) -> Option<Vec<i64>> {
    let minutes: Option<Vec<i64>> = value.as_array()?.iter().map(Value::as_i64).collect();
    minutes.filter(|minutes| {
        minutes.len() <= RETRIES_MAX && minutes.iter().all(|m| (1..=RETRY_MINUTES_MAX).contains(m))
    })
}

fn wrong(field: &str) -> HttpResponse {
    wire::code(StatusCode::OK, "501", &format!("Incorrect data: {field}"))
}
