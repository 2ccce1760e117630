//! Processing > Transactions: the list against the table, one transaction in full, who sees what.

use central::db::Tenants;
use central::gateway::AttemptStatus;
use central::kernel::{Currency, EmailPaymentId, Money};
use central::settlement::{self, NewTransaction, Operation};
use openidconnect::reqwest::StatusCode;

use crate::exports::download;
use crate::support::*;

const LIST: &str = "/processing/transactions";

/// Movements of the first merchant's, of every kind, among such of the second's.
fn crowd(app: &TestApp) {
    for (merchant, count) in [(app.world.first, 400), (app.world.second, 150)] {
        app.change(&format!(
            "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
                 method, network, result_code, gateway_transaction_id, reference_transaction_id, is_test, occurred_at, recorded_at,
                 order_id, customer_name, customer_email, card_number_masked, ip_address, country, asked_by)
             SELECT o.merchant_id, gen_random_uuid(), o.id, 'PayXpert',
                 (ARRAY['email', 'ecommerce', 'in_store', 'virtual_terminal'])[1 + n % 4],
                 (ARRAY['sale', 'sale', 'authorize', 'capture', 'refund', 'sale', 'chargeback', 'representment'])[1 + n % 8],
                 (ARRAY['authorised', 'authorised', 'declined', 'pending', 'authorised', 'error'])[1 + n % 6],
                 CASE n % 5 WHEN 0 THEN n * 10 ELSE n * 137 END, (ARRAY['EUR', 'EUR', 'JPY', 'KWD', 'EUR'])[1 + n % 5],
                 CASE n % 3 WHEN 0 THEN 'Alipay' ELSE 'CreditCard' END, (ARRAY['gcash', 'visa', 'mastercard'])[1 + n % 3],
                 (ARRAY['000', '051', '957', ''])[1 + n % 4], 'G' || (5000 + n), CASE n % 8 WHEN 4 THEN 'G' || (5000 + n - 4) END,
                 n % 10 = 3, timestamptz '2026-11-20 08:00Z' - n * interval '7 hours 13 minutes', now(),
                 'CB-' || n, (ARRAY['José García', 'Maria Conti', ''])[1 + n % 3], 'customer' || n % 7 || '@example.com',
                 CASE n % 3 WHEN 0 THEN '' ELSE '411111XXXXXX' || lpad(n::text, 4, '0') END, '203.0.113.' || n % 9,
                 (ARRAY['IT', 'FR', ''])[1 + n % 3],
                 CASE n % 4 WHEN 0 THEN (SELECT id FROM users WHERE subject = 'carla') END
             FROM (SELECT * FROM originators WHERE merchant_id = '{merchant}' ORDER BY number LIMIT 1) o, generate_series(1, {count}) n"
        ));
    }
}

/// What the page says that it has found.
fn told(page: &Page) -> i64 {
    let words = page.text(".list-foot .muted");
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no count in {words:?}: {}", page.text("main")))
}

