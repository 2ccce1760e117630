//! Support's queue at size: 10,000 and 1,000,000 tickets over 2,000 merchants, of which the biggest has
//! 5 %. What Postgres takes for the page's own statements (its log tells).
//!
//! `cargo bench --bench tickets`; with `-- 100000` for fewer. Postgres shares the machine.
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

use asked::{Asked, Table};
use support::{TICKETS, TOM, TestApp};

const SMALL: i64 = 10_000;
/// Pages that are turned before a page deep down is measured.
const TURNED: usize = 200;

/// Name, query, and whether its time must stay as it is.
const QUESTIONS: [(&str, &str, bool); 25] = [
    ("first page", "", true),
    ("state: new", "state=open", true),
    ("state: solved", "state=solved", true),
    ("state: closed", "state=closed", true),
    ("what support owes", "state=open&state=waiting_support", true),
    ("newest first", "sort=-created", false),
    ("last message first", "sort=-answered", false),
    ("opened in the last 7 days", "created=last_7_days", false),
    ("opened in the last 30 days", "created=last_30_days", false),
    ("a year ago, a month", "created_from=2025-11-01&created_to=2025-11-30", false),
    ("due today", "due=today", false),
    ("priority: urgent", "priority=urgent", false),
    ("priority: normal", "priority=normal", false),
    ("category: risk", "category=risk", false),
    ("category: all but risk", "category=risk&category_op=not", false),
    ("merchant: one", "merchant=Merchant+77&merchant_op=is", false),
    ("merchant: the biggest", "merchant=Bellini", false),
    ("merchant: most of them", "merchant=merch", false),
    ("mine", "state=open&state=waiting_support&assignee={me}", false),
    ("nobody's", "state=open&state=waiting_support&assignee=nobody", false),
    ("a number", "q=17", false),
    ("text, in all", "q=ticket", false),
    ("text, in 2 %", "q=chargeback", false),
    ("text, few", "q=number+12345", false),
    ("text, none", "q=no+such+text", false),
];

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let (mut small, mut large) = (queue(SMALL).await, queue(count).await);
    let mut table = Table::begin(SMALL, count);
    for (name, query, is_steady) in QUESTIONS {
        table.line(name, small.takes(query).await, large.takes(query).await, is_steady);
    }
    let deep = (small.after(TURNED).await, large.after(TURNED).await);
    table.line("200 pages further", deep.0, deep.1, true);
    table.end();
}

/// The product over so many tickets, and somebody of support.
async fn queue(count: i64) -> Asked {
    let app = Box::leak(Box::new(TestApp::start().await));
    app.many_merchants(2_000, 0);
    app.queue_in_bulk(count);
    let tom = app.sign_in(TOM).await;
    let me = app.text("SELECT id FROM users WHERE subject = 'tom'");
    Asked::start(app, tom, TICKETS, "tickets", me).await
}
