//! One thing done to many payments: what the question says, what is skipped and why, each row once.

use central::bulk_actions::jobs;
use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const DONE: &str = "bulk_action_rows WHERE state = 'done'";

fn id_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

/// `&id=…` for each.
fn ids(urls: &[&String]) -> String {
    urls.iter().flat_map(|url| ["&id=", id_of(url)]).collect()
}

/// The question, as the list's form asks it.
async fn ask(browser: &mut Browser, act: &str, rows: &str) -> Page {
    browser.get(&format!("{BULK}/new?act={act}{rows}")).await
}

/// Answers the question: where the action is watched.
async fn confirm(browser: &mut Browser, question: &Page) -> String {
    let answer = browser.submit(question, BULK, &[], "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    answer.location().expect("the action's page")
}

async fn is_over(app: &TestApp) {
    app.until("the bulk action has ended", async || {
        app.count("bulk_actions WHERE state = 'running'") == 0
    })
    .await;
}

/// Three requests that wait for payment, whose mails have arrived a while ago.
async fn three(app: &TestApp, browser: &mut Browser) -> [String; 3] {
    let mut urls = Vec::new();
    for (address, amount) in
        [("a@example.it", "10.00"), ("b@example.it", "20.50"), ("c@example.it", "5.00")]
    {
        let fields = [("customer_email", address), ("amount", amount)];
        urls.push(browser.creates_email_payment(&fields, "send").await);
        app.mailbox.wait_for(address, 1).await;
    }
    app.mails_settle().await;
    app.later(Duration::hours(1)).await;
    urls.try_into().unwrap()
}

#[actix_web::test]
async fn picked_requests_are_cancelled_and_those_that_can_not_be_are_told_with_their_reason() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let [first, second, third] = three(&app, &mut anna).await;
    app.change(&format!(
        "UPDATE email_payments SET status = 'processing' WHERE id = '{}'",
        id_of(&third)
    ));
    let list = anna.get(LIST).await;
    assert_eq!(list.texts("tbody .pick input").len(), 3);
    assert!(list.text("tbody .pick").starts_with("Select "), "{}", list.text("tbody .pick"));

    let page = ask(&mut anna, "cancel", &ids(&[&first, &second, &third])).await;
    assert_eq!(page.text("h1"), "Cancel 2 payment requests?");
    let facts = page.text("dl.facts");
    assert!(facts.contains("Selection: 3 selected rows"), "{facts}");
    assert!(
        facts.contains("30.50") && facts.contains("EUR") && facts.contains("2 requests"),
        "{facts}"
    );
    assert!(facts.contains("1: Being paid right now"), "{facts}");
    assert_eq!(page.text("button[type=submit].btn-danger"), "Cancel 2 requests");
    assert_eq!(app.count("bulk_actions"), 0, "asking changes nothing");

    let url = confirm(&mut anna, &page).await;
    is_over(&app).await;
    let page = anna.get(&url).await;
    assert_eq!(page.text("h1"), "2 requests cancelled");
    assert_eq!(page.texts("#skipped"), ["1 request skipped"]);
    assert!(!page.has("noscript"));
    for (payment, status) in [(&first, "cancelled"), (&second, "cancelled"), (&third, "processing")]
    {
        assert_eq!(app.field(payment, "status"), status);
    }
    // Both customers are told, once.
    app.mailbox.wait_for("a@example.it", 2).await;
    app.mailbox.wait_for("b@example.it", 2).await;
    app.mails_settle().await;
    assert_eq!(app.count("mails WHERE kind = 'cancelled'"), 2);
    let audit = app.texts("SELECT action FROM audit_log WHERE action IN ('bulk_action.begin', 'email_payment.cancel')");
    assert_eq!(audit, ["bulk_action.begin", "email_payment.cancel", "email_payment.cancel"]);
    let by = "audit_log a JOIN users u ON u.id = a.user_id WHERE u.name = 'Anna Rossi' AND a.action = 'email_payment.cancel' AND a.after ? 'program'";
    assert_eq!(app.count(by), 2);

    let report = anna.get(&format!("{url}/report.csv")).await;
    let lines: Vec<&str> = report.body.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("c@example.it")
                && line.contains("Skipped: Being paid right now")),
        "{lines:?}"
    );
    assert_eq!(lines.iter().filter(|line| line.ends_with("Cancelled")).count(), 2, "{lines:?}");
    let all = anna.get(BULK).await;
    assert_eq!(all.texts("tbody th a"), ["Cancellations"]);
    assert!(all.text("tbody").contains("2 of 3"), "{}", all.text("tbody"));
}

