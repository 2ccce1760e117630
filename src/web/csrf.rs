//! A form of ours comes from a page of ours (SEC-5): checked before any handler.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};

use super::again::Place;
use super::api;
use super::app::App;
use super::forms::{self, FORM_BYTES_MAX};
use super::upload;
use crate::auth::{csrf, session};
use crate::kernel::{Error, UserId};

/// The field of a form that carries the token; scripts send it as the header `x-csrf-token`.
pub const TOKEN_FIELD: &str = "_csrf";
const TOKEN_HEADER: &str = "x-csrf-token";

/// Addresses that others post to, each with a proof of its own or none needed. Nothing else may
/// stand here, but for the API: [`api::is_api`] names its addresses, which read no cookie, so that no
/// browser can be made to send one along.
pub const EXEMPT: [&str; 6] = [
    "/gateway/connect2pay/callback",
    "/pay/{token}/return",
    // Posted by mail programs (RFC 8058); the link is the proof.
    "/pay/{token}/reminders",
    "/unsubscribe/{token}",
    "/sign-in/back-channel-logout",
    "/csp-report",
];

/// Addresses that are posted to without a session: there is no token yet, the browser's own word
/// for where the form stands (fetch metadata, origin) has to do.
const WITHOUT_SESSION: [&str; 7] = [
    "/sign-in",
    "/pay/{token}",
    "/display",
    "/invitations/{token}",
    "/unsubscribe/{token}/undo",
    // The link is the proof.
    "/email-changes/{token}",
    "/email-changes/{token}/cancellation",
];

/// Refuses with the first thing that is wrong: the browser's `Sec-Fetch-Site`, else its `Origin`;
/// the body's type; the session's token. A form that is good but for the time that has passed is
/// kept, and its user signs in again.
pub async fn check<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match inspect(&mut req).await {
        Ok(Form::NotOne) => next.call(req).await.map(ServiceResponse::map_into_boxed_body),
        Ok(Form::Good(user_id, body)) => {
            let place = Place::of(&req)?;
            let response = next.call(req).await?.map_into_boxed_body();
            let error = response.response().error().and_then(|error| error.as_error::<Error>());
            if matches!(error, Some(Error::FreshSignInRequired)) && place.is_page() {
                let kept = place.keep_form(user_id, &body, true).await;
                let kept = kept.unwrap_or_else(HttpResponse::from_error);
                return Ok(response.into_response(kept));
            }
            Ok(response)
        }
        Ok(Form::Late(user_id, body)) => {
            let kept = Place::of(&req)?.keep_form(user_id, &body, false).await;
            Ok(req.into_response(kept.unwrap_or_else(HttpResponse::from_error)))
        }
        Err(error) => Ok(req.error_response(error)),
    }
}

/// What came.
enum Form {
    /// No form, or one that proves itself otherwise.
    NotOne,
    /// It is this session's own.
    Good(UserId, Bytes),
    /// It was this user's own; the session is over.
    Late(UserId, Bytes),
}

async fn inspect(req: &mut ServiceRequest) -> Result<Form, Error> {
    // TRACE and methods that nobody knows reach no handler: they answer 405.
    if !matches!(*req.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        return Ok(Form::NotOne);
    }
    let pattern = req.match_pattern().unwrap_or_default();
    if EXEMPT.contains(&pattern.as_str()) || api::is_api(req.request()) {
        return Ok(Form::NotOne);
    }
    comes_from_us(req)?;
    let Some(body_bytes_max) = body_bytes_max(req, &pattern) else { return Ok(Form::NotOne) };
    let principal = session::principal(req.request())?;
    let lapsed = session::lapsed(req.request());
    if body_bytes_max > FORM_BYTES_MAX && principal.is_none() && lapsed.is_none() {
        // What a stranger sends is not read.
        return Err(Error::SignInRequired);
    }
    let body = forms::body(req, body_bytes_max).await?;
    req.set_payload(Payload::from(body.clone()));
    if WITHOUT_SESSION.contains(&pattern.as_str()) {
        return Ok(Form::NotOne);
    }
    if let Some(principal) = principal {
        has_token(req, &body, &principal.csrf_secret).await?;
        return Ok(Form::Good(principal.user_id, body));
    }
    let lapsed = lapsed.ok_or(Error::SignInRequired)?;
    has_token(req, &body, &lapsed.csrf_secret).await.map_err(|_| Error::SignInRequired)?;
    let may_wait = Place::of(req)?.is_page() && pattern != "/sign-out";
    if may_wait { Ok(Form::Late(lapsed.user_id, body)) } else { Err(Error::SignInRequired) }
}

/// How much of a body is read by what of ours would act on the request; `None`: nothing would, it
/// answers 404 or 405.
fn body_bytes_max(req: &ServiceRequest, pattern: &str) -> Option<usize> {
    let Some(app) = req.app_data::<Data<App>>() else { return Some(FORM_BYTES_MAX) };
    let mut routes = app.routes.iter();
    let route = routes.find(|route| route.path == pattern && route.method == *req.method());
    route.map(|route| route.body_bytes_max)
}

fn comes_from_us(req: &ServiceRequest) -> Result<(), Error> {
    let text = |name: &str| req.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin =
        req.app_data::<Data<App>>().map(|app| app.public_origin.clone()).unwrap_or_default();
    let is_ours = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(given)) => given == origin,
        (None, None) => false,
    };
    if !is_ours {
        return Err(Error::ForeignForm);
    }
    let content_type = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let known = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];
    if known.contains(&essence) { Ok(()) } else { Err(Error::UnsupportedMedia) }
}

async fn has_token(req: &ServiceRequest, body: &Bytes, secret: &[u8; 32]) -> Result<(), Error> {
    let in_header = req.headers().get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let token = match in_header {
        Some(token) => Some(token.to_owned()),
        None if forms::essence(req.request()) == upload::ESSENCE => {
            upload::token(req.headers(), body.clone()).await
        }
        None => forms::field(body, TOKEN_FIELD),
    };
    match token {
        Some(token) if csrf::verify(secret, &token) => Ok(()),
        _ => Err(Error::ForeignForm),
    }
}
