//! The payment-gateway API: another host in reality, another port here, for its routes look like the
//! payment page's and answer other members. Only two of its calls are here; every other route
//! answers 404.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::payment::{Attempt, Method as Way, Payment, SUCCESS};
use super::{Account, Shared, api, read_body, wire};

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
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, [kind, id]) if kind.eq_ignore_ascii_case("transaction") => {
            show(&shared, &account, id)
        }
        (&Method::POST, [kind, id, verb])
            if kind.eq_ignore_ascii_case("transaction") && verb.eq_ignore_ascii_case("refund") =>
        {
            refund(&shared, &account, &body, id)
        }
        _ => error(StatusCode::NOT_FOUND, "404", "Not found"),
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    wire::answer(status, &json!({ "errorCode": code, "errorMessage": message }))
}

fn show(shared: &Shared, account: &Account, id: &str) -> HttpResponse {
    let found = shared.store.read(shared.clock.now(), |state| {
        let (payment, _) = state.by_transaction(&account.number, id)?;
        let attempt = payment.attempts.iter().find(|a| a.transaction_id == id)?;
        Some(transaction(payment, attempt))
    });
    match found {
        Some(transaction) => wire::ok(&json!({ "errorCode": "000",
            "errorMessage": wire::message(SUCCESS), "transaction": transaction })),
        None => error(StatusCode::OK, "312", wire::message("312")),
    }
}

fn transaction(payment: &Payment, attempt: &Attempt) -> Value {
    let status = if attempt.result_code == SUCCESS { "Authorized" } else { "unauthorized" };
    let way = match attempt.mean.method {
        Way::CreditCard => "creditcard",
        Way::Alipay => "alipay",
    };
    let parent = attempt.ref_transaction_id.as_deref().and_then(|id| id.parse::<i32>().ok());
    json!({
        "transactionID": attempt.transaction_id,
        "orderID": payment.order_text("id"),
        "referralID": parent,
        "subscriptionID": null,
        "status": status,
        "errorCode": attempt.result_code,
        "operation": attempt.operation.wire(),
        "paymentType": way,
        "paymentMeanInfo": attempt.mean.info,
        "date": attempt.date.div_euclid(1000),
        "shopperEmail": attempt.mean.email,
        "customerIP": "127.0.0.1",
        "amount": attempt.amount_minor,
        "currency": payment.currency.code(),
        "orderDescription": payment.order_text("description"),
    })
}

fn refund(shared: &Shared, account: &Account, body: &[u8], id: &str) -> HttpResponse {
    match api::refund_result(shared, account, body, id) {
        Ok(transaction_id) => wire::ok(&json!({ "errorCode": "000",
            "errorMessage": wire::message(SUCCESS), "transactionID": transaction_id })),
        Err(code) => error(StatusCode::OK, code, wire::message(code)),
    }
}
