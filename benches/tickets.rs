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

use support::{Browser, Explained, TICKETS, TOM, TestApp};

const SMALL: u32 = 10_000;
const REPEATS: usize = 5;
/// Pages that are turned before a page deep down is measured.
const TURNED: usize = 200;
/// Times that must not grow with the table: at most so many times, or half a millisecond more.
const STEADY: f64 = 1.3;
/// All others, in ms.
const OTHERS: f64 = 60.0;

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
    ("mine", "state=open&state=waiting_support&assignee={tom}", false),
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
    let mut small = Queue::make(SMALL).await;
    let mut large = Queue::make(count).await;
    println!("{:<30}{:>11}{:>11}{:>8}", "in Postgres, ms", SMALL, count, "ratio");
    let mut missed = 0;
    let mut line = |name: &str, before: f64, after: f64, is_steady: bool| {
        let is_met = if is_steady {
            after <= before * STEADY || after <= before + 0.5
        } else {
            after <= OTHERS
        };
        missed += u32::from(!is_met);
        let mark = if is_met { "" } else { "  missed" };
        println!("{name:<30}{before:>11.2}{after:>11.2}{:>8.1}{mark}", after / before);
    };
    for (name, query, is_steady) in QUESTIONS {
        line(name, small.takes(query).await, large.takes(query).await, is_steady);
    }
    line("200 pages further", small.deep().await, large.deep().await, true);
    println!("{missed} missed");
}

/// The product over so many tickets, and somebody of support.
struct Queue {
    tom: Browser,
    own: String,
    log: Explained,
}

impl Queue {
    async fn make(count: u32) -> Self {
        let app = Box::leak(Box::new(TestApp::start().await));
        app.many_merchants(2_000, 0);
        app.queue_in_bulk(count);
        let mut tom = app.sign_in(TOM).await;
        let own = app.text("SELECT id FROM users WHERE subject = 'tom'");
        let log = Explained::start(app, &mut tom, TICKETS, false).await;
        Self { tom, own, log }
    }

    /// What a page's statements about tickets take in Postgres together, in ms: the median.
    async fn takes(&mut self, query: &str) -> f64 {
        self.at(&format!("{TICKETS}?{}", query.replace("{tom}", &self.own))).await
    }

    async fn at(&mut self, url: &str) -> f64 {
        let mut times = Vec::new();
        for _ in 0..REPEATS {
            self.log.statements("tickets");
            let page = self.tom.get(url).await;
            assert_eq!(page.status, 200, "{url}");
            let written = self.log.statements("tickets");
            assert!(!written.is_empty(), "{url}: nothing is in the log");
            times.push(written.iter().map(|s| s.milliseconds).sum());
        }
        times.sort_by(f64::total_cmp);
        times.get(REPEATS / 2).copied().unwrap_or_default()
    }

    /// A page that only paging leads to.
    async fn deep(&mut self) -> f64 {
        let mut url = TICKETS.to_owned();
        for _ in 0..TURNED {
            url = self.tom.get(&url).await.attribute(".pager a[rel=next]", "href");
        }
        self.at(&url).await
    }
}
