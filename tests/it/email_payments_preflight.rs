//! What is looked at before a request is sent: told once, never in the way.

use chrono::Duration;
use insta::assert_snapshot;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const CHECKS: &str = "#checks li";

#[actix_web::test]
async fn a_mistyped_domain_is_told_in_the_preview_and_corrected_by_one_button() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let fields = [("customer_email", "maria@gmial.com"), ("message", "Due righe")];
    let preview = anna.fills_in(&fields, "preview").await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.texts(CHECKS)[0].contains("Did you mean maria@gmail.com?"));
    assert!(preview.text("#send").contains("anyway"), "{}", preview.text("#send"));

    let button = preview.attribute("#checks button", "value");
    let corrected = anna.submit(&preview, LIST, &[], &format!("suggestion={button}")).await;
    assert_eq!(corrected.status, StatusCode::OK, "corrected, not sent");
    assert_eq!(corrected.attribute("#customer_email", "value"), "maria@gmail.com");
    assert_eq!(corrected.text("#message"), "Due righe", "nothing typed is lost");
    assert!(!corrected.has(CHECKS));
    assert_eq!(app.count("email_payments"), 0);
    let sent = anna.submit(&corrected, LIST, &[], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(app.count("email_payments WHERE customer_email = 'maria@gmail.com'"), 1);
}

#[actix_web::test]
async fn an_address_that_cant_be_one_is_a_fault_with_the_correction_beside_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.fills_in(&[("customer_email", "maria@gmail")], "send").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.texts(".errors li").len(), 1);
    assert_eq!(page.attribute("#checks button", "value"), "maria@gmail.com");
}

#[actix_web::test]
async fn what_was_not_shown_is_shown_once_and_then_sent_anyway() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let held = anna.fills_in(&[("customer_email", "maria@gmial.com")], "send").await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held.text(".flash-warn").contains("Nothing has been sent yet"));
    assert_eq!(held.attribute("#customer_email", "value"), "maria@gmial.com");
    assert_eq!(app.count("email_payments"), 0);

    // Another doubt that was not shown holds it up again.
    let today = app.text("SELECT (now() AT TIME ZONE 'Europe/Rome')::date");
    let again = anna.submit(&held, LIST, &[("expires_on", &today)], "action=send").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    // In the last hour before midnight such a link is too short to be sent at all.
    if !again.has("#errors") {
        assert_eq!(again.texts(CHECKS).len(), 2);
        let sent = anna.submit(&again, LIST, &[], "action=send").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let twice = anna.submit(&again, LIST, &[], "action=send").await;
        assert_eq!(twice.location(), sent.location(), "the same form makes one payment");
        assert_eq!(app.count("email_payments"), 1);
    }
}

#[actix_web::test]
async fn a_form_sent_twice_is_no_twin_of_itself() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    let first = anna.fills_in_again(&form, &[], "send").await;
    let second = anna.fills_in_again(&form, &[], "send").await;
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location(), second.location());
}

#[actix_web::test]
async fn the_same_request_within_a_day_is_told_with_its_link() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    let first = anna.creates_email_payment(&[], "send").await;
    let fields = [("customer_email", "CUSTOMER@example.it")];
    let page = anna.fills_in(&fields, "preview").await;
    assert_eq!(page.attribute("#checks a[href]", "href"), first);
    assert!(page.texts(CHECKS)[0].contains(&app.field(&first, "order_id")));
    for (name, other) in [("amount", "45.01"), ("currency", "JPY"), ("customer_email", "x@y.it")] {
        let other = [("amount", if name == "currency" { "45" } else { "45.00" }), (name, other)];
        assert!(!anna.fills_in(&other, "preview").await.has("#checks"), "{name}");
    }
    assert!(!bruno.fills_in(&[], "preview").await.has("#checks"), "another merchant's business");
    assert!(!carla.fills_in(&[], "preview").await.has("#checks"), "a clerk sees her own only");

    anna.answers(&first, "cancellation", &[]).await;
    assert!(!anna.fills_in(&[], "preview").await.has("#checks"), "a cancelled one is no twin");
    let second = anna.creates_email_payment(&[], "draft").await;
    assert!(anna.fills_in(&[], "preview").await.has("#checks"));
    let edited = anna.get(&format!("{second}/edit")).await;
    let path = format!("{second}/edit");
    let own = anna.submit(&edited, &path, &[], "action=preview").await;
    assert!(!own.has("#checks"), "a draft is no twin of itself");
    app.later(Duration::hours(25)).await;
    assert!(!anna.fills_in(&[], "preview").await.has("#checks"), "a day later it is another one");
}

