//! What merchants do with many requests and with one, with scripts and without.

use super::driver::Driver;
use super::journey::sign_in;
use super::start;
use super::support::{ANNA, TestApp};

const LIST: &str = "/processing/email-payments";

/// A good row, one whose mail is refused, and a faulty one.
const ROWS: &str = "email;amount;order id\nmaria@example.it;12,50;CSV-1\nunknown@refuses.example;45;CSV-2\nmaria;5;CSV-3\n";

#[actix_web::test]
async fn many_requests_and_one_go_their_way_with_scripts() {
    let Some((app, browser)) = start(true).await else { return };
    journey(&app, &browser, "js").await;
}

#[actix_web::test]
async fn many_requests_and_one_go_their_way_without_scripts() {
    let Some((app, browser)) = start(false).await else { return };
    journey(&app, &browser, "no-js").await;
}

async fn journey(app: &TestApp, browser: &Driver, name: &str) {
    sign_in(app, browser, ANNA).await;
    import(app, browser, name).await;
    correct(app, browser, name).await;
    columns_and_views(app, browser, name).await;
    one_request(app, browser, name).await;
    // A form that comes back has a status of 4xx, which Chromium tells as an error.
    let complaints = browser.complaints().await;
    let ours = complaints.into_iter().filter(|words| !words.contains("Failed to load resource"));
    assert_eq!(ours.collect::<Vec<_>>(), Vec::<String>::new());
}

async fn go(app: &TestApp, browser: &Driver, path: &str) {
    browser.open(&format!("{}{path}", app.base)).await;
}

/// From pasted rows to requests, by the window in which they can be taken back.
async fn import(app: &TestApp, browser: &Driver, name: &str) {
    go(app, browser, &format!("{LIST}/import")).await;
    browser.fill("#pasted", ROWS).await;
    browser.click("main .form-foot button").await;
    browser.until("h1", "2 requests can be sent", false).await;
    browser.until("main", "Email address must include an @", false).await;
    browser.shot(&format!("30-import-checked-{name}")).await;
    browser.click("main a[href$='/confirmation']").await;
    browser.until("h1", "Send 2 requests?", false).await;
    browser.click("form.ask button.btn-primary").await;
    browser.until("h1", "2 requests will be sent from", false).await;
    browser.find("form[action$='/undo'] button").await;
    browser.shot(&format!("31-import-waits-{name}")).await;
    browser.click("form[action$='/start'] button").await;
    // With scripts the page comes up to date by itself.
    let is_script_on = browser.has("html.js").await;
    browser.until("h1", "2 requests sent", !is_script_on).await;
    browser.find("main a[href$='/left-out.csv']").await;
    browser.shot(&format!("32-import-done-{name}")).await;
}

/// The one whose mail was refused is corrected where it is listed.
async fn correct(app: &TestApp, browser: &Driver, name: &str) {
    app.until("the mail is refused", async || {
        app.count("email_payments WHERE order_id = 'CSV-2' AND delivery = 'bounced'") == 1
    })
    .await;
    go(app, browser, LIST).await;
    browser.click(".to-deliver a").await;
    browser.until("main", "CSV-2", false).await;
    browser.shot(&format!("33-undelivered-{name}")).await;
    browser.fill("main input[name=customer_email]", "known@example.it").await;
    browser.click(".work-act button").await;
    browser.until_url("sent=").await;
    browser.until("main", "known@example.it", false).await;
    app.mailbox.wait_for("known@example.it", 1).await;
}

/// Columns chosen, moved and put back; a view made and used; the page of files.
async fn columns_and_views(app: &TestApp, browser: &Driver, name: &str) {
    go(app, browser, LIST).await;
    browser.click(".find a[href*='/columns']").await;
    browser.click("#c-description").await;
    browser.click("button[value=up-description]").await;
    browser.find("#c-description:checked").await;
    browser.shot(&format!("34-columns-{name}")).await;
    browser.click("button[value=save]").await;
    browser.until("thead", "Description", false).await;
    browser.click(".find a[href*='/columns']").await;
    browser.click("button[value=reset]").await;
    browser.find(".flash").await;
    assert!(!browser.text("thead").await.contains("Description"));

    browser.click(".find a[href*='filters=open']").await;
    browser.click("#status-open").await;
    browser.shot(&format!("35-filters-{name}")).await;
    browser.click(".filters-foot button").await;
    browser.until_url("status=open").await;
    browser.click("nav.views a[href*='/views/new']").await;
    browser.fill("#name", "To be paid").await;
    browser.click("main .form-foot button").await;
    browser.until("nav.views [aria-current=page]", "To be paid", false).await;
    browser.until("tbody", "CSV-1", false).await;
    browser.shot(&format!("36-view-{name}")).await;
    browser.click(".page-head a[href*='/exports']").await;
    browser.until(".export-new", "Awaiting payment", false).await;
    browser.shot(&format!("37-exports-{name}")).await;
}

/// A warning that is passed over, a plan, more time, another amount, a copy, a bare link.
async fn one_request(app: &TestApp, browser: &Driver, name: &str) {
    go(app, browser, &format!("{LIST}/new")).await;
    browser.fill("#customer_email", "maria@gmial.com").await;
    browser.fill("#amount", "45.00").await;
    // The keyboard alone: Enter sends the form from any of its fields.
    browser.press("\u{E007}").await;
    browser.find("#checks").await;
    browser.until("#send", "Send", false).await;
    browser.shot(&format!("38-checks-{name}")).await;
    browser.click("#send").await;
    browser.find(".side-box").await;
    let detail = browser.url().await.replace(&app.base, "");

    go(app, browser, &format!("{detail}/reminders")).await;
    browser.shot(&format!("39-reminders-{name}")).await;
    go(app, browser, &format!("{detail}/extension")).await;
    browser.click("#validity option:last-of-type").await;
    browser.shot(&format!("40-extension-{name}")).await;
    go(app, browser, &format!("{detail}/replacement")).await;
    browser.fill("#amount", "54.00").await;
    browser.fill("#customer_email", "maria@example.it").await;
    browser.click("#send").await;
    browser.find(".flash, #checks").await;
    if browser.has("#checks").await {
        browser.click("#send").await;
    }
    browser.until(".flash", "takes", false).await;
    go(app, browser, &detail).await;
    browser.until("main", "Cancelled", false).await;
    browser.shot(&format!("41-replaced-{name}")).await;

    go(app, browser, &format!("{LIST}/new")).await;
    browser.fill("#customer_email", "link@example.it").await;
    browser.fill("#amount", "5.00").await;
    browser.click("#sending-link").await;
    browser.click("#send").await;
    browser.find("main a[href$='/qr.svg']").await;
    browser.shot(&format!("42-link-{name}")).await;
}
