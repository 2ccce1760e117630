//! Signing in and out.

use std::collections::HashMap;

use actix_session::storage::{SessionKey, SessionStore as _};
use central::auth::session::{NewSession, PostgresSessions};
use central::sandbox::idp::IdTokenFault;
use diesel::prelude::*;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const SESSION: &str = "__Host-sid";

/// Whether the product knows who uses this browser.
async fn is_signed_in(browser: &mut Browser) -> bool {
    let page = browser.get("/display").await;
    assert_eq!(page.status, StatusCode::OK);
    let home = browser.get("/").await;
    match home.location() {
        Some(location) => !location.starts_with("/sign-in"),
        None => home.status == StatusCode::OK,
    }
}

/// The address that the provider sends the browser back to.
async fn callback_of(browser: &mut Browser, person: &str) -> String {
    let page = browser.start_sign_in().await;
    browser.choose(&page, person).await.location().expect("the way back")
}

/// Refused sign-ins that the audit knows.
fn refusals(app: &TestApp) -> i64 {
    app.count("audit_log WHERE action = 'sign_in' AND NOT is_done AND origin IS NOT NULL")
}

fn assert_refused(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(page.text("h1"), "Signing in did not work", "{what}");
}

#[actix_web::test]
async fn sec_06_a_user_signs_in_through_the_provider_and_comes_back_to_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let away = anna.get("/processing/email-payments?q=CB").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let sign_in = anna.follow(away).await;
    assert_eq!(sign_in.text("h1"), "Sign in");
    let provider = anna.submit(&sign_in, "/sign-in", &[], "").await;
    let accounts = anna.get(&provider.location().unwrap()).await;
    let back = anna.choose(&accounts, ANNA).await;
    let page = anna.follow(back).await;
    assert_eq!(page.url, app.base.clone() + "/processing/email-payments?q=CB");
    assert_eq!(page.text("h1"), "Email payments");
}

#[actix_web::test]
async fn sec_06_staff_need_a_second_factor_where_the_settings_ask_for_one() {
    let app = TestApp::start_with(&[("OIDC_STAFF_ACR", "mfa")]).await;
    app.idp.spoil(IdTokenFault::NoSecondFactor);
    let mut sofia = app.browser();
    let page = sofia.sign_in(SOFIA).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "Your account needs a second factor");
    assert_eq!(sofia.cookie(SESSION), None);
    assert_eq!(refusals(&app), 1);
    assert_eq!(app.count("audit_log WHERE action = 'sign_in' AND is_done"), 0);
    assert!(is_signed_in(&mut app.sign_in(ANNA).await).await, "merchants' users need none");
    app.idp.mend();
    assert!(is_signed_in(&mut app.sign_in(SOFIA).await).await);
}

#[actix_web::test]
async fn sec_06_a_callback_works_once_in_the_browser_that_began_and_with_its_own_state() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let callback = callback_of(&mut anna, ANNA).await;
    let before = anna.clone();

    let mut other = app.browser();
    assert_refused(&other.get(&callback).await, "another browser");
    let mut third = app.browser();
    third.start_sign_in().await;
    assert_refused(&third.get(&callback).await, "the state of another sign-in");

    assert_eq!(anna.get(&callback).await.status, StatusCode::SEE_OTHER);
    assert_refused(&before.clone().get(&callback).await, "a replay with the cookie");
    assert_refused(&anna.get(&callback).await, "a replay");

    let mut again = app.browser();
    let fresh = callback_of(&mut again, ANNA).await;
    let twice = format!("{fresh}&state=of-somebody-else");
    assert_refused(&again.get(&twice).await, "a parameter given twice");
    assert_eq!(refusals(&app), 5);
    assert_eq!(app.count("sessions"), 1);
}

#[actix_web::test]
async fn sec_06_a_wrong_state_or_issuer_burns_the_sign_in() {
    let app = TestApp::start().await;
    for (name, wrong) in [
        ("state", "another"),
        ("state", ""),
        ("iss", "https://other.example"),
        ("iss", ""),
        ("code", ""),
    ] {
        let mut browser = app.browser();
        let good = callback_of(&mut browser, ANNA).await;
        let mut bad = url::Url::parse(&good).unwrap();
        let pairs: Vec<(String, String)> = bad.query_pairs().into_owned().collect();
        bad.query_pairs_mut().clear().extend_pairs(pairs.into_iter().map(|(known, value)| {
            let value = if known == name { wrong.to_owned() } else { value };
            (known, value)
        }));
        assert_refused(&browser.get(bad.as_str()).await, &format!("{name}={wrong}"));
        assert_refused(&browser.get(&good).await, "the right one afterwards");
        assert!(!is_signed_in(&mut browser).await);
    }
}

