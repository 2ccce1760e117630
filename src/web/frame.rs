//! Around every request: an id, a log line, the security headers, problem pages, compression. It
//! also stands where a handler panics: the request answers 500, the process lives.

use std::any::Any;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_session::storage::{SaveError, UpdateError};
use actix_web::body::{BoxBody, MessageBody, to_bytes_limited};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _};
use data_encoding::BASE32_NOPAD;
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::api::{self, Problem, ProblemReader};
use super::app::App;
use super::client::RequestId;
use super::forms::FORM_BYTES_MAX;
use super::page::{html_with, see_other};
use super::problem::ProblemPage;
use super::refusal::{self, Way};
use super::shell::Ui;
use super::{again, connections, denial, poll};
use crate::auth::api::{ApiClient, StaffClient};
use crate::auth::session::{self, SessionEnded};
use crate::crypto;
use crate::kernel::{Error, MerchantId, UserId};
use crate::metrics;
use crate::traces::{KeyValue, Work};

/// How long a handler may take (SEC-16); a body that is longer than a form's has a second more for
/// each 64 KiB.
const DEADLINE: Duration = Duration::from_secs(10);
/// What stands for the template of an address that we don't have.
const NO_ROUTE: &str = "-";
/// Below this many bytes compression saves no packet.
const COMPRESS_FROM: usize = 1_024;
const COMPRESS_MAX: usize = 4 * 1024 * 1024;

/// What is known of a request before anybody looked at it.
struct Reader {
    ui: Ui,
    request_id: String,
    method: Method,
    path_and_query: String,
    accepts: Encoding,
    /// The browser shows the answer as a page; it is not a script that asks.
    is_navigation: bool,
    is_poll: bool,
    /// Its session ended while the request was on its way.
    has_ended: bool,
    policy: Option<HeaderValue>,
    /// Errors are told to a program, by the origin that names their kinds; else to a person.
    api_origin: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// The outermost middleware.
pub async fn frame<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if api::is_api(req.request()) {
        // Before anybody can read them: no session, no language, nothing of the API is in a cookie.
        req.headers_mut().remove(header::COOKIE);
    }
    let _in_flight = metrics::InFlight::begin();
    let mut reader = Reader::of(&req);
    let deadline = deadline(&req);
    let answered = connections::working(req.request(), deadline);
    req.extensions_mut().insert(RequestId(reader.request_id.clone()));
    let span = tracing::info_span!("request", request.id = %reader.request_id);
    let work = Work::begin();
    let answer = session::noting_use(reader.is_poll, next.call(req));
    let doing = AssertUnwindSafe(answer).catch_unwind().instrument(span.clone());
    let outcome = tokio::time::timeout(deadline, work.around(doing)).await;
    answered();
    let result = match outcome {
        Ok(Ok((result, has_ended))) => {
            reader.has_ended = has_ended;
            result.map(ServiceResponse::map_into_boxed_body)
        }
        Ok(Err(panic)) => {
            Err(Error::internal(format!("a handler panicked: {}", kind(&panic))).into())
        }
        Err(_) => Err(Error::unavailable("handler", "it took longer than its deadline").into()),
    };
    let mut way = None;
    if let Ok(response) = &result {
        denial::note(response).await;
        way = refusal::way(response).await;
    }
    let _entered = span.enter();
    match result {
        Ok(response) => Ok(reader.finish(response, way.as_ref(), work)),
        Err(error) => {
            let response = reader.problem(&error, None, false);
            let response = reader.dress(reader.compress(response));
            reader.log(NO_ROUTE, None, response.status(), work);
            Err(InternalError::from_response("answered by a problem page", response).into())
        }
    }
}

/// The time that a request has: more only for a body that says how long it is, where so long a one is
/// read.
fn deadline(req: &ServiceRequest) -> Duration {
    let length = req.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    let routes = req.app_data::<Data<App>>().map_or(&[][..], |app| &app.routes);
    if length <= FORM_BYTES_MAX {
        return DEADLINE;
    }
    let pattern = req.match_pattern().unwrap_or_default();
    let route = routes.iter().find(|route| route.path == pattern && route.method == *req.method());
    let body = route.map_or(FORM_BYTES_MAX, |route| length.min(route.body_bytes_max));
    let seconds = u64::try_from(body / FORM_BYTES_MAX - 1).unwrap_or(0);
    DEADLINE + Duration::from_secs(seconds)
}

impl Reader {
    fn of(req: &ServiceRequest) -> Self {
        let random = crypto::random::<16>().unwrap_or_default();
        let accepted =
            req.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let mode = req.headers().get("sec-fetch-mode").and_then(|value| value.to_str().ok());
        Self {
            ui: Ui::of(req.request()),
            request_id: BASE32_NOPAD.encode(&random),
            method: req.method().clone(),
            path_and_query: req
                .uri()
                .path_and_query()
                .map_or_else(|| "/".into(), ToString::to_string),
            accepts: match accepted.unwrap_or_default() {
                accepted if accepted.contains("br") => Encoding::Brotli,
                accepted if accepted.contains("gzip") => Encoding::Gzip,
                _ => Encoding::Plain,
            },
            is_navigation: mode.is_none_or(|mode| mode == "navigate"),
            is_poll: poll::is_poll(req.headers()),
            has_ended: false,
            policy: req.app_data::<Data<App>>().map(|app| app.policies.backoffice.clone()),
            api_origin: api::is_api(req.request()).then(|| {
                req.app_data::<Data<App>>().map(|app| app.public_origin.clone()).unwrap_or_default()
            }),
        }
    }

