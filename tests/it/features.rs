//! What a success manager switches for a merchant, and refusals that lead on.

use chrono::Duration;
use futures_util::future::join_all;
use openidconnect::reqwest::{Method, StatusCode};
use serde_json::json;

use central::auth::api::Scope;
use central::db::Tenants;
use central::imports::jobs;

use crate::support::*;

const MINE: &str = "/settings/payment-methods";

fn features(app: &TestApp) -> String {
    format!("/merchants/{}/features", app.world.first)
}

/// The success manager switches a feature, from a day on or now.
async fn turn(
    app: &TestApp,
    sofia: &mut Browser,
    feature: &str,
    state: &str,
    from: &str,
    reason: &str,
) -> Page {
    let token = form_token(sofia).await;
    let fields = [
        ("_csrf", token.as_str()),
        ("feature", feature),
        ("state", state),
        ("from", from),
        ("reason", reason),
    ];
    sofia.post(&features(app), &fields).await
}

async fn turns(app: &TestApp, sofia: &mut Browser, feature: &str, state: &str) {
    let answer = turn(app, sofia, feature, state, "", "Contract of November").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
}

/// Takes the last change of a feature back.
async fn takes_back(app: &TestApp, sofia: &mut Browser, feature: &str) -> Page {
    let id = app.text(&format!(
        "SELECT id FROM feature_switches WHERE feature = '{feature}' AND takes_back IS NULL
         ORDER BY switched_at DESC, id DESC LIMIT 1"
    ));
    let token = form_token(sofia).await;
    sofia.post(&format!("{}/{id}/undo", features(app)), &[("_csrf", &token)]).await
}

#[actix_web::test]
async fn a_success_manager_switches_a_feature_and_both_sides_read_who_and_why() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = sofia.get(&features(&app)).await;
    assert_eq!(page.texts("tbody .status"), ["On", "On", "On"].map(str::to_owned), "as it was");
    assert!(page.text("main").contains("Nothing has been changed yet"));
    assert!(!page.has("tbody button"), "nothing to take back");

    let answer = turn(&app, &mut sofia, "alipay_plus", "off", "", "Contract of November").await;
    let page = sofia.follow(answer).await;
    assert_eq!(page.text(".flash"), "Changed: Alipay+.");
    assert_eq!(page.texts("tbody .status"), ["On", "On", "Off"].map(str::to_owned));
    assert_eq!(page.text(".timeline h3"), "Sofia Keller switched off: Alipay+");
    assert!(page.text(".timeline").contains("“Contract of November”"));

    let mut anna = app.sign_in(ANNA).await;
    let mine = anna.get(MINE).await;
    assert_eq!(mine.texts("tbody .status"), ["On", "On", "Off"].map(str::to_owned));
    assert_eq!(mine.text(".timeline"), page.text(".timeline"), "both sides read the same");
    assert!(!mine.has("main form"), "the merchant reads");
    assert!(mine.text(".page-head").contains("Sofia Keller"), "who switches it");
    let ask = mine.attribute(".page-head a.btn", "href");
    let ticket = anna.get(&ask).await;
    assert_eq!(ticket.attribute("#category option[selected]", "value"), "success_manager");
    assert!(ticket.attribute("#subject", "value").contains("Payment methods"));
    assert!(anna.get("/settings/activity").await.text("main").contains("Feature switched"));
    assert_eq!(
        app.texts(
            "SELECT concat_ws(' ', user_role, after->>'feature', before->>'is_on', after->>'is_on', after->>'reason')
             FROM audit_log WHERE action = 'merchant.feature'"
        ),
        ["success_manager alipay_plus true false Contract of November"]
    );
}

#[actix_web::test]
async fn a_change_is_taken_back_however_many_came_after_it() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    turns(&app, &mut sofia, "alipay_plus", "off").await;
    app.change(
        "INSERT INTO feature_switches
         SELECT merchant_id, gen_random_uuid(), 'card', true, now(), 'x', NULL, switched_by, now()
         FROM feature_switches, generate_series(1, 201)",
    );
    let answer = takes_back(&app, &mut sofia, "alipay_plus").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
}

