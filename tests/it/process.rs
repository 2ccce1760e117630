//! `central serve` as a process of its own.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use central::statements::jobs::begin_due;
use openidconnect::reqwest;

use crate::support::*;

/// A child that does not outlive its test.
struct Served(Child);

impl Served {
    fn start(app: &TestApp, more: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.arg("serve").env_clear().envs(app.settings()).envs(more.iter().copied());
        Self(command.stderr(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.0.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// The exit code, waited for at most 25 seconds.
    async fn ends(&mut self) -> Option<i32> {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(25) {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the process still runs after 25 seconds");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

async fn is_ready(internal: &str) -> bool {
    let answer = reqwest::get(format!("http://{internal}/readyz")).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

#[actix_web::test]
async fn sec_26_a_told_process_ends_with_zero_and_a_killed_one_starts_again() {
    let app = TestApp::start().await;
    let (listen, internal) = (free_port(), free_port());
    let addresses = [("LISTEN", listen.as_str()), ("INTERNAL_LISTEN", internal.as_str())];
    let mut killed = Served::start(&app, &addresses);
    app.until("ready", async || is_ready(&internal).await).await;
    killed.signal("-KILL");
    assert_eq!(killed.ends().await, None, "a signal, no code");

    let mut told = Served::start(&app, &addresses);
    app.until("ready again", async || is_ready(&internal).await).await;
    told.signal("-TERM");
    assert_eq!(told.ends().await, Some(0));
}

/// Merchants whose month is over.
const MERCHANTS: i64 = 60;

#[actix_web::test]
async fn a_months_documents_are_each_there_once_however_often_the_process_is_killed() {
    let app = TestApp::start().await;
    // Our own server lives in the month before: the processes alone see that it is over.
    app.clock.advance(chrono::Duration::days(-40));
    app.many_merchants(MERCHANTS, 5);
    while begin_due(&app.jobs_db(), app.clock.now()).await.unwrap() > 0 {}

    let (listen, internal) = (free_port(), free_port());
    let addresses = [("LISTEN", listen.as_str()), ("INTERNAL_LISTEN", internal.as_str())];
    let closed = || app.count("statement_periods WHERE closed_at IS NOT NULL");
    let made = || app.count("documents");
    let mut kills = 0;
    // First while periods are summed up, then while documents are made.
    for (count, until) in [
        (&closed as &dyn Fn() -> i64, 1),
        (&closed, 30),
        (&made, 1),
        (&made, 20),
        (&made, 40),
        (&made, MERCHANTS),
    ] {
        let mut process = Served::start(&app, &addresses);
        app.until("some of it is done", async || count() >= until).await;
        process.signal("-KILL");
        assert_eq!(process.ends().await, None, "a signal, no code");
        kills += 1;
        // What it had claimed is free after two minutes: they pass.
        app.change("UPDATE statements SET lease_until = now() WHERE lease_until IS NOT NULL");
    }
    assert_eq!(kills, 6);
    let whole = "documents d JOIN statements s ON s.merchant_id = d.merchant_id AND s.document_id = d.id
         JOIN objects o ON o.merchant_id = d.merchant_id AND o.sha256 = d.sha256 AND o.size_bytes = d.size_bytes";
    for counted in [
        "documents".to_owned(),
        whole.to_owned(),
        "statements".to_owned(),
        "(SELECT DISTINCT merchant_id FROM documents) m".to_owned(),
        "(SELECT DISTINCT number FROM documents) n".to_owned(),
    ] {
        assert_eq!(app.count(&counted), MERCHANTS, "{counted}");
    }
    assert_eq!(app.count("transactions WHERE statement_id IS NULL"), 0, "each is summed up once");
}

#[actix_web::test]
async fn whoever_leaves_is_let_in_no_more() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let told = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        let said = command.arg("user").args(arguments).env_clear().envs(app.settings()).output();
        let said = said.unwrap();
        (said.status.success(), String::from_utf8(said.stderr).unwrap())
    };
    assert!(told(&["disable", "--subject", ANNA]).0);
    assert_eq!(anna.get(LIST).await.status, reqwest::StatusCode::SEE_OTHER, "signed out");
    let refused = app.browser().sign_in(ANNA).await;
    assert_eq!(refused.status, reqwest::StatusCode::FORBIDDEN, "{}", refused.text("main"));
    assert!(told(&["enable", "--subject", ANNA]).0);
    assert_eq!(app.sign_in(ANNA).await.get(LIST).await.status, reqwest::StatusCode::OK);
    assert_eq!(
        app.texts("SELECT action FROM audit_log WHERE action LIKE 'user.%able' ORDER BY id"),
        ["user.disable", "user.enable"]
    );
    assert!(!told(&["disable", "--subject", "nobody-here"]).0);

    let merchant = app.world.first.to_string();
    let known = ["add", "--subject", TOM, "--email", "tom@example.com", "--name", "Tom Baker"];
    let (is_done, words) =
        told(&[&known[..], &["--role", "owner", "--merchant", &merchant]].concat());
    assert!(!is_done && words.contains("is known, as support"), "{words}");
    let (is_done, words) =
        told(&[&known[..], &["--role", "support", "--merchant", &merchant]].concat());
    assert!(!is_done && words.contains("leave out --merchant"), "{words}");
    assert_eq!(
        app.count("memberships m JOIN users u ON u.id = m.user_id WHERE u.subject = 'tom'"),
        0
    );
}

#[actix_web::test]
async fn settings_that_cant_be_used_end_with_seventy_eight() {
    let app = TestApp::start().await;
    let mut wrong =
        Served::start(&app, &[("PUBLIC_URL", "nowhere"), ("DATABASE_PREPARED", "maybe")]);
    assert_eq!(wrong.ends().await, Some(78));
}
