//! The product with a provider that was written by others: the certified npm package `oidc-provider`,
//! found by discovery alone. Skipped where there is no Node.js or npm, but not where `CI` is set.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use openidconnect::reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::support::*;

const PACKAGE: &str = "oidc-provider@9.13.3";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc-provider/server.mjs");

/// The provider as a process of its own, which ends with its test.
struct Peer {
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    issuer: String,
}

impl Peer {
    /// Starts it, or says why it can't be.
    fn start() -> Result<Self, String> {
        let without = |error| format!("no test with another provider without Node.js ({error})");
        // Which the package needs: 20.19 has it, 18 has not.
        let asked = ["--print", "typeof URL.parse"];
        let node = Command::new("node").args(asked).output().map_err(without)?;
        if node.stdout.trim_ascii() != b"function" {
            return Err("no test with another provider: this Node.js is too old".to_owned());
        }
        let folder = installed()?;
        let mut child = Command::new("node")
            .arg(SCRIPT)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(without)?;
        let orders = child.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let issuer = answers.next().expect("the provider says where it is").expect("a text");
        Ok(Self { child, orders, answers, issuer })
    }

    fn tell(&mut self, order: &Value) {
        writeln!(self.orders, "{order}").expect("the provider listens");
        assert_eq!(self.answers.next().expect("an answer").expect("a text"), "done");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where npm has put the package, which it fetches once.
fn installed() -> Result<PathBuf, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = scratch.parent().unwrap_or(scratch).join("oidc-provider");
    if !folder.join("node_modules/oidc-provider/package.json").is_file() {
        let npm = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(&folder)
            .arg(PACKAGE)
            .output()
            .map_err(|error| format!("no test with another provider without npm ({error})"))?;
        let words = String::from_utf8_lossy(&npm.stderr);
        assert!(npm.status.success(), "npm can't get {PACKAGE}: {}", words.trim());
    }
    Ok(folder)
}

#[expect(clippy::disallowed_methods, reason = "it is about the test, not the product's settings")]
fn is_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// The product and the provider, each told of the other; `None` where the test is skipped.
async fn start() -> Option<(TestApp, Peer)> {
    let mut peer = match Peer::start() {
        Ok(peer) => peer,
        Err(reason) => {
            assert!(!is_ci(), "not skipped where CI is set: {reason}");
            println!("skipped: {reason}");
            return None;
        }
    };
    let app = TestApp::start_with(&[("OIDC_ISSUER", &peer.issuer)]).await;
    peer.tell(&json!({ "client": {
        "client_id": app.config.oidc.client_id,
        "client_secret": app.config.oidc.client_secret.expose_secret(),
        "redirect_uris": [format!("{}/sign-in/callback", app.base)],
        "post_logout_redirect_uris": [format!("{}/signed-out", app.base)],
        "backchannel_logout_uri": format!("{}/sign-in/back-channel-logout", app.base),
        "backchannel_logout_session_required": true,
    } }));
    Some((app, peer))
}

/// Through the provider's own pages.
async fn sign_in(app: &TestApp, person: &str) -> Browser {
    let mut browser = app.browser();
    let away = browser.start_sign_in().await;
    let login = browser.follow(away).await;
    let action = login.attribute("form", "action");
    let back = browser.submit(&login, &action, &[("login", person), ("password", "any")], "").await;
    let page = browser.follow(back).await;
    assert_eq!(
        (page.status, page.url.starts_with(&app.base)),
        (StatusCode::OK, true),
        "{}",
        page.url
    );
    browser
}

/// On the provider's page that asks whether to sign out.
async fn confirm(browser: &mut Browser, page: &Page) -> Page {
    let action = page.attribute("form", "action");
    let back = browser.submit(page, &action, &[], "logout=yes").await;
    browser.follow(back).await
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    let home = browser.get("/").await;
    !home.location().is_some_and(|location| location.starts_with("/sign-in"))
}

#[actix_web::test]
async fn sec_06_a_user_signs_in_through_a_provider_that_others_wrote() {
    let Some((app, _peer)) = start().await else { return };
    let mut anna = sign_in(&app, ANNA).await;
    assert!(is_signed_in(&mut anna).await);
    assert_eq!(anna.get("/processing/email-payments").await.status, StatusCode::OK);
    assert_eq!(app.count("audit_log WHERE action = 'sign_in' AND is_done"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'sign_in' AND NOT is_done"), 0);
}

#[actix_web::test]
async fn sec_08_a_provider_that_others_wrote_may_change_its_key() {
    let Some((app, mut peer)) = start().await else { return };
    sign_in(&app, ANNA).await;
    for _ in 0..2 {
        peer.tell(&json!({ "rotate": true }));
        assert!(is_signed_in(&mut sign_in(&app, ANNA).await).await);
    }
}

#[actix_web::test]
async fn sec_04_signing_out_signs_out_of_a_provider_that_others_wrote() {
    let Some((app, peer)) = start().await else { return };
    let mut anna = sign_in(&app, ANNA).await;
    let home = anna.open("/").await;
    let out = anna.submit(&home, "/sign-out", &[], "").await;
    let asks = anna.follow(out).await;
    assert!(asks.url.starts_with(&peer.issuer), "{}", asks.url);
    let end = confirm(&mut anna, &asks).await;
    assert_eq!(end.text("h1"), "You have signed out", "{}", end.body);
    assert!(end.url.starts_with(&format!("{}/signed-out", app.base)), "{}", end.url);
    assert!(!is_signed_in(&mut anna).await);
    let away = anna.start_sign_in().await;
    assert!(anna.follow(away).await.has("input[name=login]"), "the provider asks again");
}

#[actix_web::test]
async fn sec_10_signing_out_at_a_provider_that_others_wrote_ends_our_session() {
    let Some((app, peer)) = start().await else { return };
    let mut anna = sign_in(&app, ANNA).await;
    let mut elsewhere = sign_in(&app, ANNA).await;
    let asks = anna.get(&format!("{}/session/end", peer.issuer)).await;
    confirm(&mut anna, &asks).await;
    assert!(!is_signed_in(&mut anna).await, "the session of that sign-in has ended");
    assert!(is_signed_in(&mut elsewhere).await, "another of the same user goes on");
}