#[actix_web::test]
async fn a_change_needs_a_reason_a_day_to_come_and_something_to_change() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let page = turn(&app, &mut sofia, "card", "off", "2020-01-01", " ").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("#reason-e"), "Error: Say why");
    assert!(page.text("#from-e").contains("Choose today"));
    assert_eq!(page.attribute("#feature option[selected]", "value"), "card", "it stays typed");
    assert_eq!(page.attribute("#from", "value"), "2020-01-01");
    let page = turn(&app, &mut sofia, "card", "on", "", "As before").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#state-e").contains("Nothing changes"));
    assert_eq!(page.attribute("#reason", "value"), "As before");
    let page = turn(&app, &mut sofia, "card", "", "", "As before").await;
    assert!(
        page.text("#state-e").contains("Choose on or off") && !page.has("[name=state][checked]")
    );
    for (feature, state) in [("cheque", "off"), ("card", "perhaps")] {
        let page = turn(&app, &mut sofia, feature, state, "", "x").await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{feature} {state}");
    }
    assert_eq!(app.count("feature_switches"), 0);
}

#[actix_web::test]
async fn one_payment_method_stays_whatever_is_switched_planned_or_taken_back() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let refused = |page: Page| {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text("#state-e").contains("One payment method has to stay on"));
    };
    let next = (app.clock.now() + Duration::days(3)).date_naive().to_string();
    turn(&app, &mut sofia, "card", "off", &next, "Later").await;
    refused(turn(&app, &mut sofia, "alipay_plus", "off", "", "Now").await);
    takes_back(&app, &mut sofia, "card").await;
    turns(&app, &mut sofia, "alipay_plus", "off").await;
    turns(&app, &mut sofia, "alipay_plus", "on").await;
    turns(&app, &mut sofia, "card", "off").await;
    refused(takes_back(&app, &mut sofia, "alipay_plus").await);
    assert_eq!(app.count("feature_switches WHERE takes_back IS NOT NULL"), 1);
}

#[actix_web::test]
async fn a_change_from_a_day_on_counts_from_its_first_instant_without_anybody_doing_anything() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    app.stop_the_year();
    let answer =
        turn(&app, &mut sofia, "email_payments", "off", "2026-11-27", "Contract ends").await;
    let page = sofia.follow(answer).await;
    assert_eq!(page.text("tbody .status"), "On", "not yet");
    assert!(page.text("tbody td.o3").contains("Off from"));
    assert!(anna.get(&format!("{LIST}/new")).await.has("form#payment"));
    // 26 November, 23:59 in Rome.
    app.later(Duration::hours(37) + Duration::minutes(59)).await;
    assert!(anna.get(&format!("{LIST}/new")).await.has("form#payment"));
    app.later(Duration::minutes(1)).await;
    assert!(!anna.get(&format!("{LIST}/new")).await.has("form#payment"));
    assert_eq!(sofia.get(&features(&app)).await.text("tbody .status"), "Off");
}

#[actix_web::test]
async fn a_change_is_taken_back_by_one_click_and_stays_in_the_history() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    turns(&app, &mut sofia, "alipay_plus", "off").await;
    let page = sofia.get(&features(&app)).await;
    let action = page.attribute("tbody form", "action");
    let answer = sofia.submit(&page, &action, &[], "").await;
    let page = sofia.follow(answer).await;
    assert_eq!(page.text(".flash"), "Change taken back: Alipay+.");
    assert_eq!(page.texts("tbody .status"), ["On", "On", "On"].map(str::to_owned));
    assert_eq!(
        page.texts(".timeline h3"),
        ["Sofia Keller took a change back: Alipay+", "Sofia Keller switched off: Alipay+"]
            .map(str::to_owned)
    );
    assert!(!page.has("tbody button"));
    takes_back(&app, &mut sofia, "alipay_plus").await;
    assert_eq!(app.count("feature_switches"), 2, "a second click does nothing");
    assert_eq!(app.count("audit_log WHERE action = 'merchant.feature_taken_back'"), 1);
}

#[actix_web::test]
async fn what_was_planned_and_is_taken_back_never_comes() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let next = (app.clock.now() + Duration::days(3)).date_naive().to_string();
    turns(&app, &mut sofia, "card", "off").await;
    turn(&app, &mut sofia, "card", "on", &next, "For the fair").await;
    takes_back(&app, &mut sofia, "card").await;
    app.later(Duration::days(5)).await;
    let page = sofia.get(&features(&app)).await;
    assert_eq!(page.texts("tbody .status"), ["On", "Off", "On"].map(str::to_owned));
}

