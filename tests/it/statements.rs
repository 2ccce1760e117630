//! The end of a period: what moved is summed up, and told by documents; conditions.

use std::time::Duration as Pause;

use central::auth::audit::{Actor, By};
use central::auth::{MerchantScope, SystemScope};
use central::documents::jobs::{Maker, publish_due};
use central::gateway::AttemptStatus;
use central::kernel::{Currency, Error, MerchantId, Money};
use central::settlement::{self, Channel, Details, NewTransaction, Operation};
use central::statements::{self, NewConditions, jobs};
use central::store::Store;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures_util::future::join_all;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// Those of the worked examples: 1.4 %, 0.20, 0.50, 25.00, 20 % tax, 5 % held back.
fn conditions(currency: Currency) -> NewConditions {
    NewConditions {
        provider: "PayXpert".to_owned(),
        currency,
        valid_from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
        percent_bp: 140,
        per_sale_minor: 20,
        per_refund_minor: 50,
        per_chargeback_minor: 2_500,
        tax_bp: 2_000,
        holdback_bp: 500,
        // Longer than a month: on no day of the year does it come back within its own period.
        holdback_days: 45,
        due_days: 10,
        reason: "As agreed".to_owned(),
    }
}

fn agree(app: &TestApp, merchant_id: MerchantId, new: &NewConditions) {
    let scope: MerchantScope = SystemScope::found(merchant_id).into();
    let now = app.clock.now();
    let by = By::other(Actor::System);
    let add = |conn: &mut diesel::PgConnection| {
        statements::add_conditions(conn, scope, &by, None, new, now)
    };
    assert!(app.db().run_blocking(&scope.tenants(), add).unwrap());
}