#[actix_web::test]
async fn the_whole_filter_is_reminded_of_and_nobody_twice() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let [first, ..] = three(&app, &mut anna).await;
    anna.creates_email_payment(&[("customer_email", "d@example.it")], "draft").await;
    // The customer of the first wants no reminders: only its turn tells.
    let link = app.link_in_mail("a@example.it", 1).await;
    let mut customer = app.browser();
    let page = customer.get(&format!("{link}/reminders")).await;
    customer.submit(&page, &format!("{link}/reminders"), &[], "").await;

    let page = ask(&mut anna, "remind", "&all=%3Famount_op%3Dabove%26amount_min%3D1").await;
    assert_eq!(page.text("h1"), "Remind the customers of 3 requests?");
    assert!(page.text("dl.facts").contains("1: Not sent yet"), "{}", page.text("dl.facts"));
    let url = confirm(&mut anna, &page).await;
    is_over(&app).await;
    let done = anna.get(&url).await;
    assert_eq!(done.text("h1"), "2 reminders sent");
    assert_eq!(
        app.texts("SELECT reason FROM bulk_action_rows WHERE reason IS NOT NULL"),
        ["not_sent", "reminders_stopped"]
    );
    assert_eq!(app.field(&first, "sends"), "1");
    app.mails_settle().await;
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 2);

    // The same form once more is the same action; a new question finds that the mails just left.
    let again = anna.submit(&page, BULK, &[], "").await;
    assert_eq!(again.location(), Some(url));
    let page = ask(&mut anna, "remind", "&all=%3F").await;
    assert_eq!(page.text("h1"), "Remind the customer of 1 request?");
    assert!(page.text("dl.facts").contains("An email left less than 10 minutes ago"));
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 2);
}

