//! Order confirmations: the success manager's switches, the merchant's words, and what leaves.

use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use central::db::Tenants;

use crate::support::*;

const MINE: &str = "/settings/confirmations";

fn features(app: &TestApp) -> String {
    format!("/merchants/{}/features/confirmations", app.world.first)
}

fn texts(app: &TestApp) -> String {
    format!("{MINE}/{}", app.world.first_originator)
}

/// The success manager turns the switches as the page shows them: those named are on.
async fn turn(app: &TestApp, sofia: &mut Browser, on: &[&str], reason: &str) -> Page {
    let page = sofia.get(&features(app)).await;
    if page.status != StatusCode::OK {
        return page;
    }
    turn_on(&page, app, sofia, on, reason).await
}

/// The same on a page that was opened before.
async fn turn_on(
    page: &Page,
    app: &TestApp,
    sofia: &mut Browser,
    on: &[&str],
    reason: &str,
) -> Page {
    let [token, originator, seen] = ["_csrf", "originator", "seen"]
        .map(|name| page.attribute(&format!("main input[name={name}]"), "value"));
    let mut fields = vec![
        ("_csrf", token.as_str()),
        ("originator", originator.as_str()),
        ("seen", seen.as_str()),
        ("reason", reason),
    ];
    fields.extend(on.iter().map(|name| (*name, "on")));
    sofia.post(&features(app), &fields).await
}

/// How often the ledger holds a turn.
fn turned(app: &TestApp, confirmation: &str, is_on: bool) -> i64 {
    app.count(&format!(
        "confirmation_switches WHERE confirmation = '{confirmation}' AND is_on = {is_on}"
    ))
}

#[actix_web::test]
async fn a_success_manager_turns_the_switches_and_both_sides_read_who_and_why() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let at = format!("/merchants/{}", app.world.first);
    assert_eq!(sofia.get(&at).await.text("#confirmations-t + p + p .status"), "On");
    let page = sofia.get(&features(&app)).await;
    assert_eq!(page.texts("input[checked]").len(), 1, "as it stood before");
    assert!(page.text("main").contains("Nothing has been switched yet"));

    let answer = turn(&app, &mut sofia, &["failure"], "Contract of November").await;
    let page = sofia.follow(answer).await;
    assert_eq!(page.text(".flash"), "Order confirmations of Shop changed.");
    assert_eq!(
        page.texts(".timeline h3"),
        [
            "Sofia Keller switched on: After a declined payment",
            "Sofia Keller switched off: After a payment"
        ]
        .map(str::to_owned)
    );
    assert!(page.text(".timeline").contains("“Contract of November”"));
    assert_eq!((turned(&app, "success", false), turned(&app, "failure", true)), (1, 1));
    assert_eq!(sofia.get(&at).await.text("#confirmations-t + p + p .status"), "Off");

    let mut anna = app.sign_in(ANNA).await;
    let mine = anna.get(MINE).await;
    assert_eq!(mine.texts("tbody .status"), ["Off", "On"].map(str::to_owned));
    assert_eq!(mine.text(".timeline"), page.text(".timeline"), "both sides read the same");
    let activity = anna.get("/settings/activity").await;
    assert!(activity.text("main").contains("Order confirmations switched"));
    assert_eq!(
        app.texts(
            "SELECT concat_ws(' ', user_role, after->>'confirmation', before->>'is_on', after->>'is_on')
             FROM audit_log WHERE action = 'merchant.order_confirmations' ORDER BY id"
        ),
        ["success_manager failure false true", "success_manager success true false"]
    );
}

#[actix_web::test]
async fn a_turn_needs_a_reason_and_has_to_change_something() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = turn(&app, &mut sofia, &["failure"], "  ").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("#reason-e"), "Error: Say why");
    assert!(page.has("input[name=failure][checked]"), "what was ticked stays");
    assert!(!page.has("input[name=success][checked]"));
    let page = turn(&app, &mut sofia, &["success"], "As before").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#success-e").contains("Nothing changes"));
    assert_eq!(page.attribute("#reason", "value"), "As before");
    assert_eq!(app.count("confirmation_switches"), 0);
}

