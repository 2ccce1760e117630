//! Who is told what: the ledger of permissions, the notices that follow from it, on both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use diesel::connection::{Connection as _, InstrumentationEvent};
use openidconnect::reqwest::StatusCode;

use central::auth::SystemScope;
use central::kernel::UserId;
use central::notifications::{Event, notify};
use central::sandbox::mailbox::SmtpReply;

use crate::support::*;

fn base(app: &TestApp) -> String {
    format!("/merchants/{}/permissions", app.world.first)
}

fn id_of(app: &TestApp, subject: &str) -> String {
    app.text(&format!("SELECT id FROM users WHERE subject = '{subject}'"))
}

/// A success manager permits somebody to be told about new documents.
async fn grant(app: &TestApp, sofia: &mut Browser, to: &str, more: &[(&str, &str)]) -> Page {
    let page = sofia.get(&format!("{}?user={}", base(app), id_of(app, to))).await;
    let fields = [&[("reason", "Keeps the books")], more].concat();
    sofia.submit(&page, &base(app), &fields, "").await
}

/// The mail that went to an address last, once so many have arrived.
async fn last_mail(app: &TestApp, to: &str, count: usize) -> String {
    let mails = app.mailbox.wait_for(to, count).await;
    mails.iter().max_by_key(|mail| mail.id).and_then(|mail| mail.text.clone()).expect("a mail")
}

#[actix_web::test]
async fn sec_15_who_is_permitted_is_told_once_and_after_the_withdrawal_nothing() {
    let app = TestApp::start().await;
    let (mut sofia, mut anna) = (app.sign_in(SOFIA).await, app.sign_in(ANNA).await);
    let email = app.text("SELECT email FROM users WHERE subject = 'anna'");
    app.change("UPDATE merchants SET language = 'en'");
    app.document(app.world.first, "FT-0", |_| ()).await;
    assert_eq!(app.count("notices"), 0, "nobody is permitted yet");

    let answer = grant(&app, &mut sofia, ANNA, &[]).await;
    let page = sofia.follow(answer).await;
    assert_eq!(page.text(".flash"), "Permission granted to Anna Rossi.");
    assert!(page.text(".timeline").contains("“Keeps the books”"), "{}", page.text(".timeline"));
    let mine = anna.get("/notifications").await;
    assert!(mine.text("main").contains("Until: no end date"), "{}", mine.text("main"));
    assert!(mine.text(".timeline").contains("granted a permission to Anna Rossi"));

    let document = app.document(app.world.first, "FT-1", |_| ()).await;
    let text = last_mail(&app, &email, 1).await;
    for words in ["Invoice", "FT-1", "October 2026", &format!("/accounting/documents/{document}")] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("312"), "no figure: {text}");
    let opened = anna.get(&format!("/accounting/documents/{document}")).await;
    assert_eq!(opened.status, StatusCode::OK);
    app.mails_settle().await;
    let sent = anna.get("/notifications/deliveries").await;
    assert!(sent.text("tbody").contains("New document, FT-1"), "{}", sent.text("tbody"));
    assert!(sent.text("tbody .two[lang=en]").starts_with("250"), "the mail server's words");
    let theirs = sofia.get(&format!("{}/deliveries", base(&app))).await;
    assert_eq!(theirs.text("tbody"), sent.text("tbody"), "both sides see the same");

    let page = sofia.get(&format!("{}?user={}", base(&app), id_of(&app, ANNA))).await;
    let question = sofia.get(&page.attribute("a[href$='/withdrawal']", "href")).await;
    let at = question.attribute("form.ask", "action");
    let empty = sofia.submit(&question, &at, &[("reason", " ")], "").await;
    assert_eq!(empty.text("#reason-e"), "Error: Say why");
    let done = sofia.submit(&question, &at, &[("reason", "Has left")], "").await;
    let page = sofia.follow(done).await;
    assert!(page.text(".timeline").contains("“Has left”"));
    app.document(app.world.first, "FT-2", |_| ()).await;
    assert_eq!(app.count("notices WHERE kind = 'document_created'"), 1);
    assert_eq!(app.mailbox.wait_for(&email, 1).await.len(), 1);
    assert_eq!(
        app.texts("SELECT action FROM audit_log WHERE action LIKE 'notification.%' ORDER BY id"),
        ["notification.grant", "notification.withdraw"]
    );
    let activity = anna.get("/settings/activity").await;
    assert!(activity.text("main").contains("Withdrew a notification permission"));
}

