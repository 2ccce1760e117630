//! How Postgres answers the list of a merchant with 60,000 transactions among 240,000: every filter and
//! every order. None reads the whole table, none sorts more than it should.

use crate::support::*;

const LIST: &str = "/processing/transactions";

const QUESTIONS: [&str; 45] = [
    "",
    "after=oldest",
    "q=conti",
    "q=no+such+text",
    "q=G12345",
    "q=G1",
    "number_op=is&number=G777",
    "number_op=starts&number=G777",
    "number=777",
    "order_id_op=is&order_id=CB-777",
    "order_id_op=starts&order_id=CB-77",
    "customer=conti",
    "customer_op=not&customer=conti",
    "customer_op=empty",
    "email_op=is&email=customer3%40example.com",
    "email=nobody%40example.com",
    "card=0044",
    "reference_op=is&reference=G777",
    "ip_op=is&ip=203.0.113.4",
    "country=IT",
    "country=XX",
    "operation=refund",
    "operation=chargeback&operation=reversal",
    "operation=sale&operation_op=not",
    "status=declined",
    "status=expired",
    "status=authorised&status_op=not",
    "channel=in_store",
    "channel=virtual_terminal",
    "method=Alipay",
    "method=Novelty",
    "network=visa",
    "result=051",
    "result=585",
    "provider=PayXpert&provider_op=not",
    "test=yes",
    "followed=refund",
    "currency=JPY",
    "currency=USD",
    "date_from=2026-03-01&date_to=2026-03-02",
    "date=last_7_days",
    "amount_op=is&amount_min=12.34",
    "amount_op=above&amount_min=10",
    "originator_op=not&originator=00000000-0000-7000-8000-000000000000",
    "status=declined&channel=ecommerce&currency=EUR&result=051",
];

const SORTS: [&str; 3] = ["date", "amount", "-amount"];

/// 60,000 of the first merchant, three times as many of the second, one in a thousand asked for by Carla.
async fn crowded() -> TestApp {
    let app = TestApp::start().await;
    for (merchant, count) in [(app.world.first, 60_000), (app.world.second, 180_000)] {
        app.change(&format!(
            "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
                 method, network, result_code, gateway_transaction_id, reference_transaction_id, is_test, occurred_at, recorded_at,
                 order_id, customer_name, customer_email, card_number_masked, ip_address, country, asked_by)
             SELECT o.merchant_id, gen_random_uuid(), o.id, 'PayXpert', CASE n % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'ecommerce' ELSE 'in_store' END,
                 CASE WHEN n % 100 = 7 THEN 'refund' WHEN n % 1000 = 9 THEN 'chargeback' ELSE 'sale' END,
                 CASE WHEN n % 12 = 0 THEN 'declined' WHEN n % 500 = 1 THEN 'pending' ELSE 'authorised' END,
                 n % 50000, CASE n % 40 WHEN 0 THEN 'JPY' ELSE 'EUR' END, CASE n % 9 WHEN 0 THEN 'Alipay' ELSE 'CreditCard' END,
                 CASE n % 2 WHEN 0 THEN 'visa' ELSE 'mastercard' END, CASE WHEN n % 12 = 0 THEN '051' ELSE '000' END,
                 'G' || n, CASE WHEN n % 100 = 7 THEN 'G' || (n - 7) END, n % 300 = 0,
                 timestamptz '2026-11-20 08:00Z' - n * interval '13 minutes', now(), 'CB-' || n,
                 CASE n % 50 WHEN 0 THEN 'Maria Conti' ELSE 'Somebody ' || n % 900 END, 'customer' || n % 5000 || '@example.com',
                 '411111XXXXXX' || lpad((n % 10000)::text, 4, '0'), '203.0.113.' || n % 250, CASE n % 5 WHEN 0 THEN 'FR' ELSE 'IT' END,
                 CASE WHEN n % 1000 = 5 THEN (SELECT id FROM users WHERE subject = 'carla') END
             FROM (SELECT * FROM originators WHERE merchant_id = '{merchant}' ORDER BY number LIMIT 1) o, generate_series(1, {count}) n"
        ));
    }
    app.change("VACUUM (ANALYZE) transactions");
    app
}

#[actix_web::test]
async fn no_filter_of_the_list_reads_the_whole_table_or_sorts_much_of_it() {
    let app = crowded().await;
    let mut urls: Vec<String> = QUESTIONS.map(str::to_owned).to_vec();
    for sort in SORTS {
        urls.extend(QUESTIONS.iter().map(|question| format!("{question}&sort={sort}")));
    }
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let mut log = Explained::start(&app, &mut anna, LIST, true).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for (browser, urls) in [(&mut anna, &urls[..]), (&mut carla, &urls[..QUESTIONS.len()])] {
        for url in urls {
            let page = browser.get(&format!("{LIST}?{url}")).await;
            assert_eq!(page.status, 200, "{url}: {}", page.text("main"));
            for statement in log.statements("transactions") {
                seen += 1;
                wrong.extend(
                    statement.faults("transactions").map(|fault| format!("{url}: {fault}")),
                );
            }
        }
    }
    assert!(seen > 400, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
