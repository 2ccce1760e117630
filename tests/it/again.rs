//! Signing in again in the middle of something: nothing that was typed is lost, nothing is sent by
//! itself, and nobody else comes in.

use central::auth::logout;
use central::auth::provider::Logout;
use central::auth::session::{NewSession, PostgresSessions};
use central::db::Tenants;
use futures_util::future::join_all;
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

/// The provider's access token has run out; the user is there and has not been signed in for long.
fn token_runs_out(app: &TestApp) {
    app.change("UPDATE sessions SET expires_at = now()");
}

/// Follows redirects through the product and the provider, which knows the user.
async fn through_the_provider(browser: &mut Browser, page: Page) -> Page {
    let location = page.location().expect("a redirect");
    assert!(location.starts_with("/sign-in/again?"), "{location}");
    browser.follow(page).await
}

#[actix_web::test]
async fn sec_04_when_the_access_token_ends_the_user_comes_back_to_the_same_page_without_a_click() {
    let app = TestApp::start().await;
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.first).await;
    let cookie = bruno.cookie("__Host-sid");
    token_runs_out(&app);
    let page = bruno.get("/processing/email-payments?q=CB&group=past").await;
    let page = through_the_provider(&mut bruno, page).await;
    assert_eq!(page.url, format!("{}/processing/email-payments?q=CB&group=past", app.base));
    assert_eq!(page.status, StatusCode::OK);
    assert_ne!(bruno.cookie("__Host-sid"), cookie, "a new session");
    assert!(page.body.contains("Ceramiche Bellini"), "still at work for the same merchant");
    assert_eq!(app.count("sessions WHERE ended_at IS NULL"), 1, "the one before is over");
}

#[actix_web::test]
async fn sec_04_who_was_idle_or_has_signed_out_or_was_locked_out_meets_the_button() {
    let app = TestApp::start().await;
    for change in [
        "UPDATE sessions SET last_used_at = now() - interval '16 minutes'",
        "UPDATE sessions SET expires_at = now(), last_used_at = now() - interval '16 minutes'",
        "UPDATE sessions SET began_at = now() - interval '8 hours', expires_at = now()",
        "UPDATE sessions SET expires_at = now() - interval '61 minutes'",
        "UPDATE sessions SET expires_at = now(), ended_at = now()",
    ] {
        let mut anna = app.sign_in(ANNA).await;
        app.change(change);
        let page = anna.get("/processing/email-payments").await;
        let location = page.location().unwrap();
        assert!(location.starts_with("/sign-in?return_to="), "{change}: {location}");
        let again = anna.get("/sign-in/again?return_to=%2F").await;
        assert!(again.location().unwrap().starts_with("/sign-in?return_to="), "{change}");
    }
}

#[actix_web::test]
async fn sec_04_a_script_that_asks_is_not_sent_through_the_provider() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    token_runs_out(&app);
    let headers = [("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Site", "same-origin")];
    let page = anna.request(Method::GET, LIST, &headers, "").await;
    assert!(page.location().unwrap().starts_with("/sign-in?return_to="));
}

#[actix_web::test]
async fn sec_06_only_the_same_user_comes_back_from_a_trip_that_nobody_asked_for() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    // At the provider somebody else has signed in with this browser meanwhile.
    let away = anna.post("/sign-in", &[]).await;
    let accounts = anna.get(&away.location().unwrap()).await;
    anna.choose(&accounts, CARLA).await;
    token_runs_out(&app);
    let page = anna.get(LIST).await;
    let page = through_the_provider(&mut anna, page).await;
    let page = if page.status == StatusCode::OK {
        let back = anna.choose(&page, CARLA).await;
        anna.follow(back).await
    } else {
        page
    };
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "This is not the account that was signed in");
    assert_eq!(app.count("sessions WHERE expires_at > now() AND ended_at IS NULL"), 0);
    let reason = "audit_log WHERE NOT is_done AND after->>'reason' = 'another user than before'";
    assert_eq!(app.count(reason), 1);
}

