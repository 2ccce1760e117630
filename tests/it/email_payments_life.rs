//! The life of a payment after it is made: it leaves later, is reminded of, extended, replaced,
//! copied.

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

/// Where programs make payments.
const PAYMENTS: &str = "/api/v1/email-payments";

/// What a form says that lets a request leave later.
const fn later<'a>(day: &'a str, time: &'a str) -> [(&'a str, &'a str); 3] {
    [("sending", "later"), ("send_on", day), ("send_time", time)]
}

/// Somebody who is signed in, on 25 November 2026 at 10:00 in Rome.
async fn start() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    (app, anna)
}

async fn go_to(app: &TestApp, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    app.later(at - app.clock.now()).await;
}

fn reminders(app: &TestApp, condition: &str) -> i64 {
    app.count(&format!("email_payment_reminders WHERE {condition}"))
}

#[actix_web::test]
async fn a_scheduled_request_leaves_at_its_time_and_once() {
    let (app, mut anna) = start().await;
    let answer = anna.fills_in(&later("2026-11-26", "09:30"), "send").await;
    let url = answer.location().unwrap();
    let page = anna.get(&url).await;
    assert!(
        page.text(".flash").contains("will leave 26 Nov 2026, 09:30"),
        "{}",
        page.text(".flash")
    );
    assert!(page.text("aside").contains("Leaves26 Nov 2026, 09:30"), "{}", page.text("aside"));
    assert!(page.text(".detail-head").contains("Scheduled"));
    assert_eq!(app.field(&url, "status"), "scheduled");
    assert_eq!(app.field(&url, "send_at"), "2026-11-26 08:30:00+00");
    assert_eq!(app.field(&url, "pay_token_hash IS NULL AND delivery IS NULL"), "true");
    go_to(&app, "2026-11-26T08:29:00Z").await;
    assert_eq!((app.count("mails"), app.mailbox.count()), (0, 0));

    go_to(&app, "2026-11-26T08:30:01Z").await;
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    assert_eq!(app.field(&url, "status || ' ' || delivery || ' ' || sends"), "open sent 1");
    let sent = "email_payment_events WHERE kind = 'submitted' AND actor = 'clock'";
    assert_eq!(app.count(sent), 1);
    assert_eq!(app.count("audit_log WHERE action = 'email_payment.send' AND actor = 'clock'"), 1);
}

#[actix_web::test]
async fn times_that_the_clocks_jump_over_are_refused_and_of_two_the_first_counts() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let at: DateTime<Utc> = "2027-03-01T09:00:00Z".parse().unwrap();
    app.clock.advance(at - app.clock.now());
    let page = anna.fills_in(&later("2027-03-28", "02:30"), "send").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        page.texts(".errors li"),
        [
            "02:30 does not exist on 28 March 2027: the clocks go forward over it. Choose a time an hour later"
        ]
    );
    assert_eq!(page.attribute("#send_time", "value"), "02:30", "nothing typed is lost");
    let url = anna.creates_email_payment(&later("2027-03-28", "03:30"), "send").await;
    assert_eq!(app.field(&url, "send_at"), "2027-03-28 01:30:00+00");

    let at: DateTime<Utc> = "2027-10-20T09:00:00Z".parse().unwrap();
    app.clock.advance(at - app.clock.now());
    let url = anna.creates_email_payment(&later("2027-10-31", "02:30"), "send").await;
    assert_eq!(app.field(&url, "send_at"), "2027-10-31 00:30:00+00");
    let page = anna.get(&url).await;
    assert!(page.text(".flash").contains("31 Oct 2027, 02:30 (the first of two such hours)"));
}

