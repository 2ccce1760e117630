//! The start page: of each kind of person what needs them, then figures, and nothing of others.

use central::auth::SystemScope;
use central::kernel::{Currency, Lang, Money, UserId};
use central::settlement;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// Payments of the first merchant's owner: two years of ended ones in three currencies, and some that
/// wait; sales of the last days beside them, by another channel.
async fn filled() -> TestApp {
    let app = TestApp::start().await;
    let anna: UserId = id_of(&app, ANNA).parse().unwrap();
    let owner = (app.world.first, app.world.first_originator, anna);
    central::demo::seed::fill(&app.admin_db(), &app.config.keys, owner, (700, 60), &app.clock)
        .unwrap();
    app.sales_in_bulk(40, "in_store", "EUR");
    app.sales_in_bulk(12, "ecommerce", "JPY");
    app
}

fn id_of(app: &TestApp, subject: &str) -> String {
    app.text(&format!("SELECT id FROM users WHERE subject = '{subject}'"))
}

fn number(minor: &str, code: &str) -> String {
    let currency = Currency::parse(code).unwrap();
    Money::new(minor.parse().unwrap(), currency).number(Lang::En)
}

impl TestApp {
    /// Sales at the first merchant, six hours apart back from now, of 100 minor units and so on; every fourth
    /// was declined.
    fn sales_in_bulk(&self, count: u32, channel: &str, code: &str) {
        let World { first, first_originator, .. } = self.world;
        self.change(&format!(
            "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor,
                 currency, method, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at)
             SELECT '{first}', gen_random_uuid(), '{first_originator}', 'PayXpert', '{channel}', 'sale',
                 CASE WHEN n % 4 = 0 THEN 'declined' ELSE 'authorised' END, 100 * n, '{code}', '', '000',
                 '{channel}-{code}-' || n, false, at, at
             FROM generate_series(1, {count}) n, LATERAL (SELECT timestamptz '{}' - n * interval '6 hours' AS at) x",
            self.clock.now()
        ));
    }

    /// What customers paid in the last days of the first merchant, counted from the transactions.
    fn collected(&self, days: i64, code: &str, more: &str) -> String {
        self.text(&format!(
            "SELECT coalesce(sum(amount_minor), 0) FROM transactions t
             WHERE merchant_id = '{}' AND currency = '{code}' AND status = 'authorised' AND operation = 'sale' {more}
               AND (occurred_at AT TIME ZONE 'Europe/Rome')::date > (timestamptz '{}' AT TIME ZONE 'Europe/Rome')::date - {days}",
            self.world.first,
            self.clock.now()
        ))
    }
}

#[actix_web::test]
async fn figures_are_what_rows_counted_another_way_say() {
    let app = filled().await;
    let mut anna = app.sign_in(ANNA).await;
    for (days, code) in [(7, "EUR"), (30, "EUR"), (90, "EUR"), (90, "JPY")] {
        let page = anna.get(&format!("/?days={days}&currency={code}")).await;
        let total = app.collected(days, code, "");
        assert_ne!(total, "0", "{days} {code}");
        let words = page.text("#collected desc");
        let written = format!("{} {code} in all.", number(&total, code));
        assert!(words.starts_with(&written), "{days} {code} {written}: {words}");
        let by_channel: Vec<String> = ["email", "ecommerce", "in_store"]
            .iter()
            .map(|channel| app.collected(days, code, &format!("AND channel = '{channel}'")))
            .filter(|sum| sum != "0")
            .map(|sum| number(&sum, code))
            .collect();
        assert_eq!(page.texts("#collected .legend b"), by_channel, "{days} {code}");
        let current = page.texts("#collected [aria-current]");
        assert_eq!(current[0], format!("Last {days} days"));
        assert_eq!(current.get(1).map(String::as_str), Some(code));
        assert!(page.has("#collected svg rect") && page.has("#collected details tbody tr"));
    }
    // As the list sums it up.
    let waiting = app.texts(
        "SELECT currency || ' ' || count(*) || ' ' || sum(amount_minor) FROM email_payments
         WHERE status IN ('open', 'processing', 'authorised') GROUP BY currency",
    );
    let page = anna.get("/").await;
    let told = page.texts("#due dl > div");
    assert_eq!(told.len(), waiting.len(), "{told:?}");
    for (told, row) in told.iter().zip(&waiting) {
        let [code, count, minor]: [&str; 3] =
            row.split(' ').collect::<Vec<_>>().try_into().unwrap();
        assert!(
            told.starts_with(&format!("{code}{} {count} request", number(minor, code))),
            "{told}"
        );
    }
    let list = anna.get(&page.attribute("#due a", "href")).await;
    assert_eq!(list.status, StatusCode::OK);
    // The sums stay what they are when the changes are added to them.
    let before = anna.get("/?days=90").await.text("#collected");
    app.until("changes are added up", async || {
        app.jobs_db().run_blocking(&central::db::Tenants::none(), settlement::add_up).unwrap();
        app.count("collected_days WHERE change <> 0") == 0
    })
    .await;
    assert!(app.count("collected_days WHERE change = 0") > 5);
    assert_eq!(anna.get("/?days=90").await.text("#collected"), before);
    // What can't be read is the page as it is at first.
    let odd = anna.get("/?days=tomorrow&currency=XXX").await;
    assert_eq!(odd.texts("#collected [aria-current]")[0], "Last 30 days");
}

