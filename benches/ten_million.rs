//! The list at size: 100,000 and 10,000,000 payments over 2,000 merchants, for the biggest of them,
//! which has 5 %. What Postgres takes for the pages' own statements (its log tells), what totals
//! take, and 64 connections against a program that sends the same statements and does nothing else.
//!
//! `cargo bench --bench ten_million`; with `-- 1000000` for fewer. Ten million take some 20 GB below
//! the temporary folder and, to make, some minutes.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

#[path = "list/bare.rs"]
mod bare;
#[path = "list/load.rs"]
mod load;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use central::auth::{MerchantScope, SystemScope};
use central::db::views::email_payments_list as list;
use central::demo::seed::{BIGGEST, Generation, generate};
use central::email_payments::{Narrowed, Status, SummaryFilter, Totals, totals};
use central::kernel::MerchantId;
use diesel::prelude::*;
use load::{load, request};
use support::{ANNA, Browser, Explained, TestApp, cluster};

const SMALL: u64 = 100_000;
const PAGE: &str = "/processing/email-payments";
const REPEATS: usize = 7;
const CONNECTIONS: usize = 64;
const REQUESTS: usize = 6_400;

/// Questions whose time must not grow with the table: at most 1.3 times, or half a millisecond more.
const STEADY: [(&str, &str); 6] = [
    ("first page", ""),
    ("status paid", "status=paid"),
    ("status failed", "status=failed"),
    ("30 days, a year back", "created_from=2025-10-01&created_to=2025-10-31"),
    ("order ID begins", "order_id_op=starts&order_id=g1-2025-0"),
    ("order ID is", "order_id_op=is&order_id=g1-2025-00050000"),
];

/// All others: at most 60 ms.
const OTHERS: [(&str, &str); 18] = [
    ("two statuses", "status=failed&status=cancelled"),
    ("what may still come", "group=current"),
    ("amount, a narrow range", "amount_op=between&amount_min=1000&amount_max=1002"),
    ("currency of 2 %", "currency=USD"),
    ("currency without rows", "currency=GBP"),
    ("language and method", "language=es&method=WeChat"),
    ("method without rows", "method=Bancontact"),
    ("mail that bounced", "delivery=bounced"),
    ("expires within 7 days", "expires_within=7"),
    ("paid on a day", "paid_from=2026-03-01&paid_to=2026-03-01"),
    ("text, common", "q=garcia"),
    ("text, in a third of all", "q=mar"),
    ("text, few rows", "q=garcia77%40"),
    ("text, two words", "q=jose+garcia"),
    ("text, three letters, no row", "q=xyz"),
    ("text, no row", "q=no+such+customer"),
    ("text and status", "q=garcia&status=failed"),
    (
        "many at once",
        "status=failed&status=cancelled&delivery=bounced&currency=USD&language=es&amount_op=above&amount_min=50",
    ),
];

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    // Cargo adds words of its own.
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(10_000_000);
    let mut small = World::make(SMALL).await;
    let mut large = World::make(count).await;
    // Before each statement is explained: that takes time.
    compare(&large).await;
    for world in [&small, &large] {
        println!("totals in Postgres and back, {} payments, ms", world.count);
        for (name, filter, is_summary) in sums() {
            println!("  {name:<34}{:>9.2}", world.totals(&filter, is_summary));
        }
    }
    small.explain().await;
    large.explain().await;
    println!("{:<30}{:>11}{:>11}{:>8}", "in Postgres, ms", SMALL, count, "ratio");
    for (name, query) in STEADY.iter().chain(&OTHERS) {
        let (before, after) = (small.statements(query).await, large.statements(query).await);
        println!("{name:<30}{before:>11.2}{after:>11.2}{:>8.1}", after / before);
    }
}

/// The product over a database of some size, and the biggest merchant's owner in it.
struct World {
    count: u64,
    app: TestApp,
    anna: Browser,
    biggest: MerchantId,
    log: Option<Explained>,
}