/// Query, and the same in the words of the table.
const FILTERS: [(&str, &str); 44] = [
    ("", "true"),
    ("q=G5017", "gateway_transaction_id = 'G5017'"),
    ("q=G5", "gateway_transaction_id LIKE 'G5%'"),
    ("q=jose", "customer_name = 'José García'"),
    ("q=CB-12", "order_id LIKE 'CB-12%'"),
    ("q=XXXXXX0044", "card_number_masked LIKE '%0044'"),
    ("number_op=is&number=g5017", "gateway_transaction_id = 'G5017'"),
    ("number_op=starts&number=G501", "gateway_transaction_id LIKE 'G501%'"),
    ("number=017", "gateway_transaction_id LIKE '%017%'"),
    ("order_id_op=is&order_id=cb-7", "order_id = 'CB-7'"),
    ("order_id_op=starts&order_id=CB-7", "order_id LIKE 'CB-7%'"),
    ("customer=GARCIA", "customer_name = 'José García'"),
    ("customer_op=is&customer=maria+conti", "customer_name = 'Maria Conti'"),
    ("customer_op=not&customer=garcia", "customer_name <> 'José García'"),
    ("customer_op=empty", "customer_name = ''"),
    ("email_op=is&email=customer3%40example.com", "customer_email = 'customer3@example.com'"),
    ("email_op=starts&email=customer4", "customer_email LIKE 'customer4%'"),
    ("card_op=starts&card=411111", "card_number_masked LIKE '411111%'"),
    ("card_op=filled", "card_number_masked <> ''"),
    ("reference_op=filled", "reference_transaction_id IS NOT NULL"),
    ("reference_op=is&reference=G5008", "reference_transaction_id = 'G5008'"),
    ("ip_op=is&ip=203.0.113.4", "ip_address = '203.0.113.4'"),
    ("country=IT", "country = 'IT'"),
    ("country=IT&country_op=not", "country <> 'IT'"),
    ("operation=refund&operation=chargeback", "operation IN ('refund', 'chargeback')"),
    ("operation=sale&operation_op=not", "operation <> 'sale'"),
    ("status=declined", "status = 'declined'"),
    ("status=authorised&status_op=not", "status <> 'authorised'"),
    ("channel=in_store", "channel = 'in_store'"),
    ("method=Alipay", "method = 'Alipay'"),
    ("network=visa&network=gcash", "network IN ('visa', 'gcash')"),
    ("result=051", "result_code = '051'"),
    ("result=957", "result_code = '957'"),
    ("provider=PayXpert&provider_op=not", "false"),
    (
        "followed=refund",
        "gateway_transaction_id IN (SELECT reference_transaction_id FROM transactions WHERE operation = 'refund' AND status = 'authorised')",
    ),
    (
        "followed=refund&followed=chargeback&followed_op=not",
        "gateway_transaction_id NOT IN (SELECT reference_transaction_id FROM transactions WHERE operation = 'refund' AND status = 'authorised')",
    ),
    ("test=yes", "is_test"),
    ("test=no", "NOT is_test"),
    ("currency=JPY", "currency = 'JPY'"),
    (
        "date_from=2026-10-25&date_to=2026-10-25",
        "occurred_at >= '2026-10-24 22:00Z' AND occurred_at < '2026-10-25 23:00Z'",
    ),
    ("amount_op=is&amount_min=13.70&currency=EUR", "amount_minor = 1370 AND currency = 'EUR'"),
    (
        "amount_op=at_least&amount_min=100",
        "amount_minor >= CASE currency WHEN 'JPY' THEN 100 WHEN 'KWD' THEN 100000 ELSE 10000 END",
    ),
    (
        "amount_op=between&amount_min=10&amount_max=50",
        "amount_minor BETWEEN CASE currency WHEN 'JPY' THEN 10 WHEN 'KWD' THEN 10000 ELSE 1000 END
             AND CASE currency WHEN 'JPY' THEN 50 WHEN 'KWD' THEN 50000 ELSE 5000 END",
    ),
    (
        "status=authorised&operation=sale&channel=ecommerce&test=no",
        "status = 'authorised' AND operation = 'sale' AND channel = 'ecommerce' AND NOT is_test",
    ),
];

