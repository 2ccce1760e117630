//! How Postgres answers the list: the pages themselves are opened with every filter and every pair of
//! them, and the plans that Postgres writes into its log are read. None reads the whole table, none
//! sorts more than it should.

use crate::support::*;
use central::db::Db;
use central::demo::seed::{Generation, fill, generate};
use central::kernel::UserId;

/// Each filter of the page, with a value that fits many rows and one that fits few or none.
const FILTERS: [&str; 36] = [
    "group=current",
    "group=past",
    "q=garc",
    "q=no+such+text",
    "q=xyz",
    "q=CB",
    "status=paid",
    "status=failed&status=cancelled",
    "status=paid&status_op=not",
    "created_from=2026-01-01&created_to=2026-01-31",
    "created=last_7_days",
    "amount_op=between&amount_min=1000&amount_max=1001",
    "amount_op=above&amount_min=10",
    "currency=CHF",
    "currency=EUR&currency=GBP",
    "delivery=bounced",
    "delivery=sent&delivery=failed",
    "customer=garcia",
    "customer_op=is&customer=Martina+Ricci",
    "customer_op=not&customer=garcia",
    "email=nobody%40example.com",
    "email_op=starts&email=jose",
    "order_id_op=starts&order_id=CB-2026-0",
    "order_id_op=is&order_id=cb-2026-030000",
    "description=vaso",
    "description_op=empty",
    "expires_within=7",
    "expires_from=2026-01-01&expires_to=2026-01-02",
    "paid_from=2026-03-01&paid_to=2026-03-02",
    "method=Alipay",
    "method=CreditCard&method_op=not",
    "language=it",
    "language=fr&language=es",
    "originator_op=not&originator=00000000-0000-7000-8000-000000000000",
    "import=00000000-0000-7000-8000-000000000000",
    "import_op=not&import=00000000-0000-7000-8000-000000000000",
];

const SORTS: [&str; 5] = ["created", "-amount", "order_id", "expires", "-paid"];

/// 40,000 payments of the first merchant among 160,000: four times as many as a plan may sort.
async fn crowded() -> TestApp {
    let app = TestApp::start().await;
    let url = cluster().superuser_url(&app.database);
    let anna: UserId = app.text("SELECT id FROM users WHERE subject = 'anna'").parse().unwrap();
    let owner = (app.world.first, app.world.first_originator, anna);
    fill(&Db::new(&url, 1, true), &app.config.keys, owner, (39_900, 100), &app.clock).unwrap();
    let tell: &(dyn Fn(&str) + Sync) = &|_| ();
    let generation = Generation { count: 120_000, people: &[], now: app.clock.now(), tell };
    generate(&url, &app.config.keys, &generation).unwrap();
    app
}

fn urls() -> Vec<String> {
    let mut urls: Vec<String> = FILTERS.map(str::to_owned).to_vec();
    for (place, one) in FILTERS.iter().enumerate() {
        for other in FILTERS.iter().skip(place + 1) {
            let name =
                |filter: &str| filter.split(['=', '_']).next().unwrap_or_default().to_owned();
            if name(one) != name(other) {
                urls.push(format!("{one}&{other}"));
            }
        }
    }
    for sort in SORTS {
        urls.push(format!("sort={sort}"));
        urls.extend(FILTERS.iter().map(|filter| format!("{filter}&sort={sort}")));
    }
    urls
}

const LIST: &str = "/processing/email-payments";

#[actix_web::test]
async fn no_filter_of_the_list_reads_the_whole_table_or_sorts_much_of_it() {
    let app = crowded().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut log = Explained::start(&app, &mut anna, LIST, true).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for url in urls() {
        let page = anna.get(&format!("{LIST}?{url}")).await;
        assert_eq!(page.status, 200, "{url}: {}", page.text("main"));
        for statement in log.statements("email_payments_list") {
            seen += 1;
            wrong.extend(statement.faults("email_payments").map(|fault| format!("{url}: {fault}")));
        }
    }
    assert!(seen > 1_000, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
