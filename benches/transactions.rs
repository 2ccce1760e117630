//! 100,000 and 1,000,000 transactions of a merchant: how many a second the job reads, told by a gateway
//! beside it, through the job's own code, into the table with all its indexes, two lists side by side as
//! the product reads them. Then what Postgres takes for the statements of their list (its log tells).
//!
//! `cargo bench --bench transactions`; with `-- 300000` for fewer. Postgres and the gateway share the
//! machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

#[path = "list/asked.rs"]
mod asked;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Instant;

use actix_web::web::{Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use asked::{Asked, Table};
use central::email_payments::Parts;
use central::gateway::Gateway;
use central::reconciliation::jobs::import_due;
use central::server;
use chrono::{DateTime, Duration, Utc};
use support::{ANNA, TestApp};

const SMALL: i64 = 100_000;
/// Originators of the tests' world that are asked for.
const ORIGINATORS: i64 = 3;
const DAYS: i64 = 300;
/// Rows a second that two cores have to reach.
const GOAL: f64 = 5_000.0;

const PAGE: &str = "/processing/transactions";
/// Pages that are turned before a page deep down is measured.
const TURNED: usize = 1_000;

/// Name, query, and whether its time must stay as it is.
const QUESTIONS: [(&str, &str, bool); 27] = [
    ("first page", "", true),
    ("oldest", "after=oldest", true),
    ("status: declined", "status=declined", true),
    ("status: authorised", "status=authorised", true),
    ("two days", "date_from=2026-03-01&date_to=2026-03-02", true),
    ("last 7 days", "date=last_7_days", true),
    ("order ID is", "order_id_op=is&order_id=WEB-7770", true),
    ("order ID begins", "order_id_op=starts&order_id=WEB-777", true),
    ("number begins", "number_op=starts&number=1000", false),
    ("by amount", "sort=amount", false),
    ("amount, narrow", "amount_op=between&amount_min=10.00&amount_max=10.05", false),
    ("operation: refund", "operation=refund", false),
    ("operation: chargeback, none", "operation=chargeback", false),
    ("not sales, by amount", "operation=sale&operation_op=not&sort=amount", false),
    ("channel without rows", "channel=in_store", false),
    ("method without rows", "method=Alipay", false),
    ("country", "country=FR", false),
    ("result code", "result=051", false),
    ("result code without rows", "result=585", false),
    ("currency without rows", "currency=USD", false),
    ("card", "card=0044", false),
    ("address", "ip_op=is&ip=203.0.113.4", false),
    ("text, in all", "q=customer", false),
    ("text, few", "q=customer77%40", false),
    ("text, two words", "q=number+777", false),
    ("text, none", "q=no+such+text", false),
    ("many at once", "status=declined&country=IT&operation=sale&currency=EUR&result=051", false),
];

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let (mut small, _) = world(SMALL).await;
    let (mut large, rate) = world(count).await;
    let mut table = Table::begin(SMALL, count);
    for (name, query, is_steady) in QUESTIONS {
        table.line(name, small.takes(query).await, large.takes(query).await, is_steady);
    }
    let deep = (small.after(TURNED).await, large.after(TURNED).await);
    table.line("1,000 pages further", deep.0, deep.1, true);
    table.end();
    assert!(rate >= GOAL, "too slow");
}

/// The product after so many transactions were read, and how many that were a second.
async fn world(rows: i64) -> (Asked, f64) {
    let app = Box::leak(Box::new(TestApp::start().await));
    app.shut_down().await;
    let rate = import(app, rows / ORIGINATORS).await;
    // Its own jobs have nothing left to read.
    let again = [&app.base, &app.internal].map(|url| {
        TcpListener::bind(url.trim_start_matches("http://")).expect("the address was left")
    });
    let [product, internal] = again;
    let running = server::start(&app.config, app.clock.clone(), product, internal, 1);
    Box::leak(Box::new(running.await.expect("the product starts")));
    app.change("VACUUM (ANALYZE) transactions");
    let anna = app.sign_in(ANNA).await;
    (Asked::start(app, anna, PAGE, "transactions_list", String::new()).await, rate)
}

async fn import(app: &TestApp, each: i64) -> f64 {
    app.change("DELETE FROM transaction_imports");
    app.change(&format!("UPDATE originators SET created_at = created_at - interval '{DAYS} days'"));
    let url = gateway(app.clock.now(), each);
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
    assert!(rows >= each * ORIGINATORS - ORIGINATORS, "each once");
    rate
}

/// Lists `each` transactions of the account that asks, spread over the days before `until`.
fn gateway(until: DateTime<Utc>, each: i64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let first = (until - Duration::days(DAYS)).timestamp_millis();
    let server = HttpServer::new(move || {
        App::new().app_data(Data::new((first, each))).default_service(to(answer))
    });
    let server = server.workers(1).disable_signals().listen(listener).expect("it listens");
    actix_web::rt::spawn(server.run());
    url
}

async fn answer(req: HttpRequest, list: Data<(i64, i64)>) -> HttpResponse {
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
    let (first, each) = **list;
    let step = DAYS * 86_400_000 / each;
    let place = |second: i64| ((second * 1000 - first) + step - 1).div_euclid(step).clamp(0, each);
    let mut body = String::from(r#"{"apiVersion":"002.73","transactions":["#);
    for n in place(from)..place(to) {
        let comma = if n > place(from) { "," } else { "" };
        let (at, minor, digits) = (first + n * step, 100 + n * 7919 % 50_000, n % 10_000);
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
