//! Who may do what: every address times every kind of person. A route without a line in `routes.rs` fails.

mod ids;
mod personas;
mod routes;
mod validity;

use std::collections::{BTreeMap, BTreeSet};

use central::auth::api::Scope;
use central::kernel::Lang;
use central::web::Audience::{Api, Peer, Public, Staff, StaffApi};
use ids::Ids;
use openidconnect::reqwest::{Method, StatusCode};
use personas::Persona;
use routes::{ROUTES, SIGN_OUT};

use crate::support::*;

async fn call(browser: &mut Browser, method: &str, path: &str, token: Option<&str>) -> Page {
    if method == "GET" {
        return browser.get(path).await;
    }
    let fields: Vec<(&str, &str)> = token.iter().map(|token| ("_csrf", *token)).collect();
    browser.post(path, &fields).await
}

fn goes_to_sign_in(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER
        && page.location().is_some_and(|location| location.starts_with("/sign-in?return_to="))
}

#[actix_web::test]
async fn sec_11_every_address_lets_in_exactly_those_it_is_for() {
    let listed = central::server::routes();
    for route in listed.listing() {
        let line = (route.method.as_str(), route.path, route.audience);
        assert!(ROUTES.contains(&line) || line == SIGN_OUT, "{line:?} has no line in this test");
    }
    assert_eq!(listed.listing().len(), ROUTES.len() + 1);

    let app = TestApp::start().await;
    let mut browsers = Vec::new();
    for (persona, subject) in Persona::ALL {
        // First all sign-ins: the table tries one for each person, and ten a minute are let through.
        let signed_in = if subject.is_empty() { app.browser() } else { app.sign_in(subject).await };
        browsers.push((persona, signed_in));
    }
    let clerk = browsers.iter_mut().find(|(persona, _)| *persona == Persona::Clerk);
    let ids = Ids::make(&app, &mut clerk.unwrap().1).await;
    for (persona, mut browser) in browsers {
        let mut token = None;
        if persona != Persona::Nobody {
            token = Some(form_token(&mut browser).await);
        }
        if persona == Persona::ReadOnly {
            let fields =
                [("_csrf", token.as_deref().unwrap()), ("merchant", ids.merchant.as_str())];
            let page = browser.post("/merchants/choose", &fields).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
        }
        ids.restore(&app);
        for (method, path, audience) in ROUTES.iter().copied().chain([SIGN_OUT]) {
            let page = call(&mut browser, method, &ids.fill(path), token.as_deref()).await;
            let what = format!("{persona:?} {method} {path}: {}", page.status);
            if matches!(audience, Api(_) | StaffApi(_)) {
                assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{what}");
                assert_eq!(page.header("www-authenticate").as_deref(), Some("Bearer"), "{what}");
                assert_eq!(page.header("set-cookie"), None, "{what}");
            } else if persona.may(audience) {
                // A shared view is seen by all, and changed by its owner and those above.
                let is_others = persona != Persona::Owner && path.ends_with("/views/{id}");
                assert_eq!(page.status == StatusCode::FORBIDDEN, is_others, "{what}");
                assert!(path == "/sign-in/again" || !goes_to_sign_in(&page), "{what}");
                assert!(page.status.as_u16() < 500, "{what}");
                let is_found = audience == Peer
                    || (method, path) == ("POST", "/merchants/choose")
                    || path == "/invitations/{token}"
                    || path.starts_with("/email-changes/")
                    // A notice is its reader's alone; the links that end mails are signed.
                    || path.contains("{notice}")
                    // What one asked for is taken back by oneself alone.
                    || path.ends_with("{operation}/withdrawal")
                    || path.starts_with("/unsubscribe")
                    || page.status != StatusCode::NOT_FOUND;
                assert!(is_found, "{what}");
            } else if persona == Persona::Nobody {
                assert!(goes_to_sign_in(&page), "{what}");
            } else {
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
        assert!(persona == Persona::Nobody || goes_to_sign_in(&browser.get("/").await));
    }
}

#[actix_web::test]
async fn every_page_that_somebody_reaches_is_valid_html() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let (mut read, mut wrong) = (0, BTreeMap::<String, Vec<String>>::new());
    for (persona, subject) in Persona::ALL {
        let mut browser =
            if subject.is_empty() { app.browser() } else { app.sign_in(subject).await };
        for (method, path, audience) in ROUTES.iter().copied() {
            // A letter has its styles in it, and other rules: mail programs know little.
            if method != "GET" || !persona.may(audience) || path.ends_with("/mail") {
                continue;
            }
            let page = browser.get(&ids.fill(path)).await;
            if page.header("content-type").is_some_and(|it| it.starts_with("text/html"))
                && !page.body.is_empty()
            {
                read += 1;
                for fault in validity::faults(&page.body) {
                    wrong.entry(fault).or_default().push(format!("{persona:?} {path}"));
                }
            }
        }
    }
    assert!(read > 300, "only {read} pages were read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Pages whose head is a name, which is the same in every language.
const NAMED: [&str; 6] = [
    "/merchants/{id}",
    "/merchants/{id}/team/members/{user}",
    "/merchants/{id}/tickets/{number}",
    "/portfolio/{merchant}/tickets/{number}",
    "/settings/team/members/{user}",
    "/support/tickets/{number}",
];

#[actix_web::test]
async fn every_page_speaks_the_readers_language_and_finds_its_icons() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let sprite = source("static/icons.svg");
    let (mut read, mut same) = (0, BTreeSet::new());
    for (persona, subject) in Persona::ALL {
        let mut browser =
            if subject.is_empty() { app.browser() } else { app.sign_in(subject).await };
        for (method, path, audience) in ROUTES.iter().copied() {
            // What customers read is in the language of their request.
            let is_theirs = path.starts_with("/pay/") || path.ends_with("/mail");
            if method != "GET" || !persona.may(audience) || is_theirs {
                continue;
            }
            let mut heads = Vec::new();
            for lang in [Lang::En, Lang::It, Lang::Es, Lang::Fr] {
                browser = browser.speaking(lang.code());
                let page = browser.get(&ids.fill(path)).await;
                let kind = page.header("content-type").unwrap_or_default();
                if !kind.starts_with("text/html") || page.body.is_empty() {
                    break;
                }
                read += 1;
                assert_eq!(page.attribute("html", "lang"), lang.code(), "{persona:?} {path}");
                for icon in found(r#"<use href="([^"]*)""#, &page.body) {
                    let name = icon.split('#').nth(1).unwrap_or_default();
                    assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}: {path}");
                    assert!(icon.starts_with("/static/icons."), "{icon}: {path}");
                }
                heads.push(page.text("h1"));
            }
            if let Some((english, others)) = heads.split_first()
                && others.iter().all(|other| other == english)
            {
                same.insert(path);
            }
        }
    }
    assert!(read > 1_000, "only {read} pages were read");
    assert_eq!(same, NAMED.into());
}

#[actix_web::test]
async fn sec_05_no_form_of_who_is_signed_in_is_taken_without_its_token() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let audits = app.count("audit_log WHERE action <> 'access.refuse'");
    for subject in [ANNA, SOFIA] {
        let mut browser = app.sign_in(subject).await;
        for (method, path, audience) in ROUTES.iter().copied().chain([SIGN_OUT]) {
            if method == "POST" && !matches!(audience, Public | Peer | Api(_) | StaffApi(_)) {
                let page = call(&mut browser, method, &ids.fill(path), None).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{subject} {path}");
            }
        }
        assert!(!goes_to_sign_in(&browser.get("/").await), "still signed in");
    }
    assert_eq!(
        app.count("audit_log WHERE action <> 'access.refuse'"),
        audits + 2,
        "two sign-ins and refusals, nothing else"
    );
}

