//! Who looks after a merchant: what the merchant reads of it, what needs somebody, how it changes hands.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

const CONTACTS: &str = "/support/contacts";
const HAND_OVER: &str = "/merchants/hand-over";
const TAKE_OVER: &str = "/merchants/take-over";

fn id_of(app: &TestApp, subject: &str) -> String {
    app.text(&format!("SELECT id FROM users WHERE subject = '{subject}'"))
}

/// Makes a success manager of somebody of the platform.
fn promote(app: &TestApp, subject: &str) {
    app.change(&format!(
        "UPDATE users SET staff_role = 'success_manager' WHERE subject = '{subject}'"
    ));
}

#[actix_web::test]
async fn a_merchants_people_read_who_looks_after_them() {
    let app = TestApp::start_with(&[("SUPPORT_EMAIL", "help@central.example")]).await;
    let (mut sofia, mut carla) = (app.sign_in(SOFIA).await, app.sign_in(CARLA).await);
    let page = sofia.get("/merchants/card").await;
    let long = "x".repeat(101);
    let refused = sofia.submit(&page, "/merchants/card", &[("hours", &long)], "it=true").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#it[checked]") && refused.text("#hours-e").contains("100"));
    let typed = [("hours", "Mon–Fri, 9–17, Rome"), ("it", "true"), ("fr", "true")];
    let saved = sofia.submit(&page, "/merchants/card", &typed, "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text("main"));
    let page = carla.get(CONTACTS).await;
    let told = page.text("main");
    for words in ["Sofia Keller", "sofia@", "Italiano, Français", "Mon–Fri, 9–17, Rome"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(
        told.contains("help@central.example") && told.contains("Monday to Friday, 09:00–18:00")
    );
    assert!(!page.has("a[href*=success_manager]"), "nobody has to be asked for");
    assert_eq!(app.count("audit_log WHERE action = 'user.card' AND merchant_id IS NULL"), 1);
}

#[actix_web::test]
async fn who_has_no_success_manager_asks_for_one_and_the_fastest_takes_over() {
    let app = TestApp::start().await;
    let (mut bruno, mut sofia) = (app.sign_in(BRUNO).await, app.sign_in(SOFIA).await);
    let second = app.world.second;
    let (id, token) = (second.to_string(), form_token(&mut sofia).await);
    let take = [("_csrf", token.as_str()), ("merchant", id.as_str())];
    assert!(!sofia.get("/merchants").await.has("#seeking-t"));
    let early = sofia.post(TAKE_OVER, &take).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND, "it has not asked");

    let page = bruno.get(CONTACTS).await;
    let ask = page.attribute("a[href*=success_manager]", "href");
    let form = bruno.get(&ask).await;
    assert_eq!(form.attribute("#category option[selected]", "value"), "success_manager");
    bruno.opens_ticket(&[("category", "success_manager"), ("visibility", "private")], &[]).await;
    let told = app.mailbox.wait_for("sofia@example.com", 1).await;
    let text = told[0].text.clone().unwrap();
    assert!(text.lines().any(|line| line.ends_with("/merchants")), "{text}");
    assert!(!text.contains("/portfolio/"), "it is not hers yet: {text}");

    let page = sofia.get("/merchants").await;
    assert!(page.text(".next").contains("Atelier Fournier"), "{}", page.text("main"));
    let mut ada = app.sign_in(ADA).await;
    let other = ada.get("/merchants").await;
    assert!(!other.has("#seeking-t"), "an administrator is no success manager");
    let token = form_token(&mut ada).await;
    let refused = ada.post(TAKE_OVER, &[("_csrf", &token), take[1]]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let taken = sofia.submit(&page, TAKE_OVER, &[], &format!("merchant={second}")).await;
    assert_eq!(taken.location(), Some(format!("/merchants/{second}")), "{}", taken.text("main"));
    let page = sofia.get(&format!("/merchants/{second}")).await;
    assert!(page.text(".timeline").contains("had nobody and asked"));
    assert!(page.text(".needed").contains("1 ticket waits"), "{}", page.text("main"));
    let again = sofia.post(TAKE_OVER, &take).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it has somebody");
    assert_eq!(app.count("hand_overs WHERE from_id IS NULL AND reason IS NULL"), 1);

    let at = format!("/portfolio/{second}/tickets/1");
    assert_eq!(sofia.says(&at, "I look after you now.", "answer").await.status, 303);
    let told = app.mailbox.wait_for("bruno@example.com", 1).await.remove(0);
    let text = told.text.unwrap();
    assert!(text.contains("Sofia Keller, responsable réussite client, a répondu\u{a0}:"), "{text}");
    assert!(bruno.get("/support/tickets/1").await.text(".thread").contains("I look after you"));
    assert!(bruno.get(CONTACTS).await.text("main").contains("Sofia Keller"));
    // From now on it is hers alone.
    bruno.says("/support/tickets/1", "Thank you.", "answer").await;
    let told = app.mailbox.wait_for("sofia@example.com", 2).await;
    assert!(told.iter().any(|mail| mail.text.as_ref().unwrap().contains(&at)));
}

#[actix_web::test]
async fn what_needs_somebody_stands_first() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let first = app.world.first;
    let mut sofia = app.sign_in(SOFIA).await;
    app.change(&format!(
        "INSERT INTO success_manager_assignments SELECT '{}', id, now() FROM users WHERE subject = 'sofia'",
        app.world.second
    ));
    let page = sofia.get("/merchants").await;
    assert_eq!(page.texts(".main-link"), ["Atelier Fournier", "Ceramiche Bellini"]);
    assert_eq!(page.texts("tbody .o3"), ["Nothing needs you", "Nothing needs you"]);

    anna.creates_email_payment(&[("order_id", "LOST")], "send").await;
    anna.creates_email_payment(&[("order_id", "SOON")], "send").await;
    app.until("both have left", async || app.count("email_payments WHERE delivery = 'sent'") == 2)
        .await;
    let soon = app.clock.now() + chrono::Duration::days(2);
    app.change("UPDATE email_payments SET delivery = 'bounced' WHERE order_id = 'LOST'");
    app.change(&format!("UPDATE email_payments SET expires_at = '{soon}' WHERE order_id = 'SOON'"));
    app.document(first, "FT-1", |_| ()).await;
    app.change("UPDATE documents SET state = 'blocked_review'");
    app.permission_request(ALDO);
    anna.opens_ticket(&[], &[]).await;
    anna.opens_ticket(&[("visibility", "private")], &[]).await;
    let page = sofia.get("/merchants").await;
    assert_eq!(page.texts(".main-link"), ["Ceramiche Bellini", "Atelier Fournier"]);
    assert_eq!(
        page.texts(".needed li"),
        [
            "1 ticket waits",
            "1 request for a permission",
            "1 document blocked",
            "1 request not delivered",
            "1 request expires within 3 days"
        ]
    );
    for place in 1..=3 {
        let link = page.attribute(&format!(".needed li:nth-child({place}) a"), "href");
        let there = sofia.get(&link).await;
        assert_eq!(there.status, StatusCode::OK, "{link}");
        assert!(there.has("tbody tr") || link.ends_with("/permissions"), "{link}");
    }
}

#[actix_web::test]
async fn sec_11_who_looks_after_a_merchant_reads_no_note_and_no_private_ticket() {
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let mut sofia = app.sign_in(SOFIA).await;
    let first = app.world.first;
    anna.opens_ticket(&[("subject", "For all")], &[("log.txt", b"what it said")]).await;
    anna.opens_ticket(&[("subject", "Mine alone"), ("visibility", "private")], &[]).await;
    let at = format!("/merchants/{first}/tickets/1");
    let page = tom.get(&at).await;
    let note = [("note", "zirconium")];
    assert_eq!(tom.submit(&page, &format!("{at}/notes"), &note, "").await.status, 303);

    let list = format!("/portfolio/{first}/tickets");
    let page = sofia.get(&list).await;
    assert_eq!(page.texts("tbody .main-link"), ["For all"]);
    assert!(!page.has("#due"), "{}", page.text("main"));
    let page = sofia.get(&format!("{list}?q=alone")).await;
    assert_eq!(page.text(".empty h2"), "Nothing fits");
    let page = sofia.get(&format!("{list}/1")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("zirconium") && !page.has("#note-t") && !page.has("#assignee"));
    let file = sofia.get(&page.attribute(".thread a[download]", "href")).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(sofia.get(&format!("{list}/2")).await.status, StatusCode::NOT_FOUND);
    let second = format!("/portfolio/{}/tickets", app.world.second);
    assert_eq!(sofia.get(&second).await.status, StatusCode::NOT_FOUND);
    // Support's own door stays shut.
    assert_eq!(sofia.get(&at).await.status, StatusCode::FORBIDDEN);
    let token = form_token(&mut sofia).await;
    let fields = [("_csrf", token.as_str()), ("note", "mine")];
    assert_eq!(sofia.post(&format!("{at}/notes"), &fields).await.status, StatusCode::FORBIDDEN);
    for person in [ANNA, TOM] {
        let mut other = app.sign_in(person).await;
        assert_eq!(other.get(&list).await.status, StatusCode::FORBIDDEN, "{person}");
    }
}

#[actix_web::test]
async fn sec_11_a_hand_over_says_why_and_moves_the_merchant_at_once() {
    let app = TestApp::start().await;
    promote(&app, TOM);
    let (mut sofia, mut tom) = (app.sign_in(SOFIA).await, app.sign_in(TOM).await);
    let first = app.world.first;
    let here = format!("/merchants/{first}");
    assert_eq!(tom.get(&here).await.status, StatusCode::NOT_FOUND);
    let page = sofia.get(&format!("{HAND_OVER}?merchant={first}")).await;
    assert_eq!(page.text("h1"), "Hand over Ceramiche Bellini?");
    assert_eq!(page.texts("#to option"), ["Choose", "Tom Baker"]);
    let refused = sofia.submit(&page, HAND_OVER, &[("reason", " ")], "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("#to-e") && refused.has("#reason-e"));
    let (tom_id, ada_id) = (id_of(&app, TOM), id_of(&app, ADA));
    let to_ada = [("to", ada_id.as_str()), ("reason", "x")];
    let wrong = sofia.submit(&page, HAND_OVER, &to_ada, "").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND, "she is no success manager");
    let token = form_token(&mut sofia).await;
    let both = format!("{first},{}", app.world.second);
    let foreign = [
        ("_csrf", token.as_str()),
        ("merchants", both.as_str()),
        ("to", tom_id.as_str()),
        ("reason", "x"),
    ];
    assert_eq!(sofia.post(HAND_OVER, &foreign).await.status, StatusCode::NOT_FOUND);
    let asked = format!("{HAND_OVER}?merchant={first}&merchant={}", app.world.second);
    assert_eq!(sofia.get(&asked).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("hand_overs"), 0, "one that is not hers: none at all");

    let given = [("to", tom_id.as_str()), ("reason", "Tom speaks German")];
    let done = sofia.submit(&page, HAND_OVER, &given, "").await;
    assert_eq!(done.location().as_deref(), Some("/merchants"), "{}", done.text("main"));
    let page = sofia.follow(done).await;
    assert!(page.text(".flash").contains("Tom Baker"), "{}", page.text("main"));
    assert_eq!(page.texts(".main-link").len(), 0);
    assert_eq!(sofia.get(&here).await.status, StatusCode::NOT_FOUND);
    let told = app.mailbox.wait_for("tom@example.com", 1).await.remove(0);
    assert_eq!(told.subject, "Sofia Keller has handed Ceramiche Bellini over to you");
    let told = told.text.unwrap();
    let reason = "Reason: Tom speaks German";
    for words in ["Sofia Keller has handed Ceramiche Bellini over", reason, &here] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let page = tom.get(&here).await;
    let told = page.text(".timeline");
    assert!(
        told.contains("Sofia Keller → Tom Baker") && told.contains("Tom speaks German"),
        "{told}"
    );
    assert_eq!(
        app.count(
            "success_manager_assignments a JOIN users u ON u.id = a.user_id WHERE u.subject = 'ada'"
        ),
        1
    );
    let mut anna = app.sign_in(ANNA).await;
    let activity = anna.get("/settings/activity?kind=settings").await.text("main");
    assert!(activity.contains("Success manager changed"), "{activity}");
    assert!(anna.get(CONTACTS).await.text("main").contains("Tom Baker"));
}

#[actix_web::test]
async fn who_gets_many_merchants_is_told_once_and_who_has_them_already_is_not_told() {
    let app = TestApp::start().await;
    promote(&app, TOM);
    let mut sofia = app.sign_in(SOFIA).await;
    let (first, second) = (app.world.first, app.world.second);
    let assignment = |merchant, subject: &str| {
        app.change(&format!(
            "INSERT INTO success_manager_assignments (merchant_id, user_id, created_at)
             SELECT '{merchant}', id, now() FROM users WHERE subject = '{subject}'"
        ));
    };
    assignment(second, SOFIA);
    let page = sofia.get(&format!("{HAND_OVER}?merchant={first}&merchant={second}")).await;
    let tom_id = id_of(&app, TOM);
    let given = [("to", tom_id.as_str()), ("reason", "Leave")];
    let done = sofia.submit(&page, HAND_OVER, &given, "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    let told = app.mailbox.wait_for("tom@example.com", 1).await[0].text.clone().unwrap();
    assert!(told.contains("handed 2 merchants over") && told.contains("Leave"), "{told}");
    // An administrator hands on what he has already: nothing changes, nothing is told.
    let mut ada = app.sign_in(ADA).await;
    let page = ada.get(&format!("{HAND_OVER}?merchant={first}")).await;
    let again = ada.submit(&page, HAND_OVER, &given, "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text("main"));
    app.mails_settle().await;
    assert_eq!(app.mailbox.wait_for("tom@example.com", 1).await.len(), 1);
    assert_eq!(app.count("hand_overs"), 2);
}

#[actix_web::test]
async fn a_portfolio_counts_without_walking_through_a_merchants_rows() {
    let app = TestApp::start().await;
    let first = app.world.first;
    app.tickets_in_bulk(20_000);
    app.payments_in_bulk(20_000);
    app.documents_in_bulk(20_000);
    for table in ["email_payments", "documents", "tickets"] {
        app.change(&format!("VACUUM (ANALYZE) {table}"));
    }
    let mut sofia = app.sign_in(SOFIA).await;
    let mut log = Explained::start(&app, &mut sofia, "/merchants", true).await;
    let here = format!("/merchants/{first}");
    for url in ["/merchants", here.as_str(), &format!("/portfolio/{first}/tickets")] {
        let page = sofia.get(url).await;
        assert_eq!(page.status, StatusCode::OK, "{url}");
    }
    let page = sofia.get("/merchants").await;
    assert!(page.text(".needed").contains("99+ tickets"), "{}", page.text(".needed"));
    let counted = log.statements("unnest");
    assert!(counted.len() >= 3, "only {} plans were seen", counted.len());
    let walked: Vec<String> = counted.iter().flat_map(|of| of.walks(300)).collect();
    assert_eq!(walked, Vec::<String>::new());
}
