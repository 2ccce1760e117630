//! What users choose to be told, and how it reaches them: inbox, mail at once, digest; and the link that
//! ends mails.

use chrono::Duration;
use openidconnect::reqwest::{Method, StatusCode};

use central::sandbox::mailbox::SmtpReply;

use crate::support::*;

const NOTIFICATIONS: &str = "/notifications";
const INBOX: &str = "/notifications/inbox";

/// Ticks exactly these ways on the page, `kind way`.
async fn choose(browser: &mut Browser, ways: &[(&str, &str)], reach: &str) -> Page {
    let token = form_token(browser).await;
    let mut fields = vec![("_csrf", token.as_str()), ("reach", reach)];
    for kind in ["payment_paid", "payment_declined", "payment_undelivered", "payment_expiring"] {
        fields.push(("shown", kind));
    }
    fields.extend(ways);
    browser.post(NOTIFICATIONS, &fields).await
}

/// A customer pays a new request of somebody's.
async fn paid(app: &TestApp, merchant: &mut Browser, order_id: &str) -> Request {
    let to = format!("{order_id}@example.it").to_lowercase();
    let request = app
        .request(merchant, &[("order_id", order_id), ("customer_email", &to), ("language", "en")])
        .await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&request, "paid").await;
    request
}

fn email_of(app: &TestApp, subject: &str) -> String {
    app.text(&format!("SELECT email FROM users WHERE subject = '{subject}'"))
}

#[actix_web::test]
async fn who_chose_nothing_finds_their_own_payments_in_the_inbox_and_gets_no_mail() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let request = paid(&app, &mut carla, "A-1").await;
    app.mails_settle().await;
    assert_eq!(
        app.texts("SELECT concat_ws(' ', u.subject, n.kind, n.in_app) FROM notices n JOIN users u ON u.id = n.user_id"),
        ["carla payment_paid t"]
    );
    assert_eq!(app.count("mails WHERE notice_id IS NOT NULL"), 0);
    let page = carla.get(INBOX).await;
    assert_eq!(page.text(".menu .count"), "1 unread");
    assert_eq!(page.text(".inbox .link-button"), "Payment received, A-1 (unread)");
    let action = page.attribute(".inbox form", "action");
    let opened = carla.submit(&page, &action, &[], "").await;
    assert_eq!(opened.location().as_deref(), Some(request.url.as_str()));
    let page = carla.get(INBOX).await;
    assert!(!page.has(".menu .count") && !page.has(".inbox .unread"), "it is read");

    assert!(!anna.get(INBOX).await.has(".inbox"), "not hers");
    let token = form_token(&mut anna).await;
    let page = anna.post(&action, &[("_csrf", &token)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "somebody else's notice");
}

#[actix_web::test]
async fn all_of_the_merchant_are_told_to_who_sees_them_and_asked_for_them() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let both = [("payment_paid", "in_app"), ("payment_paid", "at_once")];
    assert_eq!(choose(&mut anna, &both, "all").await.status, StatusCode::SEE_OTHER);
    assert_eq!(choose(&mut carla, &both, "all").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        app.texts("SELECT DISTINCT concat_ws(' ', u.subject, c.is_all) FROM notification_choices c JOIN users u ON u.id = c.user_id"),
        ["anna t", "carla f"],
        "a clerk sees her own alone"
    );
    let page = anna.get(NOTIFICATIONS).await;
    assert!(page.has("input[name=payment_paid][value=at_once][checked]"));
    assert!(!page.has("input[name=payment_declined][checked]"));
    assert!(page.has("input[name=reach][value=all][checked]"));

    app.change("UPDATE merchants SET language = 'en'");
    paid(&app, &mut carla, "B-1").await;
    let text = app.mailbox.wait_for(&email_of(&app, ANNA), 1).await[0].text.clone().unwrap();
    let sentence = "A customer has paid a request of Ceramiche Bellini.";
    for words in
        [sentence, "Payment received", "B-1", "/processing/email-payments/", "/unsubscribe/"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.trim_end().ends_with("Central"), "nobody's mandate: {text}");
    assert!(
        !text.contains("45.00") && !text.contains("45,00") && !text.contains("b-1@example.it"),
        "no figure, no customer: {text}"
    );
    app.mails_settle().await;
    let sent = anna.get("/notifications/deliveries").await;
    assert!(sent.text("tbody").contains("Payment received, B-1"), "{}", sent.text("tbody"));
}

#[actix_web::test]
async fn a_decline_and_a_refused_mail_are_told() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[("order_id", "C-1")]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.until("it is declined", async || app.happened(&request, "declined") == 1).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 550 }));
    anna.creates_email_payment(&[("order_id", "C-2"), ("customer_email", "no@example.it")], "send")
        .await;
    app.until("it is refused", async || {
        app.count("notices WHERE kind = 'payment_undelivered'") == 1
    })
    .await;
    let page = anna.get(INBOX).await;
    assert_eq!(
        page.texts(".inbox .link-button"),
        ["Email not delivered, C-2 (unread)", "Payment declined, C-1 (unread)"].map(str::to_owned)
    );
    let done = anna.submit(&page, "/notifications/inbox/read", &[], "").await;
    let page = anna.follow(done).await;
    assert_eq!(page.text(".flash"), "All are marked as read.");
    assert!(!page.has(".menu .count"));
}