#[actix_web::test]
async fn a_time_to_send_is_after_now_within_ninety_days_and_an_hour_before_the_end() {
    let (app, mut anna) = start().await;
    for (day, time, fault) in [
        ("", "09:00", "Choose a day and a time"),
        ("2026-11-26", "", "Choose a day and a time"),
        ("2026-11-26", "soon", "Choose a day in the calendar and write the time like 09:30"),
        ("2026-11-25", "09:59", "Choose a time after now, 25 Nov 2026, 10:00 (Europe/Rome)"),
        ("2027-03-01", "09:00", "You can plan 90 days ahead at most, until 23 Feb 2027, 10:00"),
    ] {
        let page = anna.fills_in(&later(day, time), "send").await;
        assert_eq!(page.texts(".errors li"), [fault], "{day} {time}");
    }
    let fields = [&later("2026-12-20", "23:30")[..], &[("expires_on", "2026-12-20")]].concat();
    let page = anna.fills_in(&fields, "send").await;
    let fault = "The link must be valid for at least an hour after the sending";
    assert_eq!(page.texts(".errors li"), [fault]);
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn a_scheduled_request_is_taken_back_moved_or_sent_now() {
    let (app, mut anna) = start().await;
    let url = anna.creates_email_payment(&later("2026-11-26", "09:30"), "send").await;
    let page = anna.get(&url).await;
    let (undo, send) = (format!("{url}/unscheduling"), format!("{url}/sending"));
    for _ in 0..2 {
        let done = anna.submit(&page, &undo, &[], "").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "pressed twice is once");
    }
    assert_eq!(app.field(&url, "status"), "draft");
    assert_eq!(app.count("email_payment_events WHERE kind = 'unscheduled'"), 1);

    let edit = format!("{url}/edit");
    let form = anna.get(&edit).await;
    assert!(form.has("#sending-later[checked]"), "its time is still noted");
    assert_eq!(form.attribute("#send_time", "value"), "09:30");
    anna.submit(&form, &edit, &[("send_time", "11:00")], "action=send").await;
    let form = anna.get(&edit).await;
    anna.submit(&form, &edit, &[("send_time", "12:00")], "action=send").await;
    assert_eq!(app.field(&url, "status || send_at"), "scheduled2026-11-26 11:00:00+00");

    let page = anna.get(&url).await;
    let twice = join_all((0..2).map(|_| {
        let (mut other, page, send) = (anna.clone(), &page, &send);
        async move { other.submit(page, send, &[], "").await.status }
    }));
    assert_eq!(twice.await, [StatusCode::SEE_OTHER; 2]);
    app.link_in_mail(CUSTOMER, 1).await;
    go_to(&app, "2026-11-26T12:00:00Z").await;
    app.mails_settle().await;
    assert_eq!(app.mailbox.count(), 1, "its time has no meaning any more");
}