#[actix_web::test]
async fn a_pending_payment_counts_once_when_it_is_paid() {
    let app = TestApp::start().await;
    let World { first, first_originator, .. } = app.world;
    app.change(&format!(
        "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor,
             currency, method, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at)
         VALUES ('{first}', gen_random_uuid(), '{first_originator}', 'PayXpert', 'email', 'sale', 'pending', 700, 'EUR', '', '', 'P', false, now(), now())"
    ));
    assert_eq!(app.count("collected_days"), 0);
    app.change("UPDATE transactions SET status = 'authorised'");
    app.change("UPDATE transactions SET recorded_at = now()");
    let sums = app.texts("SELECT count || ' ' || amount_minor FROM collected_days");
    assert_eq!(sums, ["1 700"]);
}

#[actix_web::test]
async fn sec_11_a_clerk_reads_of_their_own_payments_alone() {
    let app = filled().await;
    let mut carla = app.sign_in(CARLA).await;
    let page = carla.get("/").await;
    assert_eq!(page.text("h1"), "Overview");
    assert_eq!(page.texts("#first li"), ["Ask a customer for money", "See whom you can ask"]);
    assert!(!page.has("#collected") && !page.has("#balance"), "{}", page.text("main"));
    let paid = app.request(&mut carla, &[("order_id", "MINE"), ("amount", "12.50")]).await;
    app.request(&mut carla, &[("order_id", "OPEN"), ("amount", "7.00")]).await;
    let mut customer = app.browser();
    let at = customer.opens(&paid.link).await;
    customer.pays(&at, GOOD_CARD).await;
    app.becomes(&paid, "paid").await;
    let page = carla.get("/").await;
    assert_eq!(page.texts("#due dt, #due dd"), ["EUR", "7.00 1 request"]);
    assert_eq!(page.texts("#collected .legend b"), ["12.50"]);
    assert!(!page.has("#balance"), "a clerk sees no documents");
    // Who sees everything sees it too, with the rest.
    let total = app.collected(30, "EUR", "AND channel = 'email'");
    let mut anna = app.sign_in(ANNA).await;
    assert_eq!(anna.get("/").await.texts("#collected .legend b")[0], number(&total, "EUR"));
    // And nobody of another merchant.
    let mut bruno = app.sign_in(BRUNO).await;
    let page = bruno.get("/").await;
    assert!(page.has("#first") && !page.body.contains("12.50"), "{}", page.text("main"));
    assert_eq!(page.texts("#first li").len(), 5);
    for step in 1..=5 {
        let link = page.attribute(&format!("#first li:nth-child({step}) a"), "href");
        assert_eq!(bruno.get(&link).await.status, StatusCode::OK, "{link}");
    }
    assert_eq!(page.text("#needed-t ~ .all-done"), "Nothing needs you");
}

