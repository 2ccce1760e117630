//! The merchant's side, later: what may be asked about and done to transactions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::api::{parameter, query, version};
use super::operations::{Act, Made, Wish};
use super::payment::{Attempt, Object};
use super::version::Version;
use super::{Account, Shared, prepare, wire};

pub fn info(
    shared: &Shared,
    account: &Account,
    request: &HttpRequest,
    transaction_id: &str,
) -> HttpResponse {
    let asked = version(&query(request));
    shared.recall(account, transaction_id);
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

pub fn operate(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    act: Act,
    transaction_id: &str,
) -> HttpResponse {
    wire::ok(&match result(shared, account, body, act, transaction_id) {
        Ok(made) => json!({
            "code": made.code,
            "message": wire::message(made.code),
            "transactionID": made.transaction_id,
            "operation": made.operation.wire(),
        }),
        Err(code) => json!({ "code": code, "message": wire::message(code) }),
    })
}

/// The transaction that was made, or the code that refuses to make one. The body is checked before
/// the transaction is looked for.
pub fn result(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    act: Act,
    transaction_id: &str,
) -> Result<Made, &'static str> {
    let body = object(body)?;
    let amount_minor = prepare::minor(&body).map_err(|_| "013")?;
    if amount_minor.is_none() && !matches!(act, Act::ConfirmRefund | Act::Chargeback) {
        return Err("401");
    }
    let order_id = prepare::text(&body, "orderId", 100).map_err(|_| "030")?;
    let wish = Wish { act, transaction_id: transaction_id.to_owned(), amount_minor, order_id };
    shared.recall(account, transaction_id);
    let now = shared.clock.now();
    shared.store.change(now, |state| {
        let (payment, number) =
            state.by_transaction(&account.number, transaction_id).ok_or("312")?;
        payment.operate(&wish, number, now)
    })
}

/// A body's members, whatever its content type says; an empty body has none.
pub fn object(body: &[u8]) -> Result<Object, &'static str> {
    if body.trim_ascii().is_empty() {
        return Ok(Object::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) | Err(_) => Err("402"),
    }
}

/// Why a subscription cannot be cancelled: there are none here. The reason is looked at first.
pub fn subscription_refusal(body: &[u8]) -> &'static str {
    let reason = object(body).map(|body| body.get("cancelReason").cloned());
    match reason {
        Err(code) => code,
        Ok(None | Some(Value::Null)) => "401",
        Ok(Some(_)) => "678",
    }
}

pub fn cancel_subscription(body: &[u8]) -> HttpResponse {
    let code = subscription_refusal(body);
    wire::code(StatusCode::OK, code, wire::message(code))
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
    let unasked = ["chargeback", "reversal"];
    let named = |name: &str| parameter(&query, name).unwrap_or_default().to_ascii_lowercase();
    for name in ["operation", "paymentMethod"] {
        if unasked.contains(&named(name).as_str()) {
            return wire::code(
                StatusCode::OK,
                "501",
                &format!("Incorrect transaction data: {name}"),
            );
        }
    }
    let version = version(&query).unwrap_or(Version::NESTED);
    let is_wanted = |attempt: &Attempt| {
        (start..end).contains(&attempt.date.div_euclid(1000))
            && same(&query, "operation", attempt.operation.wire())
            && same(&query, "paymentMethod", attempt.mean.method.wire())
            && same(&query, "paymentNetwork", attempt.mean.network.as_deref().unwrap_or_default())
            && has_code(&query, &attempt.result_code)
    };
    let transactions: Vec<Value> = shared.store.read(shared.clock.now(), |state| {
        let found = state.attempts(&account.number).into_iter();
        found
            .filter(|(_, attempt)| is_wanted(attempt))
            .map(|(payment, attempt)| wire::transaction(payment, attempt, version))
            .collect()
    });
    wire::ok(&json!({ "apiVersion": version.to_string(), "transactions": transactions }))
}

/// Whether a filter is absent, empty, or means this.
fn same(query: &[(String, String)], name: &str, value: &str) -> bool {
    parameter(query, name)
        .is_none_or(|wanted| wanted.is_empty() || wanted.eq_ignore_ascii_case(value))
}

/// The filter is a number: 0 means "000".
fn has_code(query: &[(String, String)], code: &str) -> bool {
    parameter(query, "transactionResultCode").is_none_or(|wanted| {
        wanted.is_empty() || wanted.parse::<i32>().is_ok_and(|wanted| code.parse() == Ok(wanted))
    })
}