#[actix_web::test]
async fn sec_04_a_form_that_was_late_comes_back_as_it_was_typed_and_is_not_sent_by_itself() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    token_runs_out(&app);
    let typed = [
        ("customer_email", "maria.conti@example.it"),
        ("amount", "1 234,5x"),
        ("description", "Due piatti, \"bianco & blu\" <b>"),
    ];
    let late = anna.submit(&form, LIST, &typed, "action=send").await;
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    let page = through_the_provider(&mut anna, late).await;
    assert!(page.url.starts_with(&format!("{}{NEW}?kept=", app.base)), "{}", page.url);
    assert!(page.text("[role=status]").contains("Nothing has been done yet"));
    let back = page.form(LIST);
    for (name, value) in typed {
        assert!(back.contains(&(name.to_owned(), value.to_owned())), "{name}: {back:?}");
    }
    assert_eq!(app.count("email_payments"), 0);

    // Encrypted where it lies, for this user alone, for ten minutes.
    assert_eq!(app.count("kept_forms"), 1);
    let in_plain = "kept_forms WHERE position('conti'::bytea IN body_encrypted) > 0";
    assert_eq!(app.count(in_plain), 0);
    let kept = page.url.clone();
    let theirs = app.sign_in(CARLA).await.get(&kept).await;
    assert_eq!(theirs.status, StatusCode::OK);
    assert!(!theirs.body.contains("conti"));
    app.change("UPDATE kept_forms SET created_at = now() - interval '11 minutes'");
    assert!(!anna.get(&kept).await.body.contains("conti"));

    // Mended and sent by hand.
    let sent = anna.submit(&page, LIST, &[("amount", "1234.50")], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text("main"));
    assert_eq!(app.count("email_payments WHERE amount_minor = 123450"), 1);
}

#[actix_web::test]
async fn sec_04_each_form_gets_back_what_was_typed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let draft = anna.creates_email_payment(&[], "draft").await;
    let sent = anna.creates_email_payment(&[], "send").await;
    for (page, field, value, button) in [
        (format!("{draft}/edit"), "description", "Half typed", "action=draft"),
        (format!("{sent}/cancellation"), "reason", "Half typed", ""),
    ] {
        let form = anna.get(&page).await;
        token_runs_out(&app);
        let late = anna.submit(&form, &page, &[(field, value)], button).await;
        let back = through_the_provider(&mut anna, late).await;
        assert!(back.url.starts_with(&format!("{}{page}?kept=", app.base)), "{}", back.url);
        assert!(back.form(&page).contains(&(field.to_owned(), value.to_owned())), "{page}");
    }
}

#[actix_web::test]
async fn sec_04_what_was_typed_beside_a_file_comes_back_without_the_file() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let ticket = anna.opens_ticket(&[], &[]).await;
    let new = format!("{TICKETS}/new");
    for (page, action) in [(&new, TICKETS), (&ticket, &format!("{ticket}/messages"))] {
        let form = anna.get(page).await;
        token_runs_out(&app);
        let typed = [("text", "Half\r\ntyped <b>"), ("act", "answer")];
        let typed = if *page == new { &typed[..1] } else { &typed[..] };
        let files: [(&str, &[u8]); 1] = [("log.txt", b"what it said")];
        let late = anna.submit_parts(&form, action, typed, &files).await;
        let back = through_the_provider(&mut anna, late).await;
        assert!(back.url.starts_with(&format!("{}{page}?kept=", app.base)), "{}", back.url);
        assert!(back.body.contains("typed &#60;b&#62;"), "{}", back.text("main"));
    }
    assert_eq!((app.count("ticket_messages"), app.count("ticket_files")), (1, 0));
}

#[actix_web::test]
async fn sec_04_the_form_of_who_was_idle_waits_behind_the_button() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    app.change("UPDATE sessions SET last_used_at = now() - interval '16 minutes'");
    let late = anna.submit(&form, LIST, &[("description", "Half typed")], "action=send").await;
    let button = anna.follow(late).await;
    assert_eq!(button.text("h1"), "Your session has run out");
    let away = anna.submit(&button, "/sign-in", &[], "").await;
    let accounts = anna.get(&away.location().unwrap()).await;
    let back = anna.choose(&accounts, ANNA).await;
    let page = anna.follow(back).await;
    assert!(page.form(LIST).contains(&("description".to_owned(), "Half typed".to_owned())));
}

#[actix_web::test]
async fn sec_05_a_late_form_of_another_site_is_not_kept() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let token = form_token(&mut app.sign_in(ANNA).await).await;
    token_runs_out(&app);
    for token in ["", "AAAA", token.as_str()] {
        let fields = [("_csrf", token), ("description", "x")];
        let page = anna.post(LIST, &fields).await;
        assert!(page.location().unwrap().starts_with("/sign-in?return_to=%2F"));
    }
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let cross = [form[0], ("Sec-Fetch-Site", "cross-site")];
    let page = anna.request(Method::POST, LIST, &cross, "_csrf=x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(app.count("kept_forms"), 0);
}

