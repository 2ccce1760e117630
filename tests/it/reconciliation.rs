//! Processing > Transactions > Reconciliation: the gateway's lists are read to their end whatever happens
//! meanwhile, each transaction once; what disagrees is shown, and settled by people.

use std::collections::BTreeSet;

use central::auth::SystemScope;
use central::db::Tenants;
use central::email_payments::Parts;
use central::gateway::Gateway;
use central::reconciliation::jobs::import_due;
use chrono::{DateTime, Duration, Utc};
use openidconnect::reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::*;

const PAGE: &str = "/processing/transactions/reconciliation";

/// The product without its own jobs, over a gateway that only lists.
struct World {
    app: TestApp,
    lists: Lists,
    parts: Parts,
}

impl World {
    async fn start() -> Self {
        let mut app = TestApp::start().await;
        app.shut_down().await;
        app.change("DELETE FROM transaction_imports");
        app.change("UPDATE originators SET created_at = created_at - interval '10 days'");
        let lists = Lists::start();
        let url = || lists.url.parse().unwrap();
        let parts = Parts {
            db: app.jobs_db(),
            keys: app.config.keys.clone(),
            gateway: Gateway::new(url(), url(), app.clock.clone()).unwrap(),
            clock: app.clock.clone(),
            public_origin: app.base.as_str().into(),
        };
        Self { app, lists, parts }
    }

    fn ago(&self, hours: i64) -> DateTime<Utc> {
        self.app.clock.now() - Duration::hours(hours)
    }

    /// Reads until nothing is due.
    async fn read(&self) {
        for _ in 0..2_000 {
            if import_due(&self.parts).await.unwrap() == 0 {
                return;
            }
        }
        panic!("it never ends");
    }

    fn rows(&self) -> Vec<String> {
        self.app.texts(
            "SELECT concat_ws(' ', merchant_id, gateway_transaction_id, operation, status, channel, amount_minor, currency, network,
                 card_number_masked, customer_name, descriptor, is_3d_secure, reference_transaction_id, email_payment_id)
             FROM transactions ORDER BY merchant_id, gateway_transaction_id",
        )
    }
}

/// So many sales over nine days, every tenth of them refunded.
fn many(count: i64, until: DateTime<Utc>) -> Vec<Value> {
    let mut told = Vec::new();
    for n in 0..count {
        let at = until - Duration::seconds(60 + n * 9 * 86_400 / count);
        let one = sale(&format!("S{n}"), at, 100 + n);
        if n % 10 == 0 {
            let refund = json!({"transactionID": format!("R{n}"), "refTransactionID": format!("S{n}"), "operation": "refund"});
            told.push(with(
                with(one.clone(), &refund),
                &json!({"date": at.timestamp_millis() + 5_000}),
            ));
        }
        told.push(one);
    }
    told
}

#[actix_web::test]
async fn what_the_gateway_lists_is_read_once_however_often_it_is_told() {
    let world = World::start().await;
    world.lists.tell(many(300, world.app.clock.now()));
    world.read().await;
    // Three originators are told the same; two of them are of one merchant.
    assert_eq!(world.app.count("transactions"), 2 * 330);
    let before = world.rows();
    world.app.clock.advance(Duration::hours(25));
    world.read().await;
    assert_eq!(world.rows(), before);
    assert_eq!(world.app.text("SELECT sum(rows) FROM transaction_imports"), "660");
    let row = world.app.text("SELECT concat_ws(' ', channel, network, card_number_masked, customer_name, descriptor, is_3d_secure) FROM transactions WHERE gateway_transaction_id = 'S7' LIMIT 1");
    assert_eq!(row, "ecommerce visa 411111XXXXXX1111 Luca Bianchi BELLINI t");
}