#[actix_web::test]
async fn nothing_is_sent_now_that_its_page_did_not_show() {
    let (app, mut anna) = start().await;
    let url = anna.creates_email_payment(&later("2026-11-26", "09:30"), "send").await;
    let early = anna.get(&url).await;
    let edit = format!("{url}/edit");
    let form = anna.get(&edit).await;
    anna.submit(&form, &edit, &[("amount", "46.00")], "action=send").await;
    let send = format!("{url}/sending");
    let answer = anna.submit(&early, &send, &[], "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text(".errors").contains("meanwhile"), "{}", answer.text("main"));
    assert_eq!(answer.attribute("#amount", "value"), "46.00");
    assert_eq!(app.field(&url, "status"), "scheduled");
    let page = anna.get(&url).await;
    let answer = anna.submit(&page, &send, &[], "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    app.link_in_mail(CUSTOMER, 1).await;
}

#[actix_web::test]
async fn what_keeps_a_scheduled_request_from_leaving_is_told() {
    let (app, mut anna) = start().await;
    let url = anna.creates_email_payment(&later("2026-11-26", "09:30"), "send").await;
    app.change("UPDATE originators SET is_active = false");
    go_to(&app, "2026-11-26T08:31:00Z").await;
    app.until("it is held up", async || app.field(&url, "status") == "draft").await;
    let page = anna.get(&url).await;
    let next = page.text("section.next");
    assert!(next.contains("did not leave at its time") && next.contains("originator"), "{next}");
    assert!(page.text(".timeline").contains("Could not leave at its time"));
    app.change("UPDATE originators SET is_active = true");

    // A limit passes by itself: the request waits and leaves later.
    for place in 0..10 {
        let fields = [("order_id", &*format!("FULL-{place}"))];
        anna.creates_email_payment(&fields, "send").await;
    }
    let edit = format!("{url}/edit");
    let form = anna.get(&edit).await;
    // The same amount to the same address within a day: the form asks once.
    let held = anna.submit(&form, &edit, &later("2026-11-26", "12:00"), "action=send").await;
    anna.submit(&held, &edit, &[], "action=send").await;
    go_to(&app, "2026-11-26T11:00:01Z").await;
    app.until("it waits", async || app.field(&url, "send_hindrance") == "too_many_to_address")
        .await;
    assert_eq!(app.field(&url, "status"), "scheduled");
    let next = anna.get(&url).await.text("section.next");
    assert!(next.contains("We try again by ourselves at 26 Nov 2026, 13:00"), "{next}");
    go_to(&app, "2026-11-27T12:00:00Z").await;
    app.until("it left", async || app.field(&url, "status") == "open").await;
    assert_eq!(app.field(&url, "send_hindrance"), "");
}

#[actix_web::test]
async fn a_link_is_made_without_a_mail_and_can_be_paid() {
    let (app, mut anna) = start().await;
    let fields = [("sending", "link"), ("after_sending_3", "on")];
    let url = anna.creates_email_payment(&fields, "send").await;
    let page = anna.get(&url).await;
    assert!(page.text(".flash").contains("is ready: copy it"));
    assert_eq!(app.field(&url, "status || delivery || sends"), "opennot_sent0");
    assert_eq!(reminders(&app, "true"), 0, "no mail, no reminder");
    let mut customer = app.browser();
    let link = page.attribute("#link", "value").replace(&app.base, "");
    let gateway = customer.opens(&link).await;
    let paid = customer.pays(&gateway, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Pagato");
    assert_eq!(app.mailbox.count(), 0);
    assert!(page.text(".detail-head").contains("Send by email"));
    assert!(!page.has("form[action$='/reminders/now']"), "nothing to remind of");
}

#[actix_web::test]
async fn planned_reminders_leave_at_nine_and_count_as_sends() {
    let (app, mut anna) = start().await;
    let request =
        app.request(&mut anna, &[("after_sending_3", "on"), ("before_end_3", "on")]).await;
    let page = anna.get(&request.url).await;
    let plans = page.text(".plans");
    assert!(
        plans.contains("28 Nov 2026, 09:00") && plans.contains("22 Dec 2026, 09:00"),
        "{plans}"
    );
    go_to(&app, "2026-11-28T08:00:01Z").await;
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    assert!(mails[0].subject.contains("promemoria"), "{}", mails[0].subject);
    assert_eq!(link_in(mails[0].text.as_ref().unwrap()), request.link, "the same link");
    app.mails_settle().await;
    assert_eq!(app.field(&request.url, "sends || delivery"), "2sent");
    assert_eq!((reminders(&app, "state = 'sent'"), reminders(&app, "state = 'planned'")), (1, 1));
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("Customer reminded"));
    assert!(page.text("main").contains("Reminder accepted for delivery"));

    let early = anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text(".flash-warn").contains("less than ten minutes ago"));
    app.later(Duration::minutes(11)).await;
    let done = anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    assert_eq!(done.location(), Some(request.url.clone()));
    app.mailbox.wait_for(CUSTOMER, 3).await;
    assert_eq!(reminders(&app, "kind = 'by_hand' AND state = 'sent'"), 1);
}

#[actix_web::test]
async fn two_reminders_of_one_morning_leave_a_day_apart() {
    let (app, mut anna) = start().await;
    let rules = [("after_sending_3", "on"), ("before_end_3", "on")];
    let request = app.request(&mut anna, &rules).await;
    app.change("UPDATE email_payment_reminders SET due_at = '2026-11-28T08:00:00Z'");
    go_to(&app, "2026-11-28T08:00:01Z").await;
    app.mailbox.wait_for(CUSTOMER, 2).await;
    app.until("the second is put off", async || {
        reminders(&app, "state = 'planned' AND due_at >= '2026-11-29T08:00:01Z'") == 1
    })
    .await;
    assert_eq!(app.happened(&request, "reminded"), 1);
}

#[actix_web::test]
async fn reminders_stop_when_it_is_paid_cancelled_or_expired() {
    let (app, mut anna) = start().await;
    let mut customer = app.browser();
    let fields = |order: &'static str| [("order_id", order), ("before_end_1", "on")];
    let paid = app.request(&mut anna, &fields("PAID")).await;
    let page = customer.opens(&paid.link).await;
    customer.pays(&page, GOOD_CARD).await;
    customer.get(&format!("{}/return", paid.link)).await;
    app.becomes(&paid, "paid").await;
    let cancelled = app.request(&mut anna, &fields("CANCELLED")).await;
    anna.answers(&cancelled.url, "cancellation", &[]).await;
    let expired = app.request(&mut anna, &fields("EXPIRED")).await;
    app.change("UPDATE email_payment_reminders SET due_at = due_at + interval '9 days' WHERE state = 'planned'");
    app.seconds_before_end(&expired, -1).await;
    app.becomes(&expired, "expired").await;
    assert_eq!(
        app.texts("SELECT p.order_id || ' ' || r.state || ' ' || r.reason FROM email_payment_reminders r JOIN email_payments p ON p.id = r.email_payment_id"),
        ["CANCELLED skipped cancelled", "EXPIRED skipped expired", "PAID skipped paid"]
    );
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 0);
}