#[actix_web::test]
async fn sec_06_a_code_is_good_for_one_sign_in_only() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let first = callback_of(&mut anna, ANNA).await;
    let code = found("code=([^&]+)", &first).remove(0);
    let mut thief = app.browser();
    let second = callback_of(&mut thief, CARLA).await;
    let own = found("code=([^&]+)", &second).remove(0);
    // The code of one sign-in under the PKCE verifier of another, then once more in its own.
    assert_refused(&thief.get(&second.replace(&own, &code)).await, "another's code");
    assert_refused(&anna.get(&first).await, "a code that was spent");
    assert_eq!(app.count("sessions"), 0);
    assert_eq!(refusals(&app), 2);
}

#[actix_web::test]
async fn sec_06_a_sign_in_that_took_more_than_ten_minutes_is_over() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let callback = callback_of(&mut anna, ANNA).await;
    app.change("UPDATE sign_in_transactions SET created_at = now() - interval '11 minutes'");
    assert_refused(&anna.get(&callback).await, "eleven minutes");
}

#[actix_web::test]
async fn sec_06_only_our_own_paths_are_returned_to() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let encoded = |path: &str| serde_urlencoded::to_string([("return_to", path)]).unwrap();
    for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil", "pay"] {
        let page = anna.get(&format!("/sign-in?{}", encoded(bad))).await;
        assert_eq!(page.attribute("input[name=return_to]", "value"), "/", "{bad:?}");
    }
    for (wanted, expected) in [
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/sign-in/callback", "/"),
        ("/merchants/choose?a=1", "/merchants/choose?a=1"),
    ] {
        let mut browser = app.browser();
        let away = browser.post("/sign-in", &[("return_to", wanted)]).await;
        let accounts = browser.get(&away.location().unwrap()).await;
        let callback = browser.choose(&accounts, ANNA).await.location().unwrap();
        let back = browser.get(&callback).await;
        assert_eq!(back.location().as_deref(), Some(expected), "{wanted}");
    }
}

#[actix_web::test]
async fn sec_06_whoever_the_product_does_not_know_gets_no_account() {
    let app = TestApp::start().await;
    let users = app.count("users");
    let mut stranger = app.browser();
    let page = stranger.sign_in(NOBODY).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "You have no access yet");
    assert!(!is_signed_in(&mut stranger).await);
    assert_eq!(app.count("users"), users);
    assert_eq!(refusals(&app), 1);
    app.change("UPDATE users SET email = 'nobody@example.com' WHERE subject = 'anna'");
    let page = stranger.sign_in(NOBODY).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "an address opens nothing");
    app.change("UPDATE users SET is_active = false WHERE subject = 'aldo'");
    assert_eq!(app.browser().sign_in(ALDO).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn sec_08_while_the_provider_is_down_customers_can_pay_and_the_sign_in_says_so() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let detail = anna.creates_email_payment(&[], "send").await;
    app.mailbox.wait_for("customer@example.it", 1).await;
    let link = anna.get(&detail).await.attribute("#link", "value");
    let mut carla = app.browser();
    let callback = callback_of(&mut carla, CARLA).await;
    app.idp.set_down(true);

    let page = carla.get(&callback).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.text("h1"), "The identity provider is out of reach");
    let pay = app.browser().get(&link).await;
    assert_eq!(pay.status, StatusCode::SEE_OTHER, "{}", pay.body);
    assert!(is_signed_in(&mut anna).await, "who is in, stays in");

    app.idp.set_down(false);
    assert!(is_signed_in(&mut app.sign_in(CARLA).await).await);
}

#[actix_web::test]
async fn sec_08_a_provider_that_was_never_reached_does_not_keep_the_product_from_starting() {
    let app = TestApp::start().await;
    app.idp.set_down(true);
    let page = app.browser().post("/sign-in", &[]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.text("h1"), "The identity provider is out of reach");
    app.idp.set_down(false);
    // Two seconds in which nobody waits for an answer that has just not come.
    app.clock.advance(chrono::Duration::seconds(3));
    assert!(is_signed_in(&mut app.sign_in(ANNA).await).await);
}

#[actix_web::test]
async fn sec_08_the_provider_may_change_its_key_at_any_time() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    for _ in 0..2 {
        let idp = app.idp.clone();
        tokio::task::spawn_blocking(move || idp.rotate_key()).await.unwrap().unwrap();
        assert!(is_signed_in(&mut app.sign_in(ANNA).await).await);
    }
}