/// Notes transactions of the first merchant, each of the same amount, at an instant.
fn moved(
    app: &TestApp,
    operation: Operation,
    count: i64,
    amount: Money,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let scope = app.first_scope();
    app.jobs_db().run_blocking(&scope.tenants(), |conn| {
        for number in 0..count {
            let id = format!("{}-{number}-{}", operation.as_str(), at.timestamp_micros());
            let new = NewTransaction {
                originator_id: app.world.first_originator,
                channel: Channel::Ecommerce,
                operation,
                status: AttemptStatus::Authorised,
                amount,
                method: "CreditCard",
                result_code: "000",
                gateway_transaction_id: &id,
                reference_transaction_id: None,
                email_payment_id: None,
                is_test: false,
                occurred_at: at,
                details: Details::default(),
            };
            settlement::record(conn, scope, &new, at)?;
            // Told twice, noted once.
            settlement::record(conn, scope, &new, at)?;
        }
        Ok(())
    })
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn maker(app: &TestApp) -> Maker {
    Maker {
        db: app.jobs_db(),
        store: Store::new(&app.config.documents).unwrap(),
        clock: app.clock.clone(),
    }
}

/// Lets every merchant have a period, then lets time pass until the open ones are over.
async fn end_period(app: &TestApp) {
    jobs::begin_due(&app.jobs_db(), app.clock.now()).await.unwrap();
    app.clock.advance(Duration::days(32));
    app.until("the periods are closed", async || {
        jobs::close_due(&app.jobs_db(), app.clock.now()).await.unwrap();
        app.count(&format!(
            "statement_periods WHERE closed_at IS NULL AND ends_at <= '{}'",
            app.clock.now().to_rfc3339()
        )) == 0
    })
    .await;
}

async fn publish_all(app: &TestApp) {
    app.until("every statement has its document", async || {
        publish_due(&maker(app)).await.unwrap();
        app.count("statements WHERE document_id IS NULL") == 0
    })
    .await;
}

const TOTALS: &str = "SELECT concat_ws(' ', currency, statement_minor, invoice_minor, receive_minor) FROM statements ORDER BY period_from, currency";

#[actix_web::test]
async fn the_worked_example_becomes_an_invoice_in_the_merchants_language() {
    let app = TestApp::start().await;
    agree(&app, app.world.first, &conditions(Currency::EUR));
    let at = app.clock.now();
    moved(&app, Operation::Sale, 200, euro(5_000), at).unwrap();
    moved(&app, Operation::Refund, 9, euro(5_000), at).unwrap();
    moved(&app, Operation::Chargeback, 2, euro(6_000), at).unwrap();
    // A promise moves no money.
    moved(&app, Operation::Authorize, 1, euro(99_999), at).unwrap();
    end_period(&app).await;
    publish_all(&app).await;

    assert_eq!(app.text(TOTALS), "EUR 893000 28140 864860");
    assert_eq!(app.count("documents"), 1, "one invoice, and none for who had no movement");
    assert_eq!(
        app.text(
            "SELECT concat_ws(' ', kind, source, state, total_minor, provider) FROM documents"
        ),
        "invoice period_end waiting_accountant_payment 864860 PayXpert"
    );
    assert_eq!(app.count("audit_log WHERE action = 'document.publish'"), 1);
    let id = app.text("SELECT id::text FROM documents");
    let mut aldo = app.sign_in(ALDO).await;
    let page = aldo.get("/accounting/documents").await;
    assert!(
        page.text(".page-head").contains("The next documents are due on"),
        "{}",
        page.text(".page-head")
    );
    let pdf = aldo.get(&format!("/accounting/documents/{id}/file")).await;
    assert_eq!(pdf.status, StatusCode::OK);

    let data = aldo.get(&format!("/accounting/documents/{id}/data.csv")).await;
    let rows: Vec<&str> = data.body.lines().collect();
    assert_eq!(rows.len(), 14, "{}", data.body);
    assert!(rows[0].starts_with("Section,Line,Originator,"), "{}", rows[0]);
    assert!(rows[0].ends_with(",Currency,Given back on"), "{}", rows[0]);
    let kept = app.text("SELECT concat_ws(',', s.period_until, h.release_on) FROM holdbacks h JOIN statements s ON s.id = h.kept_by");
    let (until, given_back) = kept.split_once(',').unwrap();
    let kept = rows.iter().find(|row| row.starts_with("statement,holdback_kept,")).unwrap();
    assert!(kept.contains(&format!(",{until},,,5,")) && kept.ends_with(given_back), "{kept}");
    assert!(
        rows[1].starts_with("statement,sale,Shop,") && rows[1].ends_with(",200,,,,10000.00,EUR,")
    );
    assert!(
        rows.iter()
            .any(|row| row.starts_with("invoice,tax,") && row.ends_with(",234.50,20,,46.90,EUR,"))
    );
    assert!(rows[13].starts_with("balance,total,") && rows[13].ends_with(",8648.60,EUR,"));
}

#[actix_web::test]
async fn a_negative_balance_waits_for_the_merchant_and_each_currency_has_its_own_invoice() {
    let app = TestApp::start().await;
    agree(&app, app.world.first, &conditions(Currency::EUR));
    agree(&app, app.world.first, &conditions(Currency::JPY));
    let at = app.clock.now();
    moved(&app, Operation::Sale, 2, euro(5_000), at).unwrap();
    moved(&app, Operation::Chargeback, 1, euro(24_000), at).unwrap();
    moved(&app, Operation::Sale, 1, Money::new(10_000, Currency::JPY), at + Duration::seconds(1))
        .unwrap();
    end_period(&app).await;
    publish_all(&app).await;
    assert_eq!(
        app.text("SELECT string_agg(concat_ws(' ', currency, state, total_minor), ', ' ORDER BY currency) FROM documents"),
        "EUR waiting_customer_payment -17716, JPY waiting_accountant_payment 9308"
    );
}

#[actix_web::test]
async fn each_issuer_numbers_its_invoices_without_gaps() {
    let app = TestApp::start().await;
    app.change("INSERT INTO providers (name, legal_name, address, tax_number) VALUES ('Acquirer One', 'Acquirer One', '', '')");
    agree(&app, app.world.first, &conditions(Currency::EUR));
    let other = NewConditions { provider: "Acquirer One".to_owned(), ..conditions(Currency::EUR) };
    agree(&app, app.world.first, &other);
    let at = app.clock.now();
    moved(&app, Operation::Sale, 1, euro(5_000), at).unwrap();
    app.change("UPDATE originators SET provider = 'Acquirer One'");
    moved(&app, Operation::Sale, 1, euro(5_000), at + Duration::seconds(1)).unwrap();
    end_period(&app).await;
    let numbers = "SELECT string_agg(provider || ' ' || split_part(number, '-', 2), ', ' ORDER BY provider) FROM statements";
    assert_eq!(app.text(numbers), "Acquirer One 000001, PayXpert 000001");
}

#[actix_web::test]
async fn what_is_told_late_stands_in_the_next_statement_and_a_holdback_comes_back_once() {
    let app = TestApp::start().await;
    agree(&app, app.world.first, &conditions(Currency::EUR));
    let first = app.clock.now();
    moved(&app, Operation::Sale, 1, euro(100_000), first).unwrap();
    end_period(&app).await;
    // It happened in the period that is closed.
    moved(&app, Operation::Sale, 1, euro(20_000), first + Duration::seconds(1)).unwrap();
    end_period(&app).await;
    end_period(&app).await;
    end_period(&app).await;
    assert_eq!(app.count("transactions WHERE statement_id IS NULL"), 0);
    let sum = "SELECT concat_ws(' ', count(*), sum(statement_minor), (SELECT sum(amount_minor) FROM transactions), \
               (SELECT count(*) FROM holdbacks WHERE released_by IS NULL)) FROM statements";
    // Both sales, kept in part, then given back: in all what moved, whatever was made of it.
    assert!(app.text(sum).ends_with(" 120000 120000 0"), "{}", app.text(sum));
    let periods = "SELECT count(*)::text FROM statement_periods p JOIN statement_periods n ON n.merchant_id = p.merchant_id \
                   AND n.period_from = p.period_until + 1 WHERE p.closed_at IS NOT NULL";
    assert_eq!(
        app.text(periods),
        app.count("statement_periods WHERE closed_at IS NOT NULL").to_string(),
        "no day is left out"
    );
}

#[actix_web::test]
async fn money_without_conditions_waits_until_there_are_some() {
    let app = TestApp::start().await;
    moved(&app, Operation::Sale, 1, euro(10_000), app.clock.now()).unwrap();
    end_period(&app).await;
    assert_eq!(app.count("statements"), 0);
    let nothing_held_back = NewConditions { holdback_bp: 0, ..conditions(Currency::EUR) };
    agree(&app, app.world.first, &nothing_held_back);
    end_period(&app).await;
    assert_eq!(app.text(TOTALS), "EUR 10000 192 9808");
}

#[actix_web::test]
async fn several_processes_that_die_make_each_document_once() {
    let app = TestApp::start().await;
    agree(&app, app.world.first, &conditions(Currency::EUR));
    for code in ["JPY", "KWD", "USD", "GBP", "CHF", "SEK"] {
        agree(&app, app.world.first, &conditions(Currency::parse(code).unwrap()));
    }
    let at = app.clock.now();
    for (second, code) in (1..).zip(["EUR", "JPY", "KWD", "USD", "GBP", "CHF", "SEK"]) {
        let amount = Money::new(10_000, Currency::parse(code).unwrap());
        moved(&app, Operation::Sale, 3, amount, at + Duration::seconds(second)).unwrap();
    }
    jobs::begin_due(&app.jobs_db(), app.clock.now()).await.unwrap();
    app.clock.advance(Duration::days(32));
    let (db, now) = (app.jobs_db(), app.clock.now());
    let closed = join_all((0..4).map(|_| jobs::close_due(&db, now))).await;
    assert!(closed.iter().all(Result::is_ok), "{closed:?}");
    // Each is stopped in the middle of its work, then its lease runs out.
    for round in 0..6 {
        let maker = maker(&app);
        let work = actix_web::rt::spawn(async move { publish_due(&maker).await });
        actix_web::rt::time::sleep(Pause::from_millis(3 + 9 * round)).await;
        work.abort();
        app.clock.advance(Duration::minutes(3));
    }
    let maker = maker(&app);
    app.until("every statement has its document", async || {
        join_all((0..3).map(|_| publish_due(&maker))).await;
        app.clock.advance(Duration::minutes(3));
        app.count("statements WHERE document_id IS NULL") == 0
    })
    .await;
    assert_eq!((app.count("statements"), app.count("documents")), (7, 7));
    let numbers = "SELECT string_agg(right(number, 6), ' ' ORDER BY number) FROM statements";
    assert_eq!(
        app.text(numbers),
        "000001 000002 000003 000004 000005 000006 000007",
        "without gaps"
    );
    assert_eq!(app.count("audit_log WHERE action = 'document.publish'"), 7);
}

#[actix_web::test]
async fn a_customers_payment_is_noted_once_whoever_tells_of_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    customer.goes_back(&paid).await;
    assert_eq!(
        app.text("SELECT string_agg(concat_ws(' ', channel, operation, status, amount_minor, currency, is_test), ', ' ORDER BY occurred_at) FROM transactions"),
        "email sale declined 4500 EUR t, email sale authorised 4500 EUR t"
    );
    // No money moves in a test, so no statement tells of it.
    agree(&app, app.world.first, &conditions(Currency::EUR));
    end_period(&app).await;
    assert_eq!(app.count("statements"), 0);
}

