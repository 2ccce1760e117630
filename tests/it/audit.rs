//! Who did what: the rows, and the seals over them.

use central::auth::audit::{self, Verdict};
use central::db::Tenants;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// Action, role, whether it was done, and whether the rest of the row is as it has to be.
fn rows(app: &TestApp, action: &str) -> Vec<String> {
    app.texts(&format!(
        "SELECT concat_ws(' ', action, user_role, CASE WHEN is_done THEN 'done' ELSE 'refused' END,
             CASE WHEN origin = '127.0.0.1' AND char_length(request_id) = 26 AND at <= now()
                  THEN 'complete' ELSE 'incomplete' END)
         FROM audit_log WHERE action = '{action}'"
    ))
}

#[actix_web::test]
async fn sec_23_each_act_of_a_user_leaves_a_row_with_who_what_and_from_where() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let draft = anna.creates_email_payment(&[("order_id", "ONE")], "draft").await;
    let edit = anna.get(&format!("{draft}/edit")).await;
    let saved =
        anna.submit(&edit, &format!("{draft}/edit"), &[("amount", "99,00")], "action=draft").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    let sent = anna.creates_email_payment(&[("order_id", "TWO")], "send").await;
    let again_at = format!("{sent}/resend");
    app.mails_settle().await;
    app.clock.advance(chrono::Duration::minutes(11));
    let page = anna.get(&again_at).await;
    let resent = anna.submit(&page, &again_at, &[], "").await;
    assert_eq!(resent.status, StatusCode::SEE_OTHER, "{}", resent.text("main"));
    let cancel_at = format!("{sent}/cancellation");
    let page = anna.get(&cancel_at).await;
    let cancelled = anna.submit(&page, &cancel_at, &[("reason", "Sold")], "").await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER, "{}", cancelled.text("main"));
    let page = anna.open("/").await;
    anna.submit(&page, "/sign-out", &[], "").await;
    app.browser().sign_in(NOBODY).await;

    assert_eq!(rows(&app, "sign_in"), ["sign_in done complete", "sign_in refused complete"]);
    assert_eq!(rows(&app, "sign_out"), ["sign_out owner done complete"]);
    let create = "email_payment.create owner done complete";
    assert_eq!(rows(&app, "email_payment.create"), [create, create]);
    for action in ["edit", "send", "resend", "cancel"] {
        let action = format!("email_payment.{action}");
        assert_eq!(rows(&app, &action), [format!("{action} owner done complete")]);
    }
    let of_anna = format!(
        "audit_log WHERE action LIKE 'email_payment.%' AND actor = 'user' AND merchant_id = '{}'
         AND user_id = (SELECT id FROM users WHERE subject = 'anna') AND session_id IS NOT NULL
         AND object_id IN (SELECT id FROM email_payments)",
        app.world.first
    );
    assert_eq!(app.count(&of_anna), 6);
    assert_eq!(
        app.text("SELECT before->>'amount_minor' || '>' || (after->>'amount_minor') FROM audit_log WHERE action = 'email_payment.edit'"),
        "4500>9900"
    );
}

#[actix_web::test]
async fn sec_22_the_audit_tells_nothing_about_the_customer() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let fields = [("customer_name", "Giulia Segreta"), ("message", "a private word")];
    anna.creates_email_payment(&fields, "send").await;
    let told = "audit_log a WHERE a::text ILIKE '%giulia%' OR a::text ILIKE '%private%'
                OR a::text ILIKE '%customer@example%'";
    assert_eq!(app.count(told), 0);
}

/// Seals what is there, as the job does.
fn seal(app: &TestApp) {
    app.age_audit();
    app.jobs_db().run_blocking(&Tenants::none(), audit::seal).unwrap();
}

fn verify(app: &TestApp) -> Verdict {
    app.owner_db().run_blocking(&Tenants::none(), audit::verify).unwrap()
}

#[actix_web::test]
async fn sec_23_a_row_that_is_changed_taken_out_or_slipped_in_breaks_its_seal() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    app.sign_in(BRUNO).await;
    assert_eq!(verify(&app).rows, 0, "what is younger than two minutes is not sealed yet");
    seal(&app);
    app.sign_in(CARLA).await;
    seal(&app);
    app.sign_in(ALDO).await;
    let good = verify(&app);
    assert_eq!((good.seals, good.rows, good.unsealed), (2, 3, 1));
    assert_eq!(good.broken, Vec::<String>::new());

    let in_the_first = "at = (SELECT min(at) FROM audit_log)";
    for (tampering, mending) in [
        (
            format!("UPDATE audit_log SET origin = '10.0.0.1' WHERE {in_the_first}"),
            format!("UPDATE audit_log SET origin = '127.0.0.1' WHERE {in_the_first}"),
        ),
        (
            format!("UPDATE audit_log SET is_done = false WHERE {in_the_first}"),
            format!("UPDATE audit_log SET is_done = true WHERE {in_the_first}"),
        ),
        (
            "INSERT INTO audit_log (at, actor, action, is_done)
             SELECT min(at) + interval '1 millisecond', 'system', 'forged', true FROM audit_log"
                .to_owned(),
            "DELETE FROM audit_log WHERE action = 'forged'".to_owned(),
        ),
    ] {
        assert_eq!(app.change(&tampering), 1);
        let broken = verify(&app).broken;
        assert_eq!(broken.len(), 1, "{tampering}: {broken:?}");
        assert!(broken[0].starts_with("seal 1, "), "{broken:?}");
        assert_eq!(app.change(&mending), 1);
        assert_eq!(verify(&app).broken, Vec::<String>::new(), "{mending}");
    }
    app.change("DELETE FROM audit_seals WHERE id = 1");
    assert!(verify(&app).broken[0].starts_with("seal 2, "), "a seal that is gone is missed");
}

#[actix_web::test]
async fn sec_23_the_partitions_of_the_months_to_come_are_there() {
    let app = TestApp::start().await;
    let partitions = app.texts(
        "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_log'::regclass",
    );
    assert_eq!(partitions.len(), 5, "{partitions:?}");
    let made = app.jobs_db().run_blocking(&Tenants::none(), audit::make_partitions).unwrap();
    assert_eq!(made, 0);
    let last = partitions.iter().filter(|name| !name.ends_with("default")).max().unwrap();
    app.change(&format!("DROP TABLE {last}"));
    let made = app.jobs_db().run_blocking(&Tenants::none(), audit::make_partitions).unwrap();
    assert_eq!(made, 1);
}

#[actix_web::test]
async fn sec_23_a_refusal_leaves_a_row() {
    let app = TestApp::start().await;
    let mut aldo = app.sign_in(ALDO).await;
    assert_eq!(aldo.get(&format!("{LIST}/new")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(aldo.post(LIST, &[("_csrf", "made-up")]).await.status, StatusCode::FORBIDDEN);
    let refused =
        "FROM audit_log WHERE action = 'access.refuse' AND NOT is_done AND user_id IS NOT NULL";
    let routes = app.texts(&format!("SELECT after->>'route' AS value {refused} ORDER BY 1"));
    assert_eq!(routes, [LIST, "/processing/email-payments/new"]);
}