#[actix_web::test]
async fn sec_03_the_session_cookie_is_out_of_reach_and_ends_with_the_browser() {
    let app = TestApp::start().await;
    let mut anna = app.browser();
    let sign_in = anna.get("/sign-in").await;
    let away = anna.submit(&sign_in, "/sign-in", &[], "").await;
    let login = away.header("set-cookie").unwrap();
    let accounts = anna.get(&away.location().unwrap()).await;
    let callback = anna.choose(&accounts, ANNA).await.location().unwrap();
    let back = anna.get(&callback).await;
    let cookies: Vec<&str> =
        back.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-sid=")).unwrap();
    for cookie in [&login, *session] {
        for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(flag), "{flag} is missing in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert!(login.starts_with("__Host-login=") && login.contains("Max-Age=600"), "{login}");
    assert!(!session.contains("Max-Age") && !session.contains("Expires"), "{session}");
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-login=;")), "{cookies:?}");
}

#[actix_web::test]
async fn sec_04_a_new_sign_in_gives_a_new_session_and_ends_the_one_before() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut before = anna.clone();
    let callback = {
        let away = anna.post("/sign-in", &[]).await;
        let accounts = anna.get(&away.location().unwrap()).await;
        anna.choose(&accounts, ANNA).await
    };
    anna.follow(callback).await;
    assert_ne!(anna.cookie(SESSION), before.cookie(SESSION));
    assert!(is_signed_in(&mut anna).await);
    assert!(!is_signed_in(&mut before).await, "the id from before the sign-in is dead");
}

#[actix_web::test]
async fn sec_04_the_sixth_session_of_a_user_ends_the_oldest() {
    let app = TestApp::start().await;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        browsers.push(app.sign_in(ANNA).await);
    }
    let mut alive = Vec::new();
    for browser in &mut browsers {
        alive.push(is_signed_in(browser).await);
    }
    assert_eq!(alive, [false, true, true, true, true, true]);
}

#[actix_web::test]
async fn sec_04_signing_out_ends_the_session_here_and_at_the_provider() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut thief = anna.clone();
    let page = anna.open("/").await;
    let out = anna.submit(&page, "/sign-out", &[], "").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    let location = out.location().unwrap();
    assert!(location.starts_with(&format!("{}/end-session?", app.config.oidc.issuer)));
    for part in ["id_token_hint=", "client_id=central", "post_logout_redirect_uri=", "state="] {
        assert!(location.contains(part), "{part}");
    }
    assert!(out.header("clear-site-data").is_some());
    let end = anna.follow(out).await;
    assert_eq!(end.text("h1"), "You have signed out");
    assert_eq!(anna.cookie(SESSION), None);
    assert!(!is_signed_in(&mut thief).await, "the old cookie is dead");
    assert_eq!(app.count("audit_log WHERE action = 'sign_out' AND is_done"), 1);
}

#[actix_web::test]
async fn sec_04_a_session_ends_after_fifteen_idle_minutes_and_after_eight_hours() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("UPDATE sessions SET last_used_at = now() - interval '14 minutes'");
    assert!(is_signed_in(&mut anna).await);
    assert_eq!(app.count("sessions WHERE last_used_at > now() - interval '1 minute'"), 1);
    app.change("UPDATE sessions SET last_used_at = now() - interval '16 minutes'");
    assert!(!is_signed_in(&mut anna).await);

    let mut anna = app.sign_in(ANNA).await;
    let eight_hours = "sessions WHERE expires_at BETWEEN created_at + interval '7 hours 59 minutes'
                       AND created_at + interval '8 hours'";
    assert_eq!(app.count(eight_hours), 2);
    app.change("UPDATE sessions SET expires_at = now()");
    assert!(!is_signed_in(&mut anna).await);

    app.idp.set_access_token_lifetime(120);
    app.sign_in(ANNA).await;
    let short =
        "sessions WHERE expires_at > now() AND expires_at <= created_at + interval '121 seconds'";
    assert_eq!(app.count(short), 1, "no longer than the provider's token");
}