#[actix_web::test]
async fn sec_11_features_of_a_merchant_outside_the_portfolio_are_not_there() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    turns(&app, &mut sofia, "card", "off").await;
    let id = app.text("SELECT id FROM feature_switches");
    let token = form_token(&mut sofia).await;
    let theirs = format!("/merchants/{}/features", app.world.second);
    assert_eq!(sofia.get(&theirs).await.status, StatusCode::NOT_FOUND);
    let fields =
        [("_csrf", token.as_str()), ("feature", "card"), ("state", "off"), ("reason", "x")];
    assert_eq!(sofia.post(&theirs, &fields).await.status, StatusCode::NOT_FOUND);
    let undo = format!("{theirs}/{id}/undo");
    assert_eq!(sofia.post(&undo, &[("_csrf", &token)]).await.status, StatusCode::NOT_FOUND);
    app.change("DELETE FROM success_manager_assignments");
    let page = takes_back(&app, &mut sofia, "card").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "an assignment that ended counts at once");
    assert_eq!(app.count("feature_switches"), 1);
}

#[actix_web::test]
async fn the_ledger_of_features_is_only_added_to() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    turns(&app, &mut sofia, "card", "off").await;
    for change in ["UPDATE feature_switches SET is_on = true", "DELETE FROM feature_switches"] {
        let refused = app.db().run_blocking(&Tenants::one(app.world.first), |conn| {
            Ok(diesel::RunQueryDsl::execute(diesel::sql_query(change), conn)?)
        });
        let refused = format!("{:?}", refused.unwrap_err());
        assert!(refused.contains("permission denied"), "{change}: {refused}");
    }
}

#[actix_web::test]
async fn without_email_payments_nothing_new_is_made_by_any_door_and_what_is_there_stays_payable() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    let open = app.request(&mut anna, &[]).await;
    let draft = anna.creates_email_payment(&[("order_id", "D-1")], "draft").await;
    let form = anna.get(&format!("{LIST}/new")).await;
    let upload = anna.get(IMPORT).await;
    let import = anna.imports(b"email;amount\nm@example.it;10,00\n").await;
    let question = anna.get(&format!("{IMPORTS}/{import}/confirmation")).await;
    anna.submit(&question, &format!("{IMPORTS}/{import}/confirmation"), &[], "").await;
    let there = app.count("email_payments");
    turns(&app, &mut sofia, "email_payments", "off").await;

    // The pages tell who can switch it on, and lead to a ticket.
    for path in [format!("{LIST}/new"), IMPORT.to_owned()] {
        let page = anna.get(&path).await;
        assert_eq!(page.text("#switched-off h2"), "Switched off: Email payments");
        assert!(page.text("#switched-off").contains("Sofia Keller"), "{path}");
        assert!(!page.has("main form"), "{path}");
        let ticket = anna.get(&page.attribute("#switched-off a", "href")).await;
        assert!(ticket.attribute("#subject", "value").contains("Email payments"));
        assert!(ticket.text("#text").contains("Ceramiche Bellini"));
    }
    // A form that was open.
    let fields = [("customer_email", CUSTOMER), ("amount", "12.00")];
    for button in ["action=send", "action=draft"] {
        let page = anna.submit(&form, LIST, &fields, button).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{button}");
        assert!(page.has("#switched-off"), "{button}");
    }
    let page = anna
        .submit_file(&upload, IMPORT, &[], ("rows.csv", b"email;amount\nn@example.it;1,00\n"))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("#switched-off"));
    // An import that was confirmed before.
    app.later(Duration::minutes(6)).await;
    jobs::make_due(&app.jobs_db(), &app.config.keys, &app.clock).await.unwrap();
    assert_eq!(app.texts("SELECT reason FROM import_rows"), ["switched_off"]);
    // A draft is kept and does not leave.
    let at = format!("{draft}/edit");
    let mut page = anna.get(&at).await;
    for _ in 0..2 {
        // What should be looked at before sending is shown first.
        page = anna.submit(&page, &at, &[], "action=send").await;
    }
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("main").contains("Email payments are switched off"), "{}", page.text("main"));
    assert_eq!(app.field(&draft, "status"), "draft");
    // The API.
    let program = app.program(&app.access_token(ANNA, &Scope::ALL).token);
    let new = json!({ "customer_email": CUSTOMER, "amount_minor": 4500, "currency": "EUR" });
    let page = program.post("/api/v1/email-payments", Some("one"), &new).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
    assert!(page.json()["detail"].as_str().unwrap().contains("switched off"));
    assert_eq!(app.count("email_payments"), there);

    let mut customer = app.browser();
    let page = customer.opens(&open.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&open, "paid").await;
    takes_back(&app, &mut sofia, "email_payments").await;
    app.request(&mut anna, &[("customer_email", "again@example.it")]).await;
}

