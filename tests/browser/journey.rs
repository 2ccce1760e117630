//! From the sign-in to the money, as a merchant and a customer see it.

use super::driver::Driver;
use super::start;
use super::support::{ANNA, TestApp};

const LIST: &str = "/processing/email-payments";

/// Through the provider's page with one click.
pub async fn sign_in(app: &TestApp, browser: &Driver, person: &str) {
    browser.open(&app.base).await;
    browser.click("main button[type=submit]").await;
    browser.click(&format!("button[value={person}]")).await;
    browser.find("nav.menu").await;
}

async fn create(app: &TestApp, browser: &Driver, email: &str) {
    browser.open(&format!("{}{LIST}/new", app.base)).await;
    browser.fill("#customer_name", "Studio Marchetti & Associati").await;
    browser.fill("#customer_email", email).await;
    browser.fill("#amount", "1,830.00").await;
    browser.fill("#description", "Dinner set, 24 pieces").await;
}

#[actix_web::test]
async fn a_request_is_sent_paid_and_seen() {
    let Some((app, browser)) = start(true).await else { return };
    sign_in(&app, &browser, ANNA).await;
    browser.shot("01-empty").await;
    create(&app, &browser, "marchetti@example.it").await;
    browser.shot("02-form").await;
    browser.click("#send").await;
    browser.find(".flash").await;
    browser.shot("03-created").await;
    let detail = browser.url().await;

    app.mailbox.wait_for("marchetti@example.it", 1).await;
    browser.open(&app.mailbox_url).await;
    browser.shot("04-mailbox").await;
    browser.click("ol.mails a").await;
    browser.find("iframe").await;
    browser.shot("05-mail").await;
    browser.click_in_frame("a.pay").await;
    browser.until_url("/payment/").await;
    browser.find("#pan").await;
    browser.shot("06-pay").await;
    for (field, words) in [
        ("#pan", "4111 1111 1111 1111"),
        ("#exp", "12/39"),
        ("#cvc", "123"),
        ("#name", "Mario Rossi"),
    ] {
        browser.fill(field, words).await;
    }
    browser.click(".btn-pay").await;
    browser.find("main.result button.btn-primary").await;
    browser.shot("07-paid").await;
    browser.click("main.result button.btn-primary").await;
    browser.until_url("/result").await;
    browser.find(".result-pos, .result-ok, .result-icon").await;
    browser.shot("08-result").await;
    assert!(browser.text("dl.facts").await.contains("1111"), "the card's last digits are shown");

    browser.open(&detail).await;
    browser.until("main", "Paid", true).await;
    browser.shot("09-detail").await;
    browser.open(&format!("{}{LIST}", app.base)).await;
    browser.until("table tbody tr", "Paid", false).await;
    browser.shot("10-list").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_key_opens_the_form_and_a_key_finds_the_search() {
    let Some((app, browser)) = start(true).await else { return };
    sign_in(&app, &browser, ANNA).await;
    create(&app, &browser, "marchetti@example.it").await;
    browser.click("#send").await;
    browser.find(".flash").await;
    browser.open(&format!("{}{LIST}", app.base)).await;
    browser.press("/").await;
    assert_eq!(browser.run("return document.activeElement.id").await, "q");
    assert_eq!(browser.run("return document.activeElement.value").await, "");
    browser.run("document.activeElement.blur()").await;
    browser.press("n").await;
    browser.until_url("/new").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[actix_web::test]
async fn without_scripts_a_request_is_made_and_found() {
    let Some((app, browser)) = start(false).await else { return };
    sign_in(&app, &browser, ANNA).await;
    create(&app, &browser, "marchetti@example.it").await;
    assert!(!browser.has("html.js").await, "scripts are off");
    browser.click("#send").await;
    browser.find(".flash").await;
    create(&app, &browser, "colombo@example.it").await;
    browser.click("button[value=draft]").await;
    browser.find(".flash").await;

    browser.open(&format!("{}{LIST}", app.base)).await;
    browser.shot("11-list-without-scripts").await;
    assert!(browser.has("table tbody tr + tr").await, "both are listed");
    browser.click(".find a.btn").await;
    browser.click("#status-draft").await;
    browser.click(".filters-foot button").await;
    browser.until_url("status=draft").await;
    assert!(browser.text("table tbody").await.contains("colombo@example.it"));
    assert!(!browser.has("table tbody tr + tr").await, "the other one is filtered away");
    browser.shot("12-filter-without-scripts").await;
    browser.fill("#q", "marchetti").await;
    browser.click(".find button.go").await;
    browser.until_url("q=marchetti").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
