//! What the collector of traces hears from a process that is told of one, and what it never hears.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;

use crate::support::*;

const KEY: &str = "only-for-the-collector";
const CUSTOMER: &str = "maria@customer.example";

/// A collector that takes what has its key.
struct Collector {
    url: String,
    heard: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/base", listener.local_addr().unwrap());
        let heard = Arc::<Mutex<Vec<_>>>::default();
        let data = Data::from(heard.clone());
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).route("/base/v1/traces", post().to(hear))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap();
        actix_web::rt::spawn(server.run());
        Self { url, heard }
    }

    fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", self.url.clone()),
            ("OTEL_EXPORTER_OTLP_HEADERS", format!("x-other=1, x-key={KEY}")),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test".to_owned()),
            ("OTEL_BSP_SCHEDULE_DELAY", "100".to_owned()),
        ]
    }

    fn spans(&self) -> Vec<Span> {
        let heard = self.heard.lock().unwrap();
        let scopes = heard.iter().flat_map(|told| &told.resource_spans);
        scopes.flat_map(|told| &told.scope_spans).flat_map(|told| told.spans.clone()).collect()
    }

    /// The trace whose whole has this name: the whole, and the names of its steps.
    fn trace(&self, name: &str) -> Option<(Span, Vec<String>)> {
        let spans = self.spans();
        let whole =
            spans.iter().find(|span| span.name == name && span.parent_span_id.is_empty())?;
        let is_part = |span: &&Span| span.parent_span_id == whole.span_id;
        let steps = spans.iter().filter(is_part).inspect(|step| {
            assert_eq!(step.trace_id, whole.trace_id);
            let within = whole.start_time_unix_nano..=whole.end_time_unix_nano;
            assert!(within.contains(&step.start_time_unix_nano), "{step:?} in {whole:?}");
            assert!(within.contains(&step.end_time_unix_nano), "{step:?} in {whole:?}");
        });
        Some((whole.clone(), steps.map(|step| step.name.clone()).collect()))
    }
}

