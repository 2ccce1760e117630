//! The payment-gateway API: another host in reality, another port here, for its routes look like the
//! payment page's and answer other members. It works on the same payments. What it does not have:
//! Todito, the steps of 3-D Secure, and subscriptions (there are none, and each number is an unknown
//! one).

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::api::{parameter, query};
use super::blacklist::Kind;
use super::operations::Act;
use super::payment::{Attempt, Method as Way, Operation, Payment, SUCCESS};
use super::{Account, Shared, api, read_body, sales, transactions_api, wire};

/// What a path means; see the payment page's `routes.rs`.
enum Route<'a> {
    Show(&'a str),
    /// All, or one operation's.
    List(Option<&'a str>),
    Sell(Operation),
    Operate(Act, &'a str),
    BlacklistTransaction(&'a str),
    Blacklist,
    /// Of a subscription or an offer; there is none.
    Subscription,
    CancelSubscription,
    Subscriptions,
    Unknown,
}

impl<'a> Route<'a> {
    fn of(method: &Method, path: &'a str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let lower: Vec<String> = segments.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let is_get = *method == Method::GET;
        let is_post = *method == Method::POST;
        match (lower.as_slice(), segments.as_slice()) {
            (["transaction", _], [_, id]) if is_get => Self::Show(id),
            (["transactions"], _) if is_get => Self::List(None),
            (["transactions", _], [_, operation]) if is_get => Self::List(Some(operation)),
            (["transaction", "sale", "creditcard"], _) if is_post => Self::Sell(Operation::Sale),
            (["transaction", "authorize", "creditcard"], _) if is_post => {
                Self::Sell(Operation::Authorize)
            }
            (["transaction", _, "blacklist"], [_, id, _]) if is_post => {
                Self::BlacklistTransaction(id)
            }
            (["transaction", _, verb], [_, id, _]) if is_post => {
                Act::parse(verb).map_or(Self::Unknown, |act| Self::Operate(act, id))
            }
            (["blacklist"], _) if is_post => Self::Blacklist,
            (["subscriptions"], _) if is_get => Self::Subscriptions,
            (["subscription", _] | ["subscription", "offer", _], _) if is_get => Self::Subscription,
            (["subscription", _, "instantconversion"], _) if is_post => Self::Subscription,
            (["subscription", _, "cancel"], _) if is_post => Self::CancelSubscription,
            _ => Self::Unknown,
        }
    }
}

pub async fn serve(
    request: HttpRequest,
    payload: web::Payload,
    shared: web::Data<Shared>,
) -> HttpResponse {
    let Some(body) = read_body(payload).await else {
        return error(StatusCode::PAYLOAD_TOO_LARGE, "400", "Body too large");
    };
    if shared.is_down() {
        return error(StatusCode::SERVICE_UNAVAILABLE, "500", "Service unavailable");
    }
    let Some(account) = api::account(&shared, &request) else {
        return error(StatusCode::FORBIDDEN, "403", "Authentication failed");
    };
    let path = request.path().to_owned();
    match Route::of(request.method(), &path) {
        Route::Show(id) => show(&shared, &account, id),
        Route::List(operation) => list(&shared, &account, &request, operation),
        Route::Sell(operation) => sales::sell(&shared, &account, &body, operation),
        Route::Operate(act, id) => operate(&shared, &account, &body, act, id),
        Route::BlacklistTransaction(id) => blacklist_transaction(&shared, &account, &body, id),
        Route::Blacklist => blacklist(&shared, &account, &body),
        Route::Subscription => refusal("678"),
        Route::CancelSubscription => refusal(transactions_api::subscription_refusal(&body)),
        Route::Subscriptions => success(json!({ "subscriptionList": [] })),
        Route::Unknown => error(StatusCode::NOT_FOUND, "404", "Not found"),
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    wire::answer(status, &json!({ "errorCode": code, "errorMessage": message }))
}

fn refusal(code: &str) -> HttpResponse {
    error(StatusCode::OK, code, wire::message(code))
}

/// `000` and what else the call answers.
fn success(mut body: Value) -> HttpResponse {
    if let Some(members) = body.as_object_mut() {
        members.insert("errorCode".to_owned(), SUCCESS.into());
        members.insert("errorMessage".to_owned(), wire::message(SUCCESS).into());
    }
    wire::ok(&body)
}

fn show(shared: &Shared, account: &Account, id: &str) -> HttpResponse {
    shared.recall(account, id);
    let found = shared.store.read(shared.clock.now(), |state| {
        let (payment, _) = state.by_transaction(&account.number, id)?;
        let attempt = payment.attempts.iter().find(|a| a.transaction_id == id)?;
        Some(transaction(payment, attempt))
    });
    match found {
        Some(transaction) => success(json!({ "transaction": transaction })),
        None => refusal("312"),
    }
}

/// By operation, kind and result code, from a second to another, both inclusive.
fn list(
    shared: &Shared,
    account: &Account,
    request: &HttpRequest,
    operation: Option<&str>,
) -> HttpResponse {
    let query = query(request);
    let seconds = |name: &str| parameter(&query, name).and_then(|text| text.parse::<i64>().ok());
    let (Some(start), Some(end)) = (seconds("startDate"), seconds("endDate")) else {
        return error(StatusCode::OK, "401", "Missing data: startDate, endDate");
    };
    let named = |name: &str| parameter(&query, name).filter(|wanted| !wanted.is_empty());
    let is_wanted = |attempt: &Attempt| {
        (start..=end).contains(&attempt.date.div_euclid(1000))
            && operation.is_none_or(|wanted| attempt.operation.wire().eq_ignore_ascii_case(wanted))
            && named("transactionType")
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind(attempt)))
            && named("transactionErrorCode").is_none_or(|code| code == attempt.result_code)
    };
    let transactions: Vec<Value> = shared.store.read(shared.clock.now(), |state| {
        let found = state.attempts(&account.number).into_iter();
        found
            .filter(|(_, attempt)| is_wanted(attempt))
            .map(|(payment, attempt)| transaction(payment, attempt))
            .collect()
    });
    success(json!({ "transactionList": transactions }))
}

const fn kind(attempt: &Attempt) -> &'static str {
    match attempt.operation {
        Operation::Chargeback => "chargeback",
        Operation::Sale
        | Operation::Authorize
        | Operation::Capture
        | Operation::Cancel
        | Operation::Rebill
        | Operation::Refund
        | Operation::RefundRequest
        | Operation::Credit => way(attempt),
    }
}

const fn way(attempt: &Attempt) -> &'static str {
    match attempt.mean.method {
        Way::CreditCard => "creditcard",
        Way::Alipay => "alipay",
    }
}

