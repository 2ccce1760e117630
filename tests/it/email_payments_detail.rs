//! One payment: its page, cancelling it, sending it again.

use central::sandbox::mailbox::SmtpReply;
use chrono::Duration;
use insta::assert_snapshot;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

#[actix_web::test]
async fn a_cancelled_payment_cant_be_paid_and_the_customer_is_told() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let question = anna.get(&request.at("cancellation")).await;
    assert_eq!(question.text("h1"), "Cancel the request for 45.00 EUR?");
    assert_eq!(app.field(&request.url, "status"), "open", "asking changes nothing");

    let answer = anna.answers(&request.url, "cancellation", &[("reason", "Sold out")]).await;
    assert_eq!(answer.location(), Some(request.url.clone()));
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("By Anna Rossi · Sold out"));
    assert_eq!(customer.get(&request.link).await.status, StatusCode::GONE);
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    assert_eq!(mails.len(), 2);
    assert!(!mails[0].text.as_ref().unwrap().contains("/pay/"));
    assert!(!mails[0].text.as_ref().unwrap().contains("Sold out"), "only the merchant reads it");

    assert_eq!(anna.get(&request.at("cancellation")).await.status, StatusCode::CONFLICT);
    let again = anna.submit(&question, &request.at("cancellation"), &[], "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(app.happened(&request, "cancelled"), 1);
}

#[actix_web::test]
async fn of_a_cancelled_draft_nobody_is_told() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "draft").await;
    anna.answers(&url, "cancellation", &[]).await;
    assert_eq!(app.field(&url, "status"), "cancelled");
    assert_eq!(app.count("mails"), 0);
}

#[actix_web::test]
async fn a_customer_who_has_the_link_is_told_though_a_later_mail_waits() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    app.later(Duration::minutes(11)).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 451 }));
    anna.answers(&request.url, "resend", &[]).await;
    app.mail_is_deferred(&request.url).await;
    app.mailbox.set_reply(None);
    anna.answers(&request.url, "cancellation", &[]).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    assert!(mails[0].subject.contains("annullata"), "{}", mails[0].subject);
    app.later(Duration::hours(1)).await;
    app.until("the waiting mail is dropped", async || {
        app.count("mails WHERE state = 'dropped'") == 1
    })
    .await;
    assert_eq!(app.mailbox.count(), 2);
}

#[actix_web::test]
async fn while_a_payment_is_being_made_it_cant_be_cancelled() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    let waiting = customer.pays(&page, PENDING).await;
    customer.goes_back(&waiting).await;
    app.becomes(&request, "processing").await;
    assert_eq!(anna.get(&request.at("cancellation")).await.status, StatusCode::CONFLICT);
    assert!(!anna.get(&request.url).await.has("a[href$='/cancellation']"));
}

#[actix_web::test]
async fn a_request_is_sent_again_after_ten_minutes() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    let early = anna.get(&request.at("resend")).await;
    assert!(early.text(".flash-warn").contains("less than ten minutes ago"));
    assert!(!early.has("#customer_email"));
    app.later(Duration::minutes(9)).await;
    let early =
        anna.submit(&early, &request.at("resend"), &[("customer_email", CUSTOMER)], "").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.later(Duration::minutes(1)).await;
    let sent = anna.answers(&request.url, "resend", &[]).await;
    assert_eq!(sent.location(), Some(request.url.clone()));
    assert_eq!(app.link_in_mail(CUSTOMER, 2).await, request.link, "the link stays");
    assert_eq!(app.happened(&request, "resent"), 1);
}

#[actix_web::test]
async fn a_request_is_sent_ten_times_at_most() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    for sends in 2..=10 {
        app.later(Duration::minutes(10)).await;
        let sent = anna.answers(&request.url, "resend", &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sends}");
    }
    app.later(Duration::days(2)).await;
    let page = anna.get(&request.at("resend")).await;
    assert!(page.text(".flash-warn").contains("It has been sent 10 times"));
    assert_eq!(app.field(&request.url, "sends"), "10");
}