#[actix_web::test]
async fn a_window_costs_what_is_in_it_not_what_the_merchant_has() {
    let World { app, lists, mut parts } = World::start().await;
    let seed::World { first, first_originator, .. } = app.world;
    app.payments_in_bulk(20_000);
    app.change(&format!(
        "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
             method, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at)
         SELECT '{first}', gen_random_uuid(), '{first_originator}', 'PayXpert', 'ecommerce', 'sale', 'authorised', n, 'EUR',
             'CreditCard', '000', 'old-' || n, false, at, at
         FROM generate_series(1, 40000) n, LATERAL (SELECT timestamptz '{}' - n * interval '9 minutes' AS at) x",
        app.clock.now()
    ));
    app.change("VACUUM (ANALYZE)");
    lists.tell(many(200, app.clock.now()));
    let mut log = Explained::from_now_on(&app, true);
    parts.db = app.jobs_db();
    World { app, lists, parts }.read().await;
    let asked = log.statements("");
    assert!(asked.iter().any(|one| one.text.contains("INSERT INTO transactions")), "it read");
    let walked: Vec<String> = asked.iter().flat_map(|one| one.walks(2_000)).collect();
    assert_eq!(walked, Vec::<String>::new());
}

#[actix_web::test]
async fn what_is_told_late_is_found_within_the_hours_days_and_month_that_are_read_again() {
    let world = World::start().await;
    world.read().await;
    let known = |number: &str| {
        world.app.count(&format!("transactions WHERE gateway_transaction_id = '{number}'")) > 0
    };
    for (number, hours, later) in [
        ("one-hour", 1, Duration::minutes(11)),
        ("thirty-hours", 30, Duration::minutes(62)),
        ("nine-days", 9 * 24, Duration::hours(25)),
    ] {
        world.lists.tell([sale(number, world.ago(hours), 500)]);
        world.read().await;
        assert!(!known(number), "{number}: nothing is due yet");
        world.app.clock.advance(later);
        world.read().await;
        assert!(known(number), "{number}");
    }
}

#[actix_web::test]
async fn windows_halve_until_the_answer_fits_and_nothing_is_left_out() {
    let world = World::start().await;
    world.lists.tell(many(300, world.app.clock.now()));
    world.lists.told.lock().unwrap().most = Some(20);
    world.read().await;
    assert_eq!(world.app.count("transactions"), 2 * 330);
    assert_eq!(world.app.count("transaction_imports WHERE failure IS NOT NULL"), 0);
    let told = world.lists.told.lock().unwrap();
    let lengths: BTreeSet<i64> = told.asked.iter().map(|(from, to)| to - from).collect();
    assert!(lengths.contains(&86_400) && lengths.contains(&43_200), "{lengths:?}");
}

#[actix_web::test]
async fn a_gateway_that_fails_is_asked_again_later_and_the_page_says_so() {
    let world = World::start().await;
    world.lists.tell(many(10, world.app.clock.now()));
    world.lists.told.lock().unwrap().failures = 6;
    world.read().await;
    let failed = "transaction_imports WHERE failure = 'unavailable' AND failures > 0";
    assert_eq!(world.app.count(failed), 6);
    assert_eq!(world.app.count("transactions"), 0);
    world.app.clock.advance(Duration::minutes(11));
    world.read().await;
    assert_eq!(world.app.count(failed), 0);
    assert_eq!(world.app.count("transactions"), 2 * 11);
}