impl World {
    async fn make(count: u64) -> Self {
        let app = TestApp::start().await;
        let started = Instant::now();
        let tell: &(dyn Fn(&str) + Sync) = &|words| println!("{words}");
        let people = ["anna", "carla"];
        let generation = Generation { count, people: &people, now: app.clock.now(), tell };
        generate(&cluster().superuser_url(&app.database), &app.config.keys, &generation)
            .expect("the payments fit");
        println!("{count} payments made in {:.0} s", started.elapsed().as_secs_f64());
        let biggest = app.text(&format!("SELECT id FROM merchants WHERE name = '{BIGGEST}'"));
        let biggest = biggest.parse().expect("an id");
        let mut anna = app.sign_in(ANNA).await;
        anna.works_for(&biggest).await;
        Self { count, app, anna, biggest, log: None }
    }

    async fn explain(&mut self) {
        self.log = Some(Explained::start(&self.app, &mut self.anna, PAGE, false).await);
    }

    /// What a page's statements about payments take in Postgres together, in ms: the median.
    async fn statements(&mut self, query: &str) -> f64 {
        let log = self.log.as_mut().expect("explained");
        let mut times = Vec::new();
        for _ in 0..REPEATS {
            let page = self.anna.get(&format!("{PAGE}?{query}")).await;
            assert_eq!(page.status, 200, "{query}");
            times.push(log.statements("email_payments_list").iter().map(|s| s.milliseconds).sum());
        }
        median(times)
    }

    fn totals(&self, filter: &SummaryFilter, is_summary: bool) -> f64 {
        let scope: MerchantScope = SystemScope::found(self.biggest).into();
        let db = self.app.db();
        let times = (0..REPEATS).map(|_| {
            let rows = Box::new(
                list::merchant_id
                    .eq(self.biggest)
                    .and(list::status.eq_any(filter.statuses.clone()))
                    .and(list::currency.ne_all(filter.currencies.clone())),
            );
            let summary = is_summary.then(|| filter.clone());
            let narrowed = Narrowed { rows, has_texts: false, summary };
            let started = Instant::now();
            let told = db.run_blocking(&scope.tenants(), |conn| {
                totals(conn, scope, narrowed, Duration::from_secs(4))
            });
            assert!(matches!(told.expect("totals"), Totals::Counted(_)), "they took four seconds");
            started.elapsed().as_secs_f64() * 1_000.0
        });
        median(times.collect())
    }
}

fn sums() -> [(&'static str, SummaryFilter, bool); 4] {
    let all = SummaryFilter::default();
    let days = SummaryFilter {
        created_from: Some("2025-10-01T22:00:00Z".parse().expect("an instant")),
        created_until: Some("2026-10-02T22:00:00Z".parse().expect("an instant")),
        ..all.clone()
    };
    let paid = SummaryFilter { statuses: vec![Status::Paid], ..all.clone() };
    [
        ("everything, from the summary", all.clone(), true),
        ("a year in Rome, from the summary", days, true),
        ("paid, from the summary", paid, true),
        ("everything, from the rows", all, false),
    ]
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The first page over many connections.
async fn compare(world: &World) {
    let cookie = format!("__Host-sid={}", world.anna.cookie("__Host-sid").expect("a session"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let minimal = listener.local_addr().expect("bound").to_string();
    let reader = world.app.look(|conn| bare::Reader::latest(conn, world.biggest));
    bare::start(listener, &cluster().url("app", &world.app.database), &reader);
    let product = world.app.base.trim_start_matches("http://").to_owned();
    tokio::task::spawn_blocking(move || {
        for connections in [1, CONNECTIONS] {
            let run = |name: &str, address: &str, cookie: &str| {
                let request = request(address, PAGE, cookie, false);
                load(address, &request, connections, REQUESTS / 10);
                let run = load(address, &request, connections, REQUESTS);
                println!(
                    "{name:<10}{connections:>4} connections{:>10.2} ms p50{:>10.2} ms p99{:>9.0} requests/s{:>7} bytes{:>5} errors",
                    run.percentile(50),
                    run.percentile(99),
                    run.rate,
                    run.bytes,
                    run.errors
                );
                run
            };
            let (bare, ours) = (run("minimal", &minimal, ""), run("product", &product, &cookie));
            println!(
                "ratio: p50 {:.2}, p99 {:.2}, requests/s {:.2}",
                ours.percentile(50) / bare.percentile(50),
                ours.percentile(99) / bare.percentile(99),
                ours.rate / bare.rate
            );
        }
    })
    .await
    .expect("a comparison");
}
