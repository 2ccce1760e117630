//! The test plans for relying parties of the OpenID Foundation's conformance suite, module by module,
//! with the sandbox provider in the suite's place; and what the suite doesn't ask (SEC-6 to SEC-10).
//!
//! Of the FAPI 2 plan two modules don't apply: `…-rs-dpop-auth-scheme-case-insensitivity` and
//! `…-happy-path-no-dpop-nonce` are about `DPoP`, and our access tokens are bearer tokens that we never
//! use. Pushed requests and client assertions, which its other modules go through, are not ours
//! either: the module's one fault is put into the plain code flow.
//!
//! Source of the names: gitlab.com/openid/conformance-suite, `OIDCCClientBasicTestPlan`,
//! `OIDCCClientConfigTestPlan`, `OIDCCClientRPInitiatedLogoutRPBasicTestPlan`,
//! `OIDCCClientBackChannelLogoutRPBasicTestPlan`, `FAPI2SPFinalClientTestPlan`.

mod logout;
mod plans;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::OnceLock;

use central::sandbox::idp::{
    CallbackFault, Fault, IdTokenFault, KeysFault, MetadataFault, TokenAnswerFault, UserinfoFault,
    Whose,
};
use futures_util::future::{FutureExt as _, join_all};
use openidconnect::reqwest::StatusCode;

use self::logout::send;
use self::plans::Mode::{Good, Rotated, Wrong};
use self::plans::Outcome::{OutOfReach, Refused, RefusedAtOnce, SignedIn};
use self::plans::{BASIC, CONFIG, Case, FAPI, Mode, OURS};
use crate::support::*;

const SESSION: &str = "__Host-sid";
const CONFIGURATION: &str = "/.well-known/openid-configuration";

#[actix_web::test]
async fn sec_07_the_basic_plan() {
    walk(&BASIC).await;
}

#[actix_web::test]
async fn sec_08_the_config_plan() {
    walk(&CONFIG).await;
}

#[actix_web::test]
async fn sec_07_the_fapi_2_client_plan_where_it_applies() {
    walk(&FAPI).await;
}

#[actix_web::test]
async fn sec_07_a_provider_that_is_wrong_in_a_way_of_our_own() {
    walk(&OURS).await;
}

#[test]
fn each_fault_of_the_provider_is_in_a_table() {
    let walked: Vec<String> = [&BASIC[..], &CONFIG, &FAPI, &OURS]
        .concat()
        .iter()
        .map(|(_, mode, ..)| format!("{mode:?}"))
        .collect();
    let all = [
        IdTokenFault::ALL.iter().map(|fault| Fault::from(*fault)).collect::<Vec<_>>(),
        MetadataFault::ALL.iter().map(|fault| Fault::from(*fault)).collect(),
        KeysFault::ALL.iter().map(|fault| Fault::from(*fault)).collect(),
        CallbackFault::ALL.iter().map(|fault| Fault::from(*fault)).collect(),
        TokenAnswerFault::ALL.iter().map(|fault| Fault::from(*fault)).collect(),
        UserinfoFault::ALL.iter().map(|fault| Fault::from(*fault)).collect(),
    ];
    for fault in all.concat() {
        assert!(walked.contains(&format!("{:?}", Wrong(fault))), "{fault:?}");
    }
}

/// Ten sign-ins a minute from one address, one of which is the first: some products side by side.
async fn walk(cases: &[Case]) {
    let is_cold = |case: &&Case| matches!(case.1, Wrong(Fault::Metadata(_)));
    let cold: Vec<Case> = cases.iter().filter(is_cold).copied().collect();
    let warm: Vec<Case> = cases.iter().filter(|case| !is_cold(case)).copied().collect();
    let cold = async {
        for case in cold {
            never_begins(case).await;
        }
    };
    let apps = warm.len().div_ceil(8);
    let share = |app| warm.iter().skip(app).step_by(apps).copied().collect();
    let warm = join_all((0..apps).map(|app| try_all(share(app))));
    let ((), wrong) = tokio::join!(cold, warm);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "told above: {wrong:?}");
}

/// A provider whose metadata is wrong before the product has seen good ones: no sign-in begins.
async fn never_begins((name, mode, outcome, _): Case) {
    let app = TestApp::start().await;
    let (Wrong(fault), OutOfReach) = (mode, outcome) else { panic!("{name}: {outcome:?}") };
    app.idp.spoil(fault);
    let mut browser = app.browser();
    assert_out_of_reach(&browser.post("/sign-in", &[]).await, name);
    assert_eq!(app.count("sign_in_transactions"), 0, "{name}");
    assert_eq!(app.idp.requests().keys().collect::<Vec<_>>(), [CONFIGURATION], "{name}");
    app.idp.mend();
    app.clock.advance(chrono::Duration::minutes(1));
    assert!(is_signed_in(&mut app.sign_in(ANNA).await).await, "{name}: afterwards");
}