#[actix_web::test]
async fn what_has_changed_since_the_question_has_to_be_looked_at_again() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let [first, second, _] = three(&app, &mut anna).await;
    let page = ask(&mut anna, "cancel", &ids(&[&first, &second])).await;
    anna.answers(&second, "cancellation", &[]).await;
    let answer = anna.submit(&page, BULK, &[("reason", "Closed")], "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text("main").contains("have changed meanwhile"), "{}", answer.text("main"));
    assert_eq!(answer.text("h1"), "Cancel 1 payment request?");
    assert_eq!(answer.attribute("#reason", "value"), "Closed", "nothing typed is lost");
    assert_eq!(app.count("bulk_actions"), 0);

    let long = "x".repeat(201);
    let refused = anna.submit(&answer, BULK, &[("reason", &long)], "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attribute("#reason", "value"), long);
    let url = confirm(&mut anna, &answer).await;
    is_over(&app).await;
    assert!(anna.get(&url).await.text("dl.facts").contains("Closed"));
    assert!(anna.get(&first).await.text("main").contains("Closed"), "it stands on the timeline");
    // None is left to do: no button.
    let page = ask(&mut anna, "cancel", &ids(&[&first, &second])).await;
    assert_eq!(page.text("h1"), "None of these requests can be cancelled");
    assert!(!page.has("button.btn-danger"));
}

/// Requests that wait for payment, by SQL, while the merchant has used up its mails of the hour: what
/// reminds of them waits.
fn many_open(app: &TestApp, count: i32) {
    app.many_drafts(count);
    app.change(
        "UPDATE email_payments SET status = 'open', delivery = 'sent', sends = 1, pay_token_hash = sha256(id::text::bytea), \
         last_sent_at = now() - interval '1 day', expires_at = now() + interval '9 days'",
    );
    app.change(
        "INSERT INTO mails (merchant_id, id, email_payment_id, kind, recipient, language, state, run_at, attempts, created_at, sent_at) \
         SELECT p.merchant_id, gen_random_uuid(), p.id, 'request', 'x' || n || '@example.it', 'en', 'sent', now(), 1, now(), now() \
         FROM generate_series(1, 400) n, (SELECT * FROM email_payments LIMIT 1) p",
    );
}

#[actix_web::test]
async fn sec_15_reminders_keep_to_the_merchants_pace_and_are_stopped_by_hand() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    many_open(&app, 2);
    let page = ask(&mut anna, "remind", "&all=%3F").await;
    assert!(page.text("dl.facts").contains("The last one leaves"), "{}", page.text("dl.facts"));
    let url = confirm(&mut anna, &page).await;
    app.until("it waits", async || {
        app.count("bulk_actions WHERE next_at > now() + interval '30 minutes'") == 1
    })
    .await;
    let page = anna.get(&url).await;
    assert_eq!(page.text("h1"), "0 of 2 done");
    assert!(page.text("main").contains("It goes on at "), "{}", page.text("main"));
    assert!(!page.has("noscript") && !page.has("[data-live]"), "nothing moves: no polling");
    let answer = anna.submit(&page, &format!("{url}/stop"), &[], "").await;
    assert_eq!(answer.location(), Some(url.clone()));
    let page = anna.get(&url).await;
    assert!(page.text("main").contains("It was stopped"), "{}", page.text("main"));
    assert_eq!(app.texts("SELECT reason FROM bulk_action_rows"), ["stopped", "stopped"]);
    assert_eq!(app.count("audit_log WHERE action = 'bulk_action.stop'"), 1);
    app.clock.advance(Duration::hours(2));
    assert_eq!(jobs::work_due(&app.jobs_db(), &app.clock).await.unwrap(), 0);
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 0);
}

#[actix_web::test]
async fn links_that_are_cancelled_stop_at_once_whatever_the_pace() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    many_open(&app, 2);
    let page = ask(&mut anna, "cancel", "&all=%3F").await;
    assert!(!page.text("dl.facts").contains("The last one leaves"), "{}", page.text("dl.facts"));
    confirm(&mut anna, &page).await;
    is_over(&app).await;
    assert_eq!(app.count("email_payments WHERE status = 'cancelled'"), 2);
}

#[actix_web::test]
async fn sec_11_who_may_not_act_any_more_stops_what_they_began() {
    let mut app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    many_open(&app, 3);
    // A clerk sees and touches their own alone.
    app.change(&format!(
        "UPDATE email_payments SET created_by = (SELECT id FROM users WHERE subject = '{CARLA}') WHERE order_id = 'ROW-0002'"
    ));
    let page = ask(&mut carla, "remind", "&all=%3F").await;
    assert_eq!(page.text("h1"), "Remind the customer of 1 request?");
    confirm(&mut carla, &page).await;
    app.shut_down().await;
    app.change(&format!(
        "UPDATE memberships SET role = 'read_only' WHERE user_id = (SELECT id FROM users WHERE subject = '{CARLA}')"
    ));
    app.clock.advance(Duration::hours(2));
    assert_eq!(jobs::work_due(&app.jobs_db(), &app.clock).await.unwrap(), 0);
    assert_eq!(app.count("bulk_actions WHERE state = 'stopped'"), 1);
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 0);
}

