//! By keys alone, from the sign-in to a payment that is found again and cancelled.

use super::driver::Driver;
use super::start;
use super::support::ANNA;

const LIST: &str = "/processing/email-payments";
/// As `WebDriver` writes them.
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const SPACE: &str = " ";

/// A page that takes more is no page for keys.
const STOPS_MAX: usize = 60;

/// Goes from stop to stop until the focus is on an element.
async fn tab_to(browser: &Driver, css: &str) {
    browser.find(css).await;
    let is_there = format!("return document.activeElement.matches({css:?})");
    for _ in 0..STOPS_MAX {
        if browser.run(&is_there).await == true {
            return;
        }
        browser.press(TAB).await;
    }
    panic!("{STOPS_MAX} times Tab on {} never came to {css}", browser.url().await);
}

async fn go_through(browser: &Driver, css: &str) {
    tab_to(browser, css).await;
    browser.press(ENTER).await;
}

#[actix_web::test]
async fn a_request_is_made_found_and_cancelled_by_keys_alone() {
    let Some((app, browser)) = start(true).await else { return };
    browser.open(&app.base).await;
    go_through(&browser, "main button[type=submit]").await;
    go_through(&browser, &format!("button[value={ANNA}]")).await;
    browser.find("nav.menu").await;

    browser.press(TAB).await;
    assert_eq!(browser.run("return document.activeElement.className").await, "skip");
    browser.press(ENTER).await;
    assert_eq!(browser.run("return document.activeElement.id").await, "main");

    go_through(&browser, &format!("main a[href='{LIST}/new']")).await;
    browser.until_url("/new").await;
    for (field, words) in
        [("customer_email", "marchetti@example.it"), ("amount", "12.50"), ("description", "A vase")]
    {
        tab_to(&browser, &format!("#{field}")).await;
        browser.press(words).await;
    }
    go_through(&browser, "#send").await;
    browser.find(".flash").await;
    let detail = browser.url().await;

    browser.open(&format!("{}{LIST}", app.base)).await;
    go_through(&browser, ".find a.btn").await;
    tab_to(&browser, "#status-open").await;
    browser.press(SPACE).await;
    browser.until_url("status=open").await;
    go_through(&browser, "table tbody a.main-link").await;
    browser.until_url(detail.rsplit('/').next().expect("an id")).await;

    go_through(&browser, "a[href$='/cancellation']").await;
    browser.until_url("/cancellation").await;
    go_through(&browser, "main form button[type=submit]").await;
    browser.until("main", "Cancelled", false).await;

    // On a phone with keys the menu opens over the page, and gives the focus back.
    browser.look(390, false).await;
    browser.open(&detail).await;
    go_through(&browser, "button.nav-open").await;
    tab_to(&browser, "#menu a[href='/']").await;
    browser.press(ESCAPE).await;
    assert_eq!(
        browser.run("return document.activeElement.classList.contains('nav-open')").await,
        true
    );
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
