//! One's own profile, and the change of address that both addresses confirm.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

const AT: &str = "/settings/profile";
const EMAIL: &str = "/settings/profile/email";
const OLD: &str = "anna@example.com";
const NEW_ADDRESS: &str = "anna.rossi@new.example";

/// Asks for another address; the answer.
async fn asks(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get(AT).await;
    browser.submit(&page, EMAIL, &[("email", email)], "").await
}

/// The path of the link in the newest mail to an address that has got `count` mails.
async fn link(app: &TestApp, to: &str, count: usize) -> String {
    let mails = app.mailbox.wait_for(to, count).await;
    let text = mails.first().and_then(|mail| mail.text.clone()).expect("a text");
    let at = text.find("/email-changes/").unwrap_or_else(|| panic!("no link: {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// Asks for the new address: both links.
async fn asked(app: &TestApp, browser: &mut Browser) -> (String, String) {
    let done = asks(browser, NEW_ADDRESS).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    (link(app, OLD, 1).await, link(app, NEW_ADDRESS, 1).await)
}

fn address(app: &TestApp) -> String {
    app.text("SELECT email FROM users WHERE subject = 'anna'")
}

/// A stranger's browser presses the button behind a link.
async fn presses(app: &TestApp, path: &str, more: &str) -> Page {
    let mut browser = app.browser();
    let page = browser.get(path).await;
    browser.submit(&page, &format!("{path}{more}"), &[], "").await
}

#[actix_web::test]
async fn a_profile_is_kept_and_a_sign_in_changes_nothing_of_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(AT).await;
    let wrong = [("name", " "), ("time_zone", "Mars/Olympus")];
    let refused = anna.submit(&page, AT, &wrong, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#name-e") && refused.has("#time_zone-e"), "{}", refused.text("main"));
    let typed =
        [("name", "Anna R."), ("time_zone", "Asia/Tokyo"), ("lang", "it"), ("theme", "dark")];
    let saved = anna.submit(&page, AT, &typed, "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    let page = anna.follow(saved).await;
    assert_eq!(page.attribute("html", "lang"), "it");
    assert_eq!(page.attribute("html", "data-bs-theme"), "dark");
    assert_eq!(page.attribute("#name", "value"), "Anna R.");
    assert_eq!(page.attribute("#time_zone option[selected]", "value"), "Asia/Tokyo");
    assert_eq!(app.text("SELECT language FROM users WHERE subject = 'anna'"), "it");
    assert_eq!(app.count("audit_log WHERE action = 'user.profile'"), 1);
    // Times are told by her clock; what ends a day at the merchant stays the merchant's.
    let mut again = app.sign_in(ANNA).await;
    let page = again.get("/settings/sessions").await;
    let used = page.attribute("tbody time", "datetime");
    assert!(used.ends_with("+09:00"), "{used}");
    let detail = again.creates_email_payment(&[], "draft").await;
    let expires = app.field(&detail, "(expires_at AT TIME ZONE 'Europe/Rome')::time(0)");
    assert_eq!(expires, "23:59:59");
    // The provider still says "Anna Rossi".
    let page = again.get(AT).await;
    assert_eq!(page.attribute("#name", "value"), "Anna R.");
    // Nothing chosen: the merchant's.
    let saved = again.submit(&page, AT, &[("time_zone", "")], "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    assert_eq!(app.count("users WHERE time_zone IS NOT NULL"), 0);
}

#[actix_web::test]
async fn sec_06_an_address_changes_when_both_addresses_have_confirmed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (old, new) = asked(&app, &mut anna).await;
    let page = anna.get(AT).await;
    assert_eq!(
        (page.text("#address-now"), page.text("#address-new")),
        (OLD.into(), NEW_ADDRESS.into())
    );
    assert_eq!(page.texts("#address .status"), ["Not confirmed yet", "Not confirmed yet"]);
    // Looking is not confirming: scanners look.
    for path in [&old, &new] {
        assert_eq!(app.browser().get(path).await.status, StatusCode::OK);
    }
    assert_eq!(
        app.count("email_changes WHERE old_confirmed_at IS NULL AND new_confirmed_at IS NULL"),
        1
    );
    let half = presses(&app, &new, "").await;
    assert_eq!((half.status, half.text("h1")), (StatusCode::OK, "Confirmed".to_owned()));
    assert_eq!(address(&app), OLD, "one alone changes nothing");
    let missing = anna.get(AT).await.texts("#address .status");
    assert_eq!(missing, ["Not confirmed yet", "Confirmed"]);
    // A link is good once: pressed again it tells what is missing, and whose change it is no more.
    let again = app.browser().post(&new, &[]).await;
    assert_eq!((again.status, again.text("h1")), (StatusCode::OK, "Confirmed".to_owned()));
    assert!(!again.has("form") && !again.body.contains("Anna"), "{}", again.text("main"));
    assert_eq!(address(&app), OLD, "one side twice is one side");
    let done = presses(&app, &old, "").await;
    assert_eq!(done.text("h1"), "Your address has changed");
    assert_eq!(address(&app), NEW_ADDRESS);
    for path in [&old, &new] {
        let page = app.browser().get(path).await;
        assert!(!page.has("form") && !page.body.contains("Anna"), "{}", page.text("main"));
    }
    // The old address hears of it, with what to do about it; it gets no link.
    let told = app.mailbox.wait_for(OLD, 2).await[0].clone();
    assert_eq!(told.subject, "Your email address has changed");
    let text = told.text.unwrap();
    assert!(text.contains(NEW_ADDRESS) && text.contains("at once"), "{text}");
    assert!(!text.contains("/email-changes/"), "{text}");
    // What is told from now on goes to the new one.
    anna.opens_ticket(&[("subject", "After the change")], &[]).await;
    let mut tom = app.sign_in(TOM).await;
    let ticket = tom.get("/support/tickets").await.attribute("tbody .main-link", "href");
    assert_eq!(tom.says(&ticket, "Yes.", "answer").await.status, StatusCode::SEE_OTHER);
    let answer = app.mailbox.wait_for(NEW_ADDRESS, 2).await[0].clone();
    assert!(answer.subject.contains("After the change"), "{}", answer.subject);
    let told =
        app.texts("SELECT action FROM audit_log WHERE action LIKE 'user.email%' ORDER BY at, id");
    let expected =
        ["user.email.ask", "user.email.change", "user.email.confirm", "user.email.confirm"];
    assert_eq!(told, expected);
    // A new sign-in with the provider's old word leaves it.
    let mut again = app.sign_in(ANNA).await;
    assert_eq!(again.get(AT).await.text("#address-now"), NEW_ADDRESS);
    assert_eq!(address(&app), NEW_ADDRESS);
}

#[actix_web::test]
async fn sec_06_the_old_address_can_say_no_and_so_can_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (old, new) = asked(&app, &mut anna).await;
    presses(&app, &new, "").await;
    let mut stranger = app.browser();
    let token = new.rsplit('/').next().unwrap();
    let by_new = stranger.post(&format!("/email-changes/{token}/cancellation"), &[]).await;
    assert_eq!(by_new.text("h1"), "Confirmed", "the new one has no say");
    assert_eq!(app.count("email_changes WHERE ended_at IS NULL"), 1);
    let ended = presses(&app, &old, "/cancellation").await;
    assert_eq!(ended.text("h1"), "The address stays");
    for path in [&old, &new] {
        assert_eq!(app.browser().post(path, &[]).await.text("h1"), "The address stays");
    }
    assert_eq!(address(&app), OLD);

    asks(&mut anna, NEW_ADDRESS).await;
    let (old, new) = (link(&app, OLD, 2).await, link(&app, NEW_ADDRESS, 2).await);
    let page = anna.get(AT).await;
    let ended = anna.submit(&page, "/settings/profile/email/cancellation", &[], "").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    for path in [old, new] {
        assert_eq!(app.browser().post(&path, &[]).await.text("h1"), "The address stays");
    }
    assert_eq!(address(&app), OLD);
    assert_eq!(app.count("email_changes WHERE end_reason = 'cancelled'"), 2);
    assert_eq!(app.count("audit_log WHERE action = 'user.email.cancel'"), 2);
}

#[actix_web::test]
async fn sec_06_links_end_after_a_day_and_with_a_newer_question() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (old, new) = asked(&app, &mut anna).await;
    asks(&mut anna, "another@new.example").await;
    let second = link(&app, "another@new.example", 1).await;
    for path in [&old, &new] {
        assert_eq!(app.browser().post(path, &[]).await.status, StatusCode::GONE, "replaced");
    }
    presses(&app, &second, "").await;
    let old = link(&app, OLD, 2).await;
    app.change("UPDATE email_changes SET created_at = created_at - interval '24 hours', expires_at = expires_at - interval '24 hours'");
    for path in [&old, &second] {
        let late = app.browser().get(path).await;
        assert_eq!((late.status, late.has("form")), (StatusCode::GONE, false));
        assert!(late.has("a[href='/settings/profile']"), "{}", late.text("main"));
        assert_eq!(app.browser().post(path, &[]).await.status, StatusCode::GONE, "late");
    }
    let unknown = app.browser().get("/email-changes/nonsense").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.has("a[href='/settings/profile']"), "{}", unknown.text("main"));
    assert_eq!(address(&app), OLD);
    assert!(!anna.get(AT).await.has("#address form[action$=cancellation]"));
    // No token stands in the database once its mail has left, and none in the clear.
    app.mails_settle().await;
    assert_eq!(
        app.count(
            "email_changes WHERE old_token_encrypted IS NOT NULL OR new_token_encrypted IS NOT NULL"
        ),
        0
    );
    let token = second.rsplit('/').next().unwrap();
    assert_eq!(app.count(&format!("email_changes WHERE new_token_hash = sha256('{token}')")), 1);
}

#[actix_web::test]
async fn sec_06_an_address_that_somebody_has_is_answered_as_any_other() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let free = asks(&mut anna, "nobody@new.example").await;
    let free = anna.follow(free).await.text(".flash");
    let taken = asks(&mut anna, "bruno@example.com").await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    let taken = anna.follow(taken).await.text(".flash");
    assert_eq!(free.replace("nobody@new.example", "x"), taken.replace("bruno@example.com", "x"));
    // Who does not read it gets no further, and learns nothing.
    let (old, new) = (link(&app, OLD, 2).await, link(&app, "bruno@example.com", 1).await);
    assert_eq!(presses(&app, &old, "").await.text("h1"), "Confirmed");
    assert_eq!(address(&app), OLD);
    // Who does, learns it; no address becomes two people's.
    let taken = presses(&app, &new, "").await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.text("main").contains("Another account"), "{}", taken.text("main"));
    assert_eq!(address(&app), OLD);
    assert_eq!(app.count("email_changes WHERE end_reason = 'taken'"), 1);

    for bad in ["", "nonsense", " ANNA@example.com "] {
        let refused = asks(&mut anna, bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.has("#email-e"), "{bad}");
    }
    for place in 0..3 {
        let done = asks(&mut anna, &format!("a{place}@new.example")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{place}");
    }
    let refused = asks(&mut anna, "a9@new.example").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "five a day");
}

