//! Four languages that say the same.

use std::collections::{BTreeMap, BTreeSet};

use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// Wording → variables, of one language's files.
fn wordings(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    let start = regex::Regex::new(r"(?m)^([a-z][a-z0-9-]*) *= *").unwrap();
    for path in files_below(&format!("locales/{lang}"), "ftl") {
        let text: String = source(&path)
            .lines()
            .filter(|line| !line.starts_with('#'))
            .fold(String::new(), |text, line| text + line + "\n");
        let starts: Vec<_> = start.captures_iter(&text).collect();
        for (place, captures) in starts.iter().enumerate() {
            let end = starts.get(place + 1).map_or(text.len(), |next| next.get(0).unwrap().start());
            let words = &text[captures.get(0).unwrap().end()..end];
            assert!(!words.trim().is_empty(), "{lang}: {} says nothing", &captures[1]);
            let variables = found(r"\{[^}]*?\$([a-z_]+)", words).into_iter().collect();
            let before = all.insert(captures[1].to_owned(), variables);
            assert!(before.is_none(), "{lang}: {} stands twice", &captures[1]);
        }
    }
    all
}

#[test]
fn every_language_has_the_same_wordings_with_the_same_variables() {
    let english = wordings("en");
    assert!(english.len() > 300, "{}", english.len());
    for lang in ["it", "es", "fr"] {
        let theirs = wordings(lang);
        for (name, variables) in &english {
            assert_eq!(theirs.get(name), Some(variables), "{lang}: {name}");
        }
        assert_eq!(theirs.len(), english.len(), "{lang} has more than English");
    }
}

#[test]
fn every_wording_is_said_somewhere() {
    let mut text = String::new();
    for path in files_below("src", "rs")
        .into_iter()
        .chain(files_below("templates", "html"))
        .chain(files_below("templates", "txt"))
    {
        text += &source(path);
    }
    let used: BTreeSet<String> = found(r"\bmsg_([a-z0-9_]+)\b", &text).into_iter().collect();
    let unused: Vec<String> =
        wordings("en").into_keys().filter(|name| !used.contains(&name.replace('-', "_"))).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[actix_web::test]
async fn a_chosen_language_is_remembered_and_a_wrong_one_refused() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let page = nobody.get("/display").await;
    let fields = [("lang", "fr"), ("theme", "dark")];
    let done = nobody.submit(&page, "/display", &fields, "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = nobody.get("/sign-in").await;
    assert_eq!(page.attribute("html", "lang"), "fr");
    assert_eq!(page.attribute("html", "data-bs-theme"), "dark");
    assert_eq!(nobody.cookie("__Host-ui").as_deref(), Some("fr.dark"));
    nobody.set_cookie("__Host-ui", "tlh.neon");
    assert_eq!(nobody.get("/sign-in").await.attribute("html", "lang"), "en");
    let page = nobody.post("/display", &[("lang", "tlh"), ("theme", "dark")]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}
