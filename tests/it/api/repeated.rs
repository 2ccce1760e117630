//! The same request again: one payment, one answer.

use super::*;

#[actix_web::test]
async fn sec_14_the_same_request_again_gets_the_same_answer_and_does_nothing() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let body = good_but(&json!({ "order_id": "ONCE" }));
    let first = program.post(PAYMENTS, Some("key 1"), &body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    // Hours later the order ID is taken by the payment itself, and it has been cancelled.
    let at = format!("{PAYMENTS}/{}", first.json()["id"].as_str().unwrap());
    program.post(&format!("{at}/cancel"), None, &json!({})).await;
    app.later(chrono::Duration::hours(71)).await;
    let second = program.post(PAYMENTS, Some("key 1"), &body).await;
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    assert_eq!(second.location(), first.location());
    assert_eq!(second.header("idempotent-replayed").as_deref(), Some("true"));
    assert_eq!(app.count("email_payments"), 1);

    let other = good_but(&json!({ "order_id": "ONCE", "amount_minor": 4501 }));
    let page = program.post(PAYMENTS, Some("key 1"), &other).await;
    assert_eq!(assert_problem(&page, 422), "key-reused");
    let page = program.post(&format!("{at}/cancel"), Some("key 1"), &json!({})).await;
    assert_eq!(assert_problem(&page, 422), "key-reused");

    // The answer is sealed: neither the address nor the link stands in the table.
    let kept = app.text("SELECT a::text FROM api_answers a");
    assert!(!kept.contains("customer@"), "{kept}");

    for (key, kind) in [
        (None, "malformed"),
        (Some(""), "malformed"),
        (Some("é"), "malformed"),
        (Some(&*"k".repeat(256)), "malformed"),
    ] {
        let page = program.post(PAYMENTS, key, &good()).await;
        assert_eq!(assert_problem(&page, 400), kind, "{key:?}");
    }
    let longest = "k".repeat(255);
    create(&program, &longest, &json!({})).await;
}

#[actix_web::test]
async fn sec_14_a_key_is_forgotten_after_72_hours_and_nothing_else_is_seen_by_the_sweep() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let first = create(&program, "k", &json!({})).await;
    let now = app.clock.now();
    let sweep = |now| {
        app.jobs_db()
            .run_blocking(&central::db::Tenants::none(), |conn| {
                central::auth::api::answers::sweep(conn, now)
            })
            .unwrap()
    };
    assert_eq!(sweep(now + chrono::Duration::hours(71)), 0);
    assert_eq!(sweep(now + chrono::Duration::hours(73)), 1);
    assert_ne!(create(&program, "k", &json!({})).await["id"], first["id"]);
    let none = central::db::Tenants::none();
    assert!(count_as(&app.jobs_db(), &none, "api_answers WHERE answer_encrypted IS NULL").is_err());
}

#[actix_web::test]
async fn sec_14_equal_requests_at_the_same_moment_make_one_payment() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    for round in 0..5 {
        let key = format!("round {round}");
        let body = good_but(&json!({ "customer_email": format!("c{round}@example.it") }));
        let one = || program.post(PAYMENTS, Some(&key), &body);
        let pages = futures_util::future::join_all((0..8).map(|_| one())).await;
        let mut ids = BTreeSet::new();
        for page in &pages {
            if page.status == StatusCode::CONFLICT {
                assert_eq!(assert_problem(page, 409), "request-running");
                assert_eq!(page.header("retry-after").as_deref(), Some("1"));
            } else {
                assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
                ids.insert(page.json()["id"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(ids.len(), 1, "{ids:?}");
        let again = one().await;
        assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"));
        assert!(ids.contains(again.json()["id"].as_str().unwrap()));
        assert_eq!(app.count("email_payments"), round + 1);
        assert_eq!(app.count("mails"), round + 1);
    }
}

#[actix_web::test]
async fn sec_14_work_that_fails_leaves_neither_a_payment_nor_an_answer() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    // The last statement of the transaction, the note of the answer, can't be written.
    app.change("REVOKE INSERT ON api_answers FROM app");
    let page = program.post(PAYMENTS, Some("k"), &good()).await;
    assert_eq!(assert_problem(&page, 500), "internal");
    assert_eq!(app.count("email_payments") + app.count("mails") + app.count("api_answers"), 0);
    app.change("GRANT INSERT ON api_answers TO app");
    create(&program, "k", &json!({})).await;
    assert_eq!(app.count("email_payments"), 1);
}