#[actix_web::test]
async fn sec_11_what_belongs_to_another_merchant_answers_like_what_does_not_exist() {
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let unknown = Ids {
        reminder: ids.reminder.clone(),
        token: ids.token.clone(),
        user: ids.user.clone(),
        invitation: ids.invitation.clone(),
        ..Ids::of_nothing()
    };
    let foreign = Ids { merchant: app.world.second.to_string(), ..ids };
    let malformed = Ids {
        payment: "1'--".to_owned(),
        merchant: "%00".to_owned(),
        access_token: "?".to_owned(),
        bulk_action: "x".to_owned(),
        import: "?".to_owned(),
        view: "1'--".to_owned(),
        export: "x".to_owned(),
        activity_export: "x".to_owned(),
        document: "1'--".to_owned(),
        originator: "?".to_owned(),
        documents_export: "x".to_owned(),
        documents_view: "1'--".to_owned(),
        transaction: "1'--".to_owned(),
        transactions_export: "x".to_owned(),
        transactions_view: "1'--".to_owned(),
        operation: "?".to_owned(),
        ticket: "1'--".to_owned(),
        ticket_file: "x".to_owned(),
        canned_answer: "?".to_owned(),
        ..unknown.clone()
    };

    // Bruno works for the second merchant, Sofia looks after the first only.
    for (subject, persona, prefix) in [
        (BRUNO, Persona::Owner, "/processing/"),
        (BRUNO, Persona::Owner, "/settings/"),
        (BRUNO, Persona::Owner, "/accounting/"),
        (SOFIA, Persona::SuccessManager, "/merchants/"),
        (SOFIA, Persona::SuccessManager, "/portfolio/"),
        (IRENE, Persona::PlatformAccountant, "/merchants/"),
    ] {
        let mut browser = app.sign_in(subject).await;
        let token = form_token(&mut browser).await;
        for (method, path, audience) in ROUTES.iter().copied() {
            let has_id = ["{id}", "{document}", "{merchant}", "{originator}", "{operation}"]
                .iter()
                .any(|name| path.contains(name));
            if !has_id || !path.starts_with(prefix) || !persona.may(audience) {
                continue;
            }
            // A form with a file is read before it is known whose it is: see `page_settings.rs`.
            if method == "POST" && path.ends_with("/logo") {
                continue;
            }
            // A session that is not one's own is one that has ended: the answer is the same, too.
            if path.starts_with("/settings/sessions") {
                continue;
            }
            let mut answers = Vec::new();
            for ids in [&foreign, &unknown, &malformed] {
                let fields = [
                    ("_csrf", token.as_str()),
                    ("is_on", "true"),
                    ("customer_email", "a@example.it"),
                    ("action", "send"),
                    ("is_read", "true"),
                ];
                let page = if method == "GET" {
                    browser.get(&ids.fill(path)).await
                } else {
                    let chosen =
                        [fields[0], ("currency", "EUR"), ("language", "it"), ("valid_days", "30")];
                    let own = match path.rsplit('/').next() {
                        Some("{id}") if path.starts_with(IMPORTS) => &chosen[..],
                        Some("confirmation") => &[fields[0], ("seen", "x")][..],
                        Some("{originator}") => {
                            &[fields[0], ("language", "it"), ("version", "0")][..]
                        }
                        Some("read") => &[fields[0], fields[4]][..],
                        Some(
                            "{id}" | "cancellation" | "revocation" | "reminders" | "extension"
                            | "permissions" | "withdrawal" | "refusal" | "conditions" | "features"
                            | "confirmations" | "taking-back" | "first" | "sending" | "{act}",
                        ) => &fields[..1],
                        Some("rhythm") => &[fields[0], ("rhythm", "weekly")][..],
                        Some("resend") => &[fields[0], fields[2]][..],
                        _ => &[fields[0], fields[3]][..],
                    };
                    browser.post(&ids.fill(path), own).await
                };
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
                answers.push(page.body);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn sec_11_no_page_file_mail_or_answer_for_a_merchant_holds_a_note_of_support() {
    const NOTE: &str = "zirconium";
    let app = TestApp::start().await;
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let at = format!("/merchants/{}/tickets/{}", ids.merchant, ids.ticket);
    let page = tom.get(&at).await;
    let noted = tom.submit(&page, &format!("{at}/notes"), &[("note", NOTE)], "").await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    assert!(tom.get(&at).await.body.contains(NOTE));
    assert_eq!(tom.says(&at, "An answer.", "answer").await.status, StatusCode::SEE_OTHER);
    app.mailbox.wait_for("carla@example.com", 1).await;
    let bearer = format!("Bearer {}", app.access_token(ANNA, &Scope::ALL).token);
    let mut seen = 0;
    for (method, path, audience) in ROUTES.iter().copied() {
        let is_theirs = !matches!(audience, Staff(_) | StaffApi(_) | Peer);
        if method != "GET" || !is_theirs || path == "/sign-in/again" {
            continue;
        }
        let headers = [("Authorization", bearer.as_str())];
        let headers = if matches!(audience, Api(_)) { &headers[..] } else { &[] };
        let page = anna.request(Method::GET, &ids.fill(path), headers, "").await;
        assert!(!page.body.contains(NOTE), "{path}");
        seen += usize::from(page.status.is_success());
    }
    assert!(seen > 50, "only {seen} pages were read");
    for mail in app.mailbox.mails() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains(NOTE));
    }
}

#[actix_web::test]
async fn sec_11_a_clerk_sees_and_changes_only_what_she_made_herself() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let detail = anna.creates_email_payment(&[("order_id", "MADE-BY-ANNA")], "send").await;
    let mut carla = app.sign_in(CARLA).await;
    carla.creates_email_payment(&[("order_id", "MADE-BY-CARLA")], "draft").await;
    for query in ["", "?q=MADE", "?group=current"] {
        let list = carla.get(&format!("{LIST}{query}")).await;
        assert!(list.body.contains("MADE-BY-CARLA") && !list.body.contains("MADE-BY-ANNA"));
    }
    let token = form_token(&mut carla).await;
    for verb in ["", "/edit", "/resend", "/cancellation", "/mail"] {
        let page = carla.get(&format!("{detail}{verb}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{verb}");
    }
    let page = carla.post(&format!("{detail}/cancellation"), &[("_csrf", &token)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("email_payments WHERE status = 'cancelled'"), 0);
    let head = carla.request(Method::HEAD, &detail, &[], "").await;
    assert_eq!(head.status, StatusCode::NOT_FOUND);
}
