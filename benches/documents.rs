//! Documents per second at the end of a month: 10,000 statements, each with an invoice as PDF, made by
//! two processes' worth of jobs side by side. And the list of a merchant that has 20,000 of them, beside
//! one that has 200.
//!
//! `cargo bench --bench documents`. Postgres shares the machine.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::time::Instant;

use central::documents::jobs::{Maker, publish_due};
use central::statements::jobs::{begin_due, close_due};
use central::store::Store;
use support::{ANNA, Browser, TestApp};

const MERCHANTS: i64 = 10_000;
/// Documents a second that two cores have to reach.
const GOAL: f64 = 20.0;

fn main() {
    actix_web::rt::System::new().block_on(async {
        list().await;
        month().await;
    });
}

/// What a merchant's documents are asked for.
const PAGES: [(&str, &str); 10] = [
    ("overview", "/"),
    ("first page", "/accounting/documents"),
    ("unread", "/accounting/documents?unread=yes"),
    ("kind", "/accounting/documents?kind=credit_note"),
    ("state", "/accounting/documents?state=waiting_accountant_payment"),
    ("issued", "/accounting/documents?issued_from=2026-01-01&issued_to=2026-01-31"),
    ("number", "/accounting/documents?number=B-77"),
    ("words", "/accounting/documents?q=B-77"),
    ("amount", "/accounting/documents?amount=>300"),
    ("currency", "/accounting/documents?currency=EUR"),
];
/// Requests of each page, of which the median counts.
const REQUESTS: usize = 40;

/// The list and the overview at 200 documents and at 20,000, one request at a time.
async fn list() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    documents(&app, 1, 200);
    let few = medians(&mut anna).await;
    documents(&app, 201, 20_000);
    let many = medians(&mut anna).await;
    println!("{:<14}{:>10}{:>10}{:>8}", "page, ms", "200", "20,000", "ratio");
    for (((name, _), few), many) in PAGES.iter().zip(few).zip(many) {
        println!("{name:<14}{few:>10.1}{many:>10.1}{:>8.2}", many / few);
    }
    let mut page = anna.get("/accounting/documents").await;
    for _ in 0..300 {
        let next = page.attribute("a[rel=next]", "href");
        page = anna.get(&next).await;
    }
    let next = page.attribute("a[rel=next]", "href");
    println!("{:<14}{:>10}{:>10.1}", "page 301", "", median(&mut anna, &next).await);
}

async fn medians(anna: &mut Browser) -> Vec<f64> {
    let mut medians = Vec::new();
    for (_, path) in PAGES {
        medians.push(median(anna, path).await);
    }
    medians
}

/// Documents over six years, two of three read; a hundredth is still to be paid.
fn documents(app: &TestApp, from: u32, until: u32) {
    let id = app.world.first;
    app.change(&format!(
        "INSERT INTO documents (merchant_id, id, kind, provider, number, period_from, period_until, issued_on,
                due_on, currency, total_minor, state, state_at, sha256, size_bytes, source, created_at)
         SELECT '{id}', gen_random_uuid(), CASE WHEN n % 20 = 0 THEN 'credit_note' ELSE 'invoice' END,
                'PayXpert', 'B-' || n, day - 30, day, day + 1, day + 11, CASE WHEN n % 50 = 0 THEN 'USD' ELSE 'EUR' END,
                n * 7919 % 50000, CASE WHEN n % 100 = 1 THEN 'waiting_accountant_payment' ELSE 'paid' END,
                day, sha256(n::text::bytea), 20000, 'period_end', day
         FROM generate_series({from}, {until}) n, LATERAL (SELECT '2026-10-31'::date - (n * 7 % 2190) AS day) d"
    ));
    app.change(&format!(
        "INSERT INTO document_reads (merchant_id, user_id, document_id, read_at)
         SELECT d.merchant_id, u.id, d.id, d.created_at FROM documents d, users u
         WHERE d.merchant_id = '{id}' AND u.subject = '{ANNA}' AND d.total_minor % 3 > 0
         ON CONFLICT DO NOTHING"
    ));
    app.change("ANALYZE");
}

/// Milliseconds of a page.
async fn median(browser: &mut Browser, path: &str) -> f64 {
    let mut times = Vec::new();
    for _ in 0..REQUESTS {
        let started = Instant::now();
        let page = browser.get(path).await;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(page.status, 200, "{path}");
    }
    times.sort_by(f64::total_cmp);
    *times.get(REQUESTS / 2).expect("as many as were asked")
}

async fn month() {
    let app = TestApp::start().await;
    app.many_merchants(MERCHANTS, 50);
    let db = app.jobs_db();
    while begin_due(&db, app.clock.now()).await.expect("periods") > 0 {}
    app.clock.advance(chrono::Duration::days(32));
    let started = Instant::now();
    let documents = || app.count("documents");
    let maker = Maker {
        db: db.clone(),
        store: Store::new(&app.config.documents).expect("a store"),
        clock: app.clock.clone(),
    };
    // The product that runs beside us works on them too, as a second process would.
    while documents() < MERCHANTS {
        close_due(&db, app.clock.now()).await.expect("statements");
        publish_due(&maker).await.expect("documents");
    }
    let seconds = started.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(MERCHANTS).expect("not that many")) / seconds;
    println!("{MERCHANTS} documents in {seconds:.1} s: {rate:.0} a second, goal {GOAL}");
    assert_eq!(documents(), MERCHANTS, "each once");
    assert!(rate >= GOAL, "too slow");
}
