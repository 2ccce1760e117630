//! Money that goes back, is captured or set free: from the button to the customer's mail, through the
//! gateway.

use central::gateway::{Credentials, Gateway, Verdict, Window};
use central::kernel::{Currency, Money};
use central::sandbox::gateway::Account;
use central::settlement::Operation;
use chrono::{DateTime, Duration};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use futures_util::future::join_all;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const WAITING: &str = "/processing/transactions/operations";
const LIMITS: &str = "/settings/refunds";

/// A request of Anna's that its customer has paid by card: 45.00.
pub async fn paid(app: &TestApp, anna: &mut Browser) -> Request {
    let request = app.request(anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, GOOD_CARD).await;
    customer.goes_back(&page).await;
    app.mails_settle().await;
    request
}

/// Opens the form from the payment's page: the form and where it is.
pub async fn form_of(browser: &mut Browser, request: &Request) -> (Page, String) {
    let page = browser.open(&request.at("refund")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text("main"));
    let action = page.attribute("form.ask", "action");
    (page, action)
}

/// Asks for a refund: the page that follows.
pub async fn refunds(browser: &mut Browser, request: &Request, fields: &[(&str, &str)]) -> Page {
    let (page, action) = form_of(browser, request).await;
    let answer = browser.submit(&page, &action, fields, "").await;
    browser.follow(answer).await
}

pub fn value(page: &Page, field: &str) -> String {
    page.attribute(&format!("[name='{field}']"), "value")
}

/// The gateway as another program of the merchant's would use it.
pub fn gateway_of(app: &TestApp) -> (Gateway, Credentials) {
    let all = app.settings();
    let setting = |name: &str| {
        let found = all.iter().find(|(known, _)| *known == name);
        found.unwrap().1.parse().unwrap()
    };
    let [page, payments] = ["CONNECT2PAY_URL", "PAYXPERT_GATEWAY_URL"].map(setting);
    let account = accounts().remove(0);
    let by = Credentials { number: account.number, api_key: account.api_key.into() };
    (Gateway::new(page, payments, app.clock.clone()).unwrap(), by)
}

pub const WISHES: &str = "SELECT coalesce(string_agg(concat_ws(' ', operation, amount_minor, state), ', ' ORDER BY asked_at), '') FROM operation_requests";
pub const MOVED: &str = "SELECT string_agg(concat_ws(' ', operation, status, amount_minor), ', ' ORDER BY occurred_at) FROM transactions";

#[actix_web::test]
async fn what_the_demo_was_filled_with_is_given_back_too() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = app.text(&format!("SELECT id FROM users WHERE subject = '{ANNA}'"));
    let owner = (app.world.first, app.world.first_originator, id.parse().unwrap());
    central::demo::seed::fill(&app.admin_db(), &app.config.keys, owner, (700, 60), &app.clock)
        .unwrap();
    let sold = "FROM transactions WHERE operation = 'sale' AND status = 'authorised' AND email_payment_id IS NOT NULL
                AND currency = 'EUR' AND amount_minor > 200 AND NOT is_test ORDER BY occurred_at DESC, id LIMIT 1";
    let payment = app.text(&format!("SELECT email_payment_id {sold}"));
    let minor: i64 = app.text(&format!("SELECT amount_minor {sold}")).parse().unwrap();
    for back in [100, minor - 100] {
        let form = anna.open(&format!("/processing/email-payments/{payment}/refund")).await;
        let action = form.attribute("form.ask", "action");
        let amount = format!("{}.{:02}", back / 100, back % 100);
        let answer = anna.submit(&form, &action, &[("amount", amount.as_str())], "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    }
    assert_eq!(app.text(WISHES), format!("refund 100 done, refund {} done", minor - 100));
    assert_eq!(
        app.text(&format!("SELECT refunded_minor FROM email_payments WHERE id = '{payment}'")),
        minor.to_string()
    );
    let (gateway, by) = gateway_of(&app);
    let made: i64 = app
        .text(&format!("SELECT extract(epoch FROM occurred_at)::bigint {sold}"))
        .parse()
        .unwrap();
    let made = DateTime::from_timestamp(made, 0).unwrap() - Duration::seconds(1);
    let (moment, now) = (Duration::seconds(3), app.clock.now());
    for (from, to, told) in [(made, made + moment, 0), (now - Duration::days(1), now + moment, 2)] {
        let export = gateway.export(&by, Window::new(from, to).unwrap()).await.unwrap();
        let are_refunds = export.transactions.iter().all(|moved| moved.operation == "refund");
        assert_eq!((export.transactions.len(), are_refunds), (told, true), "no sale from before");
    }
}

#[actix_web::test]
async fn a_refund_and_what_the_gateway_tells_of_the_payment_do_not_wait_for_each_other() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = paid(&app, &mut anna).await;
    let (form, action) = form_of(&mut anna, &request).await;
    // As a reading of the gateway's list does: the payment first, its transactions afterwards.
    let url = cluster().superuser_url(&app.database);
    let mut reading = PgConnection::establish(&url).unwrap();
    reading.batch_execute("BEGIN; SELECT FROM email_payments FOR UPDATE").unwrap();
    let reads = async {
        app.until("the refund waits for the payment", async || {
            let waiting = "pg_locks WHERE NOT granted AND pid IN
                 (SELECT pid FROM pg_stat_activity WHERE datname = current_database())";
            app.count(waiting) > 0
        })
        .await;
        reading.batch_execute("SELECT FROM transactions FOR UPDATE NOWAIT; COMMIT").unwrap();
    };
    let (answer, ()) =
        futures_util::future::join(anna.submit(&form, &action, &[("amount", "20.00")], ""), reads)
            .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    assert_eq!(app.text(WISHES), "refund 2000 done");
}