#[actix_web::test]
async fn what_needs_a_merchants_people_stands_first_and_leads_there() {
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let first = app.world.first;
    anna.creates_email_payment(&[("order_id", "LOST")], "send").await;
    anna.creates_email_payment(&[("order_id", "SOON")], "send").await;
    app.until("both have left", async || app.count("email_payments WHERE delivery = 'sent'") == 2)
        .await;
    let soon = app.clock.now() + chrono::Duration::days(2);
    app.change("UPDATE email_payments SET delivery = 'bounced' WHERE order_id = 'LOST'");
    app.change(&format!("UPDATE email_payments SET expires_at = '{soon}' WHERE order_id = 'SOON'"));
    app.document(first, "FT-1", |_| ()).await;
    app.document(first, "FT-2", |_| ()).await;
    app.change("UPDATE documents SET state = 'blocked_review' WHERE number = 'FT-1'");
    let at = anna.opens_ticket(&[], &[]).await;
    let at = format!("/merchants/{first}/tickets/{}", at.rsplit('/').next().unwrap());
    assert_eq!(tom.says(&at, "Which one?", "answer").await.status, StatusCode::SEE_OTHER);
    let page = anna.get("/").await;
    assert_eq!(
        page.texts(".todo li"),
        [
            "1 request not delivered",
            "1 document blocked",
            "1 ticket waits for you",
            "1 request expires within 3 days",
            "2 documents to read",
        ]
    );
    let rows = ["LOST", "FT-1", "It fails", "SOON", "FT-2"];
    for (place, row) in rows.iter().enumerate() {
        let link = page.attribute(&format!(".todo li:nth-child({}) a", place + 1), "href");
        let there = anna.get(&link).await;
        assert_eq!(there.status, StatusCode::OK, "{link}");
        assert!(there.text("main").contains(row), "{link}: {}", there.text("main"));
    }
    assert_eq!(page.texts("#balance dd").len(), 1);
    let owed = anna.get(&page.attribute("#balance a", "href")).await;
    assert!(owed.text("main").contains("FT-1"), "{}", owed.text("main"));
    // Of the same: what the accountant's role sees. Tickets of others are not theirs.
    let page = app.sign_in(ALDO).await.get("/").await;
    let told = page.texts(".todo li");
    assert!(told.contains(&"2 documents to read".to_owned()), "{told:?}");
    assert!(!told.iter().any(|words| words.contains("ticket")), "{told:?}");
}

#[actix_web::test]
async fn a_part_that_takes_too_long_is_said_and_the_rest_is_there() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[], "send").await;
    let mut other = PgConnection::establish(&cluster().superuser_url(&app.database)).unwrap();
    other.batch_execute("BEGIN; LOCK TABLE collected_days, documents").unwrap();
    let page = anna.get("/").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text("main"));
    for part in ["#needed-t ~ .flash", "#collected .flash", "#balance .flash"] {
        assert!(page.text(part).contains("could be counted in time"), "{part}");
    }
    assert!(!page.has(".all-done"), "nobody knows");
    assert_eq!(page.texts("#due dd").len(), 1);
    other.batch_execute("ROLLBACK").unwrap();
    let page = anna.get("/").await;
    assert!(!page.has("main .flash"), "{}", page.text("main"));
}

#[actix_web::test]
async fn sec_11_a_success_manager_reads_the_portfolio_in_short_and_no_other() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get("/").await;
    assert_eq!(page.texts("#portfolio dd"), ["0", "1", "0"]);
    assert_eq!(page.text("#portfolio .all-done"), "Nothing needs you");
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.opens_ticket(&[], &[]).await;
    bruno.opens_ticket(&[("category", "success_manager"), ("visibility", "private")], &[]).await;
    let page = sofia.get("/").await;
    assert_eq!(page.texts("#portfolio dd"), ["0", "1", "1"], "it is not hers yet");
    assert!(page.has(".next") && !page.body.contains("Atelier"), "{}", page.text("main"));
    let page = app.sign_in(ADA).await.get("/").await;
    assert_eq!(page.texts("#portfolio dd"), ["0", "1", "0"], "she takes nobody over");
    app.change(&format!(
        "INSERT INTO success_manager_assignments SELECT '{}', id, now() FROM users WHERE subject = 'sofia'",
        app.world.second
    ));
    app.document(app.world.first, "FT-1", |_| ()).await;
    app.change("UPDATE documents SET state = 'blocked_review'");
    let page = sofia.get("/").await;
    assert_eq!(page.texts("#portfolio dd"), ["2", "2", "0"]);
    // Who waits for an answer comes before what is held.
    assert_eq!(page.texts("#portfolio .main-link"), ["Atelier Fournier", "Ceramiche Bellini"]);
    assert_eq!(page.texts("#portfolio .needed li"), ["2 tickets wait", "1 document blocked"]);
    let link = page.attribute("#portfolio .needed a", "href");
    assert_eq!(sofia.get(&link).await.status, StatusCode::OK, "{link}");
}

