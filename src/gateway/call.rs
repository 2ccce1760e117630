//! The one way to the gateway: each call passes here, with its time-out, the breaker, the figures and
//! one line in the log. None of them ever holds a key, a token or an address with one.

use std::time::{Duration, Instant};

use openidconnect::reqwest::{self, StatusCode};
use serde::de::DeserializeOwned;

use super::{Credentials, Gateway, RequestExt as _};
use crate::kernel::Error;
use crate::metrics;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Prepare,
    Status,
    Account,
    Info,
    Export,
    Refund,
    ConfirmRefund,
    Capture,
    Cancel,
    Rebill,
    LookUp,
    List,
}

/// The gateway's two hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// The payment page and its API.
    Page,
    /// The payment-gateway API.
    Payments,
}

impl Call {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Status => "status",
            Self::Account => "account",
            Self::Info => "info",
            Self::Export => "export",
            Self::Refund => "refund",
            Self::ConfirmRefund => "confirm_refund",
            Self::Capture => "capture",
            Self::Cancel => "cancel",
            Self::Rebill => "rebill",
            Self::LookUp => "look_up",
            Self::List => "list",
        }
    }

    const fn host(self) -> Host {
        match self {
            Self::LookUp | Self::List => Host::Payments,
            Self::Prepare
            | Self::Status
            | Self::Account
            | Self::Info
            | Self::Export
            | Self::Refund
            | Self::ConfirmRefund
            | Self::Capture
            | Self::Cancel
            | Self::Rebill => Host::Page,
        }
    }

    /// Whether its answer is as long as what moved.
    const fn is_list(self) -> bool {
        matches!(self, Self::Export | Self::List)
    }

    /// The gateway's own clients wait 20 seconds, and 130 where lists are asked for.
    const fn timeout(self) -> Duration {
        Duration::from_secs(if self.is_list() { 130 } else { 20 })
    }

    /// Bytes of an answer. A list is held in memory: some 40,000 transactions.
    const fn answer_length_max(self) -> usize {
        let mebibyte = 1024 * 1024;
        if self.is_list() { 64 * mebibyte } else { mebibyte }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Answered,
    /// It does not know what was asked about.
    NotFound,
    /// It refuses the credentials.
    Forbidden,
    /// No connection, no answer in time, or an answer that says no more than that it failed.
    Failed,
    /// An answer that can't be read, or is too long.
    Unreadable,
    /// The breaker let nothing through.
    HeldBack,
}

impl Ending {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Failed => "failed",
            Self::Unreadable => "unreadable",
            Self::HeldBack => "held_back",
        }
    }
}

enum Failure {
    /// The address is taken out of it: a token may be part of it.
    Transport(reqwest::Error),
    Status(StatusCode),
    NotFound,
    Forbidden,
    TooLong,
    /// Where the answer stops making sense; never what stands there.
    Unreadable(String),
}

impl Failure {
    const fn ending(&self) -> Ending {
        match self {
            Self::Transport(_) | Self::Status(_) => Ending::Failed,
            Self::NotFound => Ending::NotFound,
            Self::Forbidden => Ending::Forbidden,
            Self::TooLong | Self::Unreadable(_) => Ending::Unreadable,
        }
    }

    fn into_error(self, call: Call) -> Error {
        let unavailable = |cause: String| Error::unavailable("gateway", cause);
        match self {
            Self::Transport(error) => Error::unavailable("gateway", error),
            Self::Status(status) => unavailable(format!("it answered {status}")),
            Self::NotFound => Error::NotFound,
            Self::Forbidden => unavailable("it refuses the originator's credentials".to_owned()),
            Self::TooLong if call.is_list() => Error::TooLarge,
            Self::TooLong => unavailable("its answer is too long".to_owned()),
            Self::Unreadable(place) => unavailable(format!("its answer can't be read: {place}")),
        }
    }
}

impl Gateway {
    /// Sends once and reads the answer; `request` is complete but for the credentials.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        call: Call,
        by: &Credentials,
        request: reqwest::RequestBuilder,
    ) -> Result<T, Error> {
        if !self.breaker.may_ask(call.host(), &by.number, self.clock.now()) {
            note(call, Ending::HeldBack, Duration::ZERO);
            return Err(Error::unavailable("gateway", "it was not asked: its last answers failed"));
        }
        let started = Instant::now();
        let answer = send(call, request.basic(by)).await;
        let ending = answer.as_ref().err().map_or(Ending::Answered, Failure::ending);
        note(call, ending, started.elapsed());
        if ending != Ending::Failed {
            self.breaker.answered(call.host(), &by.number);
        } else if self.breaker.failed(call.host(), &by.number, self.clock.now()) {
            tracing::warn!(originator = by.number, "the gateway fails: calls are held back");
        }
        answer.map_err(|failure| failure.into_error(call))
    }
}

fn note(call: Call, ending: Ending, duration: Duration) {
    let (name, outcome) = (call.name(), ending.name());
    metrics::gateway_called(name, outcome, duration);
    let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(call = name, outcome, duration_ms, "gateway: {name} {outcome}");
}

async fn send<T: DeserializeOwned>(
    call: Call,
    request: reqwest::RequestBuilder,
) -> Result<T, Failure> {
    let transport = |error: reqwest::Error| Failure::Transport(error.without_url());
    let mut response = request.timeout(call.timeout()).send().await.map_err(transport)?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Err(Failure::NotFound),
        StatusCode::FORBIDDEN => return Err(Failure::Forbidden),
        other => return Err(Failure::Status(other)),
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if body.len() + chunk.len() > call.answer_length_max() {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::Unreadable(format!("{:?} in line {line}, column {column}", error.classify()))
    })
}
