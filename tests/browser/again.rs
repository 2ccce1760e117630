//! Signing in again in the middle of something, under the policies that a browser keeps.

use super::journey::sign_in;
use super::start;
use super::support::{ANNA, NOBODY};

const TEAM: &str = "/settings/team";

#[actix_web::test]
async fn a_late_form_comes_back_and_an_invitation_is_sent_with_a_fresh_proof_and_accepted() {
    let Some((app, browser)) = start(true).await else { return };
    sign_in(&app, &browser, ANNA).await;

    // The access token runs out while the form is being filled in: no page of the provider's.
    browser.open(&format!("{}/processing/email-payments/new", app.base)).await;
    browser.fill("#customer_email", "half.typed@example.it").await;
    browser.fill("#amount", "12,5x").await;
    app.change("UPDATE sessions SET expires_at = now()");
    browser.click("#send").await;
    browser.until_url("?kept=").await;
    browser.until(".flash", "Nothing has been done yet", false).await;
    assert_eq!(browser.value("#customer_email").await, "half.typed@example.it");
    assert_eq!(browser.value("#amount").await, "12,5x");
    browser.shot("20-kept").await;

    // To invite somebody takes a proof of the last five minutes.
    browser.open(&format!("{}{TEAM}/invitations/new", app.base)).await;
    browser.fill("#email", "nobody@example.com").await;
    browser.click("input[name=role][value=clerk]").await;
    app.change("UPDATE sessions SET authenticated_at = now() - interval '6 minutes'");
    browser.click("main form button[type=submit]").await;
    browser.click(&format!("button[value={ANNA}]")).await;
    browser.until_url("?kept=").await;
    assert_eq!(browser.value("#email").await, "nobody@example.com");
    browser.click("main form button[type=submit]").await;
    browser.until("main", "nobody@example.com", false).await;
    browser.shot("21-invited").await;
    browser.click(".side-foot button").await;
    browser.until_url("/signed-out").await;

    // The colleague, whom the product does not know yet.
    app.mailbox.wait_for("nobody@example.com", 1).await;
    browser.open(&app.mailbox_url).await;
    browser.click("ol.mails a").await;
    browser.find("iframe").await;
    browser.shot("22-invitation").await;
    browser.click_in_frame("a.pay").await;
    browser.until_url("/invitations/").await;
    browser.click("main form button[type=submit]").await;
    browser.click(&format!("button[value={NOBODY}]")).await;
    browser.until_url("/invitations/").await;
    browser.shot("23-join").await;
    browser.click("main form button[type=submit]").await;
    browser.find("nav.menu").await;
    browser.shot("24-joined").await;
    assert_eq!(
        app.count("memberships m JOIN users u ON u.id = m.user_id WHERE u.subject = 'nobody'"),
        1
    );
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
