//! Four languages that say the same.

use std::collections::{BTreeMap, BTreeSet};

use central::kernel::Lang;
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
async fn every_page_speaks_the_readers_language_and_finds_its_icons() {
    let app = TestApp::start().await;
    let sprite = source("static/icons.svg");
    for lang in Lang::ALL {
        let t = lang.texts();
        let mut anna = app.sign_in(ANNA).await.speaking(lang.code());
        let mut sofia = app.sign_in(SOFIA).await.speaking(lang.code());
        let mut nobody = app.browser().speaking(lang.code());
        let order = format!("ORDER-{lang}");
        let detail = anna.creates_email_payment(&[("order_id", &order)], "draft").await;
        let pages = [
            (nobody.get("/sign-in").await, t.msg_sign_in_title()),
            (nobody.get("/signed-out").await, t.msg_signed_out_title()),
            (nobody.get("/display").await, t.msg_display_title()),
            (nobody.get("/nowhere").await, t.msg_problem_not_found_title()),
            (nobody.get("/pay/unknown").await, t.msg_pay_unknown_title()),
            (anna.get("/").await, t.msg_overview_title()),
            (sofia.get("/").await, t.msg_overview_title()),
            (anna.get(LIST).await, t.msg_list_title()),
            (anna.get(&format!("{LIST}?filters=open")).await, t.msg_list_title()),
            (anna.get(&format!("{LIST}/new")).await, t.msg_form_title()),
            (anna.get(&format!("{detail}/edit")).await, t.msg_form_edit_title(order.as_str())),
            (anna.get(IMPORT).await, t.msg_imports_title()),
            (anna.get(IMPORTS).await, t.msg_imports_past()),
            (anna.get("/merchants").await, t.msg_problem_forbidden_title()),
            (anna.get("/settings/access-tokens").await, t.msg_access_tokens_title()),
            (anna.get("/settings/access-tokens/new").await, t.msg_access_token_form_title()),
            (nobody.get("/api").await, t.msg_api_page_title()),
            (sofia.get("/merchants").await, t.msg_merchants_title()),
            (anna.get("/settings/activity").await, t.msg_activity_title()),
            (anna.get("/settings/sessions").await, t.msg_sessions_title()),
            (anna.get("/settings/activity?filters=open&from=x").await, t.msg_activity_title()),
            (anna.get(TEAM).await, t.msg_team_title()),
            (anna.get(&format!("{TEAM}/invitations/new")).await, t.msg_team_invite_title()),
            (anna.get("/settings/permissions").await, t.msg_permissions_title()),
            (nobody.get("/invitations/unknown").await, t.msg_invitation_gone_title()),
        ];
        for (page, title) in pages {
            assert_eq!(page.attribute("html", "lang"), lang.code(), "{}", page.url);
            assert_eq!(page.text("h1"), title, "{lang} {}", page.url);
            for icon in found(r#"<use href="([^"]*)""#, &page.body) {
                let name = icon.split('#').nth(1).unwrap_or_default();
                assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}: {}", page.url);
                assert!(icon.starts_with("/static/icons."), "{icon}: {}", page.url);
            }
        }
        let show = anna.get(&detail).await;
        assert_eq!(
            (show.status, show.attribute("html", "lang")),
            (StatusCode::OK, lang.to_string())
        );
        assert!(show.text("main").contains(&t.msg_status_draft()), "{lang}");
    }
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
