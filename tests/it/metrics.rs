//! The figures: each is there with its help, moves with what happens, and tells nothing about anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::Command;

use central::server;
use openidconnect::reqwest::{Method, StatusCode};
use regex::Regex;

use crate::support::*;

/// Every family, by type.
const COUNTERS: [&str; 13] = [
    "central_alarms_total",
    "central_callbacks_total",
    "central_db_refused_total",
    "central_exports_total",
    "central_gateway_call_seconds_total",
    "central_gateway_calls_total",
    "central_http_responses_total",
    "central_job_runs_total",
    "central_job_seconds_total",
    "central_mails_total",
    "central_panics_total",
    "central_provider_fetches_total",
    "central_rate_limited_total",
];
const MORE_COUNTERS: [&str; 1] = ["central_sign_ins_total"];
const GAUGES: [&str; 12] = [
    "central_build_info",
    "central_connections_open",
    "central_db_connections",
    "central_db_waiting",
    "central_exports_running",
    "central_gateway_breaker_open",
    "central_http_requests_in_flight",
    "central_job_last_success_timestamp_seconds",
    "central_mails_oldest_ready_seconds",
    "central_mails_ready",
    "central_ready",
    "central_uptime_seconds",
];
const HISTOGRAMS: [&str; 4] = [
    "central_db_seconds",
    "central_db_wait_seconds",
    "central_http_request_seconds",
    "central_smtp_seconds",
];

/// What a label's value may be, for labels with few.
const VALUES: [(&str, &[&str]); 9] = [
    ("class", &["1xx", "2xx", "3xx", "4xx", "5xx"]),
    ("method", &["GET", "HEAD", "POST", "other"]),
    ("pool", &["web", "pay", "export", "jobs", "other"]),
    ("state", &["busy", "idle"]),
    ("what", &["keys", "metadata"]),
    ("format", &["csv", "xlsx", "zip"]),
    ("verdict", &["applied", "not_known", "failed", "not_proven", "unreadable"]),
    ("version", &[env!("CARGO_PKG_VERSION")]),
    (
        "outcome",
        &[
            // Of calls, transactions, jobs, mails, sign-ins, fetches and files.
            "answered",
            "not_found",
            "forbidden",
            "failed",
            "unreadable",
            "held_back",
            "done",
            "declined",
            "idle",
            "panicked",
            "sent",
            "deferred",
            "refused",
            "dropped",
            "signed_in",
            "unknown",
            "invited",
            "too_weak",
            "another_user",
            "unavailable",
            "broken",
            "stopped",
        ],
    ),
];

type Labels = BTreeMap<String, String>;

/// What `/metrics` said, taken apart.
struct Figures {
    types: BTreeMap<String, String>,
    helps: BTreeMap<String, String>,
    samples: Vec<(String, Labels, String)>,
}

impl Figures {
    async fn of(app: &TestApp) -> Self {
        let page = app.browser().get(&format!("{}/metrics", app.internal)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            page.header("content-type").as_deref(),
            Some("text/plain; version=0.0.4; charset=utf-8")
        );
        Self::parse(&page.body)
    }

    /// By the grammar of the text format 0.0.4, as far as we use it; anything else ends the test.
    fn parse(text: &str) -> Self {
        let name = "[a-z][a-z0-9_]*";
        let label = r#"[a-z]+="[^"\\\n]*""#;
        let head = Regex::new(&format!("^# (HELP|TYPE) ({name}) (.+)$")).unwrap();
        let sample =
            Regex::new(&format!(r"^({name})(?:\{{({label}(?:,{label})*)\}})? ([0-9][0-9.e+-]*)$"))
                .unwrap();
        let pair = Regex::new(r#"([a-z]+)="([^"]*)""#).unwrap();
        let mut figures =
            Self { types: BTreeMap::new(), helps: BTreeMap::new(), samples: Vec::new() };
        assert!(text.ends_with('\n'));
        for line in text.lines() {
            if let Some(found) = head.captures(line) {
                let into =
                    if &found[1] == "HELP" { &mut figures.helps } else { &mut figures.types };
                let before = into.insert(found[2].to_owned(), found[3].to_owned());
                assert_eq!(before, None, "told twice: {line}");
            } else {
                let found = sample.captures(line).unwrap_or_else(|| panic!("no sample: {line}"));
                let labels: Labels = pair
                    .captures_iter(found.get(2).map_or("", |labels| labels.as_str()))
                    .map(|pair| (pair[1].to_owned(), pair[2].to_owned()))
                    .collect();
                figures.samples.push((found[1].to_owned(), labels, found[3].to_owned()));
            }
        }
        figures
    }

    /// The sum of a counter's series that have these labels, and others maybe.
    fn count(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let has = |all: &Labels| {
            labels.iter().all(|(label, value)| all.get(*label).is_some_and(|found| found == value))
        };
        self.samples
            .iter()
            .filter(|(found, all, _)| found == name && has(all))
            .map(|(_, _, value)| value.parse::<u64>().expect("a whole number"))
            .sum()
    }

    fn has(&self, name: &str) -> bool {
        self.samples.iter().any(|(found, ..)| found == name)
    }

    /// The name under which a sample's type is told.
    fn family<'a>(&self, sample: &'a str) -> &'a str {
        let parts = ["_bucket", "_sum", "_count"];
        let base = parts.iter().find_map(|part| sample.strip_suffix(part));
        base.filter(|base| self.types.get(*base).is_some_and(|kind| kind == "histogram"))
            .unwrap_or(sample)
    }
}