#[actix_web::test]
async fn money_goes_back_once_and_everybody_reads_of_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = paid(&app, &mut anna).await;
    let before = app.mailbox.wait_for(CUSTOMER, 2).await.len();
    assert!(anna.get(&request.url).await.has(&format!("a[href='{}']", request.at("refund"))));

    let (form, action) = form_of(&mut anna, &request).await;
    assert_eq!(value(&form, "amount"), "45.00", "what is left stands there already");
    let fields = [("amount", "20.00"), ("reason", "One plate was broken")];
    let mut twice = Vec::new();
    for _ in 0..2 {
        twice.push(anna.submit(&form, &action, &fields, "").await);
    }
    let page = anna.follow(twice.pop().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text("#asked-t + ol").contains("One plate was broken"), "{}", page.text("main"));
    assert_eq!(app.text(WISHES), "refund 2000 done", "the same form twice is one wish");
    assert_eq!(app.text(MOVED), "sale authorised 4500, refund authorised 2000");
    assert_eq!(app.field(&request.url, "refunded_minor"), "2000");
    assert_eq!(app.field(&request.url, "status"), "paid");
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("Refund asked for"), "{}", page.text(".timeline"));
    assert_eq!(
        (app.happened(&request, "refunded"), app.happened(&request, "refund_asked")),
        (1, 1)
    );
    let mails = app.mailbox.wait_for(CUSTOMER, before + 1).await;
    let words = mails.first().unwrap().text.clone().unwrap();
    assert!(words.contains("20,00\u{a0}€") && !words.contains("broken"), "{words}");
    assert!(words.contains("Visa che termina con 1111") && !words.contains("XXXX"), "{words}");
    let from = mails.first().unwrap().header("From").unwrap();
    assert!(from.contains("Ceramiche Bellini via Central"), "{from}");

    // More than is left: what was typed stays, and it says how much would do.
    let (form, action) = form_of(&mut anna, &request).await;
    assert_eq!(value(&form, "amount"), "25.00");
    let fields = [("amount", "25.01"), ("reason", "All of it")];
    let answer = anna.submit(&form, &action, &fields, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (value(&answer, "amount"), answer.text("#reason")),
        ("25.01".into(), "All of it".into())
    );
    assert!(answer.text("#errors").contains("25.00"), "{}", answer.text("#errors"));
    for wrong in ["0", "-3", "ten", "1.005", "", "99999999"] {
        let answer = anna.submit(&form, &action, &[("amount", wrong)], "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.has("#errors"), "{wrong}");
    }
    refunds(&mut anna, &request, &[]).await;
    assert_eq!(app.field(&request.url, "refunded_minor"), "4500");
    let (form, _) = form_of(&mut anna, &request).await;
    assert!(!form.has("[name='amount']"), "{}", form.text("main"));
    assert_eq!(app.text(WISHES), "refund 2000 done, refund 2500 done");
}

