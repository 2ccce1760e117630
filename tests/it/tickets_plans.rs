//! How Postgres answers support's queue over many tickets: pages are opened with every filter and in
//! every order, and the plans that Postgres writes into its log are read.

use crate::support::*;

const TICKETS_COUNT: i64 = 20_000;
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
            for statement in pages.filter(|s| s.text.contains("ORDER BY")) {
                seen += 1;
                wrong.extend(statement.faults("tickets").map(|fault| format!("{url}: {fault}")));
            }
        }
    }
    assert!(seen > 80, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