#[actix_web::test]
async fn a_pending_transaction_gets_its_end_and_then_stands() {
    let app = TestApp::start().await;
    let scope = app.first_scope();
    let at = app.clock.now();
    let told = |status| {
        let new = NewTransaction {
            originator_id: app.world.first_originator,
            channel: Channel::Email,
            operation: Operation::Collection,
            status,
            amount: euro(700),
            method: "BankTransfer",
            result_code: "000",
            gateway_transaction_id: "slow-1",
            reference_transaction_id: None,
            email_payment_id: None,
            is_test: false,
            occurred_at: at,
            details: Details::default(),
        };
        app.jobs_db()
            .run_blocking(&scope.tenants(), |conn| settlement::record(conn, scope, &new, at))
            .unwrap();
        app.text("SELECT status FROM transactions")
    };
    assert_eq!(told(AttemptStatus::Pending), "pending");
    assert_eq!(told(AttemptStatus::Authorised), "authorised");
    assert_eq!(told(AttemptStatus::Pending), "authorised");
    assert_eq!(told(AttemptStatus::Declined), "authorised");
}

#[actix_web::test]
async fn conditions_are_added_with_a_reason_and_never_for_what_is_summed_up() {
    let app = TestApp::start().await;
    jobs::begin_due(&app.jobs_db(), app.clock.now()).await.unwrap();
    let url = format!("/merchants/{}/conditions", app.world.first);
    let mut irene = app.sign_in(IRENE).await;
    let page = irene.get(&url).await;
    assert_eq!(page.text("h1"), "Conditions of Ceramiche Bellini");
    let from = (app.clock.now() + Duration::days(40)).date_naive().to_string();
    let mut fields = [
        ("valid_from", "2020-01-01"),
        ("percent", "1.4"),
        ("per_sale", "0.20"),
        ("per_refund", "0.50"),
        ("per_chargeback", "25"),
        ("tax", "22"),
        ("holdback", "5"),
        ("holdback_days", "180"),
        ("due_days", "10"),
        ("reason", "As agreed"),
    ];
    let early = irene.submit(&page, &url, &fields, "").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text("#valid_from-e").contains("at the earliest"), "{}", early.text(".errors"));
    assert_eq!(early.attribute("#percent", "value"), "1.4", "what was typed is kept");
    fields[0].1 = &from;
    let done = irene.submit(&early, &url, &fields, "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    let page = irene.get(&url).await;
    assert!(page.text(".flash").contains("Conditions hold from"), "{}", page.text("main"));
    assert!(
        page.text("table.data").contains("5% for 180 days")
            && page.text("table.data").contains("As agreed")
    );
    let twice = irene.submit(&page, &url, &fields, "").await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.count("audit_log WHERE action = 'conditions.add'"), 1);
    // The success manager reads them, without the form.
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get(&url).await;
    assert!(page.status == StatusCode::OK && !page.has("#percent"));
}