#[actix_web::test]
async fn a_reminder_is_skipped_where_the_address_refuses_and_waits_while_somebody_pays() {
    let (app, mut anna) = start().await;
    let bounced = app.request(&mut anna, &[("after_sending_3", "on"), ("order_id", "B")]).await;
    app.change("UPDATE email_payments SET delivery = 'bounced'");
    let paying = app.request(&mut anna, &[("after_sending_3", "on"), ("order_id", "P")]).await;
    app.change("UPDATE email_payments SET status = 'processing' WHERE order_id = 'P'");
    go_to(&app, "2026-11-28T08:00:01Z").await;
    app.until("both are looked at", async || {
        reminders(&app, "due_at <= '2026-11-28T08:00:01Z' AND state = 'planned'") == 0
    })
    .await;
    assert_eq!(reminders(&app, "state = 'skipped' AND reason = 'not_delivered'"), 1);
    assert_eq!(reminders(&app, "state = 'planned'"), 1);
    assert_eq!(app.happened(&bounced, "reminder_skipped"), 1);
    let page = anna.get(&bounced.url).await;
    assert!(page.text(".detail-head .btn-primary").starts_with("Correct address"));
    assert_eq!(app.happened(&paying, "reminded"), 0);
}

#[actix_web::test]
async fn a_letter_whose_turn_comes_while_somebody_pays_waits_for_the_outcome() {
    let (app, mut anna) = start().await;
    let url = anna.creates_email_payment(&[], "send").await;
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    app.change("UPDATE email_payments SET status = 'processing'");
    app.change(
        "UPDATE mails SET state = 'ready', sent_at = NULL, attempts = 0, run_at = created_at",
    );
    app.until("it is put off", async || {
        app.count("mails WHERE attempts = 1 AND state = 'ready'") == 1
    })
    .await;
    app.change("UPDATE email_payments SET status = 'open'");
    app.clock.advance(Duration::minutes(2));
    app.link_in_mail(CUSTOMER, 2).await;
    assert_eq!(app.field(&url, "status"), "open");
}

#[actix_web::test]
async fn reminders_are_added_and_taken_away_on_the_page() {
    let (app, mut anna) = start().await;
    let request = app.request(&mut anna, &[]).await;
    let page = anna.get(&request.at("reminders")).await;
    let add = |day: &'static str| [("remind_on", day), ("remind_time", "10:15")];
    for (day, fault) in [
        ("2026-11-01", "Choose a time after now"),
        ("2027-01-20", "Choose a time before the end of the request"),
    ] {
        let wrong = anna.submit(&page, &request.at("reminders"), &add(day), "").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text(".errors").contains(fault), "{}", wrong.text(".errors"));
        assert_eq!(wrong.attribute("#remind_on", "value"), day);
    }
    for day in ["2026-11-27", "2026-11-27", "2026-11-28", "2026-11-29"] {
        let done = anna.submit(&page, &request.at("reminders"), &add(day), "").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{day}");
    }
    assert_eq!(reminders(&app, "state = 'planned'"), 3, "the same one twice is once");
    let full = anna.submit(&page, &request.at("reminders"), &add("2026-11-30"), "").await;
    assert!(full.text(".errors").contains("3 reminders are planned already"));

    let page = anna.get(&request.url).await;
    let action = page.attribute(".plans form", "action");
    for _ in 0..2 {
        let gone = anna.submit(&page, &action, &[], "").await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(reminders(&app, "state = 'stopped' AND reason = 'by_merchant'"), 1);
    assert_eq!(app.happened(&request, "reminder_removed"), 1);
    let audited = "audit_log WHERE action IN ('email_payment.plan_reminder', 'email_payment.remove_reminder')";
    assert_eq!(app.count(audited), 4);
}

