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

use central::db::Db;
use central::documents::jobs::{Maker, publish_due};
use central::statements::jobs::{begin_due, close_due};
use central::store::Store;
use diesel::connection::SimpleConnection as _;
use support::{TestApp, cluster};

const MERCHANTS: i64 = 10_000;
/// Documents a second that two cores have to reach.
const GOAL: f64 = 20.0;

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let app = TestApp::start().await;
    fill(&app);
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

/// Merchants with an originator, conditions and 50 transactions each.
fn fill(app: &TestApp) {
    let db = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let statement = format!(
        "CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, {MERCHANTS}) n;
         INSERT INTO merchants (id, name, legal_name, address, country, currency, language, time_zone, email, order_prefix, created_at)
         SELECT id, 'Merchant ' || n, 'Merchant ' || n || ' S.r.l.', 'Via dei Vasai 12, 50022 Greve in Chianti (FI), Italia', 'IT', 'EUR',
             (ARRAY['it', 'en', 'es', 'fr'])[1 + n % 4], 'Europe/Rome', 'orders@shop.example', 'M' || n, now() FROM made;
         INSERT INTO originators (merchant_id, id, name, number, api_key_encrypted, currencies, created_at)
         SELECT id, id, 'Shop', (500000 + n)::text, '\\x00', '{{EUR}}', now() FROM made;
         INSERT INTO conditions (merchant_id, id, provider, currency, valid_from, percent_bp, per_sale_minor, per_refund_minor,
             per_chargeback_minor, tax_bp, holdback_bp, holdback_days, due_days, reason, created_at)
         SELECT id, id, 'PayXpert', 'EUR', '2020-01-01', 140, 20, 50, 2500, 2000, 500, 180, 10, 'As agreed', now() FROM made;
         INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
             method, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at)
         SELECT id, gen_random_uuid(), id, 'PayXpert', 'ecommerce', (ARRAY['sale', 'refund', 'capture', 'sale', 'chargeback'])[1 + k % 5],
             'authorised', 100 + k * 37, 'EUR', 'CreditCard', '000', 'b-' || k, false, now(), now()
         FROM made, generate_series(1, 50) k;
         ANALYZE"
    );
    db.with_connection(|conn| Ok(conn.batch_execute(&statement)?)).expect("merchants");
}