#[actix_web::test]
async fn sec_04_five_forms_are_kept_of_one_user_and_swept_in_the_end() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    token_runs_out(&app);
    for number in 0..7 {
        let typed = [("description", format!("number {number}"))];
        let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let late = anna.submit(&form, LIST, &typed, "action=send").await;
        assert_eq!(late.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(app.count("kept_forms"), 5);
    app.change("UPDATE kept_forms SET created_at = now() - interval '11 minutes'");
    let swept = app.jobs_db().run(Tenants::none(), central::sign_in::sweep).await.unwrap();
    assert_eq!((swept, app.count("kept_forms")), (5, 0));
}

/// A thousand sign-ins and the provider's logout of each, begun at the same moment in either order,
/// with requests in flight: whatever comes first, no session lives on.
#[actix_web::test]
async fn sec_10_of_a_thousand_logouts_that_race_with_sign_ins_and_requests_none_leaves_a_session() {
    use actix_session::storage::{SessionKey, SessionStore as _};

    let app = TestApp::start().await;
    let (db, issuer) = (app.db(), app.config.oidc.issuer.clone());
    let store = PostgresSessions::new(db.clone(), app.config.keys.clone());
    let user_id = app.text("SELECT id FROM users WHERE subject = 'anna'").parse().unwrap();
    let ttl = actix_web::cookie::time::Duration::hours(1);
    let mut refused = 0;
    for batch in 0..100 {
        let races = (0..10).map(|number| {
            let sid = format!("sid-{batch}-{number}");
            let new = NewSession {
                user_id,
                subject: ANNA.to_owned(),
                id_token: "x".to_owned(),
                provider_session: Some(sid.clone()),
                issued_at: app.clock.now(),
                authenticated_at: None,
                began_at: None,
                access_expires_at: app.clock.now() + chrono::Duration::hours(1),
                device: String::new(),
                network: String::new(),
            };
            let state = [("sign_in".to_owned(), serde_json::to_string(&new).unwrap())];
            let (writes, reads) = (store.clone(), store.clone());
            let sign_in = async move {
                let store = writes;
                let key = store.save(state.into(), &ttl).await.ok()?;
                // A request that is in flight writes the session back.
                let copy = SessionKey::try_from(key.as_ref().to_owned()).unwrap();
                let flash = [("flash".to_owned(), "1".to_owned())];
                let _ = store.update(copy, flash.into(), &ttl).await;
                Some(key)
            };
            // Every third names the user as well; one in ten the user alone.
            let logout = Logout {
                jti: format!("jti-{batch}-{number}"),
                subject: (number % 3 == 0).then(|| ANNA.to_owned()),
                provider_session: (number != 9).then_some(sid),
            };
            let (db, issuer) = (db.clone(), issuer.clone());
            let end = async move {
                db.run(Tenants::none(), move |conn| logout::end_sessions(conn, &issuer, &logout))
                    .await
                    .unwrap()
            };
            async move {
                let (key, ended) = if number % 2 == 0 {
                    tokio::join!(sign_in, end)
                } else {
                    let (ended, key) = tokio::join!(end, sign_in);
                    (key, ended)
                };
                assert!(ended.is_some(), "the token was new");
                if let Some(key) = &key {
                    assert!(reads.load(key).await.unwrap().is_none(), "alive after its logout");
                }
                key.is_none()
            }
        });
        refused += join_all(races).await.into_iter().filter(|is_refused| *is_refused).count();
    }
    assert_eq!(app.count("sessions WHERE ended_at IS NULL"), 0);
    assert!(0 < refused && refused < 1000, "both orders were met: {refused} came too late");
}

#[actix_web::test]
async fn sec_04_where_the_provider_no_longer_knows_the_user_its_page_asks_and_the_way_back_stays() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.idp.forget_sessions();
    token_runs_out(&app);
    let page = anna.get("/processing/email-payments?q=CB").await;
    let accounts = through_the_provider(&mut anna, page).await;
    assert_eq!(accounts.text("h1"), "Who do you want to be?");
    let back = anna.choose(&accounts, ANNA).await;
    let page = anna.follow(back).await;
    assert_eq!(page.url, format!("{}/processing/email-payments?q=CB", app.base));
    assert_eq!(app.count("audit_log WHERE NOT is_done"), 0, "nothing was refused");
}

#[actix_web::test]
async fn sec_04_eight_hours_are_eight_hours_however_often_the_provider_answered_without_a_click() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("UPDATE sessions SET began_at = now() - interval '7 hours 30 minutes'");
    token_runs_out(&app);
    let page = anna.get(LIST).await;
    let page = through_the_provider(&mut anna, page).await;
    assert_eq!(page.status, StatusCode::OK);
    let rest = "sessions WHERE ended_at IS NULL
        AND expires_at BETWEEN now() + interval '29 minutes' AND now() + interval '30 minutes'";
    assert_eq!(app.count(rest), 1, "half an hour is left");
    app.change("UPDATE sessions SET began_at = now() - interval '8 hours', expires_at = now()");
    let page = anna.get(LIST).await;
    assert!(page.location().unwrap().starts_with("/sign-in?return_to="), "the button");
    let mut anna = app.sign_in(ANNA).await;
    let fresh = "sessions WHERE ended_at IS NULL AND began_at > now() - interval '1 minute'";
    assert_eq!(app.count(fresh), 1, "who signs in by themselves begins anew");
    assert_eq!(anna.get(LIST).await.status, StatusCode::OK);
}