/// A sign-in, a page, a payment whose mail arrives, a 404, callbacks; what was known before it.
async fn some_traffic(app: &TestApp) -> (Figures, Request) {
    let before = Figures::of(app).await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    assert_eq!(anna.get(&request.url).await.status, StatusCode::OK);
    assert_eq!(anna.get("/no/such/customer@example.it").await.status, StatusCode::NOT_FOUND);
    let odd = anna.request(Method::from_bytes(b"BREW").unwrap(), "/sign-in", &[], "").await;
    assert!(odd.status.is_client_error(), "{}", odd.status);
    let good = app.good_callback(&request);
    assert_eq!(good.post(app).await.status, StatusCode::OK);
    let bad = Callback { body: "{}".to_owned(), ..good };
    assert_eq!(bad.post(app).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anna.get(&format!("{LIST}.csv")).await.status, StatusCode::OK);
    app.until("the file's record has ended", async || {
        app.count("exports WHERE state = 'done'") == 1
    })
    .await;
    (before, request)
}

#[actix_web::test]
async fn every_figure_is_there_with_its_help_and_moves_with_what_happens() {
    let app = TestApp::start().await;
    let (before, _) = some_traffic(&app).await;
    let after = Figures::of(&app).await;
    for (kind, names) in [
        ("counter", &COUNTERS[..]),
        ("counter", &MORE_COUNTERS),
        ("gauge", &GAUGES),
        ("histogram", &HISTOGRAMS),
    ] {
        for name in names {
            assert_eq!(after.types.get(*name).map(String::as_str), Some(kind), "{name}");
            assert!(after.helps.get(*name).is_some_and(|help| help.ends_with('.')), "{name}");
        }
    }
    let listed = COUNTERS.len() + MORE_COUNTERS.len() + GAUGES.len() + HISTOGRAMS.len();
    assert_eq!(after.types.len(), listed, "{:?}", after.types.keys());
    assert_eq!(after.helps.len(), listed);
    for (name, ..) in &after.samples {
        assert!(after.types.contains_key(after.family(name)), "{name} has no type");
    }

    // Other tests run in this process, and count too: at least so many more.
    for (name, labels, more) in [
        ("central_http_responses_total", &[("class", "4xx")][..], 3),
        (
            "central_http_request_seconds_count",
            &[("method", "GET"), ("route", "/processing/email-payments/{id}"), ("class", "2xx")],
            1,
        ),
        ("central_http_request_seconds_count", &[("route", "-"), ("class", "4xx")], 1),
        ("central_http_request_seconds_count", &[("method", "other")], 1),
        ("central_sign_ins_total", &[("outcome", "signed_in")], 1),
        ("central_mails_total", &[("kind", "request"), ("outcome", "sent")], 1),
        ("central_smtp_seconds_count", &[], 1),
        ("central_callbacks_total", &[("verdict", "applied")], 1),
        ("central_callbacks_total", &[("verdict", "not_proven")], 1),
        ("central_exports_total", &[("format", "csv"), ("outcome", "done")], 1),
        ("central_gateway_calls_total", &[("call", "prepare"), ("outcome", "answered")], 1),
        ("central_gateway_calls_total", &[("call", "status"), ("outcome", "answered")], 1),
        ("central_db_seconds_count", &[("pool", "web"), ("outcome", "done")], 5),
        ("central_db_seconds_count", &[("pool", "jobs"), ("outcome", "done")], 1),
        ("central_db_wait_seconds_count", &[("pool", "web")], 5),
        ("central_job_runs_total", &[("name", "mail"), ("outcome", "done")], 1),
        ("central_provider_fetches_total", &[("what", "metadata"), ("outcome", "done")], 1),
        ("central_provider_fetches_total", &[("what", "keys"), ("outcome", "done")], 1),
    ] {
        let (was, is) = (before.count(name, labels), after.count(name, labels));
        assert!(is >= was + more, "{name} {labels:?}: {was}, {is}");
    }
    for (name, labels) in [
        ("central_ready", &[][..]),
        ("central_build_info", &[("version", env!("CARGO_PKG_VERSION"))]),
    ] {
        assert_eq!(after.count(name, labels), 1, "{name}");
    }
    // What must not happen is counted from zero, so that the first time is seen to rise.
    for kind in ["unexpected_money", "other_amount", "no_conditions"] {
        assert!(after.samples.iter().any(|(name, labels, _)| {
            name == "central_alarms_total" && labels.get("kind").is_some_and(|found| found == kind)
        }));
    }
    assert!(after.count("central_db_connections", &[("pool", "web")]) >= 1);
    for name in ["central_connections_open", "central_mails_oldest_ready_seconds"] {
        assert!(after.has(name), "{name}");
    }
}