#[actix_web::test]
async fn a_process_that_dies_anywhere_leaves_the_same_rows_as_one_that_does_not() {
    let calm = World::start().await;
    let until = calm.app.clock.now();
    calm.lists.tell(many(9_000, until));
    calm.read().await;
    let wanted = calm.app.count("transactions");
    assert_eq!(wanted, 2 * 9_900);

    let world = World::start().await;
    world.lists.tell(many(9_000, until));
    let mut deaths = 0;
    for turn in 0_u64..600 {
        // A pause that differs from turn to turn ends wherever the work then is; every third is a long one.
        let most = if turn % 3 == 2 { 1_500_000 } else { 60_000 };
        let pause = std::time::Duration::from_micros(turn * 7_919 % most);
        match tokio::time::timeout(pause, import_due(&world.parts)).await {
            Ok(Ok(0)) => {
                let open = "transaction_imports WHERE lease_until IS NOT NULL OR round IS NOT NULL OR last_until IS NULL AND source = 'transactions'";
                if world.app.count(open) == 0 {
                    break;
                }
                // Leases of the dead run out.
                world.app.change("UPDATE transaction_imports SET lease_until = NULL");
            }
            Ok(done) => assert!(done.is_ok(), "{done:?}"),
            Err(_) => deaths += 1,
        }
    }
    assert!(deaths > 10, "{deaths}");
    // What a dead one had begun in the database may hold a lease once more, or a connection for so long that
    // a list rests for some minutes.
    for _ in 0..10 {
        world.app.clock.advance(Duration::minutes(7));
        world.app.change("UPDATE transaction_imports SET lease_until = NULL");
        world.read().await;
        if world.app.count("transactions") == wanted {
            break;
        }
    }
    let numbers = |app: &TestApp| {
        app.texts("SELECT concat_ws(' ', m.name, t.gateway_transaction_id, t.operation, t.amount_minor) FROM transactions t JOIN merchants m ON m.id = t.merchant_id")
            .into_iter()
            .collect::<BTreeSet<_>>()
    };
    let failures = world.app.texts("SELECT concat_ws(' ', source, failure, failures, next_at, read_until) FROM transaction_imports");
    assert!(numbers(&world.app) == numbers(&calm.app), "the same rows: {failures:?}");
    assert_eq!(
        world.app.text("SELECT sum(rows) FROM transaction_imports"),
        wanted.to_string(),
        "each counted once"
    );
}

#[actix_web::test]
async fn a_chunk_that_fails_is_noted_and_read_again() {
    let world = World::start().await;
    world.lists.tell(many(9_000, world.app.clock.now()));
    world.app.change(
        "ALTER TABLE transactions ADD CONSTRAINT broken CHECK (gateway_transaction_id <> 'S20')",
    );
    world.read().await;
    assert!(world.app.count("transaction_imports WHERE failure = 'internal'") > 0);
    assert!(world.app.count("transactions") < 2 * 9_900);
    world.app.change("ALTER TABLE transactions DROP CONSTRAINT broken");
    world.app.clock.advance(Duration::hours(2));
    world.read().await;
    assert_eq!(world.app.count("transactions"), 2 * 9_900);
    assert_eq!(world.app.count("transaction_imports WHERE failure IS NOT NULL"), 0);
}

#[actix_web::test]
async fn a_later_telling_fills_in_what_was_missing_and_takes_nothing_away() {
    let world = World::start().await;
    let at = world.ago(1);
    let poor = json!({"transactionID": "A", "operation": "sale", "date": at.timestamp_millis(), "amount": 900,
        "currency": "EUR", "status": "Pending", "resultCode": "-1", "orderID": "W-1"});
    world.lists.tell([poor]);
    world.read().await;
    let row = || {
        world.app.text("SELECT concat_ws(' ', status, result_code, network, order_id, customer_name) FROM transactions LIMIT 1")
    };
    assert_eq!(row(), "pending -1  W-1 ");
    world.lists.told.lock().unwrap().transactions = vec![sale("A", at, 900)];
    world.app.clock.advance(Duration::minutes(11));
    world.read().await;
    assert_eq!(row(), "authorised 000 visa W-1 Luca Bianchi");
    // Summed up, it keeps its money; told poorer and otherwise, it keeps what it had.
    let poorer = with(
        sale("A", at, 1),
        &json!({"shopper": null, "paymentMeanInfo": null, "paymentNetwork": "", "status": "Not authorized"}),
    );
    world.lists.told.lock().unwrap().transactions = vec![poorer];
    world.app.clock.advance(Duration::minutes(11));
    world.read().await;
    assert_eq!(row(), "authorised 000 visa W-1 Luca Bianchi");
    assert_eq!(world.app.text("SELECT amount_minor FROM transactions LIMIT 1"), "900");
}

#[actix_web::test]
async fn chargebacks_come_from_their_own_list_and_find_the_sale_they_follow() {
    let world = World::start().await;
    world.lists.tell([sale("5643604", world.ago(30), 1_830)]);
    world.lists.told.lock().unwrap().chargebacks = vec![
        json!({"transactionID": "77", "referralID": 5_643_604,
        "status": "Authorized", "errorCode": "000", "operation": "chargeback", "paymentType": "creditcard",
        "date": world.ago(20).timestamp().to_string(), "amount": 1_830, "currency": "EUR"}),
    ];
    world.read().await;
    assert_eq!(
        world.app.count(
            "transactions WHERE operation = 'chargeback' AND reference_transaction_id = '5643604'"
        ),
        2
    );
}

