//! The product in a real browser: Chromium without a window, the whole world on free ports.
//!
//! Where there is no browser the tests pass and say why they did nothing; with
//! `CENTRAL_BROWSER=required` they fail instead. Pictures of each step are in `tests/output/`.
#![expect(clippy::expect_used, reason = "helpers of tests, which clippy does not take for tests")]

mod accessibility;
mod again;
mod driver;
mod email_payments;
mod every_page;
mod journey;
mod keyboard;
mod lighthouse;
mod live;
mod look;
mod mails;
mod notices;
mod npm;
mod staff;
#[path = "../it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "tests/it uses the rest")]
mod support;
mod validity;

use driver::{Driver, Programs};
use support::TestApp;

/// The world and a browser to look at it; `None`, with the reason printed, where there is none.
async fn start(is_script_on: bool) -> Option<(TestApp, Driver)> {
    match Programs::find() {
        Ok(programs) => {
            Some((TestApp::start().await, Driver::start(&programs, is_script_on).await))
        }
        Err(reason) => {
            skip(&reason);
            None
        }
    }
}

#[expect(clippy::print_stderr, reason = "who runs the tests has to know")]
#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not a setting")]
fn skip(reason: &str) {
    let is_required = std::env::var("CENTRAL_BROWSER").is_ok_and(|value| value == "required");
    assert!(!is_required, "the browser tests are required and can't run: {reason}");
    eprintln!("skipped: {reason}");
}