async fn hear(
    req: HttpRequest,
    body: Bytes,
    heard: Data<Mutex<Vec<ExportTraceServiceRequest>>>,
) -> HttpResponse {
    if req.headers().get("x-key").is_none_or(|key| key != KEY) {
        return HttpResponse::Unauthorized().finish();
    }
    heard.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

fn value(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    // The library's own enum of values grows: what is no text is a number here.
    let value = found.value.as_ref()?.value.as_ref()?;
    if let Value::StringValue(text) = value {
        return Some(text.clone());
    }
    if let Value::IntValue(number) = value { Some(number.to_string()) } else { None }
}

/// A process beside the test's own server, on the same database, told of a collector.
struct Served {
    child: Child,
    base: String,
}

impl Served {
    fn start(app: &TestApp, collector: &Collector, log: Stdio) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let (listen, internal) = (free(), free());
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.arg("serve").env_clear().envs(app.settings()).envs(collector.settings());
        command.env("LISTEN", &listen).env("INTERNAL_LISTEN", internal).env("LOG", "warn");
        let child = command.stderr(log).spawn().unwrap();
        Self { child, base: format!("http://{listen}") }
    }

    /// Told to end, as an operator would.
    async fn ends(&mut self, app: &TestApp) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        app.until("it has ended", async || self.child.try_wait().unwrap().is_some()).await;
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[actix_web::test]
async fn a_collector_hears_what_requests_mails_and_jobs_spent_their_time_on() {
    let (mut app, collector) = (TestApp::start().await, Collector::start());
    let mut anna = app.sign_in(ANNA).await;
    let day = (app.clock.now() + chrono::Duration::days(2)).format("%Y-%m-%d").to_string();
    let when = [("sending", "later"), ("send_on", day.as_str()), ("send_time", "09:30")];
    let fields = [&[("customer_email", CUSTOMER)], &when[..]].concat();
    anna.creates_email_payment(&fields, "send").await;
    app.shut_down().await;
    assert_eq!(app.mailbox.count(), 0);
    app.change("UPDATE email_payments SET send_at = now()");

    let mut served = Served::start(&app, &collector, Stdio::inherit());
    app.mailbox.wait_for(CUSTOMER, 1).await;
    let page = app.browser().get(&format!("{}/sign-in?return_to=%2Fsecret", served.base)).await;
    assert_eq!(page.status, 200);
    let lost = app.browser().get(&format!("{}/pay/{}", served.base, "A".repeat(32))).await;
    assert_eq!(lost.status, 404);
    app.until("all three are told", async || {
        collector.trace("GET /pay/{token}").is_some()
            && collector.trace("mail request").is_some()
            && collector.trace("job send what is scheduled").is_some()
    })
    .await;

    let (request, steps) = collector.trace("GET /pay/{token}").unwrap();
    assert_eq!(request.kind, SpanKind::Server as i32);
    assert_eq!(steps.last().map(String::as_str), Some("database pay"), "{steps:?}");
    let said = |name| value(&request.attributes, name);
    assert_eq!(said("http.request.method").as_deref(), Some("GET"));
    assert_eq!(said("http.route").as_deref(), Some("/pay/{token}"));
    assert_eq!(said("http.response.status_code").as_deref(), Some("404"));
    assert_eq!(said("request.id"), lost.header("x-request-id"));
    assert!(request.status.is_none_or(|status| status.code == 0), "a 404 is no failure of ours");
    let (mail, steps) = collector.trace("mail request").unwrap();
    assert_eq!(steps.last().map(String::as_str), Some("relay send"), "{steps:?}");
    assert_eq!(value(&mail.attributes, "outcome").as_deref(), Some("sent"));
    assert_eq!(value(&mail.attributes, "merchant.id"), Some(app.world.first.to_string()));
    assert!(collector.trace("job expire").is_none(), "nothing was due");

    let heard = format!("{:?}", collector.heard.lock().unwrap());
    for secret in [CUSTOMER, "secret", KEY, &"A".repeat(32), "Anna"] {
        assert!(!heard.contains(secret), "a trace holds {secret:?}");
    }
    for resource in collector.heard.lock().unwrap().iter().flat_map(|told| &told.resource_spans) {
        let about = &resource.resource.as_ref().unwrap().attributes;
        assert_eq!(value(about, "service.name").as_deref(), Some("central"));
        assert_eq!(value(about, "deployment.environment.name").as_deref(), Some("test"));
    }

    // The last ones leave before the process does.
    let before = collector.spans().len();
    let last = app.browser().get(&format!("{}/nothing", served.base)).await;
    assert_eq!(last.status, 404);
    served.ends(&app).await;
    assert!(collector.spans().len() > before);
    assert!(collector.spans().iter().any(|span| span.name == "GET -"));
}

#[actix_web::test]
async fn a_collector_that_is_away_costs_one_line_in_the_log() {
    let (app, mut collector) = (TestApp::start().await, Collector::start());
    // Nobody listens there.
    collector.url = "http://127.0.0.1:9".to_owned();
    let mut served = Served::start(&app, &collector, Stdio::piped());
    let mut browser = app.browser();
    app.until("it serves", async || {
        openidconnect::reqwest::get(format!("{}/api", served.base)).await.is_ok()
    })
    .await;
    for _ in 0..5 {
        assert_eq!(browser.get(&format!("{}/sign-in", served.base)).await.status, 200);
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    let mut log = served.child.stderr.take().unwrap();
    served.ends(&app).await;
    let mut lines = String::new();
    log.read_to_string(&mut lines).unwrap();
    assert_eq!(lines.matches("the collector takes no traces").count(), 1, "{lines}");
    assert!(lines.contains("onnection refused"), "{lines}");
}

#[actix_web::test]
async fn check_config_says_whether_the_collector_takes_traces() {
    let (app, collector) = (TestApp::start().await, Collector::start());
    let mut check = Command::new(env!("CARGO_BIN_EXE_central"));
    check.arg("check-config").env_clear().envs(app.settings()).envs(collector.settings());
    let run = async |check: Command| {
        let mut check = check;
        let output = actix_web::rt::task::spawn_blocking(move || check.output()).await.unwrap();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let words = run(check).await;
    assert!(words.lines().any(|line| line == format!("{:<18} ok", "traces")), "{words}");

    let mut check = Command::new(env!("CARGO_BIN_EXE_central"));
    check.arg("check-config").env_clear().envs(app.settings()).envs(collector.settings());
    check.env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=another");
    let words = run(check).await;
    let line = format!("{:<18} FAILED: it answered 401 Unauthorized", "traces");
    assert!(words.lines().any(|found| found == line), "{words}");
}
