//! Settings > Sessions: one's own browsers.

use diesel::prelude::*;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const AT: &str = "/settings/sessions";

fn is_signed_out(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER
        && page.location().is_some_and(|location| location.starts_with("/sign-in"))
}

#[actix_web::test]
async fn sec_04_a_user_sees_their_own_sessions_and_which_is_this_one() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("UPDATE sessions SET device = 'Firefox, Windows', network = '203.0.113.0/24'");
    app.sign_in(CARLA).await;
    app.sign_in(ANNA).await;
    let page = anna.get(AT).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.texts("tbody th"), ["Firefox, WindowsThis browser", "Unknown browser"]);
    assert_eq!(page.texts("tbody td:nth-of-type(1)"), ["203.0.113.0/24", "127.0.0.0/24"]);
    assert_eq!(page.texts("tbody form").len(), 1, "none for this one");
    assert!(page.texts("tbody time").iter().all(|text| text.starts_with("Today")), "{}", page.body);
    for word in ["tom", "sofia"] {
        assert_eq!(app.sign_in(word).await.get(AT).await.status, StatusCode::OK);
    }
}

#[actix_web::test]
async fn sec_04_one_session_is_ended_from_another_browser() {
    let app = TestApp::start().await;
    let mut here = app.sign_in(ANNA).await;
    let mut there = app.sign_in(ANNA).await;
    let page = here.get(AT).await;
    let action = page.attribute("tbody form", "action");
    let done = here.submit(&page, &action, &[], "").await;
    assert_eq!((done.status, done.location().as_deref()), (StatusCode::SEE_OTHER, Some(AT)));
    assert!(is_signed_out(&there.get(LIST).await), "refused from the next request on");
    let page = here.get(AT).await;
    assert_eq!(page.text(".flash"), "One session has ended.");
    assert_eq!(page.texts("tbody tr").len(), 1);
    assert!(!page.has("form[action$='/end-others']") && !page.has("tbody form"));
    let row = "SELECT concat_ws(' ', user_role, object_id = (SELECT id FROM sessions WHERE ended_at IS NOT NULL), after)
               FROM audit_log WHERE action = 'session.end' AND is_done";
    assert_eq!(app.texts(row), [r#"owner t {"sessions": 1}"#]);

    // The button of a page that was open for too long.
    let token = form_token(&mut here).await;
    let again = here.post(&action, &[("_csrf", &token)]).await;
    let page = here.follow(again).await;
    assert_eq!(page.text(".flash"), "No session was left to end.");
    let activity = here.get("/settings/activity?kind=sign_in").await;
    assert!(activity.text("tbody th").starts_with("Session ended"), "{}", activity.text("tbody"));
}

#[actix_web::test]
async fn sec_04_all_other_sessions_end_at_once_and_this_one_stays() {
    let app = TestApp::start().await;
    let mut here = app.sign_in(ANNA).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(app.sign_in(ANNA).await);
    }
    let mut carla = app.sign_in(CARLA).await;
    let page = here.get(AT).await;
    let done = here.submit(&page, "/settings/sessions/end-others", &[], "").await;
    let page = here.follow(done).await;
    assert_eq!(page.text(".flash"), "3 sessions have ended.");
    for mut other in others {
        assert!(is_signed_out(&other.get(LIST).await));
    }
    assert_eq!(carla.get(LIST).await.status, StatusCode::OK, "nobody else's");
    assert_eq!(app.count("audit_log WHERE action = 'session.end'"), 1);
}

#[actix_web::test]
async fn sec_04_a_session_of_somebody_else_cant_be_ended() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut carla = app.sign_in(CARLA).await;
    let id = app.text(
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.subject = 'carla'",
    );
    let token = form_token(&mut anna).await;
    for id in [id.as_str(), "01932f5e-0000-7000-8000-000000000000", "nonsense"] {
        let path = format!("{AT}/{id}/end");
        let answer = anna.post(&path, &[("_csrf", &token)]).await;
        let page = anna.follow(answer).await;
        assert_eq!(page.text(".flash"), "No session was left to end.", "{id}");
    }
    assert_eq!(carla.get(LIST).await.status, StatusCode::OK);
    assert_eq!(app.count("audit_log WHERE action = 'session.end'"), 0);
}