#[actix_web::test]
async fn a_refund_that_was_asked_for_first_follows_its_sale() {
    let world = World::start().await;
    let follows = |id: &str, of: &str, operation: &str, hours: i64| {
        let at = world.ago(hours).timestamp_millis();
        let told = json!({"transactionID": id, "refTransactionID": of, "operation": operation, "date": at});
        with(sale(id, world.ago(hours), 500), &told)
    };
    world.lists.tell([
        sale("S", world.ago(30), 1_830),
        follows("Q", "S", "refund_request", 20),
        follows("R", "Q", "refund", 19),
    ]);
    world.read().await;
    let refunds = "SELECT concat_ws(' ', gateway_transaction_id, reference_transaction_id) FROM transactions WHERE operation = 'refund'";
    assert_eq!(world.app.texts(refunds), ["R S", "R S"]);
    assert_eq!(world.app.count("transactions"), 4, "a request alone moves nothing");
}

#[actix_web::test]
async fn a_refund_whose_request_was_of_another_window_follows_its_sale_in_the_end() {
    let world = World::start().await;
    let follows = |id: &str, of: &str, operation: &str, hours: i64| {
        let at = world.ago(hours).timestamp_millis();
        let told = json!({"transactionID": id, "refTransactionID": of, "operation": operation, "date": at});
        with(sale(id, world.ago(hours), 500), &told)
    };
    let (request, refund) =
        (follows("Q", "S", "refund_request", 20), follows("R", "Q", "refund", 19));
    world.lists.tell([sale("S", world.ago(30), 1_830), refund]);
    world.read().await;
    let refunds = "SELECT concat_ws(' ', gateway_transaction_id, reference_transaction_id) FROM transactions WHERE operation = 'refund'";
    assert_eq!(world.app.texts(refunds), ["R Q", "R Q"]);
    // A longer round reads both.
    world.lists.tell([request]);
    world.app.clock.advance(Duration::hours(1));
    world.read().await;
    assert_eq!(world.app.texts(refunds), ["R S", "R S"]);
    // Nothing changes it any more.
    world.app.clock.advance(Duration::hours(25));
    world.read().await;
    assert_eq!(world.app.texts(refunds), ["R S", "R S"]);
}

#[actix_web::test]
async fn what_cannot_be_read_is_a_difference_until_somebody_settles_it() {
    let world = World::start().await;
    world.lists.tell([
        json!({"transactionID": "X", "operation": "sale", "date": world.ago(5).timestamp_millis()}),
    ]);
    world.read().await;
    assert_eq!(
        world.app.count("transaction_differences WHERE kind = 'unreadable' AND state = 'open'"),
        3
    );
    world.app.change("UPDATE transaction_differences SET state = 'settled', note = 'x', settled_at = now(), settled_by = (SELECT id FROM users LIMIT 1)");
    world.app.clock.advance(Duration::hours(25));
    world.read().await;
    assert_eq!(
        world.app.count("transaction_differences WHERE state = 'open'"),
        0,
        "it is the same one"
    );
    // Another one of the same window is news, without a number as well.
    let at = world.app.clock.now() - Duration::hours(1);
    world.lists.tell([json!({"operation": "sale", "date": at.timestamp_millis()})]);
    world.app.clock.advance(Duration::hours(2));
    world.read().await;
    let open =
        "transaction_differences WHERE kind = 'unreadable' AND state = 'open' AND found_minor";
    assert_eq!(world.app.count(&format!("{open} = 1")), 3);
    let wonder = with(sale("Y", at, 500), &json!({"operation": "wonder"}));
    world.lists.tell([wonder]);
    world.app.clock.advance(Duration::hours(2));
    world.read().await;
    assert_eq!(world.app.count(&format!("{open} = 2")), 3, "those that nobody has settled");
}

