//! The collector, over the HTTP client that the product has.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use openidconnect::reqwest;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use url::Url;

use crate::config::TracesConfig;
use crate::kernel::Error;

/// An answer that is longer says nothing that we need.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub struct Collector {
    client: reqwest::Client,
    /// The library asks on a thread of its own, where no client can live.
    runtime: Handle,
    is_failing: AtomicBool,
}

impl Collector {
    /// Inside a runtime.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            client: client()?,
            runtime: Handle::current(),
            is_failing: AtomicBool::new(false),
        })
    }

    /// In the log when it begins and when it is over, not for each batch.
    fn note(&self, outcome: Result<(), String>) {
        let was_failing = self.is_failing.swap(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Err(words) if !was_failing => {
                tracing::warn!("the collector takes no traces, which are lost: {words}");
            }
            Ok(()) if was_failing => tracing::info!("the collector takes traces again"),
            Ok(()) | Err(_) => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let answer = self.runtime.spawn(answer(self.client.clone(), request)).await?;
        self.note(match &answer {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status())),
            Err(error) => Err(told(error)),
        });
        Ok(answer?)
    }
}

async fn answer(
    client: reqwest::Client,
    request: reqwest::Request,
) -> Result<Response<Bytes>, reqwest::Error> {
    let mut response = client.execute(request).await?;
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            break;
        }
        body.extend_from_slice(&piece);
    }
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    Ok(answer)
}

/// Whether the collector takes traces: told none, it says so.
pub async fn check(config: &TracesConfig) -> Result<(), String> {
    let outcome = async {
        let mut asked = client()?.post(address(config)?);
        for (name, value) in config.headers() {
            asked = asked.header(name, value);
        }
        let asked = asked.header(reqwest::header::CONTENT_TYPE, "application/x-protobuf");
        asked.send().await.map_err(|error| Error::unavailable("collector", error.without_url()))
    };
    match outcome.await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("it answered {}", answer.status())),
        Err(error) => {
            Err(error.cause().map_or_else(|| error.to_string(), |cause| told(cause.as_ref())))
        }
    }
}

/// Where traces go: `v1/traces` below the endpoint, as OpenTelemetry says.
pub fn address(config: &TracesConfig) -> Result<String, Error> {
    let endpoint = config.endpoint.as_str().trim_end_matches('/');
    Url::parse(&format!("{endpoint}/v1/traces")).map(String::from).map_err(Error::internal)
}

fn client() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(Error::internal)
}

/// An error with what is behind it: the outer one says no more than that a request failed.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
