//! Which address leads where. Fixed parts of a path are read without regard to case, and every
//! answer that is not a page is JSON, whatever its status.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use super::operations::Act;
use super::{Shared, api, assets, control, direct, pages, read_body, transactions_api, wire};

/// What a path means. Tokens and numbers are borrowed from it.
enum Route<'a> {
    Prepare,
    Status(&'a str),
    Page(&'a str),
    Submit(&'a str),
    Asset(&'a str),
    Account,
    AlipayDirect(&'a str),
    Info(&'a str),
    Export,
    Operate(Act, &'a str),
    CancelSubscription,
    Control,
    SetClock,
    SetCallbacks,
    ChargeBack,
    Unknown,
}

impl<'a> Route<'a> {
    fn of(method: &Method, path: &'a str) -> Self {
        let is_get = matches!(*method, Method::GET | Method::HEAD);
        let is_post = *method == Method::POST;
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let lower: Vec<String> = segments.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match (lower.as_slice(), segments.as_slice()) {
            (["payment" | "transaction", "prepare"], _) if is_post => Self::Prepare,
            (["payment" | "transaction", _, "status"], [_, token, _]) if is_get => {
                Self::Status(token)
            }
            (["payment", _, "process", "alipay", "direct"], [_, token, ..]) if is_post => {
                Self::AlipayDirect(token)
            }
            (["transaction", _, "info"], [_, id, _]) if is_get => Self::Info(id),
            (["transaction", _, "refund", "confirm"], [_, id, ..]) if is_post => {
                Self::Operate(Act::ConfirmRefund, id)
            }
            (
                ["transaction", _, verb @ ("refund" | "capture" | "cancel" | "rebill")],
                [_, id, _],
            ) if is_post => Act::parse(verb).map_or(Self::Unknown, |act| Self::Operate(act, id)),
            // Node's client cancels subscriptions under `rebill`.
            (["subscription", _, "cancel" | "rebill"], _) if is_post => Self::CancelSubscription,
            (["transactions", "export"], _) if is_get => Self::Export,
            (["sandbox"], _) if is_get => Self::Control,
            (["sandbox", "clock"], _) if is_post => Self::SetClock,
            (["sandbox", "callbacks"], _) if is_post => Self::SetCallbacks,
            (["sandbox", "chargebacks"], _) if is_post => Self::ChargeBack,
            (["account"], _) if is_get => Self::Account,
            (["assets", _], [_, name]) if is_get => Self::Asset(name),
            (["payment" | "transaction", _], [_, token]) if is_get => Self::Page(token),
            (["payment" | "transaction", _], [_, token]) if is_post => Self::Submit(token),
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
        return wire::code(StatusCode::PAYLOAD_TOO_LARGE, "400", "Body too large");
    };
    let path = request.path().to_owned();
    let route = Route::of(request.method(), &path);
    match route {
        Route::Page(token) => pages::show(&shared, &request, token),
        Route::Submit(token) => pages::submit(&shared, &request, token, &body).await,
        Route::Asset(name) => assets::get(name).unwrap_or_else(unknown),
        Route::Prepare
        | Route::Status(_)
        | Route::Account
        | Route::AlipayDirect(_)
        | Route::Info(_)
        | Route::Export
        | Route::Operate(..)
        | Route::CancelSubscription
        | Route::Control
        | Route::SetClock
        | Route::SetCallbacks
        | Route::ChargeBack
        | Route::Unknown => call(&shared, &request, &body, &route),
    }
}

/// A call of the API.
fn call(shared: &Shared, request: &HttpRequest, body: &[u8], route: &Route<'_>) -> HttpResponse {
    if shared.is_down() {
        return wire::code(StatusCode::SERVICE_UNAVAILABLE, "500", "Service unavailable");
    }
    if matches!(route, Route::Unknown) {
        return unknown();
    }
    let Some(account) = api::account(shared, request) else {
        return wire::code(StatusCode::FORBIDDEN, "403", "Authentication failed");
    };
    match route {
        Route::Prepare => api::prepare(shared, &account, body),
        Route::Status(token) => api::status(shared, &account, request, token),
        Route::Account => api::account_information(shared, &account, request),
        Route::AlipayDirect(token) => direct::alipay_direct(shared, &account, token, body),
        Route::Info(id) => transactions_api::info(shared, &account, request, id),
        Route::Export => transactions_api::export(shared, &account, request),
        Route::Operate(act, id) => transactions_api::operate(shared, &account, body, *act, id),
        Route::Control => control::show(shared),
        Route::SetClock => control::set_clock(shared, body),
        Route::SetCallbacks => control::set_callbacks(shared, body),
        Route::ChargeBack => control::charge_back(shared, &account, body),
        Route::CancelSubscription => transactions_api::cancel_subscription(body),
        Route::Page(_) | Route::Submit(_) | Route::Asset(_) | Route::Unknown => unknown(),
    }
}

fn unknown() -> HttpResponse {
    wire::code(StatusCode::NOT_FOUND, "404", "Not found")
}