fn transaction(payment: &Payment, attempt: &Attempt) -> Value {
    let status = if attempt.result_code == SUCCESS { "Authorized" } else { "unauthorized" };
    // C#'s client reads it as a number of 32 bits.
    let parent = attempt.ref_transaction_id.as_deref().and_then(|id| id.parse::<i32>().ok());
    json!({
        "transactionID": attempt.transaction_id,
        "orderID": attempt.order_id.as_deref().or_else(|| payment.order_text("id")),
        "referralID": parent,
        "subscriptionID": null,
        "status": status,
        "errorCode": attempt.result_code,
        "operation": attempt.operation.wire(),
        "paymentType": way(attempt),
        "paymentMeanInfo": attempt.mean.info,
        "date": attempt.date.div_euclid(1000),
        "shopperName": payment.shopper_name(),
        "shopperEmail": attempt.mean.email.as_deref().or_else(|| payment.shopper_text("email")),
        "customerIP": payment.shopper_text("ipAddress").unwrap_or(wire::LOOPBACK),
        "amount": attempt.amount_minor,
        "currency": payment.currency.code(),
        "orderDescription": payment.order_text("description"),
    })
}

fn operate(shared: &Shared, account: &Account, body: &[u8], act: Act, id: &str) -> HttpResponse {
    match transactions_api::result(shared, account, body, act, id) {
        Ok(made) => wire::ok(&json!({ "errorCode": made.code,
            "errorMessage": wire::message(made.code), "transactionID": made.transaction_id })),
        Err(code) => refusal(code),
    }
}

/// Puts what is known of a transaction's card, address or network on the list.
fn blacklist_transaction(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    id: &str,
) -> HttpResponse {
    let body = match transactions_api::object(body) {
        Ok(body) => body,
        Err(code) => return refusal(code),
    };
    let is_asked = |name: &str| match body.get(name) {
        Some(Value::String(text)) => text == "1",
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::Bool(asked)) => *asked,
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
    };
    shared.recall(account, id);
    let is_known = shared.store.change(shared.clock.now(), |state| {
        let Some((payment, _)) = state.by_transaction(&account.number, id) else { return false };
        let attempt = payment.attempts.iter().find(|a| a.transaction_id == id);
        let mean = attempt.map(|attempt| &attempt.mean);
        let card = mean.and_then(|mean| mean.info.get("cardNumber")).and_then(Value::as_str);
        let email = mean.and_then(|mean| mean.email.as_deref());
        let values = [
            ("cardNumberBlackList", Kind::Card, card),
            ("shopperEmailBlackList", Kind::Email, email.or_else(|| payment.shopper_text("email"))),
            ("customerIPBlackList", Kind::Ip, payment.shopper_text("ipAddress")),
        ]
        .map(|(name, kind, value)| (name, kind, value.map(str::to_owned)));
        for (name, kind, value) in values {
            if let (true, Some(value)) = (is_asked(name), value) {
                state.blacklist.add(&account.number, kind, &value);
            }
        }
        true
    });
    if is_known { success(json!({})) } else { refusal("312") }
}

fn blacklist(shared: &Shared, account: &Account, body: &[u8]) -> HttpResponse {
    let body = match transactions_api::object(body) {
        Ok(body) => body,
        Err(code) => return refusal(code),
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (Some(kind), Some(value)) = (text("valueType"), text("value")) else {
        return error(StatusCode::OK, "401", "Missing data: valueType, value");
    };
    let Some(kind) = Kind::parse(kind) else {
        return error(StatusCode::OK, "501", "Incorrect transaction data: valueType");
    };
    shared.store.change(shared.clock.now(), |state| {
        state.blacklist.add(&account.number, kind, value);
    });
    success(json!({}))
}