#[actix_web::test]
async fn two_workers_and_one_that_dies_do_each_row_once() {
    let mut app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    many_open(&app, 250);
    let page = ask(&mut anna, "remind", "&all=%3Fstatus%3Dopen").await;
    confirm(&mut anna, &page).await;
    app.shut_down().await;
    app.clock.advance(Duration::hours(2));
    let (one, two, dying) = (app.jobs_db(), app.jobs_db(), app.jobs_db());
    // What it had begun is taken back, what it had settled stays.
    let cut = Duration::milliseconds(40).to_std().unwrap();
    let _ = tokio::time::timeout(cut, jobs::work_due(&dying, &app.clock)).await;
    loop {
        let (first, second) =
            tokio::join!(jobs::work_due(&one, &app.clock), jobs::work_due(&two, &app.clock));
        if first.unwrap() + second.unwrap() == 0 {
            break;
        }
    }
    // What the one that died held may have been let go only now.
    app.until("all is done", async || {
        jobs::work_due(&one, &app.clock).await.unwrap();
        app.count("bulk_actions WHERE state = 'done'") == 1
    })
    .await;
    assert_eq!(app.count(DONE), 250);
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 250);
    assert_eq!(app.count("email_payment_reminders WHERE state = 'sent'"), 250);
    assert_eq!(app.count("email_payments WHERE sends = 2"), 250);
}

#[actix_web::test]
async fn a_row_that_fails_by_our_fault_is_told_and_keeps_no_other_from_its_turn() {
    let mut app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    many_open(&app, 3);
    let page = ask(&mut anna, "remind", "&all=%3F").await;
    confirm(&mut anna, &page).await;
    app.shut_down().await;
    app.change(
        "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF EXISTS (SELECT FROM email_payments p WHERE p.id = NEW.email_payment_id AND p.order_id = 'ROW-0002') \
         THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$",
    );
    app.change("CREATE TRIGGER breaks BEFORE INSERT ON email_payment_events FOR EACH ROW EXECUTE FUNCTION breaks()");
    app.clock.advance(Duration::hours(2));
    while jobs::work_due(&app.jobs_db(), &app.clock).await.unwrap() > 0 {}
    let rows = app.texts(
        "SELECT p.order_id || ' ' || r.state || ' ' || coalesce(r.reason, '') FROM bulk_action_rows r \
         JOIN email_payments p ON p.id = r.email_payment_id",
    );
    assert_eq!(rows, ["ROW-0001 done ", "ROW-0002 skipped error", "ROW-0003 done "]);
    assert_eq!(app.count("mails WHERE kind = 'reminder'"), 2);
}

#[actix_web::test]
async fn picked_rows_are_a_filter_and_leave_as_a_file() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut urls = Vec::new();
    for _ in 0..3 {
        urls.push(anna.creates_email_payment(&[], "draft").await);
    }
    let rows = ids(&[&urls[0], &urls[2]]);
    let list = anna.get(&format!("{LIST}?x{rows}")).await;
    assert_eq!(list.texts("tbody th[scope=row]").len(), 2);
    assert_eq!(
        list.texts(".chips a").first().map(String::as_str),
        Some("Selection: 2 selected rows Remove")
    );
    let file = anna.get(&format!("{LIST}.csv?x{rows}")).await;
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    // The list's form: rows were picked, and then all of the filter.
    let page = anna.get(&format!("{LIST}/exports?all=%3Fstatus%3Ddraft{rows}")).await;
    assert_eq!(page.location(), Some(format!("{LIST}/exports?status=draft")));
    let wrong = anna.get(&format!("{LIST}?id=7")).await;
    assert!(wrong.text(".errors").contains("“7” is not one of the choices"));
    let many = "&id=01932f5e-0000-7000-8000-00000000".to_owned();
    let many: String = (1000..1101).flat_map(|n: u32| [many.clone(), n.to_string()]).collect();
    let too_many = anna.get(&format!("{LIST}?x{many}")).await;
    assert!(too_many.text(".errors").contains("Select 100 rows at most"));
    // Nothing picked, nothing asked: back to the list.
    assert_eq!(ask(&mut anna, "cancel", "").await.location(), Some(LIST.to_owned()));
    assert_eq!(ask(&mut anna, "delete", &rows).await.location(), Some(LIST.to_owned()));
}