#[actix_web::test]
async fn sec_12_a_corrected_address_gets_a_new_link_and_the_old_one_dies() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.later(Duration::minutes(11)).await;
    anna.answers(&request.url, "resend", &[("customer_email", "right@example.it")]).await;
    let link = app.link_in_mail("right@example.it", 1).await;
    assert_ne!(link, request.link);

    let old = customer.get(&request.link).await;
    assert_eq!(
        (old.status, old.text("h1")),
        (StatusCode::NOT_FOUND, "This link does not work".into())
    );
    let page = customer.opens(&link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Pagato");
    app.mails_settle().await;
    let page = anna.get(&request.url).await;
    let recipients = page.texts("main table tbody td:nth-of-type(1)");
    assert_eq!(recipients, ["right@example.it", "right@example.it", CUSTOMER]);
    assert!(page.text(".timeline").contains("Address corrected"));
}

#[actix_web::test]
async fn sec_12_a_mail_that_waits_for_the_wrong_reader_never_carries_the_new_link() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: Some(CUSTOMER.to_owned()), code: 451 }));
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    app.later(Duration::minutes(30)).await;
    app.until("the second try failed", async || {
        app.count("mails WHERE state = 'ready' AND attempts = 2") == 1
    })
    .await;
    anna.answers(&url, "resend", &[("customer_email", "right@example.it")]).await;
    app.link_in_mail("right@example.it", 1).await;
    app.mailbox.set_reply(None);
    app.later(Duration::minutes(30)).await;
    app.until("the first mail is dropped", async || {
        app.count("mails WHERE state = 'dropped'") == 1
    })
    .await;
    assert_eq!(app.mailbox.count(), 1);
    assert_eq!(app.field(&url, "delivery"), "sent", "the right reader's mail counts");
}

#[actix_web::test]
async fn an_expired_request_is_renewed_for_thirty_days() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.seconds_before_end(&request, -1).await;
    assert_eq!(customer.get(&request.link).await.status, StatusCode::GONE);
    app.becomes(&request, "expired").await;
    let page = anna.get(&request.url).await;
    assert!(page.text("section.next").contains("The time to pay is over"));
    anna.answers(&request.url, "resend", &[]).await;
    assert_eq!(app.link_in_mail(CUSTOMER, 2).await, request.link);
    assert_eq!(app.field(&request.url, "status"), "open");
    assert_eq!(app.field(&request.url, "expires_at - last_sent_at = interval '30 days'"), "true");
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Pagato");
    assert_eq!(app.field(&request.url, "is_late"), "false");
}

#[actix_web::test]
async fn a_question_from_before_the_end_never_renews() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    app.mails_settle().await;
    app.later(Duration::minutes(11)).await;
    let before = anna.get(&request.at("resend")).await;
    app.seconds_before_end(&request, -1).await;
    app.becomes(&request, "expired").await;
    let page = anna.submit(&before, &request.at("resend"), &[], "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text(".errors").contains("expired in the meantime"), "{}", page.text("main"));
    assert_eq!(app.field(&request.url, "status"), "expired");
    let renewed = anna.submit(&page, &request.at("resend"), &[], "").await;
    assert_eq!(renewed.status, StatusCode::SEE_OTHER, "{}", renewed.text("main"));
    assert_eq!(app.field(&request.url, "status"), "open");
}

#[actix_web::test]
async fn the_letter_is_shown_as_the_customer_got_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    let letter = anna.get(&request.at("mail")).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 1).await;
    assert_eq!(letter.body.trim(), mails[0].html.as_ref().unwrap().replace("\r\n", "\n").trim());
    assert!(letter.header("content-security-policy").unwrap().ends_with("sandbox"));
}

#[actix_web::test]
async fn the_detail_page_as_people_see_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.stop_the_year();
    let fields = [("customer_name", "Maria Conti"), ("description", "Vasi <blu>")];
    let request = app.request(&mut anna, &fields).await;
    anna.get(&request.url).await;
    assert_snapshot!("detail_open", anna.get(&request.url).await.main());
    assert_snapshot!("cancel", anna.get(&request.at("cancellation")).await.main());
    assert_snapshot!("resend_too_soon", anna.get(&request.at("resend")).await.main());

    app.later(Duration::seconds(11)).await;
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, NO_FUNDS).await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;
    assert_snapshot!("detail_declined", anna.get(&request.url).await.main());

    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&request, "paid").await;
    app.mails_settle().await;
    assert_snapshot!("detail_paid", anna.get(&request.url).await.main());
}