#[actix_web::test]
async fn an_amount_far_from_the_usual_is_told_in_numbers() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[("amount", "100.00")], "send").await;
    let id = url.rsplit('/').next().unwrap();
    assert!(
        !anna.fills_in(&[("amount", "1200.00")], "preview").await.has("#checks"),
        "too few yet"
    );
    app.change(&format!(
        "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor,
             currency, customer_email, customer_name, description, message, language, status, sends,
             last_sent_at, pay_token_hash, pay_token_encrypted, created_at, expires_at)
         SELECT merchant_id, gen_random_uuid(), originator_id, created_by, 'COPY-' || n, 9000 + n * 50,
             currency, 'x' || n || '@shop-rossi.it', customer_name, description, message, language, status, sends,
             last_sent_at, sha256(n::text::bytea), pay_token_encrypted, created_at - interval '2 days', expires_at
         FROM email_payments, generate_series(1, 40) n WHERE id = '{id}'"
    ));
    let page = anna.fills_in(&[("amount", "1200.00")], "preview").await;
    let words = page.text(CHECKS);
    assert!(words.starts_with("This is 12 times your usual amount."), "{words}");
    assert!(words.contains("your last 41 requests") && words.contains("100.00 EUR"), "{words}");
    let low = anna.fills_in(&[("amount", "1.00")], "preview").await.text(CHECKS);
    assert!(low.starts_with("Your usual amount is 100 times this one."), "{low}");
    let usual = [("amount", "110.00"), ("customer_email", "other@example.it")];
    assert!(!anna.fills_in(&usual, "preview").await.has("#checks"));
    let yen = [("amount", "12000"), ("currency", "JPY")];
    assert!(!anna.fills_in(&yen, "preview").await.has("#checks"), "each currency has its usual");

    // A domain of the merchant's own customers is one that may be meant.
    let near = [("customer_email", "maria@shop-rosi.it")];
    assert_eq!(
        anna.fills_in(&near, "preview").await.attribute("#checks button", "value"),
        "maria@shop-rossi.it"
    );
    let held = anna.fills_in(&[("amount", "1200.00")], "send").await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = anna.submit(&held, LIST, &[], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_draft_is_saved_without_a_question_and_asked_about_when_it_is_sent() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let fields = [("customer_email", "maria@hotmial.it")];
    let saved = anna.fills_in(&fields, "draft").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let path = format!("{}/edit", saved.location().unwrap());
    let form = anna.get(&path).await;
    let held = anna.submit(&form, &path, &[], "action=send").await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(held.attribute("#checks button", "value"), "maria@hotmail.it");
    let sent = anna.submit(&held, &path, &[], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_checks_as_people_see_them() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    anna.creates_email_payment(&[("customer_email", "maria@gmial.com")], "draft").await;
    let fields = [("customer_email", "maria@gmial.com"), ("expires_on", "2026-11-26")];
    for lang in ["en", "it"] {
        let page = anna.clone().speaking(lang).fills_in(&fields, "send").await;
        assert_eq!(page.texts(CHECKS).len(), 3);
        assert_snapshot!(format!("checks_{lang}"), settled(&page.text("aside.preview")));
    }
}