#[actix_web::test]
async fn sec_11_what_is_read_of_one_merchant_is_seen_by_no_other() {
    let world = World::start().await;
    world.lists.tell(many(20, world.app.clock.now()));
    world.read().await;
    for merchant in [world.app.world.first, world.app.world.second] {
        let tenants = SystemScope::found(merchant).tenants();
        for table in ["transaction_imports", "transactions"] {
            let all = count_as(&world.app.db(), &tenants, table).unwrap();
            let own = world.app.count(&format!("{table} WHERE merchant_id = '{merchant}'"));
            assert_eq!((all, own > 0), (own, true), "{table}");
        }
    }
    assert_eq!(count_as(&world.app.db(), &Tenants::none(), "transaction_imports").unwrap(), 0);
}

/// A paid request, its transaction among the merchant's.
async fn paid(app: &TestApp, anna: &mut Browser) -> Request {
    let request = app.request(anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, "4111111111111111").await;
    app.becomes(&request, "paid").await;
    request
}

#[actix_web::test]
async fn a_payment_that_no_callback_told_of_is_paid_once_the_list_tells_of_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_callbacks(false);
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, "4111111111111111").await;
    app.change("UPDATE gateway_sessions SET next_check_at = NULL");
    assert_eq!(app.field(&request.url, "status"), "open");
    app.clock.advance(Duration::minutes(11));
    app.becomes(&request, "paid").await;
    assert_eq!(app.count("payment_attempts"), 1);
    assert_eq!(
        app.count("transactions WHERE channel = 'email' AND email_payment_id IS NOT NULL"),
        1
    );
}

#[actix_web::test]
async fn payments_and_transactions_agree_to_the_cent() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    for _ in 0..3 {
        paid(&app, &mut anna).await;
    }
    app.clock.advance(Duration::minutes(11));
    app.until("the list was read", async || {
        app.count("transaction_imports WHERE succeeded_at IS NOT NULL AND source = 'transactions' AND round IS NULL") == 3
    })
    .await;
    assert_eq!(app.count("transaction_differences"), 0);
    for browser in [&mut anna, &mut carla] {
        let page = browser.get(PAGE).await;
        let title = page.text("#agrees h3");
        assert!(title.starts_with("Agrees to the cent"), "{}", page.text("main"));
    }
    // What was read was not compared yet.
    app.change("UPDATE transaction_imports SET compared_at = NULL");
    assert_eq!(anna.get(PAGE).await.text("#agrees h3"), "Not compared yet");
}

#[actix_web::test]
async fn each_kind_of_difference_is_found_shown_and_gone_when_both_agree_again() {
    let world = World::start().await;
    let app = &world.app;
    let merchant = app.world.first;
    let payment = |order: &str, status: &str, minor: i64, refunded: i64| {
        app.payment_row(order, status, minor, refunded);
    };
    for (order, status, refunded) in [
        ("MISSING", "paid", 0),
        ("AMOUNT", "paid", 0),
        ("TWICE", "paid", 0),
        ("UNEXPECTED", "cancelled", 0),
        ("REFUNDS", "paid", 300),
        ("GOOD", "paid", 0),
    ] {
        payment(order, status, 1_000, refunded);
    }
    let told = |number: &'static str, order: &str, minor: i64| {
        let id = app.text(&format!("SELECT id FROM email_payments WHERE order_id = '{order}'"));
        app.transaction(merchant, number, |new| {
            new.email_payment_id = id.parse().ok();
            new.amount.minor = minor;
            new.channel = central::settlement::Channel::Email;
            new.occurred_at = app.clock.now() - Duration::hours(1);
        });
    };
    for (number, order, minor) in [
        ("a", "AMOUNT", 900),
        ("t1", "TWICE", 1_000),
        ("t2", "TWICE", 1_000),
        ("u", "UNEXPECTED", 1_000),
        ("r", "REFUNDS", 1_000),
        ("g", "GOOD", 1_000),
    ] {
        told(number, order, minor);
    }
    // The gateway lists them too: what it tells of one is compared.
    let ids = ["a", "t1", "t2", "u", "r", "g"];
    world.lists.tell(ids.map(|id| sale(id, app.clock.now() - Duration::hours(1), 1_000)));
    app.clock.advance(Duration::minutes(10));
    world.read().await;
    app.clock.advance(Duration::hours(1));
    world.read().await;
    let open = || {
        app.texts("SELECT d.kind || ' ' || p.order_id || ' ' || d.expected_minor || ' ' || d.found_minor FROM transaction_differences d
             JOIN email_payments p ON p.id = d.email_payment_id WHERE d.state = 'open' ORDER BY 1")
    };
    let mut found = open();
    found.sort();
    assert_eq!(
        found,
        [
            "amount AMOUNT 1000 900",
            "missing MISSING 1000 0",
            "refunds REFUNDS 300 0",
            "twice TWICE 1000 2000",
            "unexpected UNEXPECTED 0 1000",
        ]
    );
    told("m", "MISSING", 1_000);
    app.clock.advance(Duration::hours(2));
    world.read().await;
    assert!(open().iter().all(|row| !row.starts_with("missing")), "{:?}", open());
}