#[actix_web::test]
async fn every_filter_finds_what_the_table_says() {
    let app = TestApp::start().await;
    crowd(&app);
    let mut anna = app.sign_in(ANNA).await;
    for (query, same) in FILTERS {
        let page = anna.get(&format!("{LIST}?{query}&totals=count")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        let expected = app
            .count(&format!("transactions WHERE merchant_id = '{}' AND ({same})", app.world.first));
        if expected == 0 {
            assert_eq!(page.text(".empty h2"), "No transaction fits", "{query}");
        } else {
            assert_eq!(told(&page), expected, "{query}");
        }
    }
    let originator = app.world.first_originator;
    assert_eq!(told(&anna.get(&format!("{LIST}?originator={originator}")).await), 400);
    // Each filter is a chip that one click takes out, and has a field in the panel.
    let page = anna.get(&format!("{LIST}?status=declined&result=051")).await;
    let chips = page.texts(".chips a:not(.chips-reset)");
    assert!(chips[0].starts_with("Status: Declined"), "{chips:?}");
    assert!(chips[1].contains("051: not enough money"), "{chips:?}");
    let panel = anna.get(&format!("{LIST}?filters=open&status=declined&result=051")).await;
    assert!(panel.has("#status-declined[checked]") && panel.has("#result-051[checked]"));
    let wrong = anna.get(&format!("{LIST}?amount_min=12x&status=nonsense")).await;
    assert!(wrong.has("#errors") && told(&wrong) == 400, "told at its field, narrows nothing");
}

#[actix_web::test]
async fn pages_follow_each_other_and_a_file_holds_the_same_rows() {
    let app = TestApp::start().await;
    crowd(&app);
    let mut anna = app.sign_in(ANNA).await;
    for query in ["", "sort=date", "sort=amount&status=authorised", "sort=-amount", "q=customer3"] {
        let mut next = format!("{LIST}?{query}");
        let first = anna.get(&next).await;
        let (count, mut seen) = (told(&first), Vec::new());
        loop {
            let page = anna.get(&next).await;
            assert_eq!(told(&page), count, "{query}");
            seen.extend(page.texts("tbody th .main-link"));
            if !page.has("a[rel=next]") {
                break;
            }
            next = page.attribute("a[rel=next]", "href");
        }
        let in_order = seen.clone();
        let file = download(&anna, &format!("{LIST}.csv?separator=comma&{query}")).await.csv();
        let numbers: Vec<&str> = file[1..].iter().map(|row| row[0].as_str()).collect();
        assert_eq!(numbers, in_order, "{query}: the same rows in the same order");
        seen.sort();
        seen.dedup();
        assert_eq!(i64::try_from(seen.len()).unwrap(), count, "{query}: each once");
        assert_eq!(file[0][..4], ["Number", "Test", "Amount", "Currency"]);
    }
    // Back from the other end.
    let last = anna.get(&format!("{LIST}?after=oldest")).await;
    assert!(last.has("a[rel=prev]") && !last.has("a[rel=next]"));
    assert!(download(&anna, &format!("{LIST}.xlsx?status=declined")).await.is_workbook());
    assert_eq!(app.count("exports WHERE list = 'transactions' AND state = 'done'"), 6);
    assert_eq!(app.count("audit_log WHERE action = 'transaction.export'"), 6);
}

/// The page's nets and those of the table, for every filter, however busy the machine is.
async fn totals_agree(app: &TestApp, anna: &mut Browser) {
    for (query, same) in FILTERS {
        let page = anna.get(&format!("{LIST}?{query}&totals=count")).await;
        let nets = page.texts(".totals .big");
        let expected = app.texts(&format!(
            "SELECT to_char(sum(CASE WHEN status <> 'authorised' OR is_test THEN 0
                     WHEN operation IN ('sale', 'capture', 'representment') THEN amount_minor
                     WHEN operation IN ('refund', 'chargeback') THEN -amount_minor ELSE 0 END)
                 / CASE currency WHEN 'JPY' THEN 1 WHEN 'KWD' THEN 1000 ELSE 100.0 END,
                 CASE currency WHEN 'JPY' THEN 'FM999,999,990' WHEN 'KWD' THEN 'FM999,999,990.000' ELSE 'FM999,999,990.00' END)
             FROM transactions WHERE merchant_id = '{}' AND {same} GROUP BY currency",
            app.world.first
        ));
        // A minus sign is typographic on the page.
        let mut nets: Vec<String> = nets.iter().map(|net| net.replace('\u{2212}', "-")).collect();
        nets.sort();
        assert_eq!(nets, expected, "{query}");
    }
}

#[actix_web::test]
async fn totals_are_what_the_accepted_rows_come_to_without_tests() {
    let app = TestApp::start().await;
    crowd(&app);
    let mut anna = app.sign_in(ANNA).await;
    totals_agree(&app, &mut anna).await;
    // What was pending ends, for another amount; the sums per day follow.
    app.change("UPDATE transactions SET status = 'authorised', amount_minor = amount_minor + 7 WHERE status = 'pending' AND amount_minor % 3 = 0");
    app.change("UPDATE transactions SET status = 'expired' WHERE status = 'pending'");
    totals_agree(&app, &mut anna).await;
    app.until("changes are added up", async || {
        app.jobs_db().run_blocking(&Tenants::none(), settlement::add_up).unwrap();
        app.count("transaction_days WHERE change <> 0 OR count = 0") == 0
    })
    .await;
    totals_agree(&app, &mut anna).await;
    let kept = app.texts("SELECT concat_ws(' ', merchant_id, day, currency, operation, status, is_test, count, amount_minor) FROM transaction_days");
    let counted = app.texts(
        "SELECT concat_ws(' ', merchant_id, (occurred_at AT TIME ZONE 'UTC')::date, currency, operation, status, is_test, count(*), sum(amount_minor))
         FROM transactions GROUP BY merchant_id, (occurred_at AT TIME ZONE 'UTC')::date, currency, operation, status, is_test",
    );
    assert_eq!(kept, counted);
}