#[actix_web::test]
async fn sec_06_an_address_is_changed_only_with_a_fresh_proof_and_by_everybody_alike() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(AT).await;
    app.change("UPDATE sessions SET authenticated_at = now() - interval '6 minutes'");
    let away = anna.submit(&page, EMAIL, &[("email", NEW_ADDRESS)], "").await;
    assert!(away.location().unwrap().contains("fresh=1"), "{:?}", away.location());
    assert_eq!(app.count("email_changes"), 0);
    // Support works for no merchant: its mails are nobody's.
    let mut tom = app.sign_in(TOM).await;
    let done = asks(&mut tom, "tom@new.example").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    let (old, new) =
        (link(&app, "tom@example.com", 1).await, link(&app, "tom@new.example", 1).await);
    presses(&app, &old, "").await;
    presses(&app, &new, "").await;
    assert_eq!(app.text("SELECT email FROM users WHERE subject = 'tom'"), "tom@new.example");
}

#[actix_web::test]
async fn sec_06_both_sides_and_two_users_at_once_come_to_one_end() {
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let (old, new) = asked(&app, &mut anna).await;
    asks(&mut tom, NEW_ADDRESS).await;
    let (toms_old, toms_new) =
        (link(&app, "tom@example.com", 1).await, link(&app, NEW_ADDRESS, 2).await);
    presses(&app, &toms_old, "").await;
    let (mut one, mut two, mut three) = (app.browser(), app.browser(), app.browser());
    tokio::join!(one.post(&old, &[]), two.post(&new, &[]), three.post(&toms_new, &[]));
    let ends =
        app.texts("SELECT coalesce(end_reason, 'open') FROM email_changes ORDER BY end_reason");
    assert_eq!(ends, ["done", "taken"]);
    assert_eq!(app.count(&format!("users WHERE email = '{NEW_ADDRESS}'")), 1);
    assert_eq!(app.count("audit_log WHERE action = 'user.email.confirm'"), 4);
    assert_eq!(app.count("audit_log WHERE action = 'user.email.change'"), 1);
}