#[actix_web::test]
async fn another_rhythm_holds_from_the_next_period_on() {
    let app = TestApp::start().await;
    jobs::begin_due(&app.jobs_db(), app.clock.now()).await.unwrap();
    let open = || {
        app.text("SELECT period_from || ' ' || period_until FROM statement_periods WHERE closed_at IS NULL ORDER BY merchant_id LIMIT 1")
    };
    let before = open();
    let url = format!("/merchants/{}/conditions", app.world.first);
    let mut irene = app.sign_in(IRENE).await;
    let page = irene.get(&url).await;
    assert!(page.has("#rhythm-monthly[checked]"), "{}", page.text("main"));
    let action = format!("{url}/rhythm");
    let set = irene.submit(&page, &action, &[("rhythm", "weekly")], "").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text("main"));
    let page = irene.get(&url).await;
    assert!(page.text(".flash").contains("new rhythm") && page.has("#rhythm-weekly[checked]"));
    assert_eq!(open(), before, "the period that has begun ends as planned");
    irene.submit(&page, &action, &[("rhythm", "weekly")], "").await;
    assert_eq!(app.count("audit_log WHERE action = 'merchant.statement_rhythm'"), 1);
    let odd = irene.submit(&page, &action, &[("rhythm", "daily")], "").await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn invoices_from_now_on_name_the_provider_as_it_was_changed() {
    let app = TestApp::start().await;
    let url = "/accounting/providers";
    let mut irene = app.sign_in(IRENE).await;
    let page = irene.get("/accounting/providers?change=PayXpert").await;
    assert_eq!(page.attribute("#legal_name", "value"), "PayXpert");
    assert!(!page.has("#name"), "a name stays");
    let mut fields = [
        ("known", "PayXpert"),
        ("legal_name", ""),
        ("address", "1 Example Road\r\nLondon"),
        ("tax_number", "GB 1"),
    ];
    let wrong = irene.submit(&page, url, &fields, "").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("#legal_name-e").contains("Enter the legal name"));
    assert!(wrong.text("#address").contains("London"), "what was typed is kept");
    fields[1].1 = "PayXpert Ltd";
    let saved = irene.submit(&wrong, url, &fields, "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    let page = irene.get(url).await;
    assert!(page.text("table.data").contains("PayXpert Ltd"), "{}", page.text("main"));
    assert_eq!(app.text("SELECT address FROM providers"), "1 Example Road\nLondon");
    // A name that is taken is said at its field; another is added.
    let new = [
        ("known", ""),
        ("name", "PayXpert"),
        ("legal_name", "X"),
        ("address", ""),
        ("tax_number", ""),
    ];
    let taken = irene.submit(&page, url, &new, "").await;
    assert!(taken.text("#name-e").contains("There is a provider of that name"));
    let new = [
        ("known", ""),
        ("name", "Acquirer & Söhne"),
        ("legal_name", "X"),
        ("address", ""),
        ("tax_number", ""),
    ];
    let added = irene.submit(&page, url, &new, "").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text("main"));
    let link = irene.get(url).await.attribute("table.data tr:first-child a", "href");
    let page = irene.get(&link).await;
    assert_eq!(page.attribute("#legal_name", "value"), "X", "{link}");
    assert_eq!(app.count("audit_log WHERE action IN ('provider.add', 'provider.change')"), 2);
    // One that does not exist can't be changed.
    let gone = [("known", "Nobody"), ("legal_name", "X"), ("address", ""), ("tax_number", "")];
    let gone = irene.submit(&page, url, &gone, "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