#[actix_web::test]
async fn a_form_that_was_opened_before_a_colleagues_change_does_not_take_it_back() {
    let app = TestApp::start().await;
    let (mut sofia, mut anna) = (app.sign_in(SOFIA).await, app.sign_in(ANNA).await);
    let opened = sofia.get(&features(&app)).await;
    turn(&app, &mut sofia, &[], "Contract ends").await;
    let late = turn_on(&opened, &app, &mut sofia, &["success", "failure"], "New contract").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text("#success-e").contains("meanwhile"), "{}", late.text("main"));
    assert!(late.has("input[name=success][checked]"), "what was ticked stays");
    assert_eq!(turned(&app, "success", true), 0);
    let done = turn_on(&late, &app, &mut sofia, &["success", "failure"], "New contract").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "who was told may go on");

    let at = format!("{}?language=en", texts(&app));
    let opened = anna.get(&at).await;
    let theirs = anna.submit(&opened, &texts(&app), &[("success_text", "Theirs")], "").await;
    assert_eq!(theirs.status, StatusCode::SEE_OTHER, "{}", theirs.text("main"));
    let late = anna.submit(&opened, &texts(&app), &[("failure_text", "Mine")], "").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text("#errors").contains("meanwhile"), "{}", late.text("main"));
    assert_eq!(late.text("#failure_text"), "Mine");
    assert_eq!(app.text("SELECT success_text FROM confirmation_texts"), "Theirs");
    let done = anna.submit(&late, &texts(&app), &[("success_text", "Both")], "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "who was told may go on");
    assert_eq!(
        app.text("SELECT concat_ws(', ', success_text, failure_text) FROM confirmation_texts"),
        "Both, Mine"
    );
}

#[actix_web::test]
async fn sec_11_switches_of_a_merchant_outside_the_portfolio_are_not_there() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let token = form_token(&mut sofia).await;
    let theirs = app.text("SELECT id FROM originators WHERE name = 'Salon'");
    let fields =
        [("_csrf", token.as_str()), ("originator", &theirs), ("seen", "none"), ("reason", "x")];
    for merchant in [app.world.first, app.world.second] {
        let page =
            sofia.post(&format!("/merchants/{merchant}/features/confirmations"), &fields).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let before = sofia.get(&features(&app)).await;
    app.change("DELETE FROM success_manager_assignments");
    let page = turn_on(&before, &app, &mut sofia, &["failure"], "x").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "an assignment that ended counts at once");
    assert_eq!(app.count("confirmation_switches"), 0);
    assert_eq!(app.count("originators WHERE confirms_success"), 1);
}

#[actix_web::test]
async fn the_ledger_of_the_switches_is_only_added_to() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    turn(&app, &mut sofia, &[], "Contract ends").await;
    for change in
        ["UPDATE confirmation_switches SET is_on = true", "DELETE FROM confirmation_switches"]
    {
        let refused = app.db().run_blocking(&Tenants::one(app.world.first), |conn| {
            Ok(diesel::RunQueryDsl::execute(diesel::sql_query(change), conn)?)
        });
        let refused = format!("{:?}", refused.unwrap_err());
        assert!(refused.contains("permission denied"), "{change}: {refused}");
    }
}

#[actix_web::test]
async fn sec_15_a_confirmation_that_is_switched_off_before_it_leaves_does_not_leave() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    let request = app.request(&mut anna, &[]).await;
    app.mailbox
        .set_reply(Some(central::sandbox::mailbox::SmtpReply::Refuse { to: None, code: 451 }));
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.until("the first try", async || {
        app.count("mails WHERE kind = 'receipt' AND attempts = 1 AND state = 'ready'") == 1
    })
    .await;
    turn(&app, &mut sofia, &[], "Contract ends").await;
    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    app.until("it is dropped", async || {
        app.count("mails WHERE kind = 'receipt' AND state = 'dropped'") == 1
    })
    .await;
    assert_eq!(app.mailbox.wait_for(CUSTOMER, 1).await.len(), 1, "the request alone");
    assert_eq!(app.happened(&request, "receipt_sent"), 0);
}

#[actix_web::test]
async fn who_was_declined_is_told_ten_minutes_later_and_once() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    turn(&app, &mut sofia, &["success", "failure"], "Contract of November").await;
    let fields =
        [("customer_email", "one@example.it"), ("language", "en"), ("description", "Vases")];
    let request = app.request(&mut anna, &fields).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, NO_FUNDS).await;
    app.until("a decline", async || app.happened(&request, "declined") == 1).await;
    customer.pays(&page, NO_FUNDS).await;
    app.until("another", async || app.happened(&request, "declined") == 2).await;
    assert_eq!(app.count("mails WHERE kind = 'declined' AND state = 'ready'"), 1, "one waits");
    app.later(Duration::minutes(11)).await;
    let mails = app.mailbox.wait_for("one@example.it", 2).await;
    app.mails_settle().await;
    let text = mails[0].text.clone().unwrap();
    for words in ["was declined", "Nothing was charged", "try again until", "Vases", "Reason: "] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("/pay/"), "the link stays in the request alone: {text}");
    let detail = anna.get(&request.url).await;
    assert!(detail.text(".timeline").contains("Customer told that the payment was declined"));
    assert_eq!(app.field(&request.url, "delivery"), "sent", "of the request");
}

