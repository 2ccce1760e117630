//! How the provider is asked (SEC-8): no redirects, little time, little to read.

use std::time::{Duration, Instant};

use openidconnect::reqwest::{self, Method, header};
use openidconnect::{HttpRequest, HttpResponse, http};
use url::{Host, Url};

use crate::kernel::Error;
use crate::traces;

/// No answer of a provider is longer.
const BYTES_MAX: usize = 256 * 1024;

/// The client, and whether it may only ask by `https`.
#[derive(Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    is_https_only: bool,
}

/// A document, and for how long the answer's headers let it be kept.
pub(super) struct Document {
    pub body: Vec<u8>,
    pub max_age: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("the answer is longer than 256 KiB")]
    TooLong,
    #[error("the address {0} is not https")]
    NotHttps(String),
    #[error("{0}")]
    Unreadable(#[from] http::Error),
    #[error("answered {0}")]
    Status(http::StatusCode),
}

impl Http {
    /// # Errors
    /// When the system gives no TLS.
    pub fn new(is_https_only: bool) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(5))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, is_https_only })
    }

    /// Fetches a document.
    pub async fn get(&self, url: &Url) -> Result<Document, HttpError> {
        self.is_allowed(url)?;
        let request = self.client.get(url.clone()).header(header::ACCEPT, "application/json");
        let response = Self::ask("document", request).await?;
        if response.status() != http::StatusCode::OK {
            return Err(HttpError::Status(response.status()));
        }
        let max_age = max_age(response.headers());
        Ok(Document { body: read(response).await?, max_age })
    }

    /// Asks with an access token: the user information.
    pub async fn get_with_token(&self, url: &Url, token: &str) -> Result<Vec<u8>, HttpError> {
        self.is_allowed(url)?;
        let response =
            Self::ask("user_info", self.client.get(url.clone()).bearer_auth(token)).await?;
        if response.status() != http::StatusCode::OK {
            return Err(HttpError::Status(response.status()));
        }
        read(response).await
    }

    /// What the library sends: the exchange of a code for tokens.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|_| HttpError::NotHttps(parts.uri.to_string()))?;
        self.is_allowed(&url)?;
        let method = Method::from_bytes(parts.method.as_str().as_bytes()).unwrap_or(Method::POST);
        let request = self.client.request(method, url).headers(parts.headers).body(body);
        let response = Self::ask("token", request).await?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(content_type) = response.headers().get(header::CONTENT_TYPE) {
            answer = answer.header(header::CONTENT_TYPE, content_type);
        }
        Ok(answer.body(read(response).await?)?)
    }

    /// Sends, and tells how long it took to the first byte of the answer.
    async fn ask(
        what: &'static str,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let started = Instant::now();
        let answer = request.send().await;
        let outcome = if answer.is_ok() { "answered" } else { "failed" };
        traces::step("provider", what, outcome, answer.is_err(), started.elapsed());
        answer
    }

    /// Only `https`; where the provider itself is on loopback, there also `http`.
    pub fn is_allowed(&self, url: &Url) -> Result<(), HttpError> {
        let is_loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        match url.scheme() {
            "https" => Ok(()),
            "http" if is_loopback && !self.is_https_only => Ok(()),
            _ => Err(HttpError::NotHttps(url.to_string())),
        }
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > BYTES_MAX {
            return Err(HttpError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `max-age` of `Cache-Control`; nothing where the answer is not to be kept.
fn max_age(headers: &header::HeaderMap) -> Option<Duration> {
    let values = headers.get_all(header::CACHE_CONTROL).iter();
    let directives: Vec<String> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives.iter().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Some(Duration::ZERO);
    }
    let seconds = directives.iter().find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &'static str) -> header::HeaderMap {
        let mut headers = header::HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn sec_08_the_answer_says_how_long_it_may_be_kept() {
        for (value, expected) in [
            ("public, max-age=300", Some(300)),
            ("Max-Age=\"60\"", Some(60)),
            ("max-age=300, no-store", Some(0)),
            ("no-cache", Some(0)),
            ("max-age=soon", None),
            ("public", None),
        ] {
            assert_eq!(max_age(&headers(value)), expected.map(Duration::from_secs), "{value}");
        }
        assert_eq!(max_age(&header::HeaderMap::new()), None);
    }
}
