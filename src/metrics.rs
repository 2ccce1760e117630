//! Figures for operators, in the text format of Prometheus: every name with its help, in one place
//! (decision 32). A label's value is a word of the program's own, and its type lets nothing else in: no
//! figure can hold an id, an address or a token. All count for this process, since its start.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use crate::kernel::Clock;
use crate::traces;

/// What [`text`] is, for its header.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Names and values of a figure's labels.
type Labels<const N: usize> = [(&'static str, &'static str); N];
type Counts<const N: usize> = Family<Labels<N>, Counter>;
type Gauges<const N: usize> = Family<Labels<N>, Gauge>;
type Totals<const N: usize> = Family<Labels<N>, Counter<f64, AtomicU64>>;
type Times<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// Money that a person has to look at, at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Money was taken for a payment that no move leads to "paid".
    UnexpectedMoney,
    /// The gateway's answer is about another amount or order.
    OtherAmount,
    /// Money moved without conditions for it.
    NoConditions,
}

impl Alarm {
    const ALL: [Self; 3] = [Self::UnexpectedMoney, Self::OtherAmount, Self::NoConditions];

    const fn name(self) -> &'static str {
        match self {
            Self::UnexpectedMoney => "unexpected_money",
            Self::OtherAmount => "other_amount",
            Self::NoConditions => "no_conditions",
        }
    }
}

/// What is read when somebody asks for the figures.
#[derive(Default)]
pub struct Now {
    pub uptime: Duration,
    pub is_ready: bool,
    pub connections_open: usize,
    pub exports_running: usize,
    pub originators_held_back: usize,
    pub pools: Vec<PoolNow>,
    /// `None`: the database does not answer.
    pub mails: Option<MailsNow>,
}

/// A pool of connections to the database.
pub struct PoolNow {
    pub pool: &'static str,
    pub busy: u32,
    pub idle: u32,
    /// Who waits for a connection.
    pub waiting: usize,
}

/// Mails that are due.
pub struct MailsNow {
    /// How many, up to a bound.
    pub ready: i64,
    /// For how long the first of them has been.
    pub oldest_seconds: i64,
}

static FIGURES: LazyLock<Figures> = LazyLock::new(Figures::new);

struct Figures {
    registry: Registry,
    requests: Requests,
    database: Database,
    work: Work,
    peers: Peers,
}

/// What comes in.
struct Requests {
    responses: Counts<1>,
    seconds: Times<3>,
    in_flight: Gauge,
    limited: Counts<1>,
    sign_ins: Counts<1>,
    callbacks: Counts<1>,
    exports: Counts<2>,
}

struct Database {
    refused: Counts<1>,
    wait_seconds: Times<1>,
    seconds: Times<2>,
}

/// What is done in the background, and what must not happen anywhere.
struct Work {
    runs: Counts<2>,
    seconds: Totals<1>,
    last_success: Gauges<1>,
    alarms: Counts<1>,
    panics: Counter,
}

/// Whom we call.
struct Peers {
    gateway_calls: Counts<2>,
    gateway_seconds: Totals<2>,
    provider_fetches: Counts<2>,
    mails: Counts<2>,
    smtp_seconds: Histogram,
}