#[actix_web::test]
async fn a_request_that_was_to_leave_later_is_a_draft_again_where_email_payments_are_off() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    app.stop_the_year();
    let later = [("sending", "later"), ("send_on", "2026-11-26"), ("send_time", "10:00")];
    let url = anna.creates_email_payment(&later, "send").await;
    turns(&app, &mut sofia, "email_payments", "off").await;
    app.later(Duration::hours(26)).await;
    app.until("it is held", async || app.field(&url, "status") == "draft").await;
    assert_eq!(app.field(&url, "send_hindrance"), "switched_off");
    assert!(anna.get(&url).await.text("main").contains("Email payments are switched off"));
}

#[actix_web::test]
async fn a_method_that_is_off_is_not_on_the_next_page_that_is_prepared() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    let before = app.request(&mut anna, &[("customer_email", "a@example.it")]).await;
    turns(&app, &mut sofia, "alipay_plus", "off").await;
    let without = app.request(&mut anna, &[("customer_email", "b@example.it")]).await;
    turns(&app, &mut sofia, "alipay_plus", "on").await;
    turns(&app, &mut sofia, "card", "off").await;
    let wallet = app.request(&mut anna, &[("customer_email", "c@example.it")]).await;
    for (request, card, both) in
        [(&before, true, true), (&without, true, false), (&wallet, false, false)]
    {
        let mut customer = app.browser();
        let page = customer.opens(&request.link).await;
        assert_eq!(page.has("#pan"), card);
        assert_eq!(page.has("input[value=alipay]"), both);
        if card {
            customer.pays(&page, GOOD_CARD).await;
            app.becomes(request, "paid").await;
        } else {
            assert!(page.has("form button"), "the wallet alone: nothing to choose");
        }
    }
}

/// Customers at once, each asking again so long after the last answer: fifty requests a second at most.
const CUSTOMERS: u64 = 4;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(80);

#[actix_web::test]
async fn alipay_plus_comes_and_goes_under_load_and_nobody_notices_but_the_merchant() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1/32")]).await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    turns(&app, &mut sofia, "alipay_plus", "off").await;
    let mut requests = Vec::new();
    for place in 0..CUSTOMERS {
        let to = format!("customer{place}@example.it");
        requests.push(app.request(&mut anna, &[("customer_email", &to)]).await);
    }
    let is_over = std::cell::Cell::new(false);
    let load = join_all((0..CUSTOMERS).zip(&requests).map(|(customer, request)| {
        let (mut browser, is_over) = (app.browser(), &is_over);
        async move {
            let mut asked = 0_u64;
            while !is_over.get() {
                // Each visit from an address of its own, as behind a load balancer.
                let from = format!("198.51.{customer}.{}", asked % 250);
                let headers = [("X-Forwarded-For", from.as_str())];
                let answer = browser.request(Method::GET, &request.link, &headers, "").await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
                asked += 1;
                actix_web::rt::time::sleep(PAUSE).await;
            }
            asked
        }
    }));
    let switching = async {
        let mut pages = Vec::new();
        for state in ["on", "off", "on"] {
            turns(&app, &mut sofia, "alipay_plus", state).await;
            // What is prepared from now on has it, or has it not, while others are being served.
            let to = format!("{state}{}@example.it", pages.len());
            let request = app.request(&mut anna, &[("customer_email", &to)]).await;
            let page = app.browser().opens(&request.link).await;
            pages.push(page.has("input[value=alipay]"));
        }
        is_over.set(true);
        pages
    };
    let (asked, pages) = futures_util::join!(load, switching);
    assert_eq!(pages, [true, false, true]);
    assert!(asked.iter().all(|times| *times > 5), "{asked:?}");
    for browser in [&mut anna, &mut sofia] {
        assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
    }
    // A page that was open all the while takes the money.
    let mut customer = app.browser();
    let page = customer.opens(&requests[0].link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&requests[0], "paid").await;
}