#[actix_web::test]
async fn a_request_that_ends_in_a_day_is_told_once() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    let first = [("order_id", "D-1"), ("expires_on", "2026-12-02")];
    let first = app.request(&mut anna, &first).await;
    let second = [("order_id", "D-2"), ("expires_on", "2026-12-03")];
    let second = app.request(&mut anna, &second).await;
    let told = "SELECT p.order_id FROM notices n JOIN email_payments p ON p.id = n.email_payment_id
         WHERE n.kind = 'payment_expiring' ORDER BY n.created_at";
    assert_eq!(app.texts(told), Vec::<String>::new());
    for (request, known) in [(&first, vec!["D-1"]), (&second, vec!["D-1", "D-2"])] {
        app.seconds_before_end(request, 23 * 3600).await;
        app.until("it is told", async || app.texts(told) == known).await;
    }
}

#[actix_web::test]
async fn the_mail_of_an_end_says_when_it_is_by_the_readers_clock() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    app.change("UPDATE merchants SET language = 'en'");
    app.change("UPDATE users SET time_zone = 'America/New_York' WHERE subject = 'anna'");
    let ways = [("payment_expiring", "at_once"), ("payment_expiring", "digest")];
    choose(&mut anna, &ways, "own").await;
    let request = [("order_id", "D-3"), ("expires_on", "2026-12-02")];
    let request = app.request(&mut anna, &request).await;
    app.seconds_before_end(&request, 23 * 3600).await;
    let email = email_of(&app, ANNA);
    let told = app.mailbox.wait_for(&email, 1).await.remove(0);
    let end = "Valid until: Wednesday 2 December 2026, 17:59 (America/New_York)";
    let (text, html) = (told.text.unwrap(), told.html.unwrap());
    for words in ["ends within 24 hours", end, "Date of this notice: Tuesday 1 December 2026"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(html.contains("Valid until") && html.contains("aria-roledescription=\"email\""));
    assert_eq!(
        app.texts("SELECT (digest_at AT TIME ZONE 'America/New_York')::time FROM notices"),
        ["08:00:00"]
    );
    app.later(Duration::days(1)).await;
    let digest = app.mailbox.wait_for(&email, 2).await.remove(0);
    let text = digest.text.unwrap();
    assert_eq!(digest.subject, "Ceramiche Bellini: daily digest, 1 event");
    assert!(text.contains(end) && text.trim_end().ends_with("Central"), "{text}");
}

#[actix_web::test]
async fn a_digest_leaves_once_at_eight_with_all_that_happened() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("UPDATE merchants SET language = 'en'");
    choose(&mut anna, &[("payment_paid", "digest")], "own").await;
    paid(&app, &mut anna, "E-1").await;
    paid(&app, &mut anna, "E-2").await;
    assert_eq!(app.count("notices WHERE digest_at IS NOT NULL AND NOT in_app"), 2);
    assert_eq!(
        app.texts("SELECT DISTINCT (digest_at AT TIME ZONE 'Europe/Rome')::time FROM notices"),
        ["08:00:00"]
    );
    assert_eq!(app.count("notices WHERE kind = 'digest'"), 0, "not before");
    app.later(Duration::days(1)).await;
    let email = email_of(&app, ANNA);
    let mail = app.mailbox.wait_for(&email, 1).await.remove(0);
    assert_eq!(mail.subject, "Ceramiche Bellini: daily digest, 2 events");
    let text = mail.text.clone().unwrap();
    assert!(
        text.contains("Payment received, E-1") && text.contains("Payment received, E-2"),
        "{text}"
    );
    assert_eq!(app.count("notices WHERE kind = 'digest'"), 1);

    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
    let link = text.split_whitespace().find(|word| word.contains("/unsubscribe/")).unwrap();
    let link = link.trim_start_matches(&app.base).to_owned();
    // Without a session, as a mail program does.
    let mut nobody = app.browser();
    let page = nobody.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(app.count("notification_choices WHERE digest_stopped_at IS NOT NULL"), 0, "it asks");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let done = nobody.request(Method::POST, &link, &form, "List-Unsubscribe=One-Click").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(app.count("notification_choices WHERE digest_stopped_at IS NOT NULL"), 1);
    let mine = anna.get(NOTIFICATIONS).await;
    assert!(!mine.has("input[name=payment_paid][value=digest][checked]"));
    assert!(mine.text("main").contains("Ended by a link in an email: Payment received"));
    paid(&app, &mut anna, "E-3").await;
    assert_eq!(app.count("notices WHERE digest_at IS NOT NULL"), 2, "nothing waits for a digest");

    let back = nobody.submit(&done, &format!("{link}/undo"), &[], "").await;
    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(app.count("notification_choices WHERE digest_stopped_at IS NOT NULL"), 0);
    assert_eq!(
        app.texts("SELECT action FROM audit_log WHERE action LIKE 'notification.%' ORDER BY id"),
        ["notification.choose", "notification.resume", "notification.stop"]
    );
    assert_eq!(
        nobody.get(&link.replace("digest", "payment_paid")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[actix_web::test]
async fn sec_15_who_has_left_or_chosen_otherwise_meanwhile_gets_no_mail() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    choose(&mut anna, &[("payment_paid", "at_once")], "own").await;
    let request = app.request(&mut anna, &[]).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 451 }));
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.until("the first try", async || {
        app.count("mails WHERE notice_id IS NOT NULL AND attempts = 1 AND state = 'ready'") == 1
    })
    .await;
    choose(&mut anna, &[("payment_paid", "in_app")], "own").await;
    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    app.until("it is dropped", async || {
        app.count("mails WHERE notice_id IS NOT NULL AND state = 'dropped'") == 1
    })
    .await;
}