#[actix_web::test]
async fn forms_refuse_reminders_that_come_too_late_or_are_too_many() {
    let (app, mut anna) = start().await;
    let soon = [("expires_on", "2026-11-30"), ("after_sending_7", "on")];
    let page = anna.fills_in(&soon, "send").await;
    assert_eq!(
        page.texts(".errors li"),
        [
            "“7 days after sending” does not fall between the sending and the end: choose another one"
        ]
    );
    assert!(page.has("#after_sending_7[checked]"));
    let many = ["after_sending_3", "after_sending_7", "before_end_3", "before_end_1"];
    let page = anna.fills_in(&many.map(|name| (name, "on")), "send").await;
    assert_eq!(page.texts(".errors li"), ["Choose 3 reminders at most"]);
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn sec_12_a_customer_ends_the_reminders_by_post_alone() {
    let (app, mut anna) = start().await;
    let request = app.request(&mut anna, &[("before_end_3", "on")]).await;
    app.later(Duration::minutes(11)).await;
    let page = anna.get(&request.url).await;
    anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    let stop = format!("{}/reminders", request.link);
    assert_eq!(mails[0].header("List-Unsubscribe").unwrap(), format!("<{}{stop}>", app.base));
    assert_eq!(mails[0].header("List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
    assert!(mails[0].text.as_ref().unwrap().contains(&stop));
    assert_eq!(mails[1].header("List-Unsubscribe"), None, "the first request is no reminder");
    assert!(!mails[1].text.as_ref().unwrap().contains(&stop));

    let mut customer = app.browser();
    let asks = customer.get(&stop).await;
    assert_eq!(
        (asks.status, asks.text("h1").as_str()),
        (StatusCode::OK, "Nessun altro promemoria?")
    );
    assert!(!asks.body.contains(CUSTOMER) && !asks.body.contains("45,00"));
    assert_eq!(reminders(&app, "state = 'planned'"), 1, "scanners open links");
    // A mail program posts from nowhere, without cookies.
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    for _ in 0..2 {
        let body = "List-Unsubscribe=One-Click";
        let done = customer.request(Method::POST, &stop, &headers, body).await;
        assert_eq!(done.status, StatusCode::OK);
        assert_eq!(done.text("h1"), "Nessun altro promemoria");
    }
    assert_eq!(reminders(&app, "state = 'stopped' AND reason = 'by_customer'"), 1);
    assert_eq!(app.happened(&request, "reminders_stopped"), 1);
    app.later(Duration::minutes(11)).await;
    let refused = anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    assert!(refused.text(".flash-warn").contains("does not want reminders"));
    assert!(anna.get(&request.url).await.text("aside").contains("does not want reminders"));
    // The request itself is none, and another reader has not said no.
    anna.answers(&request.url, "resend", &[("customer_email", "right@example.it")]).await;
    app.link_in_mail("right@example.it", 1).await;
    app.later(Duration::minutes(11)).await;
    app.mails_settle().await;
    let again = anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let unknown = customer.get(&stop).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "the old link is dead");
    app.later(Duration::minutes(11)).await;
    anna.answers(&request.url, "resend", &[("customer_email", CUSTOMER)]).await;
    app.later(Duration::minutes(11)).await;
    let refused = anna.submit(&page, &request.at("reminders/now"), &[], "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "who said no comes back");
    assert!(refused.text(".flash-warn").contains("does not want reminders"));
}

#[actix_web::test]
async fn an_open_request_gets_a_later_end_and_the_gateways_page_too() {
    let (app, mut anna) = start().await;
    let mut customer = app.browser();
    let request = app.request(&mut anna, &[("before_end_3", "on")]).await;
    let wrong = |fields: [(&'static str, &'static str); 2]| fields;
    for (fields, fault) in [
        (wrong([("validity", "168"), ("expires_on", "")]), "must be later than the one it has"),
        (wrong([("validity", "day"), ("expires_on", "2027-02-24")]), "valid for 90 days at most"),
        (wrong([("validity", "day"), ("expires_on", "")]), "Choose the last day to pay"),
        (wrong([("validity", "2400"), ("expires_on", "")]), "Choose how long"),
    ] {
        let page = anna.answers(&request.url, "extension", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
        assert!(page.text(".errors").contains(fault), "{}", page.text(".errors"));
    }
    assert_eq!(app.happened(&request, "extended"), 0);
    let until = [("validity", "day"), ("expires_on", "2027-01-31")];
    for _ in 0..2 {
        let done = anna.answers(&request.url, "extension", &until).await;
        assert_eq!(done.location(), Some(request.url.clone()), "the same end twice is once");
    }
    assert_eq!(app.field(&request.url, "expires_at"), "2027-01-31 22:59:59+00");
    assert_eq!(app.happened(&request, "extended"), 1);
    assert_eq!(reminders(&app, "due_at = '2027-01-28T08:00:00Z'"), 1, "it moves with the end");
    assert_eq!(app.count("gateway_sessions WHERE is_current AND expires_at > '2027-01-31'"), 1);
    assert_eq!(app.count("gateway_sessions"), 2);
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Pagato");
    let late = anna.get(&request.at("extension")).await;
    assert!(late.text(".flash-warn").contains("It is paid"));
}

#[actix_web::test]
async fn a_renewed_request_is_valid_for_as_long_as_is_chosen() {
    let (app, mut anna) = start().await;
    let request = app.request(&mut anna, &[]).await;
    app.seconds_before_end(&request, -1).await;
    app.becomes(&request, "expired").await;
    let wrong = anna.answers(&request.url, "resend", &[("validity", "day")]).await;
    assert_eq!(wrong.texts(".errors li"), ["Choose the last day to pay"]);
    let done = anna.answers(&request.url, "resend", &[("validity", "72")]).await;
    assert_eq!(done.location(), Some(request.url.clone()));
    assert_eq!(app.field(&request.url, "expires_at - last_sent_at = interval '3 days'"), "true");
}

#[actix_web::test]
async fn a_replaced_request_is_cancelled_and_its_link_tells_of_the_new_one() {
    let (app, mut anna) = start().await;
    let mut customer = app.browser();
    let old = app.request(&mut anna, &[("order_id", "OLD"), ("before_end_3", "on")]).await;
    let form = anna.get(&old.at("replacement")).await;
    assert_eq!(form.attribute("#customer_email", "value"), CUSTOMER);
    assert_ne!(form.attribute("#order_id", "value"), "OLD");
    assert!(!form.has("button[value=draft]"));
    let fields = [("amount", "99.00"), ("order_id", "NEW")];
    let twice = join_all((0..2).map(|_| {
        let (mut other, form, at) = (anna.clone(), &form, old.at("replacement"));
        async move { other.submit(form, &at, &fields, "action=send").await.location() }
    }))
    .await;
    assert_eq!(twice[0], twice[1], "the same form twice makes one");
    let new_url = twice[0].clone().unwrap();
    assert_eq!(app.count("email_payments"), 2);
    assert_eq!(app.field(&old.url, "status || end_reason"), "cancelledreplaced");
    assert_eq!(app.field(&new_url, "status || amount_minor"), "open9900");
    assert_eq!(reminders(&app, "state = 'skipped' AND reason = 'replaced'"), 1);
    let new_link = app.link_in_mail(CUSTOMER, 2).await;
    app.mails_settle().await;
    assert_eq!(app.count("mails WHERE kind = 'cancelled'"), 0, "the new request says it all");
    assert!(anna.get(&old.url).await.text("aside").contains("Replaced byNEW"));
    assert!(anna.get(&new_url).await.text("aside").contains("Takes the place ofOLD"));

    let page = customer.get(&old.link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.text("main").contains("in attesa di pagamento"), "{}", page.text("main"));
    assert_eq!(page.attribute("a.btn-pay", "href"), new_link);
    assert!(!page.body.contains("99,00") && !page.body.contains("NEW"));
    let gateway = customer.opens(&new_link).await;
    let paid = customer.pays(&gateway, GOOD_CARD).await;
    customer.goes_back(&paid).await;
    let page = customer.get(&old.link).await;
    assert!(page.text("main").contains("Quella nuova è pagata"), "{}", page.text("main"));
    assert!(!page.has("a.btn-pay"));
    let gone = anna.get(&old.at("replacement")).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn sec_12_a_replaced_link_never_leads_another_reader_to_the_new_one() {
    let (app, mut anna) = start().await;
    let mut customer = app.browser();
    let old = app.request(&mut anna, &[]).await;
    let form = anna.get(&old.at("replacement")).await;
    let fields = [("amount", "99.00"), ("customer_email", "other@example.it")];
    anna.submit(&form, &old.at("replacement"), &fields, "action=send").await;
    app.link_in_mail("other@example.it", 1).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    assert!(mails[0].subject.contains("annullata"), "who can't pay any more is told");
    let page = customer.get(&old.link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(!page.has("a.btn-pay"));
}

#[actix_web::test]
async fn while_a_payment_is_being_made_it_is_neither_replaced_nor_extended_nor_reminded_of() {
    let (app, mut anna) = start().await;
    let mut customer = app.browser();
    let request = app.request(&mut anna, &[]).await;
    let form = anna.get(&request.at("replacement")).await;
    let detail = anna.get(&request.url).await;
    let page = customer.opens(&request.link).await;
    let waiting = customer.pays(&page, PENDING).await;
    customer.goes_back(&waiting).await;
    app.becomes(&request, "processing").await;
    let answer = anna.submit(&form, &request.at("replacement"), &[], "action=send").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(app.count("email_payments"), 1, "nothing of the new one is kept");
    let answer = anna.get(&request.at("extension")).await;
    assert!(answer.text(".flash-warn").contains("paying right now"));
    app.later(Duration::minutes(11)).await;
    let answer = anna.submit(&detail, &request.at("reminders/now"), &[], "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text(".flash-warn").contains("paying right now"));
}

#[actix_web::test]
async fn a_copy_asks_for_the_same_with_its_own_order_id() {
    let app = TestApp::start().await;
    let (mut anna, mut bruno) = (app.sign_in(ANNA).await, app.sign_in(BRUNO).await);
    let fields = [("customer_name", "Maria Conti"), ("description", "Tiles"), ("amount", "12.50")];
    let url = anna.creates_email_payment(&fields, "draft").await;
    let id = url.rsplit('/').next().unwrap();
    let form = anna.get(&format!("{NEW}?copy={id}")).await;
    assert_eq!(form.attribute("#customer_name", "value"), "Maria Conti");
    assert_eq!(form.attribute("#amount", "value"), "12.50");
    assert_ne!(form.attribute("#order_id", "value"), app.field(&url, "order_id"));
    let copy = anna.submit(&form, LIST, &[], "action=draft").await;
    assert_eq!(app.field(&copy.location().unwrap(), "description"), "Tiles");
    assert_eq!(bruno.get(&format!("{NEW}?copy={id}")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_link_is_a_code_to_be_scanned_while_it_can_be_paid() {
    let (app, mut anna) = start().await;
    let draft = anna.creates_email_payment(&[("order_id", "D")], "draft").await;
    assert_eq!(anna.get(&format!("{draft}/qr.svg")).await.status, StatusCode::CONFLICT);
    let request = app.request(&mut anna, &[("order_id", "A/1")]).await;
    let page = anna.get(&request.url).await;
    assert_eq!(page.attribute(".qr img", "src"), request.at("qr.svg"));
    assert_eq!(page.attribute(".qr img", "alt"), "QR code of the payment link of A/1");
    let file = anna.get(&request.at("qr.svg")).await;
    assert_eq!(file.header("content-type").unwrap(), "image/svg+xml; charset=utf-8");
    assert_eq!(file.header("content-disposition").unwrap(), "attachment; filename=\"A-1.svg\"");
    assert!(file.body.starts_with("<svg ") && !file.body.contains("style"));
}

#[actix_web::test]
async fn a_program_schedules_and_plans_reminders() {
    let (app, _) = start().await;
    let program = app.annas_program();
    let body = serde_json::json!({
        "amount_minor": 4_500, "currency": "EUR", "customer_email": CUSTOMER,
        "send_at": "2026-11-26T08:30:00Z", "reminders": ["after_sending_3", "before_end_1"],
    });
    let made = program.post(PAYMENTS, Some("one"), &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let json = made.json();
    assert_eq!(
        (json["status"].as_str(), json["send_at"].as_str()),
        (Some("scheduled"), Some("2026-11-26T08:30:00Z"))
    );
    assert_eq!(reminders(&app, "state = 'planned' AND due_at IS NULL"), 2);
    let wrong = serde_json::json!({
        "amount_minor": 4_500, "currency": "EUR", "customer_email": CUSTOMER,
        "send_at": "2026-11-20T08:30:00Z", "reminders": ["whenever"],
    });
    let refused = program.post(PAYMENTS, Some("two"), &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("\"send_at\"") && refused.body.contains("\"reminders\""),
        "{}",
        refused.body
    );
}
