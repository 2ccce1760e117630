//! The merchant's side: who asks, prepare, status, account.

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use subtle::{Choice, ConstantTimeEq as _};

use super::payment::Payment;
use super::version::Version;
use super::{Account, Shared, prepare, wire};

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

pub fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

pub fn version(query: &[(String, String)]) -> Option<Version> {
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
    let payment = Payment::new(account, request, expires_at);
    let answer = json!({
        "code": "200",
        "message": "Payment prepared",
        "customerToken": payment.customer_token,
        "merchantToken": payment.merchant_token,
        "apiVersion": payment.version.to_string(),
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
