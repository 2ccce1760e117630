//! Settings > Access tokens: made, shown once, listed, revoked.

use central::auth::api::Scope;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const TOKENS: &str = "/settings/access-tokens";
const PAYMENTS: &str = "/api/v1/email-payments";

/// Makes a token through the pages; the answer that shows it.
async fn make(browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let form = browser.get(&format!("{TOKENS}/new")).await;
    browser.submit(&form, TOKENS, fields, "").await
}

/// Gives a role at the first merchant.
fn give(app: &TestApp, person: &str, role: &str) {
    let changed = app.change(&format!(
        "UPDATE memberships SET role = '{role}' WHERE merchant_id = '{}'
         AND user_id = (SELECT id FROM users WHERE subject = '{person}')",
        app.world.first
    ));
    assert_eq!(changed, 1);
}

#[actix_web::test]
async fn sec_09_a_token_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let empty = anna.get(TOKENS).await;
    assert!(empty.text(".empty h2").contains("No tokens yet"), "{}", empty.text("main"));
    let form = anna.get(&format!("{TOKENS}/new")).await;
    let fields = [("name", "Shop"), ("scope", "email_payments:write"), ("days", "30")];
    let made = anna.submit(&form, TOKENS, &fields, "").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text("main"));
    assert_eq!(made.header("cache-control").as_deref(), Some("no-store"));
    let token = made.attribute("#token", "value");
    assert!(token.starts_with("central_") && token.len() == 8 + 43, "{token}");
    let command = made.attribute("#command", "value");
    assert_eq!(
        command,
        format!("curl -H \"Authorization: Bearer {token}\" {}{PAYMENTS}", app.base)
    );

    assert_eq!(app.count("access_tokens WHERE octet_length(token_hash) = 32"), 1);
    let row = app.text("SELECT t::text FROM access_tokens t");
    assert!(!row.contains(&token[8..]), "{row}");
    let list = anna.get(TOKENS).await;
    assert!(!list.body.contains(&token[8..]), "the list has no secret");
    let rows = list.text("tbody");
    for words in ["Shop", "Active", "Anna Rossi", "never"] {
        assert!(rows.contains(words), "{words}: {rows}");
    }

    // The same form again: the browser's reload.
    let again = anna.submit(&form, TOKENS, &fields, "").await;
    assert_eq!(again.location().as_deref(), Some(TOKENS));
    assert_eq!(app.count("access_tokens"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'access_token.create' AND is_done"), 1);
    let audit = app.text("SELECT after FROM audit_log WHERE action = 'access_token.create'");
    assert!(audit.contains("email_payments:write") && !audit.contains("Shop"), "{audit}");
    assert!(!app.text("SELECT string_agg(l::text, '') FROM audit_log l").contains(&token[8..]));
}

#[actix_web::test]
async fn what_is_wrong_with_a_new_token_is_told_at_its_field() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (fields, field) in [
        ([("name", ""), ("scope", "email_payments:read"), ("days", "30")], "name"),
        ([("name", "a\tb"), ("scope", "email_payments:read"), ("days", "30")], "name"),
        ([("name", "Shop"), ("scope", "everything"), ("days", "30")], "scope"),
        ([("name", "Shop"), ("scope", "email_payments:read"), ("days", "400")], "days"),
    ] {
        let page = make(&mut anna, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.has(&format!("#{field}-e")), "{fields:?}");
        assert!(page.text("title").starts_with("Error:"));
    }
    assert_eq!(app.count("access_tokens"), 0);
}