#[actix_web::test]
async fn sec_04_a_request_in_flight_does_not_revive_a_session_that_has_ended() {
    let app = TestApp::start().await;
    let mut bruno = app.sign_in(BRUNO).await;
    let token = form_token(&mut bruno).await;
    let first = app.world.first.to_string();
    let fields = [("_csrf", token.as_str()), ("merchant", first.as_str())];
    // The session is being ended while the request, which has read it, wants to write it.
    let mut conn = app.look(|_| {
        PgConnection::establish(&cluster().superuser_url(&app.database)).expect("Postgres answers")
    });
    diesel::sql_query("BEGIN").execute(&mut conn).unwrap();
    diesel::sql_query("UPDATE sessions SET ended_at = now()").execute(&mut conn).unwrap();
    let ending = async {
        let waits =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        app.until("the request waits for the session", async || app.count(waits) > 0).await;
        diesel::sql_query("COMMIT").execute(&mut conn).unwrap();
    };
    let (page, ()) = tokio::join!(bruno.post("/merchants/choose", &fields), ending);
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.location().unwrap().starts_with("/sign-in"), "{:?}", page.location());
    assert_eq!(app.count("sessions WHERE ended_at IS NULL"), 0);
    assert!(!is_signed_in(&mut bruno).await);
}

#[actix_web::test]
async fn sec_04_the_store_writes_nothing_into_a_session_that_has_ended() {
    let app = TestApp::start().await;
    let store = PostgresSessions::new(app.db(), app.config.keys.clone());
    let now = app.clock.now();
    let new = NewSession {
        user_id: app.text("SELECT id FROM users WHERE subject = 'anna'").parse().unwrap(),
        subject: ANNA.to_owned(),
        id_token: "x".to_owned(),
        provider_session: None,
        issued_at: now,
        authenticated_at: None,
        began_at: None,
        access_expires_at: now + chrono::Duration::hours(1),
        device: String::new(),
        network: String::new(),
    };
    let new = serde_json::to_string(&new).unwrap();
    let ttl = actix_web::cookie::time::Duration::hours(1);
    let key = store.save(HashMap::from([("sign_in".to_owned(), new)]), &ttl).await.unwrap();
    let copy = |key: &SessionKey| SessionKey::try_from(key.as_ref().to_owned()).unwrap();
    let state = || HashMap::from([("flash".to_owned(), "1".to_owned())]);
    assert!(store.update(copy(&key), state(), &ttl).await.is_ok());
    store.delete(&key).await.unwrap();
    assert!(store.update(copy(&key), state(), &ttl).await.is_err());
    assert!(store.load(&key).await.unwrap().is_none());
    assert_eq!(app.count("sessions"), 1);
}

#[actix_web::test]
async fn sec_04_a_disabled_user_and_a_removed_role_are_refused_from_the_next_request_on() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut aldo = app.sign_in(ALDO).await;
    let mut sofia = app.sign_in(SOFIA).await;
    for browser in [&mut anna, &mut aldo] {
        assert_eq!(browser.get(LIST).await.status, StatusCode::OK);
    }
    app.change("UPDATE users SET is_active = false WHERE subject = 'anna'");
    assert!(!is_signed_in(&mut anna).await);
    app.change(
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE subject = 'aldo')",
    );
    assert_eq!(aldo.get(LIST).await.status, StatusCode::FORBIDDEN);
    assert!(is_signed_in(&mut aldo).await);
    app.change("UPDATE users SET staff_role = 'support' WHERE subject = 'sofia'");
    assert_eq!(sofia.get("/merchants").await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn sec_11_who_works_for_two_merchants_sees_one_at_a_time() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "FOR-BELLINI")], "draft").await;
    let mut bruno = app.sign_in(BRUNO).await;
    let list = bruno.get(LIST).await;
    assert!(!list.body.contains("FOR-BELLINI"));
    let choose = bruno.get("/merchants/choose").await;
    assert_eq!(choose.texts(".pick-button").len(), 2, "{}", choose.body);
    let button = format!("merchant={}", app.world.first);
    let chosen = bruno.submit(&choose, "/merchants/choose", &[], &button).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
    let list = bruno.follow(chosen).await;
    assert!(list.text(".flash").contains("Ceramiche Bellini"), "{}", list.body);
    let list = bruno.get(LIST).await;
    assert!(list.body.contains("FOR-BELLINI"));
    assert_eq!(bruno.get(&format!("{LIST}/new")).await.status, StatusCode::FORBIDDEN);

    let token = form_token(&mut anna).await;
    let second = app.world.second.to_string();
    let fields = [("_csrf", token.as_str()), ("merchant", second.as_str())];
    assert_eq!(anna.post("/merchants/choose", &fields).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn sec_16_the_eleventh_sign_in_of_an_address_in_a_minute_has_to_wait() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for _ in 0..10 {
        assert_eq!(browser.post("/sign-in", &[]).await.status, StatusCode::SEE_OTHER);
    }
    let page = browser.post("/sign-in", &[]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}
