//! The JSON that goes out: payment status, transaction attempt, account, plain answers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Account;
use super::payment::{Attempt, Method, Object, Operation, Payment, UNDECIDED};
use super::version::Version;

/// Where everybody who uses the page comes from.
pub const LOOPBACK: &str = "127.0.0.1";

pub fn answer(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "application/json; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body.to_string())
}

pub fn ok(body: &Value) -> HttpResponse {
    answer(StatusCode::OK, body)
}

/// `code` is a string everywhere: clients compare it with strings.
pub fn code(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    answer(status, &json!({ "code": code, "message": message }))
}

/// The payment status, for the status call, the callback and the return form.
pub fn status(payment: &Payment, version: Version, now: DateTime<Utc>) -> Value {
    let mut body = Object::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    let last = payment.last_initial();
    let error_code = last.map_or(UNDECIDED, |attempt| &attempt.result_code);
    set("apiVersion", version.to_string().into());
    set("status", payment.status(now).into());
    set("merchantToken", payment.merchant_token.as_str().into());
    set("errorCode", error_code.into());
    set("errorMessage", message(error_code).into());
    set("currency", payment.currency.code().into());
    set("amount", payment.amount_minor.into());
    set("order", payment.order.clone().into());
    set("shipping", payment.shipping.clone().into());
    let transactions = payment
        .attempts
        .iter()
        .filter(|attempt| {
            version >= Version::ALL_TRANSACTIONS || attempt.ref_transaction_id.is_none()
        })
        .map(|attempt| transaction(payment, attempt, version));
    set("transactions", transactions.collect());
    // Java's client fails on an operation that is empty or null.
    if let Some(attempt) = last {
        set("operation", attempt.operation.wire().into());
    }
    if let Some(data) = &payment.custom_data {
        set("ctrlCustomData", data.as_str().into());
    }
    if let (Some(id), true) = (payment.order.get("id"), version < Version::NESTED) {
        set("orderID", id.clone());
    }
    body.into()
}

/// One transaction attempt.
pub fn transaction(payment: &Payment, attempt: &Attempt, version: Version) -> Value {
    let mut body = Object::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("paymentID", payment.short_id.as_str().into());
    set("paymentMerchantToken", payment.merchant_token.as_str().into());
    set("transactionID", attempt.transaction_id.as_str().into());
    set("providerTransactionID", attempt.transaction_id.as_str().into());
    let method = if version < Version::PAYMENT_METHOD { "paymentType" } else { "paymentMethod" };
    let is_chargeback = attempt.operation == Operation::Chargeback;
    let way = if is_chargeback { "Chargeback" } else { attempt.mean.method.wire() };
    set(method, way.into());
    // Java's client knows no credits, and gives the whole answer up for one.
    if attempt.operation != Operation::Credit || version >= Version::OPEN_LISTS {
        set("operation", attempt.operation.wire().into());
    }
    set("date", attempt.date.into());
    set("amount", attempt.amount_minor.into());
    set("refundedAmount", attempt.refunded_minor.into());
    set("currency", payment.currency.code().into());
    set("resultCode", attempt.result_code.as_str().into());
    set("resultMessage", message(&attempt.result_code).into());
    set("status", attempt.status().into());
    set("shopper", shopper(payment, attempt, version).into());
    let chargeback = json!({ "date": attempt.date, "reasonCode": "10.4" });
    let info = if is_chargeback { chargeback } else { attempt.mean.info.clone().into() };
    set("paymentMeanInfo", info);
    if let (Some(network), false) = (&attempt.mean.network, is_chargeback) {
        set("paymentNetwork", network.as_str().into());
    }
    set("isTest", true.into());
    if let Some(parent) = &attempt.ref_transaction_id {
        set("refTransactionID", parent.as_str().into());
    }
    if version >= Version::ORDER_IN_ATTEMPT {
        for (name, member) in [("orderID", "id"), ("orderDescription", "description")] {
            if let Some(value) = payment.order.get(member) {
                set(name, value.clone());
            }
        }
        if let Some(id) = &attempt.order_id {
            set("orderID", id.as_str().into());
        }
    }
    body.into()
}

fn shopper(payment: &Payment, attempt: &Attempt, version: Version) -> Object {
    let mut shopper = payment.shopper.clone();
    shopper.entry("ipAddress").or_insert_with(|| LOOPBACK.into());
    if let Some(email) = &attempt.mean.email {
        shopper.insert("email".to_owned(), email.as_str().into());
    }
    if version < Version::NESTED {
        for (old, new) in [("address", "address1"), ("phone", "homePhone")] {
            if let Some(value) = shopper.get(new).cloned() {
                shopper.insert(old.to_owned(), value);
            }
        }
        if let Some(name) = payment.shopper_name() {
            shopper.insert("name".to_owned(), name.into());
        }
    }
    shopper
}

/// What the account may do. There is no `code` here.
pub fn account(account: &Account, version: Version, base_url: &str) -> Value {
    let currencies: Vec<&str> = account.currencies.iter().map(|c| c.code()).collect();
    let methods: Vec<Value> = Method::ALL
        .into_iter()
        .map(|method| {
            let mut members = Object::new();
            members.insert("paymentMethod".to_owned(), method.wire().into());
            members.insert("currencies".to_owned(), currencies.clone().into());
            let promises = account.authorizes && method == Method::CreditCard;
            let operation = if promises { Operation::Authorize } else { Operation::Sale };
            members.insert("defaultOperation".to_owned(), operation.wire().into());
            if method == Method::CreditCard {
                let options = json!([{ "name": "3dsMode", "value": "honor" },
                    { "name": "3dsVersion", "value": "v2" }]);
                members.insert("options".to_owned(), options);
            }
            Value::from(members)
        })
        .collect();
    let mut answer = json!({
        "apiVersion": version.to_string(),
        "name": account.name,
        "displayTerms": false,
        "termsUrl": base_url,
        "supportUrl": base_url,
        "maxAttempts": account.attempts_max,
        "notificationSenderName": account.name,
        "notificationSenderEmail": "sandbox@localhost",
        "notificationOnSuccess": false,
        "notificationOnFailure": false,
        "merchantNotification": false,
        "merchantNotificationTo": "",
        "merchantNotificationLang": "en",
        "paymentMethods": methods,
    });
    if let (true, Some(members)) = (version >= Version::OPEN_LISTS, answer.as_object_mut()) {
        let themes = json!([{ "themeId": 1, "name": "Sandbox", "seamlessLibraries": [] }]);
        members.insert("themes".to_owned(), themes);
    }
    answer
}

/// The text of a result code.
pub fn message(code: &str) -> &'static str {
    match code {
        "000" => "Transaction successfully completed",
        UNDECIDED => "No outcome yet",
        "005" => "Authorisation declined",
        "012" => "Invalid Transaction",
        "013" => "Invalid amount",
        "014" => "Invalid card",
        "030" => "Format error",
        "051" => "Insufficient funds",
        "054" => "Card expired",
        "064" => "Amount exceeds the original transaction",
        "065" => "Soft decline, strong authentication needed",
        "091" => "Issuer temporarily out of reach",
        "312" => "Transaction not found",
        "401" => "Missing data",
        "402" => "JSON error",
        "500" => "Card is on the blacklist",
        "501" => "E-mail is on the blacklist",
        "502" => "IP address is on the blacklist",
        "678" => "Invalid subscription ID",
        _ => "Transaction failed",
    }
}
