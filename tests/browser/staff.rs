//! Support and a success manager at work: a ticket about a payment goes back and forth; a feature is
//! switched, seen, and taken back.

use super::driver::{Driver, Programs};
use super::journey::sign_in;
use super::start;
use super::support::{ANNA, SOFIA, TOM, TestApp};

/// The link to a ticket in the newest mail to somebody.
async fn link(app: &TestApp, email: &str, mails: usize) -> String {
    let mails = app.mailbox.wait_for(email, mails).await;
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a text part");
    let link = text.split_whitespace().find(|word| word.contains("/tickets/"));
    link.expect("a link to the ticket").to_owned()
}

async fn no_complaints(browsers: [&Driver; 2]) {
    for browser in browsers {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    }
}

#[actix_web::test]
async fn a_ticket_about_a_payment_is_taken_noted_answered_and_solved() {
    const NOTE: &str = "Seen before, old browser";
    let Some((app, anna)) = start(true).await else { return };
    let tom =
        Driver::start(&Programs::find().expect("the browser that has just started"), true).await;
    let payment = app.sign_in(ANNA).await.creates_email_payment(&[], "send").await;
    sign_in(&app, &anna, ANNA).await;
    sign_in(&app, &tom, TOM).await;

    anna.open(&app.browser().url(&payment)).await;
    anna.click("a[href^='/support/tickets/new?payment=']").await;
    anna.run("document.getElementById('category').selectedIndex = 1").await;
    anna.fill("#subject", "The customer sees an empty page").await;
    anna.fill("#text", "She uses a tablet.").await;
    anna.click("form.narrow button[type=submit]").await;
    anna.until("h1", "The customer sees an empty page", false).await;

    tom.open(&app.browser().url("/support/tickets")).await;
    tom.click("main table tbody th a, main table tbody a").await;
    tom.until("h1", "The customer sees an empty page", false).await;
    assert!(tom.has("[aria-labelledby=sheet-t]").await, "the payment's facts are beside it");
    tom.click("button[name=assignee]").await;
    tom.until("#assignee option[selected]", "Tom", false).await;
    tom.fill("#note", NOTE).await;
    tom.click("form[action$='/notes'] button").await;
    tom.until(".is-note", NOTE, false).await;
    tom.fill("#text", "Which browser is it?").await;
    tom.click("button[name=act][value=answer]").await;
    tom.until(".thread", "Which browser is it?", false).await;
    tom.shot("staff-1-answered").await;

    let email = app.text(&format!("SELECT email FROM users WHERE subject = '{ANNA}'"));
    anna.open(&link(&app, &email, 1).await).await;
    anna.until(".thread", "Which browser is it?", false).await;
    assert!(!anna.text("body").await.contains(NOTE), "a note is support's");
    anna.fill("#text", "It works with another one. Thank you!").await;
    anna.click("button[name=act][value=solve]").await;
    anna.until(".page-head", "Solved", false).await;
    tom.open(&tom.url().await).await;
    tom.until(".thread", "Thank you!", false).await;
    no_complaints([&anna, &tom]).await;
}

#[actix_web::test]
async fn a_feature_is_switched_off_seen_and_taken_back_with_one_click() {
    let Some((app, anna)) = start(true).await else { return };
    let sofia =
        Driver::start(&Programs::find().expect("the browser that has just started"), true).await;
    sign_in(&app, &anna, ANNA).await;
    sign_in(&app, &sofia, SOFIA).await;

    sofia.open(&app.browser().url("/merchants")).await;
    sofia.click("main table a, main li a").await;
    sofia.click("a[href$='/features']").await;
    sofia.run("document.getElementById('feature').value = 'email_payments'").await;
    sofia.click("form.narrow button[type=submit]").await;
    sofia.until("#state-e", "Choose on or off", false).await;
    sofia.click("#state-off").await;
    sofia.fill("#reason", "Contract ended").await;
    sofia.click("form.narrow button[type=submit]").await;
    sofia.until(".flash", "Email payments", false).await;
    sofia.shot("staff-2-switched").await;

    let form = app.browser().url("/processing/email-payments/new");
    anna.open(&form).await;
    anna.until("#switched-off", "Email payments", false).await;
    assert!(!anna.has("#customer_email").await, "nothing can be typed in vain");
    sofia.click("form[action$='/undo'] button").await;
    sofia.until(".flash", "Email payments", false).await;
    anna.open(&form).await;
    anna.find("#customer_email").await;
    // The page of a refused form is told as an error by Chromium.
    let ours = |words: &String| !words.contains("Failed to load resource");
    let complaints: Vec<String> = sofia.complaints().await.into_iter().filter(ours).collect();
    assert_eq!(complaints, Vec::<String>::new());
}
