//! Refunds whose answer from the gateway gets lost, comes late, or is no.

use central::gateway::Verdict;
use central::kernel::{Currency, Money};
use chrono::Duration;

use crate::operations::{MOVED, WISHES, form_of, gateway_of, paid, refunds, value};
use crate::support::*;

/// A wallet's refund of 10.77 whose outcome is unknown here, while the gateway has noted it under the number
/// that is returned; nobody has confirmed it yet.
async fn noted(app: &TestApp, anna: &mut Browser) -> String {
    let request = app.request(anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let wallet = customer.chooses_alipay(&page).await;
    customer.presses(&wallet, "paid").await;
    app.becomes(&request, "paid").await;
    app.gateway.set_down(true);
    refunds(anna, &request, &[("amount", "10.77")]).await;
    app.gateway.set_down(false);
    let sale = app.text(&format!(
        "SELECT gateway_transaction_id FROM transactions WHERE email_payment_id = '{}'",
        request.id
    ));
    let (gateway, by) = gateway_of(app);
    let verdict = gateway.refund(&by, &sale, Money::new(1_077, Currency::EUR)).await.unwrap();
    let Verdict::Requested(new) = verdict else { panic!("{verdict:?}") };
    let number = new.id.unwrap();
    app.change(&format!(
        "UPDATE operation_requests SET state = 'requested', gateway_transaction_id = '{number}' WHERE state = 'unknown'"
    ));
    number
}

/// How often it was asked for.
fn checks(app: &TestApp) -> i64 {
    app.text("SELECT max(checks) FROM operation_requests").parse().unwrap()
}

#[actix_web::test]
async fn a_refund_whose_confirmation_was_heard_is_never_noted_as_declined() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let number = noted(&app, &mut anna).await;
    let (gateway, by) = gateway_of(&app);
    let Verdict::Done(new) = gateway.confirm_refund(&by, &number).await.unwrap() else { panic!() };
    let refund = new.id.unwrap();
    let refused = gateway.confirm_refund(&by, &number).await.unwrap();
    assert!(matches!(refused, Verdict::Refused(_)), "{refused:?}");
    // The provider takes its time.
    app.gateway.forget_outcome(&refund);
    let before = checks(&app);
    app.clock.advance(Duration::minutes(40));
    app.until("it is looked for", async || checks(&app) > before).await;
    assert_eq!(app.text(WISHES), "refund 1077 requested");
}

#[actix_web::test]
async fn a_refund_that_was_confirmed_days_ago_is_found() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let number = noted(&app, &mut anna).await;
    let (gateway, by) = gateway_of(&app);
    let done = gateway.confirm_refund(&by, &number).await.unwrap();
    assert!(matches!(done, Verdict::Done(_)), "{done:?}");
    app.clock.advance(Duration::days(3));
    app.until("it is over", async || !app.text(WISHES).ends_with("requested")).await;
    assert_eq!(app.text(WISHES), "refund 1077 done");
}

#[actix_web::test]
async fn what_the_gateway_no_longer_knows_of_gives_its_amount_free() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    noted(&app, &mut anna).await;
    // A number that the gateway can't have.
    app.change("UPDATE operation_requests SET gateway_transaction_id = 'NOBODY_S'");
    let before = checks(&app);
    app.clock.advance(Duration::minutes(5));
    app.until("it is asked for", async || checks(&app) > before).await;
    assert_eq!(app.text(WISHES), "refund 1077 requested", "it may not be known everywhere yet");
    app.clock.advance(Duration::minutes(30));
    app.until("it is given up", async || app.text(WISHES) == "refund 1077 not_done").await;
}

#[actix_web::test]
async fn an_answer_that_gets_lost_is_looked_for_and_nothing_is_done_twice() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = paid(&app, &mut anna).await;
    app.gateway.set_down(true);
    let page = refunds(&mut anna, &request, &[("amount", "20.00")]).await;
    assert_eq!(app.text(WISHES), "refund 2000 unknown", "{}", page.text("main"));
    assert!(page.text("#asked-t + ol").contains("answer got lost"), "{}", page.text("main"));
    let (form, _) = form_of(&mut anna, &request).await;
    assert_eq!(value(&form, "amount"), "25.00", "what may have gone is not offered again");
    app.gateway.set_down(false);
    // It had reached the gateway after all.
    app.clock.advance(Duration::seconds(30));
    let number = app.text("SELECT gateway_transaction_id FROM transactions");
    let (gateway, by) = gateway_of(&app);
    let done = gateway.refund(&by, &number, Money::new(2_000, Currency::EUR)).await.unwrap();
    assert!(matches!(done, Verdict::Done(_)), "{done:?}");
    app.clock.advance(Duration::minutes(2));
    app.until("it is found", async || app.text(WISHES) == "refund 2000 done").await;
    assert_eq!(app.text(MOVED), "sale authorised 4500, refund authorised 2000");
    assert_eq!(app.field(&request.url, "refunded_minor"), "2000");

    // This one never arrived: after half an hour that is certain, and it may be asked again.
    app.gateway.set_down(true);
    refunds(&mut anna, &request, &[("amount", "25.00")]).await;
    app.gateway.set_down(false);
    app.clock.advance(Duration::minutes(31));
    app.until("it is given up", async || app.text(WISHES).ends_with("refund 2500 not_done")).await;
    assert_eq!(app.happened(&request, "refund_declined"), 1);
    let page = refunds(&mut anna, &request, &[]).await;
    assert_eq!(app.field(&request.url, "refunded_minor"), "4500", "{}", page.text("main"));
}

#[actix_web::test]
async fn what_the_gateway_declines_and_what_it_confirms_later() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    // The sandbox asks for a confirmation of a wallet's refund that ends in 77.
    let request = app.request(&mut anna, &[]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let wallet = customer.chooses_alipay(&page).await;
    customer.presses(&wallet, "paid").await;
    app.becomes(&request, "paid").await;
    refunds(&mut anna, &request, &[("amount", "10.77")]).await;
    app.until("it is confirmed", async || app.text(WISHES) == "refund 1077 done").await;
    assert_eq!(app.field(&request.url, "refunded_minor"), "1077");
    let mails = anna.get(&request.url).await.text("[aria-labelledby='mails-t']");
    assert!(mails.contains("Refunded"), "what the customer was told of it: {mails}");

    // Somebody gives back the rest elsewhere: the gateway declines ours, and the page says why.
    let request = paid(&app, &mut anna).await;
    let number = app.text(&format!(
        "SELECT gateway_transaction_id FROM transactions WHERE email_payment_id = '{}'",
        request.id
    ));
    let (gateway, by) = gateway_of(&app);
    gateway.refund(&by, &number, Money::new(4_500, Currency::EUR)).await.unwrap();
    let page = refunds(&mut anna, &request, &[]).await;
    assert!(page.text(".flash").contains("declined"), "{}", page.text("main"));
    assert!(app.text(WISHES).ends_with("refund 4500 declined"), "{}", app.text(WISHES));
    assert_eq!(app.happened(&request, "refund_declined"), 1);
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("Refund not made"), "{}", page.text(".timeline"));
}