#[actix_web::test]
async fn what_a_customer_tries_and_pays_stands_there_with_its_payment_and_back() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    assert_eq!(anna.get(LIST).await.text(".empty h2"), "No transactions yet");
    let request = app.request(&mut anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, "4000000000000051").await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&request, "paid").await;

    let list = anna.get(LIST).await;
    assert_eq!(list.texts("tbody tr").len(), 2);
    let text = list.text("tbody");
    for words in ["Accepted", "Declined", "051: not enough money"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let declined = anna.get(&format!("{LIST}?status=declined")).await;
    let detail = anna.get(&declined.attribute("tbody th a", "href")).await;
    let code = detail.text("section[aria-labelledby=code-t]");
    for words in ["051: not enough money", "It may be tried again later", "The customer"] {
        assert!(code.contains(words), "{words} in {code}");
    }
    assert!(detail.text("aside").contains("Visa 400000XXXXXX0051"), "{}", detail.text("aside"));
    // Both tries belong to the same money.
    assert_eq!(detail.texts(".table-wrap[aria-labelledby=chain-t] tbody tr").len(), 2);
    assert!(detail.text("aside").contains(&app.field(&request.url, "order_id")));
    // To the email payment, and back.
    let payment = anna.get(&detail.attribute(".actions a[href*='email-payments']", "href")).await;
    assert!(payment.url.ends_with(&request.url), "{}", payment.url);
    let back = anna.get(&payment.attribute("a[href*='order_id=']", "href")).await;
    assert_eq!(told(&back), 2);
}

#[actix_web::test]
async fn a_chain_is_told_both_ways_with_what_is_left_to_refund() {
    let app = TestApp::start().await;
    let first = app.world.first;
    let sale = app.transaction(first, "700", |new| new.amount = Money::new(10_000, Currency::EUR));
    for (number, operation, status, minor) in [
        ("701", Operation::Refund, AttemptStatus::Authorised, 3_000),
        ("702", Operation::Refund, AttemptStatus::Pending, 5_000),
    ] {
        app.transaction(first, number, |new| {
            (new.operation, new.status) = (operation, status);
            new.amount = Money::new(minor, Currency::EUR);
            new.reference_transaction_id = Some("700");
        });
    }
    let other = app.transaction(first, "800", |new| new.is_test = true);
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{LIST}/{sale}")).await;
    let left = ["30.00\u{a0}EUR", "50.00\u{a0}EUR", "20.00\u{a0}EUR"]
        .map(|sum| sum.replace('\u{a0}', " "));
    assert_eq!(page.texts("#refunds dd"), left);
    let links = page.texts(".table-wrap[aria-labelledby=chain-t] tbody .main-link");
    assert_eq!(links, ["Sale", "Refund", "Refund"]);
    // From a refund to its sale, and to its sister.
    let refund = page.attribute(".table-wrap[aria-labelledby=chain-t] tbody a", "href");
    let page = anna.get(&refund).await;
    assert_eq!(page.texts(".table-wrap[aria-labelledby=chain-t] tbody tr").len(), 3);
    assert!(!page.has("#refunds"), "nothing to give back of a refund");
    assert!(page.has(&format!("a[href='{LIST}/{sale}']")));

    app.transaction(first, "703", |new| {
        new.operation = Operation::Chargeback;
        new.reference_transaction_id = Some("700");
    });
    let page = anna.get(&format!("{LIST}/{sale}")).await;
    assert!(page.text("#refunds").contains("would pay the customer twice"));

    // A bank takes back what it collected: a reversal, and no chargeback.
    let debit = app.transaction(first, "750", |new| new.operation = Operation::Collection);
    app.transaction(first, "751", |new| {
        new.operation = Operation::Reversal;
        new.reference_transaction_id = Some("750");
    });
    let page = anna.get(&format!("{LIST}/{debit}")).await;
    assert!(page.text("#refunds").contains("would pay the customer twice"));

    // Alone: no chain; and a test is told as one.
    let page = anna.get(&format!("{LIST}/{other}")).await;
    assert!(!page.has("#chain-t") && page.text(".detail-head").contains("Test: no money moved"));
    assert!(anna.get(LIST).await.text("tbody").contains("Test: no money moved"));
}