#[actix_web::test]
async fn a_histograms_buckets_grow_to_its_count() {
    let app = TestApp::start().await;
    some_traffic(&app).await;
    let figures = Figures::of(&app).await;
    let mut series: BTreeMap<(String, Labels), Vec<u64>> = BTreeMap::new();
    let number = Regex::new(r"^\d+(\.\d+)?$").unwrap();
    for (name, labels, value) in &figures.samples {
        let Some(base) = name.strip_suffix("_bucket") else { continue };
        let mut labels = labels.clone();
        let bound = labels.remove("le").expect("a bound");
        assert!(bound == "+Inf" || number.is_match(&bound), "{bound}");
        let buckets = series.entry((base.to_owned(), labels)).or_default();
        buckets.push(value.parse().expect("a whole number"));
    }
    let families: BTreeSet<&str> = series.keys().map(|(name, _)| name.as_str()).collect();
    assert_eq!(families, HISTOGRAMS.into());
    for ((name, labels), buckets) in &series {
        assert!(buckets.is_sorted(), "{name} {labels:?}: {buckets:?}");
        let count = figures
            .samples
            .iter()
            .find(|(found, all, _)| *found == format!("{name}_count") && all == labels)
            .map(|(_, _, value)| value.parse::<u64>().expect("a whole number"));
        assert_eq!(count, buckets.last().copied(), "{name} {labels:?}");
    }
}

#[actix_web::test]
async fn sec_20_figures_name_nobody() {
    let app = TestApp::start().await;
    let (_, request) = some_traffic(&app).await;
    let figures = Figures::of(&app).await;
    let routes: BTreeSet<&str> =
        server::routes().listing().iter().map(|route| route.path).chain(["-"]).collect();
    let word = Regex::new(r"^[A-Za-z][A-Za-z_' -]*$").unwrap();
    let merchant = app.world.first.to_string();
    let secrets = [
        request.id.as_str(),
        request.token(),
        CUSTOMER,
        "100001",
        &merchant,
        &app.config.oidc.issuer,
    ];
    for (name, labels, _) in &figures.samples {
        for (label, value) in labels {
            let few = VALUES.iter().find(|(known, _)| known == label);
            let is_known = match label.as_str() {
                "route" => routes.contains(value.as_str()),
                "le" => true,
                _ => few.map_or_else(|| word.is_match(value), |(_, few)| few.contains(&&**value)),
            };
            assert!(is_known, "{name}: {label} is {value}");
            for secret in secrets {
                assert!(!value.contains(secret), "{name}: {label} is {value}");
            }
        }
        // Prometheus keeps this name for itself.
        assert!(!labels.contains_key("job"), "{name}");
    }
    assert!(figures.samples.len() < 10_000, "{}", figures.samples.len());
}

#[actix_web::test]
async fn a_limit_that_refuses_is_counted_by_its_name() {
    let app = TestApp::start().await;
    let before = Figures::of(&app).await;
    let mut browser = app.browser();
    let mut refused = 0;
    for _ in 0..12 {
        let page = browser.post("/sign-in", &[]).await;
        refused += u64::from(page.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 1);
    let labels = [("limit", "sign_in_start")];
    let (was, is) = {
        let after = Figures::of(&app).await;
        let name = "central_rate_limited_total";
        (before.count(name, &labels), after.count(name, &labels))
    };
    assert!(is >= was + refused, "{was}, {is}");
}

#[actix_web::test]
async fn a_database_that_takes_no_writes_is_not_ready() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    assert_eq!(browser.get(&format!("{}/readyz", app.internal)).await.status, StatusCode::OK);
    // As a standby would be, for connections that are made from now on.
    app.change(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", app.database));
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (outer, inner) = (listen(), listen());
    let address = format!("http://{}", inner.local_addr().unwrap());
    let another = server::start(&app.config, app.clock.clone(), outer, inner, 1).await.unwrap();
    let ready = browser.get(&format!("{address}/readyz")).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    let told = browser.get(&format!("{address}/metrics")).await;
    assert_eq!(Figures::parse(&told.body).count("central_ready", &[]), 0);
    another.stop().await;

    let mut check = Command::new(env!("CARGO_BIN_EXE_central"));
    check.arg("check-config").env_clear().envs(app.settings());
    let output =
        actix_web::rt::task::spawn_blocking(move || check.output()).await.unwrap().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    for name in ["database", "database (jobs)"] {
        let line = format!("{name:<18} FAILED: it takes no writes");
        assert!(words.lines().any(|found| found.starts_with(&line)), "{words}");
    }
}
