//! Signing out: started by us, and told by the provider.

use central::sandbox::idp::{EndSessionFault, LogoutFault, Whose};
use openidconnect::reqwest::{Method, StatusCode};

use super::{difference, is_signed_in};
use crate::support::*;

const BACK_CHANNEL: &str = "/sign-in/back-channel-logout";

/// The plan for sign-outs that we start.
const RP_INITIATED: [(&str, Option<EndSessionFault>); 3] = [
    ("oidcc-client-test-rp-init-logout", None),
    ("oidcc-client-test-rp-init-logout-other-state", Some(EndSessionFault::OtherState)),
    ("oidcc-client-test-rp-init-logout-no-state", Some(EndSessionFault::NoState)),
];

#[actix_web::test]
async fn sec_04_the_rp_initiated_logout_plan() {
    let app = TestApp::start().await;
    for (name, fault) in RP_INITIATED {
        let mut anna = app.sign_in(ANNA).await;
        let home = anna.open("/").await;
        if let Some(fault) = fault {
            app.idp.spoil(fault);
        }
        let out = anna.submit(&home, "/sign-out", &[], "").await;
        let end = anna.follow(out).await;
        // The way back carries nothing that we act on: the session has ended before.
        assert_eq!(end.text("h1"), "You have signed out", "{name}");
        assert!(end.url.starts_with(&format!("{}/signed-out", app.base)), "{name}");
        assert!(!is_signed_in(&mut anna).await, "{name}");
        assert!(app.idp.sessions_of(ANNA).is_empty(), "{name}");
        app.idp.mend();
    }
    let walked: Vec<_> = RP_INITIATED.iter().filter_map(|(_, fault)| *fault).collect();
    assert_eq!(walked, EndSessionFault::ALL);
}

/// The plan for sign-outs that the provider tells about, then what no module asks for: whether the
/// logout token is good.
const BACK_CHANNEL_LOGOUT: [(&str, Option<LogoutFault>, bool); 24] = [
    ("oidcc-client-test-rp-backchannel-rpinitlogout", None, true),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", Some(LogoutFault::AlgNone), false),
    (
        "oidcc-client-test-rp-backchannel-rpinitlogout-no-event",
        Some(LogoutFault::MissingEvents),
        false,
    ),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", Some(LogoutFault::Nonce), false),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", Some(LogoutFault::Hs256), false),
    (
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud",
        Some(LogoutFault::WrongAudience),
        false,
    ),
    (
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event",
        Some(LogoutFault::WrongEvent),
        false,
    ),
    (
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss",
        Some(LogoutFault::WrongIssuer),
        false,
    ),
    ("PS256, which is not ours", Some(LogoutFault::Ps256), false),
    ("the signature is of another text", Some(LogoutFault::BadSignature), false),
    ("the key is not published", Some(LogoutFault::UnknownKid), false),
    ("events is a text", Some(LogoutFault::EventsNotAnObject), false),
    ("the event is no object", Some(LogoutFault::EventNotAnObject), false),
    ("nobody is named", Some(LogoutFault::Nobody), false),
    ("there is no jti", Some(LogoutFault::MissingJti), false),
    ("the token has been used", Some(LogoutFault::ReplayedJti), false),
    ("there is no iat", Some(LogoutFault::MissingIat), false),
    ("the token was issued an hour ago", Some(LogoutFault::IssuedLongAgo), false),
    ("the token was issued in the future", Some(LogoutFault::IssuedInFuture), false),
    ("the token has ended", Some(LogoutFault::Expired), false),
    ("the token is an access token by its type", Some(LogoutFault::WrongType), false),
    // Unless the settings are lenient.
    ("the token has no type", Some(LogoutFault::NoType), false),
    ("the token’s type says little", Some(LogoutFault::JwtType), false),
    ("the token asks for an extension", Some(LogoutFault::Critical), false),
];