#[actix_web::test]
async fn a_notice_that_was_given_up_is_sent_again_by_hand() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    app.permission(ANNA, SOFIA);
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 550 }));
    app.document(app.world.first, "FT-1", |_| ()).await;
    app.until("it is given up", async || {
        app.count("mails WHERE notice_id IS NOT NULL AND state = 'failed'") == 1
    })
    .await;
    app.mailbox.set_reply(None);
    app.change("UPDATE users SET email = 'anna.new@example.com' WHERE subject = 'anna'");
    let at = format!("/merchants/{}/permissions/deliveries", app.world.first);
    let page = sofia.get(&at).await;
    let action = page.attribute("td form", "action");
    let done = sofia.submit(&page, &action, &[], "").await;
    let page = sofia.follow(done).await;
    assert_eq!(page.text(".flash"), "The notice is on its way again.");
    app.mailbox.wait_for("anna.new@example.com", 1).await;
    app.mails_settle().await;
    let page = anna.get("/notifications/deliveries").await;
    assert!(!page.has("td form") && !page.has(".flash-warn"), "nothing is left to do");
    assert_eq!(page.texts("tbody tr").len(), 2, "both tries stand there");
    let token = form_token(&mut anna).await;
    let again = action.replace(&at, "/notifications/deliveries");
    anna.post(&again, &[("_csrf", &token)]).await;
    assert_eq!(app.count("mails WHERE notice_id IS NOT NULL"), 2, "pressed again it sends nothing");
}

#[actix_web::test]
async fn answers_of_support_are_told_in_the_ways_that_were_chosen() {
    let app = TestApp::start().await;
    app.change("UPDATE merchants SET language = 'en'");
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let ticket = anna.opens_ticket(&[], &[]).await;
    let at_support = format!("/merchants/{}/tickets/1", app.world.first);
    assert_eq!(tom.says(&at_support, "Which browser?", "answer").await.status, 303);
    // Who chose nothing: in the inbox, and by the ticket's mail, which can be ended.
    let email = email_of(&app, ANNA);
    let mail = app.mailbox.wait_for(&email, 1).await.remove(0);
    let text = mail.text.clone().unwrap();
    assert!(text.contains("Which browser?") && text.contains("/unsubscribe/"), "{text}");
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
    let page = anna.get(INBOX).await;
    assert!(page.text(".inbox .link-button").starts_with("Support has answered, #1"));
    assert!(!page.has(".inbox a[href*='/support/tickets/new']"), "the ticket is the place to ask");
    let action = page.attribute(".inbox form", "action");
    let opened = anna.submit(&page, &action, &[], "").await;
    assert_eq!(opened.location().as_deref(), Some(ticket.as_str()));

    let page = anna.get(NOTIFICATIONS).await;
    assert!(page.has("input[name=ticket_answered][value=at_once][checked]"));
    let link = text.split_whitespace().find(|word| word.contains("/unsubscribe/")).unwrap();
    let link = link.trim_start_matches(&app.base).to_owned();
    let page = app.browser().get(&link).await;
    let mut nobody = app.browser();
    assert_eq!(nobody.submit(&page, &link, &[], "").await.status, StatusCode::OK);
    let token = form_token(&mut anna).await;
    let fields =
        [("_csrf", token.as_str()), ("shown", "ticket_answered"), ("ticket_answered", "digest")];
    assert_eq!(anna.post(NOTIFICATIONS, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(tom.says(&at_support, "And which version?", "answer").await.status, 303);
    app.mails_settle().await;
    assert_eq!(app.mailbox.wait_for(&email, 1).await.len(), 1, "no mail at once any more");
    app.later(Duration::days(1)).await;
    let digest = app.mailbox.wait_for(&email, 2).await.remove(0);
    let text = digest.text.clone().unwrap();
    assert!(text.contains("Support has answered, #1") && text.contains(&ticket), "{text}");
}