#[actix_web::test]
async fn a_refusal_names_the_right_and_who_gives_it_and_leads_to_a_request_for_it() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    let page = carla.get("/settings/team").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let words = page.text("main");
    for told in ["“Team and roles”", "Ceramiche Bellini", "Anna Rossi", "Sofia Keller"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("Bruno"), "no owner of another merchant: {words}");
    let at = page.attribute(".result-actions a.btn-primary", "href");
    let form = carla.get(&at).await;
    assert_eq!(form.status, StatusCode::OK);
    assert_eq!(form.attribute("#category option[selected]", "value"), "access");
    assert_eq!(form.attribute("#subject", "value"), "Right needed: Team and roles");
    assert!(form.text("#text").contains("Anna Rossi"));
    let answer = carla.submit_parts(&form, "/support/tickets", &[], &[]).await;
    let ticket = carla.follow(answer).await;
    assert!(ticket.text("main").contains("Right needed: Team and roles"));
    // Who can give it hears of it; support's answer is for who asked.
    let told = app.mailbox.wait_for("anna@example.com", 1).await[0].clone();
    assert!(told.subject.contains("Right needed: Team and roles"), "{}", told.subject);
    let text = told.text.unwrap();
    assert!(text.contains("Carla Verdi") && text.contains("/support/tickets/1"), "{text}");
    let mut tom = app.sign_in(TOM).await;
    let queued = tom.get("/support/tickets").await.attribute("tbody .main-link", "href");
    tom.says(&queued, "Anna decides.", "answer").await;
    app.mailbox.wait_for("carla@example.com", 1).await;
    // What is hers alone is not told.
    carla.opens_ticket(&[("category", "access"), ("visibility", "private")], &[]).await;
    carla.opens_ticket(&[("category", "technical")], &[]).await;
    app.mails_settle().await;
    assert_eq!(app.mailbox.wait_for("anna@example.com", 1).await.len(), 1);
    let mut anna = app.sign_in(ANNA).await;
    assert!(
        anna.get("/support/tickets").await.text("main").contains("Right needed"),
        "the owner sees it"
    );
}

#[actix_web::test]
async fn a_refusal_in_each_language_says_it_in_that_language() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    for (lang, words) in [
        ("it", "te lo può dare"),
        ("es", "te lo puede dar"),
        ("fr", "peut vous le donner"),
        ("en", "can give it to you"),
    ] {
        let form = carla.get("/display").await;
        carla.submit(&form, "/display", &[("lang", lang)], "").await;
        let page = carla.get("/settings/team").await;
        assert!(page.text("main").contains(words), "{lang}: {}", page.text("main"));
    }
}

#[actix_web::test]
async fn what_a_refusal_can_not_help_with_offers_no_request() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get("/merchants").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text("main").contains("administrator of the platform"));
    assert!(!page.has(".result-actions a[href^='/support']"));
    let mut tom = app.sign_in(TOM).await;
    let page = tom.get(LIST).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!page.has(".result-actions a[href^='/support']"), "staff open no tickets");
    assert!(!page.text("main").contains("Anna Rossi"));
    assert!(page.text("main").contains("no role of the platform"), "{}", page.text("main"));
    // What another role of the platform may do, its administrators give: by name.
    let page = tom.get("/merchants").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text("main").contains("can give it to you: Ada Berg"), "{}", page.text("main"));
    assert!(!page.text("main").contains("Anna Rossi"));
}

#[actix_web::test]
async fn who_works_for_nobody_reads_how_to_get_in() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    app.change(
        "DELETE FROM memberships USING users WHERE users.id = user_id AND subject = 'carla'",
    );
    let email = app.text("SELECT email FROM users WHERE subject = 'carla'");
    for path in ["/", LIST, "/support/tickets/new"] {
        let page = carla.get(path).await;
        let words = page.text("main");
        assert!(words.contains(&email) && words.contains("invite this address"), "{path}: {words}");
        assert!(!words.contains("Bellini"), "{path}");
    }
}