#[actix_web::test]
async fn sec_04_a_request_in_flight_does_not_revive_the_session_that_was_ended() {
    let app = TestApp::start().await;
    let mut here = app.sign_in(ANNA).await;
    let mut there = app.sign_in(ANNA).await;
    let page = here.get(AT).await;
    // The other browser saves a draft, which waits for a lock that we hold.
    let form = there.get(NEW).await;
    let mut conn = PgConnection::establish(&cluster().superuser_url(&app.database)).unwrap();
    diesel::sql_query("BEGIN").execute(&mut conn).unwrap();
    diesel::sql_query("SELECT 1 FROM merchants FOR UPDATE").execute(&mut conn).unwrap();
    let mut saver = there.clone();
    let ending = async {
        let waits =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        app.until("the draft waits", async || app.count(waits) > 0).await;
        let done = here.submit(&page, "/settings/sessions/end-others", &[], "").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
        diesel::sql_query("ROLLBACK").execute(&mut conn).unwrap();
    };
    let (answer, ()) = tokio::join!(saver.fills_in_again(&form, &[], "draft"), ending);
    assert!(is_signed_out(&answer), "{} {}", answer.status, answer.body);
    assert!(is_signed_out(&there.get(LIST).await));
    assert_eq!(app.count("sessions WHERE ended_at IS NULL"), 1);
}

#[actix_web::test]
async fn what_a_slow_request_writes_back_is_only_what_it_changed() {
    let app = TestApp::start().await;
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    // A draft waits for a lock that we hold; meanwhile another merchant is chosen in another tab.
    let form = bruno.get(NEW).await;
    let mut conn = PgConnection::establish(&cluster().superuser_url(&app.database)).unwrap();
    let lock = format!("SELECT 1 FROM merchants WHERE id = '{}' FOR UPDATE", app.world.second);
    diesel::sql_query("BEGIN").execute(&mut conn).unwrap();
    diesel::sql_query(lock).execute(&mut conn).unwrap();
    let mut saver = bruno.clone();
    let choosing = async {
        let waits =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        app.until("the draft waits", async || app.count(waits) > 0).await;
        bruno.works_for(&app.world.first).await;
        diesel::sql_query("ROLLBACK").execute(&mut conn).unwrap();
    };
    let (answer, ()) = tokio::join!(saver.fills_in_again(&form, &[], "draft"), choosing);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    let state = |key: &str| {
        app.text(&format!(
            "SELECT coalesce(state->>'{key}', '') FROM sessions WHERE ended_at IS NULL"
        ))
    };
    assert_eq!(state("merchant"), format!("\"{}\"", app.world.first), "as was chosen last");
    assert_ne!(state("flash"), "", "what the draft has to say");
    assert_eq!(state("loaded"), "", "made with each request, never kept");
    let page = bruno.get("/").await;
    assert!(page.has(".flash"));
    assert_eq!(state("flash"), "", "said once");
}

#[actix_web::test]
async fn sec_04_sessions_are_ended_only_with_a_fresh_proof() {
    let app = TestApp::start().await;
    let (mut anna, mut elsewhere) = (app.sign_in(ANNA).await, app.sign_in(ANNA).await);
    app.change("UPDATE sessions SET authenticated_at = now() - interval '6 minutes'");
    let page = anna.get(AT).await;
    let away = anna.submit(&page, "/settings/sessions/end-others", &[], "").await;
    let location = away.location().unwrap();
    assert!(location.starts_with("/sign-in/again?") && location.contains("fresh=1"), "{location}");
    assert_eq!(elsewhere.get(AT).await.status, StatusCode::OK, "nothing has been done yet");
    let accounts = anna.follow(away).await;
    let back = anna.choose(&accounts, ANNA).await;
    let page = anna.follow(back).await;
    assert!(
        page.text("[role=status]").contains("Nothing has been done yet"),
        "{}",
        page.text("main")
    );
    anna.submit(&page, "/settings/sessions/end-others", &[], "").await;
    assert_eq!(elsewhere.get(AT).await.status, StatusCode::SEE_OTHER);
}
