//! What the sandbox servers that show pages have in common: how they start and stop, the headers
//! of every answer, the style sheets, how fields are read.

use std::io;
use std::net::TcpListener;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::uri::Authority;
use actix_web::http::{StatusCode, Uri};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use askama::Template;
use tokio_util::sync::CancellationToken;

use crate::kernel::Lang;

const BODY_BYTES_MAX: usize = 64 * 1024;

/// No script, nothing from elsewhere. A page that needs more says so in its own answer.
const DEFAULT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, DEFAULT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: browsers would then send `Origin: null` with the site's own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (header::PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Answers on `listener` in the background until `stop`.
pub(super) fn serve(
    listener: TcpListener,
    stop: CancellationToken,
    routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<()> {
    let app = move || {
        App::new()
            .app_data(PayloadConfig::new(BODY_BYTES_MAX))
            .configure(|config| routes(config))
            .wrap(from_fn(headers))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    tokio::spawn(async move {
        stop.cancelled().await;
        handle.stop(false).await;
    });
    Ok(())
}

/// Gives every answer the headers that it does not have yet.
async fn headers<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let mut response = next.call(req).await?;
    let set = response.headers_mut();
    for (name, value) in HEADERS {
        if !set.contains_key(&name) {
            set.insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(response)
}

/// The style sheets and the icons.
pub(super) fn assets(config: &mut ServiceConfig) {
    for (path, content_type, content) in [
        ("/assets/public.css", "text/css", include_str!("../../static/css/public.css")),
        ("/assets/sandbox.css", "text/css", include_str!("../../templates/sandbox/sandbox.css")),
        ("/assets/icons.svg", "image/svg+xml", include_str!("../../static/icons.svg")),
    ] {
        let answer = move || async move {
            HttpResponse::Ok()
                .content_type(format!("{content_type}; charset=utf-8"))
                .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
                .body(content)
        };
        config.route(path, web::get().to(answer));
    }
}

/// A page. It falls under the default policy unless the caller adds another.
pub(super) fn html(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(body) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body),
        Err(error) => {
            tracing::error!(error = ?error, "sandbox page not rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Puts a policy of its own on an answer.
pub(super) fn with_policy(mut response: HttpResponse, policy: &str) -> HttpResponse {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// After a form: go there with GET.
pub(super) fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// The language that the browser asks for.
pub(super) fn lang(req: &HttpRequest) -> Lang {
    Lang::negotiate(text(req.headers(), &header::ACCEPT_LANGUAGE).unwrap_or_default())
}

/// Whether another site sent this form. Programs, which send neither header, are let in.
pub(super) fn is_foreign(req: &HttpRequest) -> bool {
    let headers = req.headers();
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin";
    }
    let host = text(headers, &header::HOST);
    text(headers, &header::ORIGIN).is_some_and(|origin| {
        let origin = origin.parse::<Uri>().ok();
        origin.as_ref().and_then(Uri::authority).map(Authority::as_str) != host
    })
}

/// A header, when it is there once and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The fields of a form or of a query string, in their order.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`; what can't be read counts as empty.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(serde_urlencoded::from_bytes(bytes).unwrap_or_default())
    }

    /// The value of a field, when it is there exactly once and not empty.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(field, _)| field == name);
        let (_, value) = values.next()?;
        (values.next().is_none() && !value.is_empty()).then_some(value.as_str())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_field_that_comes_twice_is_no_field() {
        let fields = Fields::read(b"a=1&b=2&b=3&c=&d=x%20y");
        assert_eq!(fields.one("a"), Some("1"));
        assert_eq!(fields.one("b"), None);
        assert_eq!(fields.one("c"), None);
        assert_eq!(fields.one("d"), Some("x y"));
    }

    #[test]
    fn forms_of_other_sites_are_known_by_their_headers() {
        let foreign = |headers: &[(&'static str, &'static str)]| {
            let mut req = TestRequest::post().insert_header(("host", "127.0.0.1:9001"));
            for header in headers {
                req = req.insert_header(*header);
            }
            is_foreign(&req.to_http_request())
        };
        assert!(!foreign(&[]));
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(&[("origin", "http://127.0.0.1:9001")]));
        assert!(foreign(&[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:9001")]));
        assert!(foreign(&[("origin", "http://127.0.0.1:9000")]));
        assert!(foreign(&[("origin", "null")]));
    }
}
