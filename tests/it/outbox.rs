//! Many mails at a time: batches, two dispatchers, a stop in the middle.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;

use central::sandbox::mailbox::SmtpReply;
use central::server::{self, Running};

use crate::support::*;

/// A second server at the same queue.
async fn another_server(app: &TestApp) -> Running {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    server::start(&app.config, app.clock.clone(), listen(), listen(), 1).await.unwrap()
}

async fn all_are_settled(app: &TestApp) {
    app.until("every mail is settled", async || {
        app.count("mails WHERE state IN ('ready', 'sending')") == 0
    })
    .await;
}

/// So many have arrived, each of them another.
fn arrived_once(app: &TestApp, count: usize) {
    let mails = app.mailbox.mails();
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((mails.len(), ids.len()), (count, count));
}

#[actix_web::test]
async fn sec_15_a_bad_address_in_the_middle_of_a_batch_fails_alone() {
    let app = TestApp::start().await;
    let bad = Some("row20@example.it".to_owned());
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: bad, code: 550 }));
    app.mails_wait(40);
    all_are_settled(&app).await;
    let failed = "mails WHERE state = 'failed' AND attempts = 1 AND recipient = 'row20@example.it'";
    assert_eq!(app.count(failed), 1);
    assert_eq!(app.count("mails WHERE state = 'sent' AND attempts = 1 AND answer LIKE '2%'"), 39);
    arrived_once(&app, 39);
    for (kind, count) in [("receipt_sent", 39), ("mail_failed", 1)] {
        let events = format!("email_payment_events WHERE kind = '{kind}' AND actor = 'system'");
        assert_eq!(app.count(&events), count, "{kind}");
    }
}

#[actix_web::test]
async fn sec_15_a_result_that_cant_be_settled_keeps_no_other_from_it() {
    let app = TestApp::start().await;
    app.change(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
         AS 'BEGIN RAISE EXCEPTION ''as told''; END'",
    );
    app.change(
        "CREATE TRIGGER refuse BEFORE INSERT ON email_payment_events FOR EACH ROW
         WHEN (NEW.details->>'to' = 'row20@example.it') EXECUTE FUNCTION refuse()",
    );
    app.mails_wait(40);
    app.until("the others are sent", async || app.count("mails WHERE state = 'sent'") == 39).await;
    // It has left, and nobody knows: its lease will run out.
    assert_eq!(app.count("mails WHERE state = 'sending' AND recipient = 'row20@example.it'"), 1);
    assert_eq!(app.count("email_payment_events WHERE kind = 'receipt_sent'"), 39);
    arrived_once(&app, 40);
}

#[actix_web::test]
async fn sec_26_a_stop_in_the_middle_of_a_batch_gives_the_rest_back() {
    let mut app = TestApp::start().await;
    app.mailbox.set_reply(Some(SmtpReply::Delay(Duration::from_millis(200))));
    app.mails_wait(60);
    app.until("some have left", async || app.mailbox.count() >= 4).await;
    app.shut_down().await;
    let sent = app.count("mails WHERE state = 'sent'");
    assert!(sent < 60, "all had left before the stop");
    assert_eq!(app.mailbox.count(), usize::try_from(sent).unwrap(), "what left is settled");
    assert_eq!(app.count("mails WHERE state = 'ready' AND attempts = 0"), 60 - sent);

    app.mailbox.set_reply(None);
    let another = another_server(&app).await;
    all_are_settled(&app).await;
    arrived_once(&app, 60);
    another.stop().await;
}

#[actix_web::test]
async fn sec_15_two_dispatchers_lose_and_double_nothing() {
    let app = TestApp::start().await;
    let another = another_server(&app).await;
    app.mails_wait(400);
    all_are_settled(&app).await;
    assert_eq!(app.count("mails WHERE state = 'sent' AND attempts = 1"), 400);
    assert_eq!(app.count("email_payment_events WHERE kind = 'receipt_sent'"), 400);
    arrived_once(&app, 400);
    another.stop().await;
}