#[actix_web::test]
async fn sec_09_nobody_gives_a_token_more_than_their_role_may() {
    let app = TestApp::start().await;
    give(&app, ALDO, "developer");
    let mut aldo = app.sign_in(ALDO).await;
    let form = aldo.get(&format!("{TOKENS}/new")).await;
    assert!(form.has("input[value='email_payments:read']"));
    assert!(!form.has("input[value='email_payments:write']"), "a developer reads only");
    let fields = [("name", "Shop"), ("scope", "email_payments:write"), ("days", "30")];
    let page = aldo.submit(&form, TOKENS, &fields, "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = make(&mut aldo, &[("name", "Shop")]).await;
    let program = app.program(&made.attribute("#token", "value"));
    assert_eq!(program.get(PAYMENTS).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn sec_09_an_owner_revokes_every_token_of_the_merchant_others_their_own() {
    let app = TestApp::start().await;
    give(&app, ALDO, "developer");
    let of_anna = app.access_token(ANNA, &Scope::ALL);
    let of_aldo = app.access_token(ALDO, &[Scope::ReadEmailPayments]);
    let of_bruno = app.access_token(BRUNO, &Scope::ALL);
    let mut aldo = app.sign_in(ALDO).await;
    let list = aldo.get(TOKENS).await.text("tbody");
    assert!(list.contains("Shop of aldo") && !list.contains("Shop of anna"), "{list}");
    let token = form_token(&mut aldo).await;
    for id in [&of_anna.id, &of_bruno.id] {
        let at = format!("{TOKENS}/{id}/revocation");
        assert_eq!(aldo.get(&at).await.status, StatusCode::NOT_FOUND);
        let page = aldo.post(&at, &[("_csrf", &token)]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let mut anna = app.sign_in(ANNA).await;
    let list = anna.get(TOKENS).await.text("tbody");
    assert!(list.contains("Shop of aldo") && list.contains("Shop of anna"), "{list}");
    assert!(!list.contains("Shop of bruno"), "another merchant's: {list}");

    let program = app.program(&of_aldo.token);
    assert_eq!(program.get(PAYMENTS).await.status, StatusCode::OK);
    let done = anna.answers(&format!("{TOKENS}/{}", of_aldo.id), "revocation", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let list = anna.follow(done).await;
    assert!(list.text("[role=status]").contains("Shop of aldo"), "{}", list.text("main"));
    assert!(list.text("tbody").contains("Revoked"));
    assert_eq!(program.get(PAYMENTS).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.program(&of_anna.token).get(PAYMENTS).await.status, StatusCode::OK);
    assert_eq!(app.count("audit_log WHERE action = 'access_token.revoke' AND is_done"), 1);
}

#[actix_web::test]
async fn sec_06_a_new_token_takes_a_fresh_proof_of_who_makes_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(&format!("{TOKENS}/new")).await;
    app.clock.advance(chrono::Duration::minutes(6));
    let fields = [("name", "Kept in mind"), ("scope", "email_payments:read"), ("days", "365")];
    let away = anna.submit(&form, TOKENS, &fields, "").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let location = away.location().unwrap();
    assert!(location.starts_with("/sign-in/again?"), "{location}");
    assert_eq!(app.count("access_tokens"), 0);
    // The provider's page, and back to the form as it was typed; its button then makes the token.
    let provider = anna.follow(away).await;
    let back = anna.choose(&provider, ANNA).await;
    let back = anna.follow(back).await;
    assert!(back.url.contains(&format!("{TOKENS}/new?kept=")), "{}", back.url);
    assert_eq!(back.attribute("#name", "value"), "Kept in mind");
    assert!(back.has("#days-365[checked]"));
    let made = anna.submit(&back, TOKENS, &[], "").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text("main"));
    assert_eq!(app.count("access_tokens"), 1);
}

#[actix_web::test]
async fn the_use_of_a_token_is_noted_once_a_minute() {
    let app = TestApp::start().await;
    let issued = app.access_token(ANNA, &Scope::ALL);
    let program = app.program(&issued.token);
    let used = || app.text("SELECT coalesce(last_used_at::text, '') FROM access_tokens");
    assert_eq!(used(), "");
    program.get(PAYMENTS).await;
    let first = used();
    assert_ne!(first, "");
    program.get(PAYMENTS).await;
    assert_eq!(used(), first);
    app.clock.advance(chrono::Duration::seconds(61));
    program.get(PAYMENTS).await;
    assert_ne!(used(), first);
}

#[actix_web::test]
async fn sec_09_a_token_ends_with_its_time_its_makers_role_or_its_maker() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let status = async || program.get(PAYMENTS).await.status;
    assert_eq!(status().await, StatusCode::OK);

    // A role without the right to use the API, or without that to write.
    give(&app, ANNA, "accountant");
    assert_eq!(status().await, StatusCode::FORBIDDEN);
    give(&app, ANNA, "developer");
    assert_eq!(status().await, StatusCode::OK);
    let refused = program.post(PAYMENTS, Some("1"), &serde_json::json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.header("www-authenticate"), None, "no other scope would help");
    give(&app, ANNA, "owner");

    app.change("UPDATE users SET is_active = false WHERE subject = 'anna'");
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    app.change("UPDATE users SET is_active = true WHERE subject = 'anna'");
    assert_eq!(status().await, StatusCode::OK);

    app.clock.advance(chrono::Duration::days(31));
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    app.clock.advance(chrono::Duration::days(-31));
    assert_eq!(status().await, StatusCode::OK);

    app.change(
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE subject = 'anna')",
    );
    assert_eq!(status().await, StatusCode::UNAUTHORIZED, "no longer of this merchant");
}
