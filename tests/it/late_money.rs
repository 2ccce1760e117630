//! Payments of which the gateway tells late, in the wrong order, too little or nothing.

use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// A request whose customer has begun to pay; nobody decides about that try.
async fn hanging(app: &TestApp) -> Request {
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_hold(true);
    let page = customer.opens(&request.link).await;
    let waiting = customer.pays(&page, PENDING).await;
    customer.goes_back(&waiting).await;
    assert_eq!(app.field(&request.url, "status"), "processing");
    request
}

#[actix_web::test]
async fn sec_13_money_that_comes_after_a_cancellation_is_never_lost_from_sight() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    anna.answers(&request.url, "cancellation", &[]).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    app.until("it is noticed", async || app.happened(&request, "unexpected_money") == 1).await;
    assert_eq!(app.field(&request.url, "status"), "cancelled");
    assert!(
        anna.get(&request.url)
            .await
            .text(".timeline")
            .contains("Money taken for a request that is closed")
    );
    let result = customer.goes_back(&paid).await;
    assert!(result.text("main").contains("Your payment came after this request had ended"));
    assert!(!result.body.contains("Nothing has been charged"));
    assert_eq!(app.happened(&request, "unexpected_money"), 1, "told once");
    assert_eq!(app.count("mails WHERE kind = 'receipt'"), 0);
}

#[actix_web::test]
async fn money_of_an_attempt_begun_in_time_is_accepted_after_the_end() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.seconds_before_end(&request, 120).await;
    let page = customer.opens(&request.link).await;
    let waiting = customer.pays(&page, PENDING).await;
    customer.goes_back(&waiting).await;
    app.becomes(&request, "processing").await;
    app.later(Duration::minutes(4)).await;
    app.becomes(&request, "paid").await;
    assert_eq!(app.field(&request.url, "is_late"), "true");
    assert_eq!(app.happened(&request, "expired"), 0);
    assert!(anna.get(LIST).await.text("tbody").contains("paid after the end"));
}

#[actix_web::test]
async fn money_known_only_after_the_expiry_is_late_and_still_money() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_callbacks(false);
    app.gateway.set_down(true);
    app.seconds_before_end(&request, 120).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.later(Duration::minutes(4)).await;
    app.becomes(&request, "expired").await;
    app.gateway.set_down(false);
    app.gateway.set_callbacks(true);
    app.becomes(&request, "paid").await;
    assert_eq!(app.field(&request.url, "is_late"), "true");
}

#[actix_web::test]
async fn a_request_that_nobody_pays_expires_by_itself() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    app.seconds_before_end(&request, -1).await;
    app.becomes(&request, "expired").await;
    assert_eq!(app.field(&request.url, "end_reason"), "date_reached");
    assert_eq!(app.happened(&request, "expired"), 1);
    customer.pays(&page, GOOD_CARD).await;
    assert_eq!(app.count("payment_attempts"), 0, "the gateway's page has ended as well");
}

#[actix_web::test]
async fn an_answer_that_was_overtaken_does_not_begin_an_attempt_again() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;
    app.gateway.forget_outcome(&app.text("SELECT gateway_transaction_id FROM payment_attempts"));
    customer.get(&format!("{}/return", request.link)).await;
    assert_eq!(app.field(&request.url, "status || attempts"), "open1");
    assert_eq!(app.count("payment_attempts"), 1);
}

#[actix_web::test]
async fn an_attempt_that_nobody_decides_ends_a_day_after_its_page_and_late_money_still_counts() {
    let app = TestApp::start().await;
    let request = hanging(&app).await;
    app.seconds_before_end(&request, -600).await;
    app.until("it was asked for", async || app.count("gateway_sessions WHERE checks > 1") == 1)
        .await;
    assert_eq!(app.field(&request.url, "status"), "processing", "money may still come");
    app.later(Duration::hours(25)).await;
    app.becomes(&request, "expired").await;
    assert_eq!(app.happened(&request, "declined"), 0, "nobody declined it");
    app.gateway.set_hold(false);
    // As the gateway's own list would have it asked for.
    app.change("UPDATE gateway_sessions SET next_check_at = now()");
    app.becomes(&request, "paid").await;
}

#[actix_web::test]
async fn sec_13_a_try_that_nobody_answers_about_ends_all_the_same() {
    let app = TestApp::start().await;
    let request = hanging(&app).await;
    app.gateway.set_down(true);
    app.seconds_before_end(&request, 0).await;
    app.later(Duration::hours(25)).await;
    app.becomes(&request, "expired").await;
}

#[actix_web::test]
async fn a_link_that_was_extended_lives_on_after_a_try_that_nobody_decides() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_hold(true);
    let page = customer.opens(&request.link).await;
    let first_end = app.field(&request.url, "expires_at");
    let form = anna.get(&request.at("extension")).await;
    let url = request.at("extension");
    let done = anna.submit(&form, &url, &[("validity", "1440")], "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    assert!(app.field(&request.url, "expires_at") > first_end);
    let waiting = customer.pays(&page, PENDING).await;
    customer.goes_back(&waiting).await;
    assert_eq!(app.field(&request.url, "status"), "processing");
    app.later(Duration::days(33)).await;
    app.becomes(&request, "open").await;
    assert_eq!(app.field(&request.url, "ended_at"), "");
}

#[actix_web::test]
async fn sec_13_paid_without_a_readable_success_declines_nothing_and_is_asked_about_again() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_callbacks(false);
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, NO_FUNDS).await;
    customer.pays(&page, GOOD_CARD).await;
    app.gateway.set_dates(i64::MAX / 2);
    customer.get(&format!("{}/return", request.link)).await;
    assert_eq!(app.field(&request.url, "status"), "open");
    assert_eq!(app.happened(&request, "declined"), 0);
    let asked = "gateway_sessions WHERE checks > 0 AND next_check_at IS NOT NULL";
    assert_eq!(app.count(asked), 1);
    app.gateway.set_dates(app.clock.now().timestamp_millis());
    app.later(Duration::minutes(6)).await;
    app.becomes(&request, "paid").await;
}

#[actix_web::test]
async fn a_payment_is_paid_when_its_money_moved_not_when_we_hear_of_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.gateway.set_callbacks(false);
    app.gateway.set_down(true);
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.later(Duration::hours(5)).await;
    app.gateway.set_down(false);
    app.later(Duration::hours(2)).await;
    app.becomes(&request, "paid").await;
    let same = "(SELECT attempted_at FROM payment_attempts a WHERE a.email_payment_id = email_payments.id) = paid_at";
    assert_eq!(app.field(&request.url, same), "true");
    assert_eq!(app.field(&request.url, "ended_at - paid_at > interval '6 hours'"), "true");
}