#[actix_web::test]
async fn a_circle_of_references_ends_with_the_page() {
    let app = TestApp::start().await;
    let one = app.transaction(app.world.first, "1", |new| new.reference_transaction_id = Some("2"));
    app.transaction(app.world.first, "2", |new| new.reference_transaction_id = Some("1"));
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{LIST}/{one}")).await;
    assert_eq!(page.texts(".table-wrap[aria-labelledby=chain-t] tbody tr").len(), 2);
}

#[actix_web::test]
async fn a_code_that_is_not_listed_says_so() {
    let app = TestApp::start().await;
    let id = app.transaction(app.world.first, "1", |new| {
        new.status = AttemptStatus::Declined;
        new.result_code = "957";
    });
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{LIST}/{id}")).await;
    let code = page.text("section[aria-labelledby=code-t]");
    assert!(code.contains("957: this code is not in the list that we have"), "{code}");
    assert!(!code.contains("Who acts"), "nothing is made up: {code}");
}

#[actix_web::test]
async fn the_statement_that_summed_a_transaction_up_leads_to_its_document() {
    let app = TestApp::start().await;
    let first = app.world.first;
    let document = app.document(first, "FT-2026-7", |_| ()).await;
    let id = app.transaction(first, "1", |_| ());
    app.change(&format!(
        "INSERT INTO conditions VALUES ('{first}', gen_random_uuid(), 'PayXpert', 'EUR', '2020-01-01', 0, 0, 0, 0, 0, 0, 0, 0, 'x', NULL, now())"
    ));
    app.change(&format!(
        "INSERT INTO statement_periods VALUES ('{first}', '2026-10-01', '2026-10-31', '2026-10-31 23:00Z', now())
         ON CONFLICT DO NOTHING"
    ));
    app.change(&format!(
        "INSERT INTO statements (merchant_id, id, period_from, period_until, provider, currency, number, conditions_id,
             issued_on, due_on, statement_minor, invoice_minor, receive_minor, content, created_at, document_id)
         SELECT '{first}', gen_random_uuid(), p.period_from, p.period_until, 'PayXpert', 'EUR', 'AC-2026-1', c.id,
             '2026-11-01', '2026-11-11', 0, 0, 0, '{{}}', now(), '{document}'
         FROM conditions c JOIN statement_periods p USING (merchant_id) WHERE c.merchant_id = '{first}' LIMIT 1"
    ));
    app.change("UPDATE transactions t SET statement_id = s.id FROM statements s WHERE s.merchant_id = t.merchant_id");
    let (mut anna, mut bruno) = (app.sign_in(ANNA).await, app.sign_in(BRUNO).await);
    let at = format!("{LIST}/{id}");
    let page = anna.get(&at).await;
    assert!(page.text(".timeline").contains("AC-2026-1"), "{}", page.text(".timeline"));
    let paper = page.attribute(".timeline a[href^='/accounting']", "href");
    assert_eq!(paper, format!("/accounting/documents/{document}"));
    // Who sees no documents is told the number alone.
    bruno.works_for(&first).await;
    let page = bruno.get(&at).await;
    assert!(
        page.text(".timeline").contains("AC-2026-1")
            && !page.has(".timeline a[href^='/accounting']")
    );
}

