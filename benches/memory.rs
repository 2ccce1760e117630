//! Resident memory of `central serve`, idle: after its start, and after a thousand pages.
//!
//! `cargo bench --bench memory`, on Linux: the figures come from `/proc`.
#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a program for a terminal"
)]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::TestApp;

/// What an idle server may take.
const GOAL_MIB: f64 = 60.0;

fn main() {
    actix_web::rt::System::new().block_on(measure());
}

async fn measure() {
    // Its peers and its database come from the tests' world; the server is a process of its own.
    let app = TestApp::start().await;
    let [listen, internal] = [free_address(), free_address()];
    let server = Server::start(&app, &listen, &internal);
    let browser = support::Browser::new(&format!("http://{listen}"));
    until_ready(&internal).await;
    println!("{:<28}{:>10}{:>10}", "central serve", "MiB now", "at most");
    server.print("after its start");
    get(browser, 1_000).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.print("after 1,000 pages, idle");
    println!("goal: at most {GOAL_MIB} MiB idle");
}

async fn get(mut browser: support::Browser, count: usize) {
    for _ in 0..count {
        let page = browser.get("/sign-in").await;
        assert!(page.status.is_success() || page.status.as_u16() == 429, "{}", page.status);
    }
}

async fn until_ready(internal: &str) {
    let mut browser = support::Browser::new(&format!("http://{internal}"));
    let since = Instant::now();
    while std::net::TcpStream::connect(internal).is_err() {
        assert!(since.elapsed() < Duration::from_secs(20), "the server does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(browser.get("/readyz").await.status.is_success(), "the server is ready");
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").to_string()
}

/// The server's process; ends with this value.
struct Server(Child);

impl Server {
    fn start(app: &TestApp, listen: &str, internal: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_central"))
            .arg("serve")
            .env_clear()
            .envs(app.settings())
            .env("LISTEN", listen)
            .env("INTERNAL_LISTEN", internal)
            .env("PUBLIC_URL", format!("http://{listen}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("central can be run");
        Self(child)
    }

    fn print(&self, when: &str) {
        println!("{when:<28}{:>10.1}{:>10.1}", self.mebibytes("VmRSS"), self.mebibytes("VmHWM"));
    }

    fn mebibytes(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))
            .expect("the server runs, on Linux");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a figure");
        let kibibytes = line.split_whitespace().nth(1).and_then(|word| word.parse().ok());
        kibibytes.map_or(0.0, |kibibytes: f64| kibibytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