impl Figures {
    fn new() -> Self {
        let mut registry = Registry::default();
        let requests = Requests::new(&mut registry);
        let database = Database::new(&mut registry);
        let work = Work::new(&mut registry);
        let peers = Peers::new(&mut registry);
        // A series that begins with its first event rises from nothing, which no alert sees.
        for class in CLASSES {
            requests.responses.get_or_create(&[("class", class)]).inc_by(0);
        }
        for alarm in Alarm::ALL {
            work.alarms.get_or_create(&[("kind", alarm.name())]).inc_by(0);
        }
        let build: Gauges<1> = add(
            &mut registry,
            "central_build_info",
            "Which release runs; always 1",
            Family::default(),
        );
        build.get_or_create(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
        Self { registry, requests, database, work, peers }
    }
}

impl Requests {
    fn new(r: &mut Registry) -> Self {
        Self {
            responses: add(
                r,
                "central_http_responses",
                "Answers at the public address, by the first digit of their status",
                Family::default(),
            ),
            seconds: add(
                r,
                "central_http_request_seconds",
                "From a request's head to the head of its answer, by the route's template",
                Family::new_with_constructor(|| {
                    Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
                }),
            ),
            in_flight: add(
                r,
                "central_http_requests_in_flight",
                "Requests that are worked on",
                Gauge::default(),
            ),
            limited: add(
                r,
                "central_rate_limited",
                "Requests that a limit refused",
                Family::default(),
            ),
            sign_ins: add(r, "central_sign_ins", "Sign-ins that ended, by how", Family::default()),
            callbacks: add(
                r,
                "central_callbacks",
                "Callbacks of the gateway, by what became of them",
                Family::default(),
            ),
            exports: add(
                r,
                "central_exports",
                "Files of many rows that ended, by how",
                Family::default(),
            ),
        }
    }
}

impl Database {
    fn new(r: &mut Registry) -> Self {
        let quick: fn() -> Histogram = || {
            Histogram::new([
                0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
            ])
        };
        Self {
            refused: add(
                r,
                "central_db_refused",
                "Units of work that got no connection",
                Family::default(),
            ),
            wait_seconds: add(
                r,
                "central_db_wait_seconds",
                "How long a unit of work waited for its connection",
                Family::new_with_constructor(quick),
            ),
            seconds: add(
                r,
                "central_db_seconds",
                "How long a unit of work held its connection; mostly one transaction",
                Family::new_with_constructor(quick),
            ),
        }
    }
}

impl Work {
    fn new(r: &mut Registry) -> Self {
        Self {
            runs: add(
                r,
                "central_job_runs",
                "Batches of a job, by how they ended; idle: there was nothing to do",
                Family::default(),
            ),
            seconds: add(
                r,
                "central_job_seconds",
                "How long a job's batches took together",
                Family::default(),
            ),
            last_success: add(
                r,
                "central_job_last_success_timestamp_seconds",
                "When a batch of the job ended well, in seconds since 1970",
                Family::default(),
            ),
            alarms: add(
                r,
                "central_alarms",
                "Money that a person has to look at; the log tells which",
                Family::default(),
            ),
            panics: add(r, "central_panics", "Panics, caught or not", Counter::default()),
        }
    }
}

impl Peers {
    fn new(r: &mut Registry) -> Self {
        Self {
            gateway_calls: add(
                r,
                "central_gateway_calls",
                "Calls of the gateway",
                Family::default(),
            ),
            gateway_seconds: add(
                r,
                "central_gateway_call_seconds",
                "How long calls of the gateway took together",
                Family::default(),
            ),
            provider_fetches: add(
                r,
                "central_provider_fetches",
                "Documents that the identity provider was asked for",
                Family::default(),
            ),
            mails: add(
                r,
                "central_mails",
                "Tries to send a mail, by how they ended",
                Family::default(),
            ),
            smtp_seconds: add(
                r,
                "central_smtp_seconds",
                "How long the relay took for a mail, connecting included",
                Histogram::new([
                    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 100.0,
                ]),
            ),
        }
    }
}

/// Registers a figure and keeps a handle on it. The name of a counter gets its `_total` in the text, a
/// help its full stop.
fn add<M: Metric + Clone>(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
    metric: M,
) -> M {
    registry.register(name, help, metric.clone());
    metric
}

/// A wait for a connection that a trace tells; most last some microseconds.
const WAIT_TOLD: Duration = Duration::from_millis(1);
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A request was answered. `route` is the template of its address.
pub fn request_ended(method: &'static str, route: &'static str, status: u16, took: Duration) {
    let place = usize::from(status / 100).saturating_sub(1);
    let Some(class) = CLASSES.get(place).copied() else { return };
    let requests = &FIGURES.requests;
    requests.responses.get_or_create(&[("class", class)]).inc();
    let labels = [("method", method), ("route", route), ("class", class)];
    requests.seconds.get_or_create(&labels).observe(took.as_secs_f64());
}

/// A request that is worked on, until this is dropped.
pub struct InFlight(());

impl InFlight {
    #[must_use]
    pub fn begin() -> Self {
        FIGURES.requests.in_flight.inc();
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        FIGURES.requests.in_flight.dec();
    }
}

/// A limit is counted from nothing, so that its first refusal is seen to rise.
pub fn begin_limit(limit: &'static str) {
    FIGURES.requests.limited.get_or_create(&[("limit", limit)]).inc_by(0);
}

/// A limit has refused somebody.
pub fn rate_limited(limit: &'static str) {
    FIGURES.requests.limited.get_or_create(&[("limit", limit)]).inc();
}

pub fn sign_in_ended(outcome: &'static str) {
    FIGURES.requests.sign_ins.get_or_create(&[("outcome", outcome)]).inc();
}

/// The gateway has called back.
pub fn called_back(verdict: &'static str) {
    FIGURES.requests.callbacks.get_or_create(&[("verdict", verdict)]).inc();
}

pub fn export_ended(format: &'static str, outcome: &'static str) {
    FIGURES.requests.exports.get_or_create(&[("format", format), ("outcome", outcome)]).inc();
}

/// Somebody has a connection of a pool, or gave up.
pub fn connection_waited(pool: &'static str, took: Duration) {
    FIGURES.database.wait_seconds.get_or_create(&[("pool", pool)]).observe(took.as_secs_f64());
    if took > WAIT_TOLD {
        traces::step("connection", pool, "waited", false, took);
    }
}

/// A pool is counted from nothing, too.
pub fn begin_pool(pool: &'static str) {
    FIGURES.database.refused.get_or_create(&[("pool", pool)]).inc_by(0);
}

/// A pool had no connection for somebody.
pub fn connection_refused(pool: &'static str) {
    FIGURES.database.refused.get_or_create(&[("pool", pool)]).inc();
}

/// A unit of work gives its connection back.
pub fn unit_ended(pool: &'static str, outcome: &'static str, took: Duration) {
    let labels = [("pool", pool), ("outcome", outcome)];
    FIGURES.database.seconds.get_or_create(&labels).observe(took.as_secs_f64());
    traces::step("database", pool, outcome, outcome == "failed", took);
}

/// A job's loop begins: its failures are counted from zero.
pub fn job_begins(name: &'static str) {
    for outcome in ["done", "idle", "failed", "panicked"] {
        FIGURES.work.runs.get_or_create(&[("name", name), ("outcome", outcome)]).inc_by(0);
    }
}

/// A batch of a job has ended. `is_good`: neither by a failure nor by a panic.
pub fn job_ran(name: &'static str, outcome: &'static str, is_good: bool, took: Duration) {
    let work = &FIGURES.work;
    work.runs.get_or_create(&[("name", name), ("outcome", outcome)]).inc();
    work.seconds.get_or_create(&[("name", name)]).inc_by(took.as_secs_f64());
    if is_good {
        // The system's time, whatever the product's clock shows: it is compared with Prometheus' own.
        work.last_success.get_or_create(&[("name", name)]).set(Clock::system().now().timestamp());
    }
}

/// Something happened with money that a person has to look at. Stands beside a line of the log.
pub fn alarm(alarm: Alarm) {
    FIGURES.work.alarms.get_or_create(&[("kind", alarm.name())]).inc();
}

pub fn panicked() {
    FIGURES.work.panics.inc();
}

pub fn gateway_called(call: &'static str, outcome: &'static str, took: Duration) {
    let labels = [("call", call), ("outcome", outcome)];
    FIGURES.peers.gateway_calls.get_or_create(&labels).inc();
    FIGURES.peers.gateway_seconds.get_or_create(&labels).inc_by(took.as_secs_f64());
    traces::step("gateway", call, outcome, !matches!(outcome, "answered" | "not_found"), took);
}

/// The identity provider was asked for its keys or its metadata.
pub fn provider_asked(what: &'static str, is_good: bool) {
    let outcome = if is_good { "done" } else { "failed" };
    FIGURES.peers.provider_fetches.get_or_create(&[("what", what), ("outcome", outcome)]).inc();
}

pub fn mail_tried(kind: &'static str, outcome: &'static str) {
    FIGURES.peers.mails.get_or_create(&[("kind", kind), ("outcome", outcome)]).inc();
}

/// The relay has said what becomes of a mail, or nothing in time.
pub fn relay_answered(took: Duration) {
    FIGURES.peers.smtp_seconds.observe(took.as_secs_f64());
    traces::step("relay", "send", "answered", false, took);
}

/// All figures.
#[must_use]
pub fn text(now: &Now) -> String {
    let mut text = String::new();
    // A text can be written to: neither fails.
    let _ = prometheus_text::encode(&mut text, &FIGURES.registry);
    let _ = prometheus_text::encode(&mut text, &now.registry());
    text
}

impl Now {
    fn registry(&self) -> Registry {
        let mut registry = Registry::default();
        let mut gauge = |name, help, value: i64| {
            add(&mut registry, name, help, Gauge::<i64>::default()).set(value);
        };
        let uptime = i64::try_from(self.uptime.as_secs()).unwrap_or(i64::MAX);
        gauge("central_uptime_seconds", "Age of the process", uptime);
        gauge("central_ready", "1 where /readyz says ready", i64::from(self.is_ready));
        gauge(
            "central_connections_open",
            "Connections at the public address",
            number(self.connections_open),
        );
        gauge(
            "central_exports_running",
            "Files of many rows that are being made",
            number(self.exports_running),
        );
        gauge(
            "central_gateway_breaker_open",
            "Originators whose calls of the gateway are held back",
            number(self.originators_held_back),
        );
        if let Some(mails) = &self.mails {
            gauge("central_mails_ready", "Mails that are due, 10,000 at most", mails.ready);
            gauge(
                "central_mails_oldest_ready_seconds",
                "For how long the first mail that is due has been",
                mails.oldest_seconds,
            );
        }
        let connections: Gauges<2> = add(
            &mut registry,
            "central_db_connections",
            "Connections to the database",
            Family::default(),
        );
        let waiting: Gauges<1> = add(
            &mut registry,
            "central_db_waiting",
            "Units of work that wait for a connection",
            Family::default(),
        );
        for PoolNow { pool, busy, idle, waiting: many } in &self.pools {
            for (state, count) in [("busy", busy), ("idle", idle)] {
                let labels = [("pool", *pool), ("state", state)];
                connections.get_or_create(&labels).set(i64::from(*count));
            }
            waiting.get_or_create(&[("pool", *pool)]).set(number(*many));
        }
        registry
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Now {
        Now {
            uptime: Duration::from_secs(7),
            is_ready: true,
            connections_open: 2,
            exports_running: 0,
            originators_held_back: 1,
            pools: vec![PoolNow { pool: "web", busy: 1, idle: 2, waiting: 3 }],
            mails: None,
        }
    }

    #[test]
    fn what_was_counted_stands_in_the_text_by_its_name() {
        gateway_called("rebill", "held_back", Duration::from_millis(1_500));
        alarm(Alarm::NoConditions);
        let text = text(&now());
        for line in [
            "# TYPE central_gateway_calls_total counter",
            "central_gateway_calls_total{call=\"rebill\",outcome=\"held_back\"} 1",
            "central_gateway_call_seconds_total{call=\"rebill\",outcome=\"held_back\"} 1.5",
            "# HELP central_alarms_total Money that a person has to look at; the log tells which.",
            "central_alarms_total{kind=\"no_conditions\"} 1",
            "central_alarms_total{kind=\"other_amount\"} 0",
            "central_uptime_seconds 7",
            "central_ready 1",
            "central_db_connections{pool=\"web\",state=\"idle\"} 2",
            "central_db_waiting{pool=\"web\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("central_mails_ready"), "nobody knows");
    }
}