#[actix_web::test]
async fn sec_10_the_back_channel_logout_plan() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let session = app.idp.sessions_of(ANNA).remove(0);
    let whose = Whose::Both { subject: ANNA, session: &session };
    for (name, fault, _) in BACK_CHANNEL_LOGOUT.iter().filter(|(.., is_good)| !is_good) {
        if *fault == Some(LogoutFault::ReplayedJti) {
            assert_eq!(send(&app, Whose::Session("of nobody"), None).await.0, 200, "{name}");
        }
        let before = app.idp.requests();
        let (status, body) = send(&app, whose, *fault).await;
        assert_eq!(status, 400, "{name}: {body}");
        let answer: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(answer["error"], "invalid_request", "{name}: {body}");
        let asked = difference(&before, &app.idp.requests());
        let is_unknown = *fault == Some(LogoutFault::UnknownKid);
        let expected = is_unknown.then(|| ("/jwks".to_owned(), 1)).into_iter().collect();
        assert_eq!(asked, expected, "{name}");
        assert!(is_signed_in(&mut anna).await, "{name}");
    }
    for (name, fault, _) in BACK_CHANNEL_LOGOUT.iter().filter(|(.., is_good)| *is_good) {
        assert_eq!(send(&app, whose, *fault).await.0, 200, "{name}");
        assert!(!is_signed_in(&mut anna).await, "{name}");
    }
    let tried: Vec<_> = BACK_CHANNEL_LOGOUT.iter().filter_map(|(_, fault, _)| *fault).collect();
    assert!(LogoutFault::ALL.iter().all(|fault| tried.contains(fault)));
}

/// A logout token as the provider sends it.
pub async fn send(app: &TestApp, whose: Whose<'_>, fault: Option<LogoutFault>) -> (u16, String) {
    let to = format!("{}{BACK_CHANNEL}", app.base);
    app.idp.send_logout(&to, whose, fault).await.expect("an answer")
}

#[actix_web::test]
async fn sec_10_a_logout_ends_the_named_session_or_all_of_the_named_user() {
    let app = TestApp::start().await;
    let mut browsers = Vec::new();
    for person in [ANNA, ANNA, ANNA, CARLA] {
        browsers.push(app.sign_in(person).await);
    }
    let sessions = app.idp.sessions_of(ANNA);
    let of_carla = app.idp.sessions_of(CARLA).remove(0);
    for (whose, alive) in [
        (Whose::Session("of nobody"), [true, true, true, true]),
        // Both have to fit.
        (Whose::Both { subject: ANNA, session: &of_carla }, [true, true, true, true]),
        (Whose::Session(&sessions[1]), [true, false, true, true]),
        (Whose::Subject(ANNA), [false, false, false, true]),
        // Once more, as after an answer that was lost.
        (Whose::Subject(ANNA), [false, false, false, true]),
    ] {
        assert_eq!(send(&app, whose, None).await.0, 200, "{whose:?}");
        for (browser, is_alive) in browsers.iter_mut().zip(alive) {
            assert_eq!(is_signed_in(browser).await, is_alive, "{whose:?}");
        }
    }
}

#[actix_web::test]
async fn sec_10_a_logout_is_answered_in_a_way_that_nobody_keeps() {
    let app = TestApp::start().await;
    let mut provider = app.browser();
    let token = |fault| app.idp.logout_token(Whose::Session("of nobody"), fault).unwrap();
    for (body, status) in [
        (form(&[("logout_token", &token(None)), ("other", "field")]), StatusCode::OK),
        (form(&[("logout_token", &token(Some(LogoutFault::Nonce)))]), StatusCode::BAD_REQUEST),
        (form(&[("logout_token", &token(None)), ("logout_token", "x")]), StatusCode::BAD_REQUEST),
        (form(&[]), StatusCode::BAD_REQUEST),
        (form(&[("logout_token", &"x".repeat(17 * 1024))]), StatusCode::BAD_REQUEST),
    ] {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let page = provider.request(Method::POST, BACK_CHANNEL, &headers, &body).await;
        let start: String = body.chars().take(60).collect();
        assert_eq!(page.status, status, "{start}: {}", page.body);
        assert_eq!(page.header("cache-control").as_deref(), Some("no-store"), "{start}");
        assert_eq!(page.header("set-cookie"), None, "{start}");
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).expect("fields")
}

#[actix_web::test]
async fn sec_10_where_the_settings_say_so_a_logout_token_needs_no_type() {
    let app = TestApp::start_with(&[("OIDC_LOGOUT_TOKEN_TYP", "lenient")]).await;
    let whose = Whose::Session("of nobody");
    for (fault, status) in [
        (None, 200),
        (Some(LogoutFault::NoType), 200),
        (Some(LogoutFault::JwtType), 200),
        (Some(LogoutFault::WrongType), 400),
    ] {
        assert_eq!(send(&app, whose, fault).await.0, status, "{fault:?}");
    }
}

#[actix_web::test]
async fn sec_10_signing_out_at_the_provider_ends_our_session() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut elsewhere = app.sign_in(ANNA).await;
    let away = anna.clone().post("/sign-in", &[]).await.location().unwrap();
    let accounts = anna.get(&away).await;
    let out = anna.submit(&accounts, "/end-session", &[], "").await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(!is_signed_in(&mut anna).await);
    assert!(is_signed_in(&mut elsewhere).await);
}
