//! Transactions per second that the job reads: a million of them, told by a gateway beside it, through the
//! job's own code, into the table with all its indexes; two lists side by side, as the product reads them.
//!
//! `cargo bench --bench transactions_import`. Postgres and the gateway share the machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Instant;

use actix_web::web::{Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use central::email_payments::Parts;
use central::gateway::Gateway;
use central::reconciliation::jobs::import_due;
use chrono::{DateTime, Duration, Utc};
use support::TestApp;

/// Of all originators together.
const ROWS: i64 = 1_000_000;
/// Of each of the three.
const EACH: i64 = ROWS / 3;
const DAYS: i64 = 300;
/// Rows a second that two cores have to reach.
const GOAL: f64 = 5_000.0;

fn main() {
    actix_web::rt::System::new().block_on(run());
}

async fn run() {
    let mut app = TestApp::start().await;
    app.shut_down().await;
    app.change("DELETE FROM transaction_imports");
    app.change(&format!("UPDATE originators SET created_at = created_at - interval '{DAYS} days'"));
    let url = gateway(app.clock.now());
    let address = || url.parse().expect("an address");
    let parts = Parts {
        db: app.jobs_db(),
        keys: app.config.keys.clone(),
        gateway: Gateway::new(address(), address(), app.clock.clone()).expect("a client"),
        clock: app.clock.clone(),
        public_origin: app.base.as_str().into(),
    };
    let started = Instant::now();
    let read = async || while import_due(&parts).await.expect("a window") > 0 {};
    futures_util::join!(read(), read());
    let seconds = started.elapsed().as_secs_f64();
    let rows = app.count("transactions");
    let rate = f64::from(u32::try_from(rows).expect("not that many")) / seconds;
    println!("{rows} transactions in {seconds:.1} s: {rate:.0} a second, goal {GOAL}");
    assert!(rows >= EACH * 3 - 3, "each once");
    for line in app.texts("SELECT indexrelname || ' ' || pg_size_pretty(pg_relation_size(indexrelid)) FROM pg_stat_user_indexes WHERE relname = 'transactions'") {
        println!("{line}");
    }
    assert!(rate >= GOAL, "too slow");
}

/// Lists `EACH` transactions of the account that asks, spread over the days before `until`.
fn gateway(until: DateTime<Utc>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let first = (until - Duration::days(DAYS)).timestamp_millis();
    let server =
        HttpServer::new(move || App::new().app_data(Data::new(first)).default_service(to(answer)));
    let server = server.workers(1).disable_signals().listen(listener).expect("it listens");
    actix_web::rt::spawn(server.run());
    url
}

async fn answer(req: HttpRequest, first: Data<i64>) -> HttpResponse {
    let query: HashMap<String, String> =
        serde_urlencoded::from_str(req.query_string()).expect("a query");
    let second = |name: &str| query.get(name)?.parse::<i64>().ok();
    let (Some(from), Some(to)) = (second("startTime"), second("endTime")) else {
        return HttpResponse::Ok().body(r#"{"errorCode":"000","transactionList":[]}"#);
    };
    let account = req
        .headers()
        .get("authorization")
        .map_or(0, |key| key.as_bytes().iter().map(|byte| i64::from(*byte)).sum::<i64>());
    let step = DAYS * 86_400_000 / EACH;
    let place =
        |second: i64| ((second * 1000 - **first) + step - 1).div_euclid(step).clamp(0, EACH);
    let mut body = String::from(r#"{"apiVersion":"002.73","transactions":["#);
    for n in place(from)..place(to) {
        let comma = if n > place(from) { "," } else { "" };
        let (at, minor, digits) = (**first + n * step, 100 + n * 7919 % 50_000, n % 10_000);
        let (operation, parent) = if n % 50 == 7 {
            ("refund", format!("{account}{:07}", n - 7))
        } else {
            ("sale", String::new())
        };
        let (status, code) =
            if n % 12 == 0 { ("Not authorized", "051") } else { ("Authorized", "000") };
        let country = ["IT", "FR", "ES", "DE"]
            .get(usize::try_from(n % 4).unwrap_or(0))
            .copied()
            .unwrap_or("IT");
        write!(
            body,
            r#"{comma}{{"transactionID":"{account}{n:07}","refTransactionID":"{parent}","paymentMethod":"CreditCard","operation":"{operation}","date":{at},"amount":{minor},"currency":"EUR","resultCode":"{code}","status":"{status}","orderID":"WEB-{n}","shopper":{{"firstName":"Customer","lastName":"Number {}","email":"customer{}@example.com","countryCode":"{country}","ipAddress":"203.0.{}.{}"}},"paymentMeanInfo":{{"cardNumber":"411111XXXXXX{digits:04}","cardBrand":"VISA","is3DSecure":true,"statementDescriptor":"BELLINI"}},"isTest":false}}"#,
            n % 90_000, n % 90_000, n % 250, n % 240
        )
        .expect("a text");
    }
    body.push_str("]}");
    HttpResponse::Ok().content_type("application/json").body(body)
}