#[actix_web::test]
async fn a_permission_stands_and_a_request_waits_however_long_the_ledger_is() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    grant(&app, &mut sofia, ANNA, &[]).await;
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let page = aldo.get("/notifications").await;
    aldo.submit(&page, "/notifications/requests", &[("words", "I file them")], "").await;
    let carla = id_of(&app, CARLA);
    app.change(&format!(
        "INSERT INTO notification_permissions (merchant_id, id, user_id, kind, reason, granted_by, granted_at, withdrawn_at, withdrawn_by, withdrawn_for)
         SELECT merchant_id, gen_random_uuid(), '{carla}', kind, 'x', granted_by, granted_at + n * interval '1 second',
             granted_at + n * interval '1 second', granted_by, 'x' FROM notification_permissions, generate_series(1, 201) n"
    ));
    app.change(&format!(
        "INSERT INTO notification_requests (merchant_id, id, user_id, kind, words, asked_at, answer, answered_at, answered_by, reason)
         SELECT merchant_id, gen_random_uuid(), '{carla}', kind, 'x', asked_at + n * interval '1 second', 'refused',
             asked_at + n * interval '1 second', (SELECT granted_by FROM notification_permissions LIMIT 1), 'x'
         FROM notification_requests, generate_series(1, 201) n"
    ));
    let mine = anna.get("/notifications").await;
    assert!(mine.text("main").contains("Until: no end date"), "{}", mine.text("main"));
    let page = sofia.get(&base(&app)).await;
    assert!(page.text(".acting").contains("Aldo Neri asks for"), "{}", page.text("main"));
    let page = sofia.get(&format!("{}?user={}", base(&app), id_of(&app, ANNA))).await;
    assert!(page.has("a[href$='/withdrawal']"), "{}", page.text("#kinds"));
}

#[actix_web::test]
async fn sec_15_a_permission_is_asked_again_when_the_mail_leaves() {
    let app = TestApp::start().await;
    let email = app.text("SELECT email FROM users WHERE subject = 'anna'");
    app.permission(ANNA, SOFIA);
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 451 }));
    app.document(app.world.first, "FT-1", |_| ()).await;
    app.until("the first try", async || {
        app.count("mails WHERE attempts = 1 AND state = 'ready'") == 1
    })
    .await;
    app.change(
        "UPDATE notification_permissions SET withdrawn_at = now(), withdrawn_by = granted_by, withdrawn_for = 'x'",
    );
    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    app.until("it is dropped", async || app.count("mails WHERE state = 'dropped'") == 1).await;
    assert!(app.mailbox.mails().iter().all(|mail| !mail.to.contains(&email)));
    let page = app.sign_in(ANNA).await.get("/notifications/deliveries").await;
    assert_eq!(
        page.text("tbody .status"),
        "Not sent: the permission had ended, or it was not wanted any more"
    );
}

#[actix_web::test]
async fn only_a_standing_permission_of_who_sees_documents_counts() {
    let app = TestApp::start().await;
    // An accountant and an owner; then one whose role loses documents, one switched off, one over.
    for subject in ["role", "off", "over", "gone"] {
        app.member(subject, app.world.first, "accountant");
        app.permission(subject, SOFIA);
    }
    app.permission(ALDO, SOFIA);
    app.permission(ANNA, SOFIA);
    app.change("UPDATE memberships SET role = 'clerk' WHERE user_id = (SELECT id FROM users WHERE subject = 'role')");
    app.change("UPDATE users SET is_active = false WHERE subject = 'off'");
    app.change(
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE subject = 'gone')",
    );
    let over = id_of(&app, "over");
    app.look(|conn| {
        use diesel::RunQueryDsl as _;
        // The ledger keeps what stands in it, even from the test's own hand.
        let change = format!(
            "UPDATE notification_permissions SET valid_until = now() WHERE user_id = '{over}'"
        );
        diesel::sql_query(change).execute(conn).unwrap_err();
    });
    app.change(
        "ALTER TABLE notification_permissions DISABLE TRIGGER notification_permissions_stand",
    );
    app.change(&format!(
        "UPDATE notification_permissions SET valid_until = now() - interval '1 hour' WHERE user_id = '{over}'"
    ));
    app.document(app.world.first, "FT-1", |_| ()).await;
    assert_eq!(
        app.texts(
            "SELECT u.subject FROM notices n JOIN users u ON u.id = n.user_id ORDER BY u.subject"
        ),
        [ALDO, ANNA]
    );
    // Another merchant's document is no business of theirs.
    app.document(app.world.second, "FT-1", |_| ()).await;
    assert_eq!(app.count("notices"), 2);
}