#[actix_web::test]
async fn who_was_declined_and_pays_at_once_gets_the_receipt_alone() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    turn(&app, &mut sofia, &["success", "failure"], "Contract of November").await;
    let request = app.request(&mut anna, &[("customer_email", "two@example.it")]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let page = customer.pays(&page, NO_FUNDS).await;
    app.until("a decline", async || app.happened(&request, "declined") == 1).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&request, "paid").await;
    app.later(Duration::minutes(11)).await;
    app.until("the other is dropped", async || {
        app.count("mails WHERE kind = 'declined' AND state = 'dropped'") == 1
    })
    .await;
    let mails = app.mailbox.wait_for("two@example.it", 2).await;
    assert_eq!(mails.len(), 2, "the request and the receipt");
    assert!(mails.iter().all(|mail| !mail.subject.contains("rifiutato")));
}

#[actix_web::test]
async fn with_no_attempt_left_the_customer_is_told_at_once() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    turn(&app, &mut sofia, &["failure"], "Contract of November").await;
    app.change("UPDATE originators SET attempts_max = 1");
    let fields = [("customer_email", "three@example.it"), ("language", "en")];
    let request = app.request(&mut anna, &fields).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.becomes(&request, "failed").await;
    let mails = app.mailbox.wait_for("three@example.it", 2).await;
    assert!(mails[0].text.as_ref().unwrap().contains("can’t be paid any more"));
}

#[actix_web::test]
async fn the_words_of_an_originator_stand_in_its_confirmations_and_its_name_as_the_sender() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{}?language=en", texts(&app))).await;
    assert!(page.text("#preview").contains("Ceramiche Bellini via Central"));
    let typed = [
        ("sender_name", "Bellini Shop"),
        (
            "success_text",
            "Thank you, {customer}!\nOrder {order} is packed: {description}, {amount}.",
        ),
        ("failure_text", "<b>Call us</b>"),
    ];
    let preview = anna.submit(&page, &texts(&app), &typed, "action=preview").await;
    assert_eq!(preview.status, StatusCode::OK);
    let letters = preview.text("#preview");
    for words in
        ["Bellini Shop via Central", "Thank you, Maria Conti!", "<b>Call us</b>", "Two blue vases"]
    {
        assert!(letters.contains(words), "{words}: {letters}");
    }
    assert_eq!(app.count("confirmation_texts"), 0, "a preview keeps nothing");

    let answer = anna.submit(&page, &texts(&app), &typed, "").await;
    let page = anna.follow(answer).await;
    assert_eq!(page.text(".flash"), "The words of Shop are saved.");
    assert_eq!(page.attribute("#sender_name", "value"), "Bellini Shop");
    assert!(page.text("form#texts").contains("Anna Rossi"));
    assert!(anna.get(MINE).await.text("tbody").contains("English"));

    let fields = [
        ("customer_email", "four@example.it"),
        ("customer_name", "{order} Conti"),
        ("language", "en"),
        ("description", "Vases"),
    ];
    let request = app.request(&mut anna, &fields).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    let mail = app.mailbox.wait_for("four@example.it", 2).await.remove(0);
    assert!(String::from_utf8_lossy(&mail.raw).contains("Bellini Shop via Central"));
    let text = mail.text.unwrap();
    assert!(text.contains("Thank you, {order} Conti!"), "filled once: {text}");
    assert!(text.contains("Sent by Central on behalf of Ceramiche Bellini"), "{text}");
    assert_eq!(
        app.text("SELECT after->>'sender_name' FROM audit_log WHERE action = 'originator.confirmation_texts'"),
        "Bellini Shop"
    );
}

#[actix_web::test]
async fn sec_15_words_that_could_mislead_or_break_a_mail_are_refused_at_their_field() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&texts(&app)).await;
    let long = "x".repeat(1001);
    for (field, value, words) in [
        ("sender_name", "security@bank.example", "A name alone"),
        ("sender_name", "Shop\u{202e}knaB", "characters"),
        ("sender_name", "Shop\r\nBcc: a@b.example", "characters"),
        ("success_text", "{link}", "There is no field {link}"),
        ("failure_text", "Pay {amount", "There is no field {amount"),
        ("success_text", "4111 1111 1111 1111", "full card number"),
        ("failure_text", &long, "1000"),
    ] {
        let answer = anna.submit(&page, &texts(&app), &[(field, value)], "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        let fault = answer.text(&format!("#{field}-e"));
        assert!(fault.contains(words), "{field}: {fault}");
    }
    assert_eq!(app.count("confirmation_texts"), 0);
}

#[actix_web::test]
async fn sec_11_who_may_not_write_the_words_reads_them() {
    let app = TestApp::start().await;
    let mut aldo = app.sign_in(ALDO).await;
    let page = aldo.get(&texts(&app)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("form#texts") && page.has("#preview .letter"));
    let token = form_token(&mut aldo).await;
    let page = aldo.post(&texts(&app), &[("_csrf", &token), ("language", "it")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let mut carla = app.sign_in(CARLA).await;
    assert_eq!(carla.get(MINE).await.status, StatusCode::FORBIDDEN);
    assert!(!carla.get("/notifications").await.body.contains(MINE), "no entry in the menu");
}
