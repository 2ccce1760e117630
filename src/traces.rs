//! Traces for operators, sent by OTLP to a collector where one is configured (decision 34): on what a
//! request, a mail or a run of a job spent its time. Its steps are noted where they are timed for the
//! figures ([`crate::metrics`]), and all is told together when the work is over, so that a job that found
//! nothing to do tells nothing. Names are the program's own words and values are ids, counts and such
//! words: no trace can hold an address, a name, a text or a key.

mod collector;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::Context;
pub use opentelemetry::KeyValue;
use opentelemetry::trace::{
    FutureExt as _, Span as _, SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _,
    TracerProvider as _, WithContext,
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use self::collector::Collector;
pub use self::collector::check;
use crate::config::TracesConfig;
use crate::kernel::{Clock, Error};

/// A piece of work tells its first steps; of further ones their number.
const STEPS_MAX: usize = 256;
/// How long the last traces may take to leave when the process stops.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// `None`: nobody collects.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// The system's time, whatever the product's clock shows: it is compared with that of others.
fn now() -> SystemTime {
    Clock::system().now().into()
}

/// Sends traces until it ends.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to tell the collector of the settings, inside a runtime. Once in a process. The library
    /// itself reads what the settings don't say: how many traces are taken, and how many leave together.
    ///
    /// # Errors
    /// [`Error::Internal`]: no client, or a setting of the library's own that it can't follow.
    pub fn begin(config: &TracesConfig) -> Result<Self, Error> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(collector::address(config)?)
            .with_headers(config.headers())
            .build()
            .map_err(Error::internal)?;
        let resource = Resource::builder()
            .with_service_name(config.service.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_batch_exporter(exporter)
            .build();
        if TRACER.set(provider.tracer("central")).is_err() {
            return Err(Error::internal("traces were begun before"));
        }
        Ok(Self(provider))
    }

    /// Sends what is left, for at most three seconds.
    pub async fn end(self) {
        let sending = move || self.0.shutdown_with_timeout(LAST_WAIT);
        // On a thread of its own: it waits for a request that this one has to work on.
        match tokio::task::spawn_blocking(sending).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last traces were not sent"),
            Err(error) => tracing::warn!(%error, "the last traces were not sent"),
        }
    }
}

/// What a piece of work has done so far.
#[derive(Clone, Default)]
struct Steps(Arc<Mutex<(Vec<Step>, usize)>>);

struct Step {
    peer: &'static str,
    what: &'static str,
    outcome: &'static str,
    is_failed: bool,
    began: SystemTime,
    ended: SystemTime,
}

/// Notes a step of the work that is going on, if one is: `peer` was asked `what`, and answered just now.
pub fn step(
    peer: &'static str,
    what: &'static str,
    outcome: &'static str,
    is_failed: bool,
    took: Duration,
) {
    Context::map_current(|context| {
        let Some(Steps(steps)) = context.get::<Steps>() else { return };
        let mut steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.0.len() == STEPS_MAX {
            steps.1 += 1;
            return;
        }
        let ended = now();
        let began = ended.checked_sub(took).unwrap_or(ended);
        steps.0.push(Step { peer, what, outcome, is_failed, began, ended });
    });
}

/// The work that is going on, for another thread that does a part of it.
pub fn carried<T>(part: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let context = Context::current();
    move || {
        let _attached = context.attach();
        part()
    }
}

/// A piece of work that is told when it is over: a request, a mail, a run of a job.
pub struct Work {
    began: SystemTime,
    started: Instant,
    steps: Option<Steps>,
}

impl Work {
    /// Begins; notes no steps where nobody collects.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            began: now(),
            started: Instant::now(),
            steps: TRACER.get().map(|_| Steps::default()),
        }
    }

    /// Since it began.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.started.elapsed()
    }

    /// `doing`, with its steps noted.
    pub fn around<F: Future>(&self, doing: F) -> WithContext<F> {
        let context = Context::current();
        doing.with_context(match &self.steps {
            Some(steps) => context.with_value(steps.clone()),
            None => context,
        })
    }

    /// Tells of a request. `told`: its method and the template of its address, and what else there is to
    /// say; asked for where somebody collects.
    pub fn ended_request(self, is_failed: bool, told: impl FnOnce() -> (String, Vec<KeyValue>)) {
        self.tell(SpanKind::Server, is_failed, told);
    }

    /// Tells of what the process did by itself.
    pub fn ended(self, is_failed: bool, told: impl FnOnce() -> (String, Vec<KeyValue>)) {
        self.tell(SpanKind::Internal, is_failed, told);
    }

    fn tell(self, kind: SpanKind, is_failed: bool, told: impl FnOnce() -> (String, Vec<KeyValue>)) {
        let (Some(tracer), Some(Steps(steps))) = (TRACER.get(), self.steps) else { return };
        let (name, mut about) = told();
        let (steps, untold) =
            std::mem::take(&mut *steps.lock().unwrap_or_else(PoisonError::into_inner));
        if untold > 0 {
            about.push(KeyValue::new("steps.untold", i64::try_from(untold).unwrap_or(i64::MAX)));
        }
        let whole = SpanBuilder::from_name(name)
            .with_kind(kind)
            .with_start_time(self.began)
            .with_attributes(about);
        // Each a trace of its own, whatever else goes on here.
        let whole = Context::new().with_span(tracer.build_with_context(whole, &Context::new()));
        for step in steps {
            let part = SpanBuilder::from_name(format!("{} {}", step.peer, step.what))
                .with_kind(SpanKind::Client)
                .with_start_time(step.began)
                .with_attributes([
                    KeyValue::new("peer", step.peer),
                    KeyValue::new("outcome", step.outcome),
                ]);
            let mut part = tracer.build_with_context(part, &whole);
            if step.is_failed {
                part.set_status(Status::error(step.outcome));
            }
            part.end_with_timestamp(step.ended);
        }
        if is_failed {
            whole.span().set_status(Status::error(""));
        }
        whole.span().end();
    }
}