#[actix_web::test]
async fn forms_sent_at_the_same_time_never_give_back_more_than_there_is() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = paid(&app, &mut anna).await;
    let mut browsers = Vec::new();
    for _ in 0..4 {
        let mut browser = app.sign_in(ANNA).await;
        let (form, action) = form_of(&mut browser, &request).await;
        browsers.push((browser, form, action));
    }
    let send = |(mut browser, form, action): (Browser, Page, String)| async move {
        browser.submit(&form, &action, &[("amount", "30.00")], "").await.status
    };
    let answers = join_all(browsers.into_iter().map(send)).await;
    let taken = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(taken, 1, "{answers:?}");
    assert_eq!(app.text(MOVED), "sale authorised 4500, refund authorised 3000");
}

#[actix_web::test]
async fn what_a_colleague_gives_back_of_a_clerks_payment_the_clerk_reads() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let request = paid(&app, &mut carla).await;
    refunds(&mut anna, &request, &[("amount", "10.00")]).await;
    assert_eq!(app.text(MOVED), "sale authorised 4500, refund authorised 1000");
    let list = carla.get("/processing/transactions").await;
    assert_eq!(list.texts("tbody tr").len(), 2, "{}", list.text("main"));
    let sale = app.text("SELECT id FROM transactions WHERE operation = 'sale'");
    let page = carla.get(&format!("/processing/transactions/{sale}")).await;
    assert_eq!(page.texts("#refunds dd"), ["10.00 EUR", "35.00 EUR"].map(str::to_owned));
    let refund = page.attribute(".table-wrap[aria-labelledby=chain-t] tbody a", "href");
    assert_eq!(carla.get(&refund).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_sale_with_more_rebills_than_a_page_shows_is_given_back_all_the_same() {
    let app = TestApp::start().await;
    let first = app.world.first;
    let sale = app.transaction(first, "700", |_| ());
    let numbers: Vec<String> = (0..120).map(|number| format!("8{number:03}")).collect();
    for number in &numbers {
        app.transaction(first, number, |new| {
            new.operation = Operation::Rebill;
            new.reference_transaction_id = Some("700");
        });
    }
    app.transaction(first, "900", |new| {
        new.operation = Operation::Refund;
        new.amount = Money::new(300, Currency::EUR);
        new.reference_transaction_id = Some("700");
    });
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("/processing/transactions/{sale}")).await;
    assert_eq!(page.texts("#refunds dd"), ["3.00 EUR", "7.00 EUR"].map(str::to_owned));
    assert!(page.has("a[href$='/operations/refund']"), "{}", page.text(".actions"));
}