#[actix_web::test]
async fn a_user_asks_once_and_the_request_lies_ready_to_be_granted_or_refused() {
    let app = TestApp::start().await;
    let (mut sofia, mut aldo) = (app.sign_in(SOFIA).await, app.sign_in(ALDO).await);
    for (round, is_granted) in [(1, false), (2, true)] {
        let page = aldo.get("/notifications").await;
        let asked =
            aldo.submit(&page, "/notifications/requests", &[("words", "I file them")], "").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{round}");
        let again =
            aldo.submit(&page, "/notifications/requests", &[("words", "I file them")], "").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text(".errors").contains("You have asked already"));
        assert!(again.text("main").contains("It waits for an answer"));

        // The page opens at who waits.
        let page = sofia.get(&base(&app)).await;
        assert!(page.text(".acting").contains("Aldo Neri asks for “New document”"));
        assert!(page.text(".acting").contains("“I file them”"));
        assert!(page.text(".tabs2 [aria-current]").starts_with("Aldo Neri"));
        if is_granted {
            let done = sofia.submit(&page, &base(&app), &[("reason", "He asked")], "").await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
        } else {
            let question = sofia.get(&page.attribute("a[href$='/refusal']", "href")).await;
            let at = question.attribute("form.ask", "action");
            let done = sofia.submit(&question, &at, &[("reason", "Not yours")], "").await;
            assert_eq!(done.status, StatusCode::SEE_OTHER);
        }
        assert!(!sofia.get(&base(&app)).await.has(".acting"));
    }
    let mine = aldo.get("/notifications").await;
    let ledger = mine.text(".timeline");
    for words in ["refused the request of Aldo Neri", "“Not yours”", "“He asked”"] {
        assert!(ledger.contains(words), "{words}: {ledger}");
    }
    // Owners read the whole ledger, others their own.
    assert!(app.sign_in(ANNA).await.get("/notifications").await.text(".timeline").contains("Aldo"));
    assert!(!app.sign_in(CARLA).await.get("/notifications").await.has(".timeline"));
}

#[actix_web::test]
async fn sec_17_a_grant_says_what_is_wrong_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = grant(&app, &mut sofia, ANNA, &[("reason", ""), ("until", "2020-01-01")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("#reason-e"), "Error: Say why");
    assert_eq!(page.text("#until-e"), "Error: Choose a day that is not over");
    assert_eq!(page.attribute("#until", "value"), "2020-01-01");
    let page = grant(&app, &mut sofia, ANNA, &[("until", "tomorrow")]).await;
    assert_eq!(page.text("#until-e"), "Error: Choose a day that is not over");
    // A clerk sees no documents: there is no form, and the command refuses too.
    let carla = id_of(&app, CARLA);
    let page = sofia.get(&format!("{}?user={carla}", base(&app))).await;
    assert!(!page.has("#until"));
    let page = sofia.get(&format!("{}?user={}", base(&app), id_of(&app, ANNA))).await;
    let forced = [("user", carla.as_str()), ("reason", "x")];
    let page = sofia.submit(&page, &base(&app), &forced, "").await;
    assert!(page.text(".errors").contains("This role does not see documents"));
    // The last day is whole, in the merchant's zone.
    let done = grant(&app, &mut sofia, ANNA, &[("until", "2099-12-31")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    assert_eq!(
        app.text("SELECT valid_until AT TIME ZONE m.time_zone FROM notification_permissions p JOIN merchants m ON m.id = p.merchant_id"),
        "2099-12-31 23:59:59"
    );
    let page = sofia.get(&format!("{}?user={}", base(&app), id_of(&app, ANNA))).await;
    assert!(page.text("#kinds").contains("31 December 2099"), "{}", page.text("#kinds"));
}

#[actix_web::test]
async fn sec_06_a_permission_is_granted_with_a_fresh_proof_only() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get(&format!("{}?user={}", base(&app), id_of(&app, ANNA))).await;
    app.change("UPDATE sessions SET authenticated_at = now() - interval '6 minutes'");
    let answer = sofia.submit(&page, &base(&app), &[("reason", "Keeps the books")], "").await;
    assert!(answer.location().is_some_and(|at| at.starts_with("/sign-in/again")));
    assert_eq!(app.count("notification_permissions"), 0);
}

#[actix_web::test]
async fn a_notice_speaks_the_readers_language_and_the_merchants_where_none_is_known() {
    let app = TestApp::start().await;
    let email = app.text("SELECT email FROM users WHERE subject = 'anna'");
    app.permission(ANNA, SOFIA);
    app.change("UPDATE merchants SET language = 'it'");
    app.document(app.world.first, "FT-1", |_| ()).await;
    let text = last_mail(&app, &email, 1).await;
    assert!(text.contains("Fattura") && text.contains("(Europe/Rome)"), "{text}");
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get("/display?return_to=/").await;
    anna.submit(&page, "/display", &[("lang", "fr"), ("theme", "dark")], "").await;
    app.document(app.world.first, "FT-2", |_| ()).await;
    let text = last_mail(&app, &email, 2).await;
    assert!(text.contains("Facture") && text.contains("Ouvrir le document"), "{text}");
}

#[actix_web::test]
async fn a_test_shows_whether_notices_arrive() {
    let app = TestApp::start().await;
    let email = app.text("SELECT email FROM users WHERE subject = 'anna'");
    app.change("UPDATE merchants SET language = 'en'");
    let mut anna = app.sign_in(ANNA).await;
    assert!(!anna.get("/notifications").await.has("form[action='/notifications/test']"));
    app.permission(ANNA, SOFIA);
    let page = anna.get("/notifications").await;
    let done = anna.submit(&page, "/notifications/test", &[], "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(last_mail(&app, &email, 1).await.contains("This is the test that you asked for"));
    let again = anna.submit(&page, "/notifications/test", &[], "").await;
    assert!(again.text(".errors").contains("A test was sent a moment ago"));
    assert_eq!(app.count("notices"), 1);
}

#[actix_web::test]
async fn a_notice_that_is_refused_is_work_for_both_sides() {
    let app = TestApp::start().await;
    app.permission(ANNA, SOFIA);
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 550 }));
    app.document(app.world.first, "FT-1", |_| ()).await;
    app.until("it has failed", async || app.count("mails WHERE state = 'failed'") == 1).await;
    let mine = app.sign_in(ANNA).await.get("/notifications/deliveries").await;
    assert!(mine.text(".flash-warn").contains("One notice did not arrive"));
    assert!(mine.text("tbody .two[lang=en]").contains("550"), "{}", mine.text("tbody"));
    let theirs = app.sign_in(SOFIA).await.get(&base(&app)).await;
    assert!(theirs.text(".flash-warn").contains("One notice did not arrive"));
}