#[actix_web::test]
async fn sec_11_a_clerk_finds_only_what_they_asked_for_in_list_detail_count_and_file() {
    let app = TestApp::start().await;
    let first = app.world.first;
    let carlas = app.text("SELECT id FROM users WHERE subject = 'carla'");
    let own = app.transaction(first, "1", |new| new.details.asked_by = carlas.parse().ok());
    let others = app.transaction(first, "2", |new| new.reference_transaction_id = Some("1"));
    let mut carla = app.sign_in(CARLA).await;
    let page = carla.get(LIST).await;
    assert_eq!((told(&page), page.text("tbody th .main-link")), (1, "1".to_owned()));
    assert_eq!(page.text(".totals .big"), "10.00");
    let page = carla.get(&format!("{LIST}/{own}")).await;
    // What was done to theirs is told, and leads nowhere that they may not go.
    let links = page.texts(".table-wrap[aria-labelledby=chain-t] tbody a");
    assert!(page.has("#chain-t") && links.is_empty(), "{}", page.text("main"));
    assert_eq!(carla.get(&format!("{LIST}/{others}")).await.status, StatusCode::NOT_FOUND);
    let file = download(&carla, &format!("{LIST}.csv")).await.csv();
    assert_eq!(file.len(), 2, "{file:?}");
    let ticket = format!("{TICKETS}/new?transaction={others}");
    assert_eq!(carla.get(&ticket).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn sec_11_no_list_total_search_or_file_holds_another_merchants_transactions() {
    let app = TestApp::start().await;
    crowd(&app);
    let seconds = app.transaction(app.world.second, "SECONDS", |new| {
        new.details.customer_email = "only@second.example";
    });
    let mut anna = app.sign_in(ANNA).await;
    for query in ["q=SECONDS", "email=only%40second", "number_op=is&number=SECONDS"] {
        let page = anna.get(&format!("{LIST}?{query}")).await;
        assert_eq!(page.text(".empty h2"), "No transaction fits", "{query}");
    }
    assert_eq!(anna.get(&format!("{LIST}/{seconds}")).await.status, StatusCode::NOT_FOUND);
    let file = download(&anna, &format!("{LIST}.csv")).await.csv();
    assert_eq!(file.len(), 401);
    // For two merchants at once the list's view shows nothing at all.
    let both = central::db::Tenants::several(&[app.world.first, app.world.second]);
    assert_eq!(count_as(&app.db(), &both, "transactions_list").unwrap(), 0);
    let first = central::db::Tenants::one(app.world.first);
    assert_eq!(count_as(&app.db(), &first, "transactions_list").unwrap(), 400);
}

#[actix_web::test]
async fn sec_19_the_table_refuses_more_of_a_card_than_six_and_four_digits() {
    let app = TestApp::start().await;
    app.transaction(app.world.first, "1", |new| {
        new.details.card_number_masked = "411111XXXXXX1111";
    });
    for whole in ["4111111111111111", "411111XXXXX11111", "4111111XXXXX1111"] {
        let change = format!("UPDATE transactions SET card_number_masked = '{whole}'");
        let changed =
            change_as(&app.owner_db(), &central::db::Tenants::one(app.world.first), &change);
        assert!(changed.is_err(), "{whole}");
    }
}

#[actix_web::test]
async fn support_reads_the_facts_of_a_transaction_that_it_is_asked_about() {
    let app = TestApp::start().await;
    let id = app.transaction(app.world.first, "5643604", |new| {
        new.status = AttemptStatus::Declined;
        new.result_code = "051";
        new.details.order_id = "WEB-77";
    });
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let url = format!("{LIST}/{id}");
    let link = anna.get(&url).await.attribute("a[href^='/support/tickets/new']", "href");
    let page = anna.get(&link).await;
    assert_eq!(page.text("#about-t"), "About transaction 5643604");
    assert_eq!(page.attribute("#category [selected]", "value"), "transactions");
    let fields = [("subject", "Why?"), ("text", "What does it mean?")];
    let opened = anna.submit_parts(&page, TICKETS, &fields, &[]).await;
    assert_eq!(opened.location().as_deref(), Some("/support/tickets/1"), "{}", opened.text("main"));
    let page = anna.get("/support/tickets/1").await;
    assert_eq!(page.attribute("section[aria-labelledby=sheet-t] a", "href"), url);
    let page = tom.get(&format!("/merchants/{}/tickets/1", app.world.first)).await;
    let facts = page.text("section[aria-labelledby=sheet-t]");
    for fact in ["5643604", "Sale", "10.00", "Declined", "051: not enough money", "WEB-77"] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    assert!(!page.has("section[aria-labelledby=sheet-t] a"), "transactions are none of support's");
    // Who looks after the merchant sees that there is something, not what.
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get(&format!("/portfolio/{}/tickets/1", app.world.first)).await;
    assert!(!page.text("main").contains("WEB-77"));
}

#[actix_web::test]
async fn columns_and_views_of_the_list_are_the_readers() {
    let app = TestApp::start().await;
    crowd(&app);
    let mut anna = app.sign_in(ANNA).await;
    let columns = format!("{LIST}/columns");
    let page = anna.get(&columns).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = anna.get(LIST).await;
    let heads = page.texts("thead th");
    assert_eq!(heads, ["Number", "Amount", "Status", "Operation", "Customer", "Date"]);
    let tabs = page.texts("nav.views a[href^='/processing/transactions']");
    assert!(tabs[0].starts_with("All") && tabs[2].starts_with("Declined"), "{tabs:?}");
    let declined = anna.get(&format!("{LIST}?status=declined")).await;
    assert_eq!(
        told(&declined),
        app.count(&format!(
            "transactions WHERE status = 'declined' AND merchant_id = '{}'",
            app.world.first
        ))
    );
    for lang in ["it", "es", "fr"] {
        let mut browser = app.sign_in(ANNA).await.speaking(lang);
        let page = browser.get(&format!("{LIST}?filters=open")).await;
        assert_eq!(page.status, StatusCode::OK, "{lang}");
    }
}

#[actix_web::test]
async fn what_a_wallet_took_of_its_customer_stands_with_the_transaction() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (wallet, name, took, rate) in [
        ("GCash", "GCash", "125.00 PHP", "1 EUR = 62.5 PHP"),
        // A won has no hundredths.
        ("KakaoPay", "Kakao Pay", "2,968 KRW", "1 EUR = 1484.375 KRW"),
        ("TouchNGo", "Touch ’n Go", "9.68 MYR", "1 EUR = 4.8437 MYR"),
    ] {
        let request = app.request(&mut anna, &[("amount", "2.00")]).await;
        let mut customer = app.browser();
        let page = customer.opens(&request.link).await;
        let page = customer.chooses_alipay(&page).await;
        assert_eq!(page.texts("#wallet label").len(), 15);
        let action = page.attribute("form[action^='?']", "action");
        customer.submit(&page, &action, &[("wallet", wallet)], "outcome=paid").await;
        app.becomes(&request, "paid").await;

        let payment = anna.get(&request.url).await.text("aside").replace('\u{a0}', " ");
        assert!(payment.contains(&format!("{took} ({rate})")), "{payment}");
        let list = anna.get(LIST).await;
        let page = anna.get(&list.attribute("tbody a.main-link", "href")).await;
        let words = page.text("aside").replace('\u{a0}', " ");
        for told in [name, took, rate] {
            assert!(words.contains(told), "{told}: {words}");
        }
        let word = wallet.to_lowercase();
        let page = anna.get(&format!("{LIST}?network={word}")).await;
        assert_eq!(told(&page), 1, "{wallet}");
    }
}

#[actix_web::test]
async fn of_a_wallet_that_the_catalogue_does_not_know_only_the_rate_is_kept() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    let file = "wallet,name,country,currency,smallest,largest,way\nalipay_cn,Alipay,CN,CNY,,,qr\n";
    let page = sofia.get("/merchants/wallets").await;
    let file = ("wallets.csv", file.as_bytes());
    sofia.submit_file(&page, "/merchants/wallets", &[], file).await;
    let request = app.request(&mut anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let page = customer.chooses_alipay(&page).await;
    let action = page.attribute("form[action^='?']", "action");
    customer.submit(&page, &action, &[("wallet", "GCash")], "outcome=paid").await;
    app.becomes(&request, "paid").await;
    assert_eq!(
        app.count("transactions WHERE network = 'gcash' AND exchange_rate = '62.5' AND wallet_total_minor IS NULL"),
        1
    );
}

#[actix_web::test]
async fn what_bears_a_number_that_is_known_for_something_else_fills_in_nothing() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "send").await;
    let payment: EmailPaymentId = url.rsplit('/').next().unwrap().parse().unwrap();
    let row = "SELECT concat_ws(' ', operation, amount_minor, currency, customer_name, email_payment_id) FROM transactions";
    let told = |change: fn(&mut NewTransaction<'_>)| {
        app.transaction(app.world.first, "1", |new| {
            new.email_payment_id = Some(payment);
            new.details.customer_name = "Maria Conti";
            change(new);
        });
        app.text(row)
    };
    app.transaction(app.world.first, "1", |_| ());
    assert_eq!(told(|new| new.amount = Money::new(4_500, Currency::EUR)), "sale 1000 EUR ");
    assert_eq!(told(|new| new.amount = Money::new(1_000, Currency::JPY)), "sale 1000 EUR ");
    assert_eq!(told(|new| new.operation = Operation::Refund), "sale 1000 EUR ");
    assert_eq!(told(|_| ()), format!("sale 1000 EUR Maria Conti {payment}"));
}