#[actix_web::test]
async fn above_the_limit_a_second_person_decides_and_never_the_one_who_asked() {
    let app = TestApp::start().await;
    app.change("UPDATE memberships SET role = 'customer_care' WHERE user_id = (SELECT id FROM users WHERE subject = 'carla')");
    app.change("UPDATE memberships SET role = 'manager' WHERE user_id = (SELECT id FROM users WHERE subject = 'aldo')");
    let mut anna = app.sign_in(ANNA).await;
    let (mut carla, mut aldo) = (app.sign_in(CARLA).await, app.sign_in(ALDO).await);
    let request = paid(&app, &mut anna).await;

    // Without a limit, customer care waits for somebody else.
    refunds(&mut carla, &request, &[("amount", "10.00")]).await;
    assert_eq!(app.text(WISHES), "refund 1000 waiting");
    assert_eq!(app.text(MOVED), "sale authorised 4500", "nothing was asked of the gateway");
    let todo = anna.get("/").await;
    assert!(todo.has(&format!("a[href='{WAITING}']")), "{}", todo.text("main"));
    let list = carla.get(WAITING).await;
    assert!(!list.has("form[action$='/approval']") && list.has("form[action$='/withdrawal']"));
    let list = anna.get(WAITING).await;
    let approval = list.attribute("form[action$='/approval']", "action");
    let done = anna.submit(&list, &approval, &[], "").await;
    anna.follow(done).await;
    assert_eq!(app.text(WISHES), "refund 1000 done");
    assert_eq!(
        app.text("SELECT u.subject FROM operation_requests r JOIN users u ON u.id = r.decided_by"),
        "anna"
    );
    assert_eq!(
        app.text("SELECT u.subject FROM transactions t JOIN users u ON u.id = t.asked_by WHERE t.operation = 'refund'"),
        "anna",
        "a refund is its payment's; who wished for it stands in the wish"
    );
    // A second click comes too late, and says so.
    let known = aldo.get(&request.url).await;
    let token = known.attribute("input[name=_csrf]", "value");
    let late = aldo.post(&approval, &[("_csrf", &token)]).await;
    let late = aldo.follow(late).await;
    assert!(late.text(".flash").contains("decided"), "{}", late.text("main"));

    // With a limit the owner waits too, above it.
    let page = anna.get(LIMITS).await;
    let wrong = anna.submit(&page, LIMITS, &[("EUR", "much")], "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(value(&wrong, "EUR"), "much");
    let set = anna.submit(&page, LIMITS, &[("EUR", "5.00")], "").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text("main"));
    refunds(&mut anna, &request, &[("amount", "5.00")]).await;
    assert_eq!(app.text(WISHES), "refund 1000 done, refund 500 done");
    let (form, _) = form_of(&mut anna, &request).await;
    assert!(form.text("main").contains("Above 0.00 EUR a colleague"), "{}", form.text("main"));
    refunds(&mut anna, &request, &[("amount", "5.01")]).await;
    assert_eq!(app.text(WISHES), "refund 1000 done, refund 500 done, refund 501 waiting");
    let list = anna.get(WAITING).await;
    assert!(!list.has("form[action$='/approval']"), "one's own");
    let id = app.text("SELECT id::text FROM operation_requests WHERE state = 'waiting'");
    let forged = format!("{WAITING}/{id}/approval");
    let token = form_token(&mut anna).await;
    let own = anna.post(&forged, &[("_csrf", &token)]).await;
    let own = anna.follow(own).await;
    assert!(own.text(".flash").contains("colleague"), "{}", own.text("main"));
    assert!(
        app.jobs_db()
            .run_blocking(&app.first_scope().tenants(), |conn| {
                use diesel::RunQueryDsl as _;
                Ok(diesel::sql_query(
                    "UPDATE operation_requests SET decided_by = asked_by, decided_at = now(), state = 'sending', sent_at = now(), next_check_at = now() WHERE state = 'waiting'",
                )
                .execute(conn)?)
            })
            .is_err(),
        "the database refuses it as well"
    );
    // What waits is no longer to be had, until it is refused.
    let (form, _) = form_of(&mut aldo, &request).await;
    assert_eq!(value(&form, "amount"), "24.99");
    let list = aldo.get(WAITING).await;
    let rejection = list.attribute("form[action$='/rejection']", "action");
    aldo.submit(&list, &rejection, &[], "").await;
    let (form, _) = form_of(&mut aldo, &request).await;
    assert_eq!(value(&form, "amount"), "30.00");

    refunds(&mut aldo, &request, &[("amount", "30.00")]).await;
    let list = aldo.get(WAITING).await;
    let withdrawal = list.attribute("form[action$='/withdrawal']", "action");
    aldo.submit(&list, &withdrawal, &[], "").await;
    assert_eq!(
        app.text(WISHES),
        "refund 1000 done, refund 500 done, refund 501 rejected, refund 3000 withdrawn"
    );
    assert_eq!(app.field(&request.url, "refunded_minor"), "1500");
    let audited = "SELECT string_agg(action || ' ' || n, ', ' ORDER BY action) FROM (SELECT action, count(*) n FROM audit_log \
                   WHERE action LIKE 'operation.%' OR action LIKE 'refund.%' GROUP BY 1) AS found";
    assert_eq!(
        app.text(audited),
        "operation.approve 1, operation.ask 4, operation.end 2, operation.reject 1, operation.withdraw 1, refund.limit 1"
    );
}

#[actix_web::test]
async fn what_is_above_the_limit_waits_when_it_is_asked_for_in_parts_too() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = paid(&app, &mut anna).await;
    let page = anna.get(LIMITS).await;
    anna.submit(&page, LIMITS, &[("EUR", "10.00")], "").await;
    refunds(&mut anna, &request, &[("amount", "6.00")]).await;
    refunds(&mut anna, &request, &[("amount", "4.00")]).await;
    refunds(&mut anna, &request, &[("amount", "0.01")]).await;
    assert_eq!(app.text(WISHES), "refund 600 done, refund 400 done, refund 1 waiting");
    let other = paid(&app, &mut anna).await;
    refunds(&mut anna, &other, &[("amount", "10.00")]).await;
    assert!(app.text(WISHES).ends_with("refund 1000 done"), "each transaction has its own");
}

