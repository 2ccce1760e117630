//! The merchant's side: prepare, status, account, transactions, refund.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use subtle::{Choice, ConstantTimeEq as _};

use super::payment::{Attempt, Payment, Stage};
use super::version::Version;
use super::{Account, Shared, prepare, tokens, wire};

/// The account whose number and key the request carries. Every account is compared, in constant
/// time each, so that the time tells neither which number exists nor how much of a key is right.
pub fn account(shared: &Shared, request: &HttpRequest) -> Option<Account> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    let (number, key) = pair.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let mut found = None;
    for account in &*shared.accounts() {
        let same: Choice = account.number.as_bytes().ct_eq(number.as_bytes())
            & account.api_key.as_bytes().ct_eq(key.as_bytes());
        if bool::from(same) {
            found = Some(account.clone());
        }
    }
    found
}

/// Query parameters; a bare name has an empty value.
pub fn query(request: &HttpRequest) -> Vec<(String, String)> {
    serde_urlencoded::from_str(request.query_string()).unwrap_or_default()
}

fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn version(query: &[(String, String)]) -> Option<Version> {
    parameter(query, "apiVersion").and_then(Version::parse)
}

pub fn prepare(shared: &Shared, account: &Account, body: &[u8]) -> HttpResponse {
    let now = shared.clock.now();
    let request = match prepare::read(body) {
        Ok(request) => request,
        Err(refusal) => return wire::code(StatusCode::OK, refusal.code, &refusal.message),
    };
    let expires_at = request.validity.after(now);
    let is_enabled = account.currencies.contains(&request.money.currency);
    let (Some(expires_at), true) = (expires_at, is_enabled) else {
        let field = if is_enabled { "timeOut" } else { "currency" };
        let message = format!("Incorrect transaction data: {field}");
        return wire::code(StatusCode::OK, "501", &message);
    };
    let version = request.version;
    let payment = Payment {
        account: account.number.clone(),
        merchant_name: account.name.clone(),
        attempts_max: account.attempts_max.max(1),
        customer_token: tokens::customer(),
        merchant_token: tokens::merchant(),
        short_id: tokens::base36(10),
        version,
        expires_at,
        amount_minor: request.money.minor,
        currency: request.money.currency,
        method: request.method,
        operation: request.operation,
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
    };
    let answer = json!({
        "code": "200",
        "message": "Payment prepared",
        "customerToken": payment.customer_token,
        "merchantToken": payment.merchant_token,
        "apiVersion": version.to_string(),
    });
    shared.store.change(now, |state| {
        state.payments.insert(payment.merchant_token.clone(), payment);
    });
    wire::ok(&answer)
}

pub fn status(
    shared: &Shared,
    account: &Account,
    request: &HttpRequest,
    merchant_token: &str,
) -> HttpResponse {
    let now = shared.clock.now();
    let asked = version(&query(request));
    let found = shared.store.read(now, |state| {
        let payment = state.payments.get(merchant_token)?;
        (payment.account == account.number)
            .then(|| wire::status(payment, asked.unwrap_or(payment.version), now))
    });
    found.map_or_else(unknown_payment, |body| wire::ok(&body))
}

fn unknown_payment() -> HttpResponse {
    wire::code(StatusCode::NOT_FOUND, "404", "Payment not found")
}

pub fn account_information(
    shared: &Shared,
    account: &Account,
    request: &HttpRequest,
) -> HttpResponse {
    let version = version(&query(request)).unwrap_or(Version::DEFAULT);
    wire::ok(&wire::account(account, version, &shared.base_url))
}

pub fn info(
    shared: &Shared,
    account: &Account,
    request: &HttpRequest,
    transaction_id: &str,
) -> HttpResponse {
    let asked = version(&query(request));
    let found = shared.store.read(shared.clock.now(), |state| {
        let (payment, _) = state.by_transaction(&account.number, transaction_id)?;
        let attempt = payment.attempts.iter().find(|a| a.transaction_id == transaction_id)?;
        Some(wire::transaction(payment, attempt, asked.unwrap_or(payment.version)))
    });
    found.map_or_else(
        || wire::code(StatusCode::NOT_FOUND, "404", wire::message("312")),
        |body| wire::ok(&body),
    )
}

pub fn refund(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    transaction_id: &str,
) -> HttpResponse {
    let answer = match refund_result(shared, account, body, transaction_id) {
        Ok(id) => json!({ "code": "000", "message": wire::message("000"), "transactionID": id,
            "operation": "refund" }),
        Err(code) => json!({ "code": code, "message": wire::message(code) }),
    };
    wire::ok(&answer)
}

/// The refund's transaction id, or the code that refuses it.
pub fn refund_result(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    transaction_id: &str,
) -> Result<String, &'static str> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return Err("402") };
    let minor = prepare::minor(&body).map_err(|_| "013")?.ok_or("401")?;
    let now = shared.clock.now();
    shared.store.change(now, |state| {
        let (payment, number) =
            state.by_transaction(&account.number, transaction_id).ok_or("312")?;
        payment.refund(transaction_id, minor, number, now)
    })
}

/// Everything in a range of time. An empty range is an object with an empty list.
pub fn export(shared: &Shared, account: &Account, request: &HttpRequest) -> HttpResponse {
    let query = query(request);
    let seconds = |name: &str| parameter(&query, name).and_then(|text| text.parse::<i64>().ok());
    let (Some(start), Some(end)) = (seconds("startTime"), seconds("endTime")) else {
        return wire::code(StatusCode::OK, "401", "Missing data: startTime, endTime");
    };
    if end <= start {
        return wire::code(StatusCode::OK, "501", "Incorrect transaction data: endTime");
    }
    let version = version(&query).unwrap_or(Version::NESTED);
    let is_wanted = |attempt: &Attempt| {
        (start..end).contains(&attempt.date.div_euclid(1000))
            && same(&query, "operation", attempt.operation.wire())
            && same(&query, "paymentMethod", attempt.mean.method.wire())
            && has_code(&query, &attempt.result_code)
    };
    let mut found: Vec<(i64, Value)> = shared.store.read(shared.clock.now(), |state| {
        let payments = state.payments.values().filter(|p| p.account == account.number);
        payments
            .flat_map(|payment| payment.attempts.iter().map(move |attempt| (payment, attempt)))
            .filter(|(_, attempt)| is_wanted(attempt))
            .map(|(payment, attempt)| (attempt.date, wire::transaction(payment, attempt, version)))
            .collect()
    });
    found.sort_by_key(|(date, _)| *date);
    let transactions: Vec<Value> = found.into_iter().map(|(_, transaction)| transaction).collect();
    wire::ok(&json!({ "apiVersion": version.to_string(), "transactions": transactions }))
}

/// Whether a filter is absent or means this.
fn same(query: &[(String, String)], name: &str, value: &str) -> bool {
    parameter(query, name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
}

/// The filter is a number: 0 means "000".
fn has_code(query: &[(String, String)], code: &str) -> bool {
    parameter(query, "transactionResultCode")
        .is_none_or(|wanted| wanted.parse::<i32>().is_ok_and(|wanted| code.parse() == Ok(wanted)))
}
