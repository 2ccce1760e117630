//! How Postgres answers the list of a merchant with 20,000 documents: every filter and every
//! order.

use serde_json::Value;

use crate::support::*;

const LIST: &str = "/accounting/documents";

const QUESTIONS: [&str; 22] = [
    "",
    "after=oldest",
    "q=FT-1234",
    "q=12.34",
    "type=invoice",
    "type=credit_note&type_op=not",
    "state=paid",
    "state=blocked_review&state=blocked_payment",
    "period_from=2025-03-01&period_to=2025-03-31",
    "issued_from=2025-03-01&issued_to=2025-03-31",
    "issued=last_30_days",
    "due_from=2025-03-01&due_to=2025-03-31",
    "currency=EUR",
    "amount_op=above&amount_min=100",
    "amount_op=is&amount_min=1.23",
    "number=0001",
    "number_op=is&number=FT-1",
    "provider_op=empty",
    "unread=yes",
    "unread=no",
    "sort=amount",
    "sort=-number",
];

/// 20,000 documents of the first merchant, half of them read by Anna, among ten times as many of the
/// second's, half of them read by Bruno.
async fn crowded() -> TestApp {
    let app = TestApp::start().await;
    for (merchant, count) in [(app.world.first, 20_000), (app.world.second, 200_000)] {
        app.change(&format!(
            "INSERT INTO documents (merchant_id, id, kind, provider, number, period_from, period_until,
                 issued_on, due_on, currency, total_minor, state, state_at, sha256, size_bytes, source, created_at)
             SELECT '{merchant}', gen_random_uuid(),
                 CASE n % 3 WHEN 0 THEN 'invoice' WHEN 1 THEN 'credit_note' ELSE 'payout_statement' END,
                 '', 'FT-' || n, day, day + 6, day + 7, day + 21, CASE n % 2 WHEN 0 THEN 'EUR' ELSE 'JPY' END,
                 n, CASE WHEN n % 3 = 2 THEN 'informative' WHEN n % 100 = 0 THEN 'waiting_accountant_payment' ELSE 'paid' END,
                 now(), sha256('x'), 1, 'period_end', now()
             FROM generate_series(1, {count}) n,
             LATERAL (SELECT '2024-01-01'::date + n % 1000 AS day) d"
        ));
    }
    app.change(
        "INSERT INTO document_reads SELECT d.merchant_id, u.id, d.id, now()
         FROM documents d JOIN memberships m USING (merchant_id) JOIN users u ON u.id = m.user_id
         WHERE m.role = 'owner' AND d.total_minor % 2 = 0",
    );
    app.change("VACUUM (ANALYZE) documents");
    app.change("VACUUM (ANALYZE) document_reads");
    app
}

/// Every step that reads all of a table of documents.
fn whole(plan: &Value) -> Vec<String> {
    let text = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut found = Vec::new();
    if text("Node Type") == "Seq Scan" && text("Relation Name").starts_with("document") {
        found.push(text("Relation Name").to_owned());
    }
    let below = plan.get("Plans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    found.extend(below.iter().flat_map(whole));
    found
}

#[actix_web::test]
async fn no_question_about_twenty_thousand_documents_reads_more_than_the_merchants() {
    let app = crowded().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut log = Explained::start(&app, &mut anna, LIST, true).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for question in QUESTIONS {
        let page = anna.get(&format!("{LIST}?{question}")).await;
        assert_eq!(page.status, 200, "{question}");
        for Statement { text, milliseconds, plan } in log.statements("documents") {
            seen += 1;
            let tables = whole(&plan);
            if !tables.is_empty() {
                let text: String = text.chars().take(300).collect();
                wrong.push(format!("{question}: all of {tables:?} in {milliseconds} ms: {text}"));
            }
        }
    }
    assert!(seen > 100, "only {seen} plans were seen");
    assert_eq!(wrong, Vec::<String>::new());
}