/// Tries each case, and names those that went another way.
async fn try_all(cases: Vec<Case>) -> Vec<&'static str> {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let mut wrong = Vec::new();
    for case in &cases {
        prepare(&app, case.1).await;
        let mut browser = app.browser();
        let accounts = browser.start_sign_in().await;
        let callback = browser.choose(&accounts, ANNA).await.location().expect("the way back");
        let tried = AssertUnwindSafe(try_one(&app, case, browser, &callback)).catch_unwind();
        wrong.extend(tried.await.is_err().then_some(case.0));
        app.idp.mend();
        if let Wrong(fault) = case.1
            && is_seen_in_the_keys(fault)
        {
            app.clock.advance(chrono::Duration::hours(25));
            // Anything that is signed makes the product fetch them.
            assert_eq!(send(&app, Whose::Session("of nobody"), None).await.0, 200, "{}", case.0);
        }
    }
    wrong
}

/// Brings about what the provider is to be like.
async fn prepare(app: &TestApp, mode: Mode) {
    match mode {
        Good => {}
        Rotated => rotate(app).await,
        Wrong(fault) => {
            if fault == Fault::from(IdTokenFault::WithdrawnKey) {
                rotate(app).await;
                rotate(app).await;
                app.sign_in(ANNA).await;
            }
            app.idp.spoil(fault);
            if is_seen_in_the_keys(fault) {
                // Those that the product has are too old even for a provider that is out of reach.
                app.clock.advance(chrono::Duration::hours(25));
            }
        }
    }
}

/// Whether the product has to fetch the keys anew to meet with the fault.
fn is_seen_in_the_keys(fault: Fault) -> bool {
    match fault {
        Fault::Keys(fault) => fault != KeysFault::RotatedBeforeSigning,
        Fault::IdToken(fault) => matches!(fault, IdTokenFault::Es256 | IdTokenFault::Ps256),
        Fault::Metadata(_)
        | Fault::Callback(_)
        | Fault::TokenAnswer(_)
        | Fault::Userinfo(_)
        | Fault::EndSession(_) => false,
    }
}

async fn rotate(app: &TestApp) {
    let idp = app.idp.clone();
    tokio::task::spawn_blocking(move || idp.rotate_key()).await.unwrap().unwrap();
}

async fn try_one(app: &TestApp, case: &Case, mut browser: Browser, callback: &str) {
    let (name, mode, outcome, key_fetches) = *case;
    let before = (app.count("sessions"), refusals(app), app.idp.requests());
    let page = browser.get(callback).await;
    let mut asked = difference(&before.2, &app.idp.requests());
    if matches!(mode, Wrong(fault) if is_seen_in_the_keys(fault)) {
        // The job that renews what is old may come in between, once.
        asked.remove(CONFIGURATION);
        let fetches = asked.get("/jwks").copied().unwrap_or_default();
        assert!(fetches.abs_diff(key_fetches) <= 1, "{name}: {fetches} times");
        asked.insert("/jwks".to_owned(), key_fetches);
    }
    let mut asked_expected = BTreeMap::new();
    if !matches!(outcome, RefusedAtOnce(_)) {
        asked_expected.insert("/token".to_owned(), 1);
    }
    if key_fetches > 0 {
        asked_expected.insert("/jwks".to_owned(), key_fetches);
    }
    assert_eq!(asked, asked_expected, "{name}: {} {}", page.status, page.text("h1"));
    let reason = match outcome {
        SignedIn => {
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
            assert!(is_signed_in(&mut browser).await, "{name}");
            return;
        }
        OutOfReach => {
            assert_out_of_reach(&page, name);
            None
        }
        Refused(reason) | RefusedAtOnce(reason) => {
            assert_refused(&page, name);
            Some(reason)
        }
    };
    assert_eq!(browser.cookie(SESSION), None, "{name}");
    assert_eq!(app.count("sessions"), before.0, "{name}");
    assert_eq!(refusals(app), before.1 + i64::from(reason.is_some()), "{name}");
    if let Some(reason) = reason {
        let told = app.text(
            "SELECT after->>'reason' FROM audit_log WHERE action = 'sign_in' AND NOT is_done
             ORDER BY id DESC LIMIT 1",
        );
        assert!(told.contains(reason), "{name}: {told:?} does not tell of {reason:?}");
    }
    app.idp.mend();
    assert_refused(&browser.get(callback).await, "burnt");
}

/// The one page, whatever the reason.
fn assert_refused(page: &Page, name: &str) {
    static PAGE: OnceLock<String> = OnceLock::new();
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name}");
    assert_eq!(page.text("h1"), "Signing in did not work", "{name}");
    assert_eq!(&page.main(), PAGE.get_or_init(|| page.main()), "{name}");
}

fn assert_out_of_reach(page: &Page, name: &str) {
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
    assert_eq!(page.text("h1"), "The identity provider is out of reach", "{name}");
}

/// What was asked of the provider in between.
fn difference(
    before: &BTreeMap<String, u64>,
    after: &BTreeMap<String, u64>,
) -> BTreeMap<String, u64> {
    let times = |path: &str| before.get(path).copied().unwrap_or_default();
    let more = after.iter().map(|(path, count)| (path.clone(), count - times(path)));
    more.filter(|(_, count)| *count > 0).collect()
}

/// Refused sign-ins that the audit knows.
fn refusals(app: &TestApp) -> i64 {
    app.count("audit_log WHERE action = 'sign_in' AND NOT is_done AND origin IS NOT NULL")
}

/// Whether the product knows who uses this browser.
async fn is_signed_in(browser: &mut Browser) -> bool {
    let home = browser.get("/").await;
    match home.location() {
        Some(location) => !location.starts_with("/sign-in"),
        None => home.status == StatusCode::OK,
    }
}
