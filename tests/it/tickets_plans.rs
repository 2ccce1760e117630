//! How Postgres answers support's queue over many tickets: pages are opened with every filter and in
//! every order, and the plans that Postgres writes into its log are read.

use serde_json::Value;

use crate::support::*;

const TICKETS_COUNT: u32 = 20_000;
/// The most rows that a plan may sort.
const SORTED_MAX: u64 = 10_000;

const FILTERS: [&str; 14] = [
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
    "merchant=bellini",
    "created=last_7_days",
    "due=today",
];

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
    found.extend(below.iter().flat_map(faults));
    found
}

#[actix_web::test]
async fn no_filter_of_the_queue_sorts_much_of_it() {
    let app = TestApp::start().await;
    app.tickets_in_bulk(TICKETS_COUNT);
    let mut tom = app.sign_in(TOM).await;
    let mut log = Explained::start(&app, &mut tom, TICKETS, true).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for filter in FILTERS {
        for sort in ["", "-due", "created", "-answered"] {
            let url = format!("{TICKETS}?{filter}&sort={sort}");
            let page = tom.get(&url).await;
            assert_eq!(page.status, 200, "{url}: {}", page.text("main"));
            for Statement { milliseconds, plan, .. } in log.statements("tickets") {
                seen += 1;
                for fault in faults(&plan) {
                    wrong.push(format!("{url}: {fault} in {milliseconds} ms"));
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
