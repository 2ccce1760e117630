//! Documents per second at the end of a month: 10,000 statements, each with an invoice as PDF, made by
//! two processes' worth of jobs side by side.
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
use support::TestApp;

const MERCHANTS: i64 = 10_000;
/// Documents a second that two cores have to reach.
const GOAL: f64 = 20.0;

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
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