#[actix_web::test]
async fn telling_twenty_takes_as_many_round_trips_as_telling_nobody() {
    let app = TestApp::start().await;
    let none = round_trips(&app, "FT-1").await;
    for n in 0..20 {
        let subject = format!("reader{n}");
        app.member(&subject, app.world.first, "accountant");
        app.permission(&subject, SOFIA);
    }
    let twenty = round_trips(&app, "FT-2").await;
    assert_eq!(app.count("mails WHERE notice_id IS NOT NULL"), 20);
    assert_eq!((none, twenty), (2, 2), "the statement and the commit");
}

/// Statements that telling about a document takes.
async fn round_trips(app: &TestApp, number: &str) -> usize {
    let document = app.document(app.world.first, number, |_| ()).await;
    let scope = SystemScope::found(app.world.first);
    app.change("DELETE FROM mails WHERE notice_id IS NOT NULL");
    app.change("DELETE FROM notices");
    let (counted, now) = (Arc::new(AtomicUsize::new(0)), app.clock.now());
    let for_connection = counted.clone();
    let tell = |conn: &mut diesel::PgConnection| {
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                for_connection.fetch_add(1, Ordering::Relaxed);
            }
        });
        let id = document.parse().expect("an id");
        notify(conn, scope.into(), &Event::DocumentCreated { id }, now)
    };
    app.jobs_db().run_blocking(&scope.tenants(), tell).expect("they are told");
    counted.load(Ordering::Relaxed)
}

#[actix_web::test]
async fn sec_11_another_merchants_permissions_are_not_there() {
    let app = TestApp::start().await;
    let mut bruno = app.sign_in(BRUNO).await;
    let permission = app.permission(ANNA, SOFIA);
    bruno.works_for(&app.world.second).await;
    assert!(!bruno.get("/notifications").await.has(".timeline"));
    let mut sofia = app.sign_in(SOFIA).await;
    let second = app.world.second;
    for path in ["", "/deliveries", &format!("/{permission}/withdrawal")] {
        let page = sofia.get(&format!("/merchants/{second}/permissions{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let stranger = UserId::new();
    let page = sofia.get(&format!("{}?user={stranger}", base(&app))).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}
