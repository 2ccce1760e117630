//! Pages that ask again by themselves: nothing where nothing has changed, and no use of the session.

use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

async fn poll(browser: &mut Browser, path: &str, mark: &str) -> Page {
    browser.request(Method::GET, path, &[("poll", mark)], "").await
}

#[actix_web::test]
async fn an_open_list_is_told_only_that_something_has_changed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "draft").await;
    for path in [LIST.to_owned(), format!("{LIST}?q=customer"), url.clone()] {
        let page = anna.get(&path).await;
        let mark = page.attribute("[data-live]", "data-live");
        let answer = poll(&mut anna, &path, &mark).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0), "{path}");
        let stale = poll(&mut anna, &path, "0").await;
        assert_eq!(stale.status, StatusCode::OK);
        assert_eq!(stale.attribute("[data-live]", "data-live"), mark);
    }
    let mark = anna.get(LIST).await.attribute("[data-live]", "data-live");
    anna.answers(&url, "cancellation", &[]).await;
    let answer = poll(&mut anna, LIST, &mark).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text("#list").contains("Cancelled"), "{}", answer.text("#list"));
    assert!(!answer.has("main > .flash[role=status]"), "the message is a person's");
    assert!(anna.get(&url).await.has("main > .flash[role=status]"));
    // Another merchant's payments are no matter of this page.
    let mark = anna.get(LIST).await.attribute("[data-live]", "data-live");
    app.sign_in(BRUNO).await.creates_email_payment(&[], "draft").await;
    assert_eq!(poll(&mut anna, LIST, &mark).await.status, StatusCode::NO_CONTENT);
    // A day later "today" is another word.
    app.clock.advance(chrono::Duration::hours(24));
    assert_eq!(poll(&mut anna, LIST, &mark).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn sec_04_a_page_that_asks_by_itself_keeps_nobody_signed_in() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("UPDATE sessions SET last_used_at = now() - interval '14 minutes'");
    let used = || app.text("SELECT date_trunc('second', now() - last_used_at)::text FROM sessions");
    for mark in ["0", ""] {
        assert_eq!(poll(&mut anna, LIST, mark).await.status, StatusCode::OK);
    }
    assert!(used().starts_with("00:14:"), "{}", used());
    anna.get(LIST).await;
    assert!(used().starts_with("00:00:"), "{}", used());
    app.change("UPDATE sessions SET last_used_at = now() - interval '16 minutes'");
    let answer = poll(&mut anna, LIST, "0").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::UNAUTHORIZED, ""));
    assert_eq!(anna.get(LIST).await.status, StatusCode::SEE_OTHER, "a person is sent to sign in");
    assert_eq!(poll(&mut app.browser(), LIST, "0").await.status, StatusCode::UNAUTHORIZED);
}
