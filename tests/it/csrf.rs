//! A form of ours comes from a page of ours.

use central::web::CSRF_EXEMPT;
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const SAME: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

/// A harmless write that needs a token: a form without its fields, which answers 400.
async fn post(browser: &mut Browser, headers: &[(&str, &str)], body: &str) -> StatusCode {
    browser.request(Method::POST, LIST, headers, body).await.status
}

#[actix_web::test]
async fn sec_05_each_proof_of_origin_is_asked_for_in_turn_and_the_first_failure_refuses() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let token = form_token(&mut anna).await;
    let body = format!("_csrf={token}");
    let ours = ("Origin", app.base.as_str());

    // What the browser says about the page that sends.
    assert_eq!(post(&mut anna, &[FORM, SAME], &body).await, StatusCode::BAD_REQUEST, "all is well");
    for site in ["cross-site", "same-site", "none", "Same-Origin", ""] {
        let headers = [FORM, ("Sec-Fetch-Site", site), ours];
        assert_eq!(post(&mut anna, &headers, &body).await, StatusCode::FORBIDDEN, "{site:?}");
    }
    let headers = [FORM, SAME, ("Origin", "https://evil.example")];
    assert_eq!(
        post(&mut anna, &headers, &body).await,
        StatusCode::BAD_REQUEST,
        "the first decides"
    );

    // Else its origin.
    assert_eq!(post(&mut anna, &[FORM, ours], &body).await, StatusCode::BAD_REQUEST);
    let longer = format!("{}.evil.example", app.base);
    for origin in ["null", "https://evil.example", longer.as_str(), ""] {
        let headers = [FORM, ("Origin", origin)];
        assert_eq!(post(&mut anna, &headers, &body).await, StatusCode::FORBIDDEN, "{origin:?}");
    }

    // Neither.
    assert_eq!(post(&mut anna, &[FORM], &body).await, StatusCode::FORBIDDEN);

    // The body's type, after the origin and before the token.
    for kind in ["text/plain", "application/xml", ""] {
        let headers = [("Content-Type", kind), SAME];
        let status = post(&mut anna, &headers, "").await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}");
        let headers = [("Content-Type", kind), ("Sec-Fetch-Site", "cross-site")];
        assert_eq!(post(&mut anna, &headers, &body).await, StatusCode::FORBIDDEN, "{kind:?}");
    }

    // The token, in the form or in the header.
    for bad in ["", "_csrf=", "_csrf=AAAA", &format!("_csrf={}", "A".repeat(token.len()))] {
        assert_eq!(post(&mut anna, &[FORM, SAME], bad).await, StatusCode::FORBIDDEN, "{bad:?}");
    }
    let in_header = [FORM, SAME, ("X-CSRF-Token", token.as_str())];
    assert_eq!(post(&mut anna, &in_header, "").await, StatusCode::BAD_REQUEST);
    let mut swapped = token.clone();
    swapped.replace_range(0..1, if token.starts_with('A') { "B" } else { "A" });
    let status = post(&mut anna, &[FORM, SAME], &format!("_csrf={swapped}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "one character differs");

    // Other methods that write are no way around it.
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let page = anna.request(method.clone(), LIST, &[FORM], &body).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{method}");
    }
}

#[actix_web::test]
async fn sec_05_a_token_belongs_to_one_session_and_looks_different_on_each_page() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut bruno = app.sign_in(BRUNO).await;
    let (one, two) = (form_token(&mut anna).await, form_token(&mut anna).await);
    assert_ne!(one, two);
    for token in [&one, &two] {
        let status = post(&mut anna, &[FORM, SAME], &format!("_csrf={token}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let status = post(&mut bruno, &[FORM, SAME], &format!("_csrf={token}")).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    let mut again = app.sign_in(ANNA).await;
    let status = post(&mut again, &[FORM, SAME], &format!("_csrf={one}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "another session of the same user");
}

#[actix_web::test]
async fn sec_05_six_addresses_and_the_api_are_exempt_and_no_more() {
    assert_eq!(
        CSRF_EXEMPT,
        [
            "/gateway/connect2pay/callback",
            "/pay/{token}/return",
            "/pay/{token}/reminders",
            "/unsubscribe/{token}",
            "/sign-in/back-channel-logout",
            "/csp-report"
        ]
    );
    let routes = central::server::routes();
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    for route in routes.listing().iter().filter(|route| route.method.as_str() == "POST") {
        let path = route.path.replace("{token}", &"x".repeat(32)).replace("{id}", "1");
        let page = nobody.request(Method::POST, &path, &[FORM], "").await;
        let is_exempt = CSRF_EXEMPT.contains(&route.path) || route.path.starts_with("/api/");
        assert_eq!(page.status != StatusCode::FORBIDDEN, is_exempt, "{path}: {}", page.status);
    }
    for exempt in CSRF_EXEMPT {
        assert!(routes.listing().iter().any(|route| route.path == exempt), "{exempt}");
    }
}

#[actix_web::test]
async fn sec_05_forms_without_a_session_still_have_to_come_from_us() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let pay = format!("/pay/{}", "x".repeat(32));
    for path in ["/sign-in", "/display", "/invitations/unknown", pay.as_str()] {
        for headers in [
            [FORM, ("Sec-Fetch-Site", "cross-site")],
            [FORM, ("Origin", "https://evil.example")],
            [FORM, ("Origin", "null")],
        ] {
            let page = nobody.request(Method::POST, path, &headers, "").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        }
        let page = nobody.request(Method::POST, path, &[FORM, SAME], "").await;
        assert_ne!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
}
