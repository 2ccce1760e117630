//! The first page of the list over 100,000 payments of one merchant: the product against a program
//! that sends the same statements and does nothing else, with the same libraries.
//!
//! `cargo bench --bench list`. Client, servers and Postgres share the machine: compare the two
//! programs, not the figures with those of another machine.
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
use std::time::Instant;

use central::db::Db;
use central::kernel::UserId;
use load::{load, request};
use support::{ANNA, TestApp, cluster};

const PAYMENTS: u64 = 99_640;
const OPEN: u64 = 360;
const REQUESTS: usize = 2_400;
const WARM_UP: usize = 200;
const PAGE: &str = "/processing/email-payments";

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let app = TestApp::start().await;
    let filling = Instant::now();
    fill(&app);
    println!("{} payments made in {:.1} s", PAYMENTS + OPEN, filling.elapsed().as_secs_f64());
    let anna = app.sign_in(ANNA).await;
    let cookie = format!("__Host-sid={}", anna.cookie("__Host-sid").expect("a session"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let minimal = listener.local_addr().expect("bound").to_string();
    let reader = app.look(|conn| bare::Reader::latest(conn, app.world.first));
    bare::start(listener, &cluster().url("app", &app.database), &reader);
    let product = app.base.trim_start_matches("http://").to_owned();
    // The clients have threads of their own: this one goes on with the servers' tasks.
    tokio::task::spawn_blocking(move || compare(&minimal, &product, &cookie))
        .await
        .expect("a comparison");
}

fn compare(minimal: &str, product: &str, cookie: &str) {
    println!(
        "{:<10}{:>6}{:>13}{:>10}{:>10}{:>10}{:>12}",
        "program", "gzip", "connections", "bytes", "p50 ms", "p99 ms", "requests/s"
    );
    for connections in [1, 16, 64] {
        for gzip in [false, true] {
            let run = |name: &str, address: &str, cookie: &str| {
                let request = request(address, PAGE, cookie, gzip);
                load(address, &request, connections, WARM_UP);
                let run = load(address, &request, connections, REQUESTS);
                println!(
                    "{name:<10}{:>6}{connections:>13}{:>10}{:>10.2}{:>10.2}{:>12.0}",
                    if gzip { "on" } else { "off" },
                    run.bytes,
                    run.percentile(50),
                    run.percentile(99),
                    run.rate,
                );
                assert_eq!(run.errors, 0, "{name}: answers other than 200");
                run
            };
            let bare = run("minimal", minimal, "");
            let ours = run("product", product, cookie);
            let ratio = |percent| ours.percentile(percent) / bare.percentile(percent);
            println!("{:<10}{:>49.2}{:>10.2}", "ratio", ratio(50), ratio(99));
        }
    }
}

fn fill(app: &TestApp) {
    let admin = Db::new(&cluster().superuser_url(&app.database), 1, true);
    let user = app.text("SELECT id FROM users WHERE subject = 'anna'");
    let user: UserId = user.parse().expect("an id");
    let owner = (app.world.first, app.world.first_originator, user);
    central::demo::seed::fill(&admin, &app.config.keys, owner, (PAYMENTS, OPEN), &app.clock)
        .expect("the payments fit");
}
