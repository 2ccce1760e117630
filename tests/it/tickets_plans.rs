//! How Postgres answers support's queue over many tickets: pages are opened with every filter and in
//! every order, and the plans that Postgres writes into its log are read.

use serde_json::Value;

use crate::support::*;

const TICKETS_COUNT: u32 = 20_000;
/// The most rows that a plan may sort.
const SORTED_MAX: u64 = 10_000;

const FILTERS: [&str; 21] = [
    "",
    "q=number+7",
    "q=no+such+text",
    "q=17",
    "state=open",
    "state=open&state=waiting_support",
    "state=closed",
    "priority=urgent",
    "category=risk",
    "category=risk&category_op=not",
    "assignee=nobody&state=open",
    "assignee=nobody",
    "merchant=bellini",
    "merchant=Merchant+77&merchant_op=is",
    "merchant=merchant",
    "author=anna",
    "author=nobody+of+that+name",
    "q=number+777",
    "category=risk&state=open&priority=high",
    "created=last_7_days",
    "due=today",
];

/// What is wrong with a page's plan: it sorts much, or reads the tickets from end to end.
fn faults(plan: &Value) -> Vec<String> {
    let text = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
    let below = plan.get("Plans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    if text("Node Type") == "Sort" {
        let of = |name: &str| below.first().and_then(|step| step.get(name)?.as_u64());
        let rows = of("Actual Rows").unwrap() * of("Actual Loops").unwrap();
        if rows > SORTED_MAX {
            found.push(format!("sorts {rows} rows"));
        }
    }
    if text("Node Type") == "Seq Scan" && text("Relation Name") == "tickets" {
        found.push("reads all tickets".to_owned());
    }
    found.extend(below.iter().flat_map(faults));
    found
}

#[actix_web::test]
async fn no_filter_of_the_queue_sorts_much_of_it_or_reads_all_of_it() {
    let app = TestApp::start().await;
    app.many_merchants(200, 0);
    app.queue_in_bulk(TICKETS_COUNT);
    let mut tom = app.sign_in(TOM).await;
    let mut log = Explained::start(&app, &mut tom, TICKETS, true).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for filter in FILTERS {
        for sort in ["", "-due", "created", "-answered"] {
            let url = format!("{TICKETS}?{filter}&sort={sort}");
            let page = tom.get(&url).await;
            assert_eq!(page.status, 200, "{url}: {}", page.text("main"));
            let pages = log.statements("tickets").into_iter();
            // Counts read what comes, up to their limit.
            for Statement { milliseconds, plan, .. } in
                pages.filter(|s| s.text.contains("ORDER BY"))
            {
                seen += 1;
                for fault in faults(&plan) {
                    wrong.push(format!("{url}: {fault} in {milliseconds} ms"));
                }
            }
        }
    }
    assert!(seen > 80, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