#[actix_web::test]
async fn a_form_of_limits_takes_back_no_colleagues_limit() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut again = app.sign_in(ANNA).await;
    let currencies = "UPDATE originators SET currencies = ARRAY['EUR', 'USD'] WHERE merchant_id";
    app.change(&format!("{currencies} = '{}'", app.world.first.as_uuid()));
    let stands = || {
        app.text("SELECT coalesce(string_agg(currency || ' ' || above_minor, ', ' ORDER BY currency), '') FROM refund_limits")
    };
    let stale = anna.get(LIMITS).await;
    let fresh = again.get(LIMITS).await;
    again.submit(&fresh, LIMITS, &[("EUR", "5.00")], "").await;
    // Another currency: what was not touched stays as the colleague set it.
    let saved = anna.submit(&stale, LIMITS, &[("USD", "7.00")], "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    assert_eq!(stands(), "EUR 500, USD 700");
    // The same one: asked first, with what was typed.
    let refused = anna.submit(&stale, LIMITS, &[("EUR", "80.00")], "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text("main"));
    assert_eq!((value(&refused, "EUR"), value(&refused, "USD")), ("80.00".into(), "7.00".into()));
    assert!(refused.text("main").contains("changed this meanwhile"), "{}", refused.text("main"));
    assert_eq!(stands(), "EUR 500, USD 700");
    let saved = anna.submit(&refused, LIMITS, &[], "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    assert_eq!(stands(), "EUR 8000, USD 700");
}

#[actix_web::test]
async fn a_chargeback_stands_in_the_way_of_all_but_the_owner() {
    let app = TestApp::start().await;
    app.change("UPDATE memberships SET role = 'manager' WHERE user_id = (SELECT id FROM users WHERE subject = 'aldo')");
    let mut anna = app.sign_in(ANNA).await;
    let mut aldo = app.sign_in(ALDO).await;
    let request = paid(&app, &mut anna).await;
    let sale = app.text("SELECT gateway_transaction_id FROM transactions");
    app.transaction(app.world.first, "CB1", |new| {
        new.operation = Operation::Chargeback;
        new.reference_transaction_id = Some(&sale);
        new.is_test = true;
    });
    let (form, action) = form_of(&mut aldo, &request).await;
    assert!(form.text("main").contains("chargeback") && !form.has("[name='amount']"));
    let token = form_token(&mut aldo).await;
    let key = "01919191-9191-7191-8191-919191919191";
    let fields = [("_csrf", token.as_str()), ("key", key), ("amount", "5.00"), ("disputed", "yes")];
    let forged = aldo.post(&action, &fields).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", forged.text("main"));

    let (form, action) = form_of(&mut anna, &request).await;
    let answer = anna.submit(&form, &action, &[("amount", "5.00")], "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.has("#disputed[aria-invalid]"), "{}", answer.text("main"));
    let answer =
        anna.submit(&answer, &action, &[("amount", "5.00"), ("disputed", "yes")], "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    assert_eq!(app.text(WISHES), "refund 500 done");
}

#[actix_web::test]
async fn a_chargeback_that_came_after_the_request_is_overruled_by_no_approval() {
    let app = TestApp::start().await;
    app.change("UPDATE memberships SET role = 'customer_care' WHERE user_id = (SELECT id FROM users WHERE subject = 'carla')");
    app.change("UPDATE memberships SET role = 'manager' WHERE user_id = (SELECT id FROM users WHERE subject = 'aldo')");
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let mut aldo = app.sign_in(ALDO).await;
    let request = paid(&app, &mut anna).await;
    refunds(&mut carla, &request, &[("amount", "5.00")]).await;
    let sale = app.text("SELECT gateway_transaction_id FROM transactions");
    app.transaction(app.world.first, "CB1", |new| {
        new.operation = Operation::Chargeback;
        new.reference_transaction_id = Some(&sale);
        new.is_test = true;
    });
    let list = anna.get(WAITING).await;
    assert!(!list.text("main").contains("chargeback"), "nobody asked for that");
    let approval = list.attribute("form[action$='/approval']", "action");
    let answer = anna.submit(&list, &approval, &[], "").await;
    let page = anna.follow(answer).await;
    assert!(page.text(".flash").contains("chargeback"), "{}", page.text("main"));
    assert_eq!(app.text(WISHES), "refund 500 waiting");
    let rejection = list.attribute("form[action$='/rejection']", "action");
    anna.submit(&list, &rejection, &[], "").await;

    // Asked for in spite of it, the second person reads so, and what they allow is done.
    let page = anna.get(LIMITS).await;
    anna.submit(&page, LIMITS, &[("EUR", "0")], "").await;
    refunds(&mut anna, &request, &[("amount", "5.00"), ("disputed", "yes")]).await;
    let list = aldo.get(WAITING).await;
    assert!(list.text("main").contains("chargeback"), "{}", list.text("main"));
    let approval = list.attribute("form[action$='/approval']", "action");
    aldo.submit(&list, &approval, &[], "").await;
    assert_eq!(app.text(WISHES), "refund 500 rejected, refund 500 done");
}

/// From now on the first account promises money at first.
pub fn promises(app: &TestApp) {
    app.gateway.add_account(Account { authorizes: true, ..accounts().remove(0) });
}

/// A request whose customer's card was authorised, and the page of that transaction.
async fn authorised(app: &TestApp, anna: &mut Browser) -> (Request, Page) {
    let request = paid(app, anna).await;
    assert_eq!(app.field(&request.url, "status"), "authorised");
    let page = anna.get(&request.url).await;
    assert!(page.text(".detail-head").contains("capture by"), "{}", page.text(".detail-head"));
    let page = anna.open(&request.at("refund")).await;
    (request, page)
}

/// Opens the form of an act from the transaction's page and sends it.
pub async fn does(browser: &mut Browser, page: &Page, act: &str) -> Page {
    let url = page.attribute(&format!("a[href$='/operations/{act}']"), "href");
    let form = browser.get(&url).await;
    let answer = browser.submit(&form, &url, &[], "").await;
    browser.follow(answer).await
}

#[actix_web::test]
async fn promised_money_is_captured_set_free_or_lapses() {
    let app = TestApp::start().await;
    promises(&app);
    let mut anna = app.sign_in(ANNA).await;
    let (request, page) = authorised(&app, &mut anna).await;
    assert!(!page.has("a[href$='/operations/refund']"), "nothing was taken yet");
    assert_eq!(app.count("mails WHERE kind = 'receipt'"), 0);
    does(&mut anna, &page, "capture").await;
    assert_eq!(app.field(&request.url, "status"), "paid");
    assert_eq!(app.text(MOVED), "authorize authorised 4500, capture authorised 4500");
    assert_eq!(app.happened(&request, "paid"), 1);
    app.mails_settle().await;
    assert_eq!(app.count("mails WHERE kind = 'receipt'"), 1);
    refunds(&mut anna, &request, &[("amount", "1.00")]).await;
    assert_eq!(app.field(&request.url, "refunded_minor"), "100");

    let (request, page) = authorised(&app, &mut anna).await;
    does(&mut anna, &page, "cancel").await;
    assert_eq!(app.field(&request.url, "status"), "cancelled");
    assert_eq!(app.happened(&request, "voided"), 1);

    let (request, _) = authorised(&app, &mut anna).await;
    app.clock.advance(Duration::days(7) + Duration::minutes(1));
    app.becomes(&request, "cancelled").await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("lapsed"), "{}", page.text(".timeline"));
    let page = anna.open(&request.at("refund")).await;
    assert!(!page.has("a[href$='/operations/capture']"));
}

#[actix_web::test]
async fn a_promise_does_not_lapse_while_its_capture_is_under_way() {
    let app = TestApp::start().await;
    promises(&app);
    let mut anna = app.sign_in(ANNA).await;
    let (other, _) = authorised(&app, &mut anna).await;
    let (request, page) = authorised(&app, &mut anna).await;
    let number = app.text(&format!(
        "SELECT gateway_transaction_id FROM transactions WHERE email_payment_id = '{}'",
        request.id
    ));
    app.gateway.set_down(true);
    does(&mut anna, &page, "capture").await;
    assert_eq!(app.text(WISHES), "capture 4500 unknown");
    // It had reached the gateway after all, which then is away for a week.
    app.gateway.set_down(false);
    let (gateway, by) = gateway_of(&app);
    let done = gateway.capture(&by, &number, Money::new(4_500, Currency::EUR)).await.unwrap();
    assert!(matches!(done, Verdict::Done(_)), "{done:?}");
    app.gateway.set_down(true);
    app.clock.advance(Duration::days(7) + Duration::minutes(1));
    app.becomes(&other, "cancelled").await;
    assert_eq!(app.field(&request.url, "status"), "authorised");
    app.gateway.set_down(false);
    app.clock.advance(Duration::hours(2));
    app.becomes(&request, "paid").await;
    assert_eq!(app.happened(&request, "unexpected_money"), 0);
}