    /// Turns errors into pages, adds what every answer has, writes the log line.
    fn finish(
        &self,
        response: ServiceResponse<BoxBody>,
        way: Option<&Way>,
        work: Work,
    ) -> ServiceResponse<BoxBody> {
        let (req, mut response) = response.into_parts();
        let needs_page = response.status().is_client_error() || response.status().is_server_error();
        let is_silent = session::lapsed(&req).is_some_and(|lapsed| lapsed.is_silent);
        if let Some(error) = response.error() {
            let headers = response.headers().clone();
            response = keep(headers, self.problem(error, way, is_silent));
        } else if needs_page && is_empty(&response) {
            let headers = response.headers().clone();
            let status = response.status();
            response = keep(headers, self.page(status, None, None));
        }
        let response = self.dress(self.compress(response));
        self.log(template(&req), who(&req), response.status(), work);
        ServiceResponse::new(req, response)
    }

    /// The page for an error; a redirect to the sign-in where one is needed. `is_silent`: the provider
    /// may answer for the user.
    fn problem(
        &self,
        error: &actix_web::Error,
        way: Option<&Way>,
        is_silent: bool,
    ) -> HttpResponse {
        if let Some(reader) = self.program() {
            let behind = error.as_error::<Problem>().and_then(Problem::error);
            behind.or_else(|| error.as_error::<Error>()).into_iter().for_each(tell);
            return reader.answer(error);
        }
        if self.has_ended {
            tracing::info!(cause = %SessionEnded, "a request outlived its session");
            return self.to_sign_in(is_silent);
        }
        let is_unwritten = error.as_error::<InternalError<UpdateError>>().is_some()
            || error.as_error::<InternalError<SaveError>>().is_some();
        let unwritten = Error::unavailable("sessions", "a session could not be written");
        let known = is_unwritten.then_some(&unwritten);
        match known.or_else(|| error.as_error::<Error>()) {
            Some(Error::SignInRequired | Error::FreshSignInRequired) => self.to_sign_in(is_silent),
            Some(known) => {
                tell(known);
                let status = known.status_code();
                let mut page = self.page(status, Some(known), way);
                if let Error::TooManyRequests { retry_after_seconds } = known {
                    page.headers_mut()
                        .insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
                } else if let Error::Unavailable(..) = known {
                    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(10));
                }
                page
            }
            None => {
                let status = error.as_response_error().status_code();
                tracing::warn!(status = status.as_u16(), "actix refused a request: {error}");
                self.page(status, None, None)
            }
        }
    }

    /// The second form of what goes wrong, for requests of the API.
    fn program(&self) -> Option<ProblemReader<'_>> {
        let origin = self.api_origin.as_deref()?;
        Some(ProblemReader { t: self.ui.lang.texts(), origin, request_id: &self.request_id })
    }

    fn page(&self, status: StatusCode, error: Option<&Error>, way: Option<&Way>) -> HttpResponse {
        if let Some(reader) = self.program() {
            return reader.status(status);
        }
        html_with(status, &ProblemPage::new(self.ui, status, error, way, &self.request_id))
            .unwrap_or_else(|_| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// To the page with the button; straight to the provider where only its access token ran out.
    fn to_sign_in(&self, is_silent: bool) -> HttpResponse {
        if self.is_poll {
            // The page tells it in its own words.
            return HttpResponse::Unauthorized().finish();
        }
        let is_get = self.method == Method::GET;
        let back = if is_get { self.path_and_query.as_str() } else { "/" };
        if is_get && self.is_navigation && is_silent {
            return see_other(again::address(back, false));
        }
        let query = serde_urlencoded::to_string([("return_to", back)]).unwrap_or_default();
        see_other(format!("/sign-in?{query}"))
    }

    /// The headers of SEC-1, where the handler has not said something else.
    fn dress(&self, mut response: HttpResponse) -> HttpResponse {
        let headers = response.headers_mut();
        let mut default = |name: HeaderName, value: HeaderValue| {
            if !headers.contains_key(&name) {
                headers.insert(name, value);
            }
        };
        let fixed = HeaderValue::from_static;
        default(header::STRICT_TRANSPORT_SECURITY, fixed("max-age=63072000; includeSubDomains"));
        if let Some(policy) = &self.policy {
            default(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        default(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
        default(header::REFERRER_POLICY, fixed("same-origin"));
        default(HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin"));
        default(HeaderName::from_static("cross-origin-resource-policy"), fixed("same-origin"));
        default(
            HeaderName::from_static("permissions-policy"),
            fixed("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        );
        default(header::CACHE_CONTROL, fixed("no-store"));
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            default(HeaderName::from_static("x-request-id"), id);
        }
        response
    }

    /// Packs a page once, as a whole, with its length: streaming encoders wait for packets.
    fn compress(&self, response: HttpResponse) -> HttpResponse {
        let is_text = response.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            value.as_bytes().starts_with(b"text/html")
                || value.as_bytes().starts_with(b"application/json")
                || value.as_bytes().starts_with(b"application/problem+json")
        });
        if !is_text
            || self.accepts == Encoding::Plain
            || response.headers().contains_key(header::CONTENT_ENCODING)
        {
            return response;
        }
        let (head, body) = response.into_parts();
        // Pages are rendered into a buffer: the whole body is there.
        let Some(Ok(Ok(plain))) = to_bytes_limited(body, COMPRESS_MAX).now_or_never() else {
            return self.page(StatusCode::INTERNAL_SERVER_ERROR, None, None);
        };
        let (packed, name) = match self.accepts {
            _ if plain.len() < COMPRESS_FROM => (None, ""),
            Encoding::Brotli => (brotli(&plain), "br"),
            Encoding::Gzip => (gzip(&plain), "gzip"),
            Encoding::Plain => (None, ""),
        };
        let mut response = head.set_body(BoxBody::new(packed.clone().unwrap_or(plain)));
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Cookie"));
        if packed.is_some() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }

    fn log(
        &self,
        template: &'static str,
        who: Option<(UserId, Option<MerchantId>)>,
        status: StatusCode,
        work: Work,
    ) {
        let (method, took) = (method(&self.method), work.took());
        metrics::request_ended(method, template, status.as_u16(), took);
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let user_id = who.map(|(user_id, _)| tracing::field::display(user_id));
        let merchant_id = who.and_then(|(_, merchant_id)| merchant_id).map(tracing::field::display);
        tracing::info!(
            http.method = %self.method, http.route = template, http.status = status.as_u16(), duration_ms,
            user.id = user_id, merchant.id = merchant_id,
            "{} {template} {} in {duration_ms} ms", self.method, status.as_u16(),
        );
        work.ended_request(status.is_server_error(), || {
            let mut about = vec![
                KeyValue::new("http.request.method", method),
                KeyValue::new("http.route", template),
                KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
                KeyValue::new("request.id", self.request_id.clone()),
            ];
            if let Some(merchant_id) = who.and_then(|(_, merchant_id)| merchant_id) {
                about.push(KeyValue::new("merchant.id", merchant_id.to_string()));
            }
            (format!("{method} {template}"), about)
        });
    }
}

/// The template of the request's address: of those that are registered, so that nobody can make up more.
fn template(req: &HttpRequest) -> &'static str {
    let (Some(app), Some(pattern)) = (req.app_data::<Data<App>>(), req.match_pattern()) else {
        return NO_ROUTE;
    };
    app.routes.iter().find(|route| route.path == pattern).map_or(NO_ROUTE, |route| route.path)
}

/// The method, of those that somebody may use here.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    }
}

/// Who asked, and for which merchant, as far as the request has proved it.
fn who(req: &HttpRequest) -> Option<(UserId, Option<MerchantId>)> {
    if let Some(client) = ApiClient::of(req) {
        return Some((client.user_id(), Some(client.merchant_id())));
    }
    if let Some(client) = StaffClient::of(req) {
        return Some((client.user_id(), None));
    }
    let principal = session::principal(req).ok().flatten()?;
    Some((principal.user_id, principal.current().map(|current| current.merchant_id)))
}

/// The cause of an error, once, in the log.
fn tell(error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!(error = ?cause, "request failed: {error}"),
        Error::Unavailable(..) => {
            tracing::error!(error = ?error.cause(), "request failed: {error}");
        }
        Error::Forbidden(_)
        | Error::ForeignForm
        | Error::TooManyRequests { .. }
        | Error::Malformed(_) => {
            tracing::warn!("request refused: {error}");
        }
        Error::SignInRequired
        | Error::FreshSignInRequired
        | Error::NotFound
        | Error::Conflict
        | Error::UnsupportedMedia
        | Error::TooLarge => {}
    }
}

/// The kind of a panic's value; its words may hold personal data.
fn kind(panic: &(dyn Any + Send)) -> &'static str {
    if panic.is::<&str>() { "with words" } else { "with a value" }
}

fn is_empty(response: &HttpResponse) -> bool {
    matches!(
        response.body().size(),
        actix_web::body::BodySize::None | actix_web::body::BodySize::Sized(0)
    )
}

/// Headers that the page must not lose, such as `Allow` and cookies.
fn keep(headers: HeaderMap, mut page: HttpResponse) -> HttpResponse {
    for (name, value) in headers {
        if name == header::ALLOW || name == header::SET_COOKIE {
            page.headers_mut().append(name, value);
        }
    }
    page
}

fn gzip(plain: &Bytes) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(4));
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn brotli(plain: &Bytes) -> Option<Bytes> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 4, lgwin: 18, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut plain.as_ref(), &mut packed, &parameters).ok()?;
    Some(Bytes::from(packed))
}
