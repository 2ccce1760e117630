//! Lighthouse's marks for the pages that matter most, on a desktop and on the slow phone that it plays.
//! Its times are no use while other tests run: `.ci/run lighthouse` runs this one alone.

use std::process::Command;

use serde_json::{Value, json};

use super::driver::{Programs, is_root};
use super::npm::package;
use super::skip;
use super::support::{ANNA, LIST, TestApp};

const LIGHTHOUSE: &str = "lighthouse@13.5.0";
/// Performance, accessibility, good habits.
const CATEGORIES: [&str; 3] = ["performance", "accessibility", "best-practices"];
/// Flags, and the least of each mark, in hundredths.
const DESKTOP: (&[&str], [u64; 3]) = (&["--preset=desktop"], [100, 100, 100]);
const PHONE: (&[&str], [u64; 3]) = (&[], [95, 100, 100]);
/// A machine that was busy for a moment says nothing about a page, nor does a trace that failed.
const TRIES: usize = 5;

#[actix_web::test]
#[ignore = "alone: bin/test --test browser -- --ignored lighthouse"]
async fn lighthouse_gives_full_marks() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(reason) => return skip(&reason),
    };
    let lighthouse = match package(LIGHTHOUSE) {
        Ok(folder) => folder.join("node_modules/.bin/lighthouse"),
        Err(reason) => return skip(&reason),
    };
    let app = TestApp::start().await;
    app.payments_in_bulk(60);
    app.documents_in_bulk(60);
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    app.transaction(app.world.first, "1", |_| ());
    let pages = [
        ("list", LIST, true),
        ("detail", &request.url, true),
        ("documents", "/accounting/documents", true),
        ("transactions", "/processing/transactions", true),
        ("link's result", &format!("{}/result", request.link), false),
        ("sign-in", "/sign-in", false),
    ];
    let mut found = Vec::new();
    for (name, path, is_signed_in) in pages {
        let cookies = if is_signed_in { anna.cookies_for(&app.base) } else { String::new() };
        for (flags, least) in [DESKTOP, PHONE] {
            let is_enough =
                |given: &[u64; 3]| given.iter().zip(least).all(|(given, least)| *given >= least);
            let url = app.browser().url(path);
            let mut given = Err(String::new());
            for _ in 0..TRIES {
                given = marks(&mut Command::new(&lighthouse), &programs, &url, &cookies, flags);
                told(name, flags, &given);
                if given.as_ref().is_ok_and(is_enough) {
                    break;
                }
            }
            if !given.as_ref().is_ok_and(is_enough) {
                found.push(format!("{name} {flags:?}: {given:?} of {least:?}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// One look at a page: its marks in hundredths, or why there are none, which Lighthouse itself sometimes
/// answers by "please run again".
fn marks(
    lighthouse: &mut Command,
    programs: &Programs,
    url: &str,
    cookies: &str,
    flags: &[&str],
) -> Result<[u64; 3], String> {
    let sandbox = if is_root() { " --no-sandbox" } else { "" };
    let said = lighthouse
        .env("CHROME_PATH", &programs.browser)
        .args([url, "--quiet", "--output=json"])
        .arg(format!("--only-categories={}", CATEGORIES.join(",")))
        .arg(format!("--chrome-flags=--headless=new --disable-gpu{sandbox}"))
        .arg(format!("--extra-headers={}", json!({ "Cookie": cookies })))
        .args(flags)
        .output()
        .expect("Lighthouse can be run");
    let report: Value = serde_json::from_slice(&said.stdout)
        .map_err(|_| String::from_utf8_lossy(&said.stderr).trim().to_owned())?;
    let shown = report.pointer("/finalDisplayedUrl").and_then(Value::as_str);
    assert_eq!(shown, Some(url), "another page was looked at");
    let [speed, accessibility, habits] = CATEGORIES.map(|category| {
        let mark = report.pointer(&format!("/categories/{category}/score")).map(Value::to_string);
        hundredths(&mark.unwrap_or_default()).ok_or_else(|| format!("no mark for {category}"))
    });
    Ok([speed?, accessibility?, habits?])
}

/// Of `1`, `0.9` or `0.95`.
fn hundredths(mark: &str) -> Option<u64> {
    let (whole, part) = mark.split_once('.').unwrap_or((mark, ""));
    format!("{whole}{part:0<2}").parse().ok()
}

#[expect(clippy::print_stderr, reason = "who runs the tests wants to see the marks")]
fn told(name: &str, flags: &[&str], marks: &Result<[u64; 3], String>) {
    eprintln!("{name} {}: {marks:?}", flags.first().unwrap_or(&"phone"));
}