/// Settles a difference or opens it again, by the forms of its page.
async fn says(browser: &mut Browser, id: &str, act: &str, note: &str) -> Page {
    let token = form_token(browser).await;
    let mut fields = vec![("_csrf", token.as_str())];
    if act == "settlement" {
        fields.push(("note", note));
    }
    browser.post(&format!("{PAGE}/{id}/{act}"), &fields).await
}

#[actix_web::test]
async fn an_accountant_settles_a_difference_with_a_note_and_takes_it_back() {
    let app = TestApp::start().await;
    let (mut anna, mut aldo, mut bruno) =
        (app.sign_in(ANNA).await, app.sign_in(ALDO).await, app.sign_in(BRUNO).await);
    let request = app.request(&mut anna, &[]).await;
    let id = app.difference(request.url.rsplit('/').next().unwrap());
    assert!(
        anna.get("/processing/transactions").await.text("#differences").contains("1 difference")
    );
    let page = aldo.get(PAGE).await;
    assert!(page.text("main").contains("Paid, but no transaction took the money"));
    let wrong = says(&mut aldo, &id, "settlement", "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = says(&mut aldo, &id, "settlement", "Came by bank transfer").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = aldo.get(PAGE).await;
    assert!(
        page.text("main").contains("Came by bank transfer")
            && page.text("main").contains("Aldo Neri")
    );
    assert!(!anna.get("/processing/transactions").await.has("#differences"));
    let again = says(&mut aldo, &id, "settlement", "Came in cash").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text(".errors").contains("Came in cash"), "{}", again.text(".errors"));
    let undone = says(&mut aldo, &id, "reopening", "").await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(anna.get("/processing/transactions").await.has("#differences"));
    assert_eq!(app.count("audit_log WHERE action IN ('transaction.difference_settle', 'transaction.difference_reopen')"), 2);
    // Bruno works for both: at his own merchant there is no such difference.
    bruno.works_for(&app.world.second).await;
    let foreign = says(&mut bruno, &id, "settlement", "x").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert!(!bruno.get(PAGE).await.text("main").contains("Paid, but"));
}

#[actix_web::test]
async fn more_differences_than_a_page_shows_are_told_of() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let more = |count: u32| {
        app.change(&format!(
            "WITH made AS (
                 INSERT INTO originators (merchant_id, id, name, number, api_key_encrypted, currencies, created_at)
                 SELECT '{}', gen_random_uuid(), 'Shop', (floor(random() * 1e15))::bigint::text, '\\x00', '{{EUR}}', now()
                 FROM generate_series(1, {count}) RETURNING merchant_id, id)
             INSERT INTO transaction_differences (merchant_id, id, kind, originator_id, expected_minor, found_minor, state, found_at)
             SELECT merchant_id, gen_random_uuid(), 'unreadable', id, 0, 1, 'open', now() FROM made",
            app.world.first
        ))
    };
    more(200);
    let page = anna.get(PAGE).await;
    assert_eq!((page.texts("ol.work > li").len(), page.has("#more")), (200, false));
    more(1);
    let page = anna.get(PAGE).await;
    assert_eq!(page.texts("ol.work > li").len(), 200);
    assert!(page.text("#more").contains("newest 200"), "{}", page.text("#more"));
}