#[actix_web::test]
async fn support_reads_what_is_late_first() {
    let app = TestApp::start().await;
    let mut tom = app.sign_in(TOM).await;
    let page = tom.get("/").await;
    assert_eq!(page.texts("#queue dd"), ["0", "0", "0", "0"]);
    assert_eq!(page.text("#queue .all-done"), "Nothing needs you");
    app.tickets_in_bulk(1_000);
    let (owed, tom_id) = ("state IN ('open', 'waiting_support')", id_of(&app, TOM));
    app.change(&format!("UPDATE tickets SET assignee_id = '{tom_id}' WHERE number % 200 = 1"));
    app.change(&format!(
        "UPDATE tickets SET solution_due_at = now() + interval '1 day', first_answer_due_at = now() + interval '1 day'
         WHERE {owed} AND number > 500"
    ));
    let page = tom.get("/").await;
    let count = |more: &str| app.count(&format!("tickets WHERE {owed} AND {more}")).to_string();
    assert_eq!(
        page.texts("#queue dd"),
        [
            count("due_at < now()"),
            count("assignee_id IS NULL"),
            count(&format!("assignee_id = '{tom_id}'")),
            count("true")
        ]
    );
    let ordered = app.text(&format!(
        "SELECT string_agg(subject, ',' ORDER BY due_at, id) FROM (SELECT * FROM tickets WHERE {owed} ORDER BY due_at, id LIMIT 5) x"
    ));
    assert_eq!(page.texts("#queue .main-link").join(","), ordered);
    assert!(page.text("#queue .work li").contains("Late"), "{}", page.text("#queue .work li"));
    for link in ["#queue .main-link", "#queue dd a"] {
        assert_eq!(tom.get(&page.attribute(link, "href")).await.status, StatusCode::OK, "{link}");
    }
    assert!(!page.has("#portfolio") && !page.has("#documents"));
}

#[actix_web::test]
async fn accounting_reads_whose_documents_are_blocked() {
    let app = TestApp::start().await;
    for (merchant, number) in [(app.world.first, "FT-1"), (app.world.second, "FT-2")] {
        app.document(merchant, number, |_| ()).await;
    }
    let mut irene = app.sign_in(IRENE).await;
    assert_eq!(irene.get("/").await.texts("#documents dd"), ["0", "1"]);
    app.change("UPDATE documents SET state = 'blocked_review'");
    let page = irene.get("/").await;
    assert_eq!(page.texts("#documents dd"), ["1", "1"], "hers alone");
    assert!(!page.body.contains("Atelier") && !page.has("#portfolio") && !page.has("#queue"));
    assert_eq!(page.texts("#documents .work li"), ["Ceramiche Bellini1 document blocked"]);
    let there = irene.get(&page.attribute("#documents .work a", "href")).await;
    assert!(there.text("main").contains("FT-1"), "{}", there.text("main"));
}

/// The most rows of one table that a statement of the start page may read: what a hundred of each
/// needs, and the days of a summary.
const ROWS_MAX: u64 = 400;

#[actix_web::test]
async fn no_statement_of_a_start_page_walks_through_rows() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    carla.creates_email_payment(&[], "send").await;
    app.payments_in_bulk(20_000);
    app.sales_in_bulk(20_000, "email", "EUR");
    app.documents_in_bulk(20_000);
    app.change("UPDATE documents SET state = 'paid' WHERE state = 'waiting_accountant_payment'");
    app.tickets_in_bulk(20_000);
    for table in [
        "email_payments",
        "documents",
        "tickets",
        "transactions",
        "collected_days",
        "email_payment_days",
    ] {
        app.change(&format!("VACUUM (ANALYZE) {table}"));
    }
    let scope = SystemScope::found(app.world.first);
    assert!(
        app.count(&format!("transactions WHERE merchant_id = '{}'", scope.merchant_id())) > 15_000
    );
    for (person, least) in [(ANNA, 6), (CARLA, 4), (SOFIA, 3), (TOM, 2), (IRENE, 1)] {
        let mut browser = app.sign_in(person).await;
        let mut log = Explained::start(&app, &mut browser, "/", true).await;
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
        assert_eq!(browser.get("/?days=90").await.status, StatusCode::OK);
        let asked = log.statements("merchant");
        assert!(asked.len() >= least, "{person}: only {} plans were seen", asked.len());
        let walked: Vec<String> = asked.iter().flat_map(|of| of.walks(ROWS_MAX)).collect();
        assert_eq!(walked, Vec::<String>::new(), "{person}");
    }
}

#[actix_web::test]
async fn who_works_for_nobody_is_told_so() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    app.change(&format!("DELETE FROM memberships WHERE user_id = '{}'", id_of(&app, CARLA)));
    let page = carla.get("/").await;
    assert_eq!(page.text("h1"), "Hello Carla Verdi");
    assert!(page.text(".empty").contains("in no company’s team yet"), "{}", page.text("main"));
}
