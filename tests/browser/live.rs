//! The list in front of somebody: it follows what happens, and leaves alone who is at work in it.

use crate::driver::Driver;
use crate::journey::sign_in;
use crate::support::{ANNA, LIST, TestApp};

/// Another way to ask at once than to wait a quarter of a minute: who comes back to the page.
const COMES_BACK: &str = "document.dispatchEvent(new Event('visibilitychange'))";

#[actix_web::test]
async fn an_open_list_follows_what_happens_and_leaves_picked_rows_alone() {
    let Some((app, browser)) = crate::start(true).await else { return };
    let url = app.sign_in(ANNA).await.creates_email_payment(&[], "draft").await;
    sign_in(&app, &browser, "anna").await;
    browser.open(&format!("{}{LIST}", app.base)).await;
    browser.until("tbody .status", "Draft", false).await;
    let mut elsewhere = app.sign_in(ANNA).await;
    elsewhere.answers(&url, "cancellation", &[]).await;
    // While a row is picked nothing moves.
    browser.click("tbody .pick input").await;
    assert_eq!(browser.text("[data-picked]").await, "1");
    browser.run(COMES_BACK).await;
    browser.run_async("setTimeout(arguments[0], 700)").await;
    assert_eq!(browser.text("tbody .status").await, "Draft");
    browser.click("tbody .pick input").await;
    browser.run("document.activeElement.blur()").await;
    browser.run(COMES_BACK).await;
    browser.until("tbody .status", "Cancelled", false).await;
    browser.until("#live-said", "The page was updated.", false).await;
    assert_eq!(browser.value("tbody .pick input").await, url.rsplit('/').next().unwrap());
    filters_apply(&app, &browser).await;
    // The payment's own page follows too, and says when it can't any more.
    browser.open(&format!("{}{url}", app.base)).await;
    app.change("UPDATE sessions SET ended_at = now()");
    browser.run(COMES_BACK).await;
    browser.until("#live-ended", "You have been signed out", false).await;
    let complaints = browser.complaints().await;
    let expected = |line: &String| line.contains("401");
    assert!(complaints.iter().all(expected), "{complaints:?}");
}

/// A choice in the panel is applied at once; what can't be read is told there.
async fn filters_apply(app: &TestApp, browser: &Driver) {
    browser.open(&format!("{}{LIST}?filters=open", app.base)).await;
    browser.click("input[name=status][value=paid]").await;
    browser.until("#list", "No request fits", false).await;
    assert!(browser.url().await.contains("status=paid"), "{}", browser.url().await);
    browser.fill("#amount_min", "many").await;
    browser.press("\u{e004}").await;
    browser.until("#faults", "amount", false).await;
    assert!(browser.has("#amount_min").await);
    browser.click("input[name=status][value=paid]").await;
    browser.fill("#amount_min", "1").await;
    browser.press("\u{e004}").await;
    browser.until("tbody .status", "Cancelled", false).await;
    assert!(!browser.url().await.contains("status=paid"), "{}", browser.url().await);
}
