//! Payments from a file: what is read, what is left out and why, the way from the confirmation to the
//! last payment, and back.

mod refused;

use central::imports::jobs;
use central::kernel::Clock;
use chrono::Duration;
use futures_util::future::join_all;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// A file of `count` good rows, in euros.
fn rows(count: usize) -> Vec<u8> {
    let mut file = "email;amount;order id;name\n".to_owned();
    for number in 1..=count {
        let row = format!("c{number}@example.it;{number},50;R-{number};Customer {number}\n");
        file.push_str(&row);
    }
    file.into_bytes()
}

fn at(id: &str, page: &str) -> String {
    format!("{IMPORTS}/{id}{page}")
}

/// Answers the question before sending.
async fn confirm(browser: &mut Browser, id: &str) -> Page {
    let path = at(id, "/confirmation");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    browser.submit(&page, &path, &[], "").await
}

/// Presses a button of an import's page.
async fn press(browser: &mut Browser, id: &str, act: &str) -> Page {
    let page = browser.get(&at(id, "")).await;
    browser.submit(&page, &at(id, act), &[], "").await
}

/// Lets the job work by hand, once.
async fn work(app: &TestApp, clock: &Clock) -> usize {
    jobs::make_due(&app.jobs_db(), &app.config.keys, clock).await.unwrap()
}

/// Lets the job work by hand until it finds nothing.
async fn work_on(app: &TestApp, clock: &Clock) {
    while work(app, clock).await > 0 {}
}

const MADE: &str = "import_rows WHERE state = 'made'";

#[actix_web::test]
async fn a_file_becomes_requests_that_are_sent() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let file = "Customer;email;Importo;Valuta;Descrizione;Lingua;Colour\n\
                x;maria@example.it;1.830,00;EUR;Tre vasi;it;blue\n\
                y;luca@example.it;1830;JPY;;fr;red\n";
    let id = anna.imports(file.as_bytes()).await;
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "2 requests can be sent");
    assert_eq!(page.texts(".totals .big"), ["1,830.00", "1,830"]);
    assert_eq!(page.texts(".totals .cur"), ["EUR", "JPY"]);
    assert!(page.text("main").contains("These columns are not read: Customer, Colour"));
    assert_eq!(app.count("email_payments"), 0);

    let ask = anna.get(&at(&id, "/confirmation")).await;
    assert_eq!(ask.text("h1"), "Send 2 requests?");
    assert_eq!(ask.text("button.btn-primary"), "Send 2 requests");
    assert!(
        ask.text("dl.facts").contains("1,830.00\u{a0}EUR")
            || ask.text("dl.facts").contains("1,830.00 EUR")
    );
    let answer = confirm(&mut anna, &id).await;
    assert_eq!(answer.location(), Some(at(&id, "")));
    let page = anna.get(&at(&id, "")).await;
    assert!(page.text("h1").starts_with("2 requests will be sent from "), "{}", page.text("h1"));
    assert!(page.has("noscript") && page.has("[data-live-every='2']"));
    assert_eq!(app.count("email_payments"), 0, "nothing is made before the window ends");

    assert_eq!(press(&mut anna, &id, "/start").await.status, StatusCode::SEE_OTHER);
    app.mailbox.wait_for("maria@example.it", 1).await;
    app.mailbox.wait_for("luca@example.it", 1).await;
    app.until("the import has ended", async || app.count("imports WHERE state = 'done'") == 1)
        .await;
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "2 requests sent");
    assert!(!page.has("noscript") && !page.has("[data-live]"));
    let first = page.attribute("table.imports tbody th a", "href");
    let payment = anna.get(&first).await;
    assert!(payment.text("main").contains("Tre vasi"), "{}", payment.text("main"));
    assert_eq!(app.texts("SELECT language FROM email_payments"), ["fr", "it"]);
    assert_eq!(
        app.texts("SELECT action FROM audit_log WHERE action LIKE 'import.%'"),
        ["import.confirm", "import.create", "import.start"]
    );
    let by = app.text("SELECT count(*) FROM email_payments p JOIN users u ON u.id = p.created_by WHERE u.name = 'Anna Rossi'");
    assert_eq!(by, "2");
    let list = anna.get(IMPORTS).await;
    assert_eq!(list.texts("tbody th a"), ["rows.csv"]);

    // The payments of one file are a question to the list like any other.
    anna.creates_email_payment(&[("customer_email", "eva@example.it"), ("amount", "7")], "draft")
        .await;
    let orders = |page: &Page| page.texts("table.data tbody .main-link").len();
    let of_file = page.attribute(".section-head a", "href");
    let page = anna.get(&of_file).await;
    assert_eq!(orders(&page), 2, "{}", page.text("main"));
    assert!(page.text(".chips").contains("rows.csv ("), "{}", page.text(".chips"));
    let page = anna.get(&format!("{of_file}&import_op=not&filters=open")).await;
    assert_eq!(orders(&page), 1);
    assert_eq!(page.texts("input[name=import]").len(), 1, "the panel offers the file");
    let of_none = of_file.replace(&id, "0190a3a0-0000-7000-8000-000000000000");
    assert_eq!(anna.get(&of_none).await.text(".empty h2"), "No request fits");
    let mut carla = app.sign_in(CARLA).await;
    let page = carla.get(&format!("{of_file}&filters=open")).await;
    assert!(orders(&page) == 0 && !page.body.contains("rows.csv"), "a colleague's file");
}

#[actix_web::test]
async fn every_faulty_row_comes_first_with_its_reason_in_the_words_of_the_form() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "OLD-1")], "draft").await;
    let long = "x".repeat(501);
    let cases: [(&str, String); 17] = [
        (";5;;;;;;;", "Email: Enter the customer’s email address".to_owned()),
        ("maria;5;;;;;;;", "Email: Email address must include an @".to_owned()),
        ("a@b.it;;;;;;;;", "Amount: Enter an amount".to_owned()),
        ("a@b.it;five;;;;;;;", "Amount: Write the amount in digits, such as 1,830.00".to_owned()),
        (
            "a@b.it;1,234;;;;;;;",
            "Amount: This can mean two amounts: write it with decimals, such as 1,234.00"
                .to_owned(),
        ),
        ("a@b.it;0;;;;;;;", "Amount: The amount must be more than zero".to_owned()),
        ("a@b.it;5;USD;;;;;;", "Amount: Choose a currency that Shop takes".to_owned()),
        ("a@b.it;5;;OLD-1;;;;;", "Order ID of another request".to_owned()),
        ("a@b.it;5;;N-1;;;;;", String::new()),
        ("b@b.it;6;;N-1;;;;;", "Order ID of an earlier row".to_owned()),
        (
            "A@b.it;5,00;;N-2;;;;;",
            "Same address and amount as another row, or as a request of the last 24 hours"
                .to_owned(),
        ),
        ("a@b.it;7;;;LONG;;;;", "Name: Shorten this to 80 characters".to_owned()),
        (
            "a@b.it;8;;;4111 1111 1111 1111;;;;",
            "Name: This looks like a full card number: take it out, it may not be stored here"
                .to_owned(),
        ),
        ("a@b.it;9;;;;LONG;;;", "Description: Shorten this to 500 characters".to_owned()),
        ("a@b.it;10;;;;;de;;", "Language: Write it, en, es or fr".to_owned()),
        ("a@b.it;11;;;;;;soon;", "Expires: Write the day as 2026-12-31 or 31/12/2026".to_owned()),
        ("a@b.it;12;;;;;;;Kiosk", "Originator: No active originator has this name".to_owned()),
    ];
    let mut file =
        "email;amount;currency;order_id;name;description;language;expires_on;originator_id\n"
            .to_owned();
    for (row, _) in &cases {
        file += &row.replace("LONG", &long);
        file += "\n";
    }
    file += "a@b.it;13;EUR;N-9;x;y;it;;;surplus\n";
    let id = anna.imports(file.as_bytes()).await;
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "1 request can be sent");
    let reasons = page.texts("td.why");
    let mut expected: Vec<String> =
        cases.iter().map(|(_, words)| words.clone()).filter(|words| !words.is_empty()).collect();
    expected.push("Email: The row has more cells than the head: put text that holds a separator in quotation marks".to_owned());
    assert_eq!(reasons, expected);
    assert_eq!(page.text("#left-out"), "17 rows left out");

    // The file of them says the same, and what is mended in it can be uploaded as it is.
    let left_out = anna.get(&at(&id, "/left-out.csv")).await;
    assert_eq!(left_out.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
    assert!(left_out.body.starts_with("Email,Name,Amount,"), "{}", &left_out.body[..200]);
    assert_eq!(left_out.body.matches("Amount: ").count(), 5);
    let again = anna.imports(left_out.body.as_bytes()).await;
    let page = anna.get(&at(&again, "")).await;
    assert!(page.text("main").contains("These columns are not read: Row, Reason"));

    // Repeats are a matter of choice.
    let fields = [("with_repeats", "true")];
    let page = anna.get(&at(&id, "")).await;
    anna.submit(&page, &at(&id, ""), &fields, "").await;
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "2 requests can be sent");
    assert_eq!(page.texts(".repeated"), ["Same address and amount as another"]);
}

#[actix_web::test]
async fn what_a_row_does_not_say_is_chosen_for_all() {
    let app = TestApp::start().await;
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    let id = bruno.imports(b"email,amount,originator\na@b.fr,5,\nb@b.fr,6,salon\n").await;
    let page = bruno.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "2 requests can be sent");
    let salon = app.text("SELECT id FROM originators WHERE name = 'Salon'");
    let fields = [("originator", salon.as_str()), ("language", "es"), ("valid_days", "7")];
    bruno.submit(&page, &at(&id, ""), &fields, "").await;
    confirm(&mut bruno, &id).await;
    press(&mut bruno, &id, "/start").await;
    app.until("both are made", async || app.count(MADE) == 2).await;
    assert_eq!(
        app.count(&format!("email_payments WHERE originator_id = '{salon}' AND language = 'es'")),
        2
    );
    assert_eq!(app.count("email_payments WHERE expires_at < now() + interval '9 days'"), 2);
    assert_eq!(
        app.texts("SELECT order_id FROM email_payments").len(),
        2,
        "the system fills in order IDs"
    );
    let wrong = bruno.get(&at(&id, "")).await;
    assert_eq!(wrong.status, StatusCode::OK);
    // What is no choice of the page was not made with it.
    let token = form_token(&mut bruno).await;
    let fields =
        [("_csrf", token.as_str()), ("currency", "EUR"), ("language", "es"), ("valid_days", "400")];
    assert_eq!(bruno.post(&at(&id, ""), &fields).await.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn a_row_is_valid_for_as_long_as_its_originator_says_where_nobody_chose_another_time() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET valid_days = 5 WHERE name = 'Salon'");
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    let salon = app.text("SELECT id FROM originators WHERE name = 'Salon'");
    let file = format!("email,amount,originator\na@b.fr,5,\nb@b.fr,6,salon\nc@b.fr,7,{salon}\n");
    let id = bruno.imports(file.as_bytes()).await;
    let page = bruno.get(&at(&id, "")).await;
    assert_eq!(page.text("#valid_days [selected]"), "As the payment page says");
    confirm(&mut bruno, &id).await;
    press(&mut bruno, &id, "/start").await;
    app.until("all are made", async || app.count(MADE) == 3).await;
    let early = "email_payments WHERE expires_at < now() + interval '7 days'";
    assert_eq!(app.count(&format!("{early} AND originator_id = '{salon}'")), 2);
    assert_eq!(app.count(early), 2, "the other originator's links are valid for thirty days");
    // Whoever chooses the usual time again gets it back.
    let again = bruno.imports(b"email,amount,originator\na@b.fr,8,salon\n").await;
    for (days, shown) in [("60", "60 days"), ("", "As the payment page says")] {
        let page = bruno.get(&at(&again, "")).await;
        bruno.submit(&page, &at(&again, ""), &[("valid_days", days)], "").await;
        let page = bruno.get(&at(&again, "")).await;
        assert_eq!(page.text("#valid_days [selected]"), shown);
    }
}

#[actix_web::test]
async fn pasted_rows_are_read_like_a_file_and_come_back_where_they_can_not_be() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(IMPORT).await;
    let none = anna.submit_file(&page, IMPORT, &[], ("", b"")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(none.texts(".errors li"), ["Choose a file, or paste rows"]);
    let typed = [("pasted", "name\tamount\nMaria\t5")];
    let again = anna.submit_file(&page, IMPORT, &typed, ("", b"")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.texts(".errors li"), ["The head row lacks: Email"]);
    assert_eq!(again.text("textarea"), "name amount Maria 5");
    let typed = [("pasted", "email\tamount\nmaria@example.it\t5,50\n")];
    let done = anna.submit_file(&page, IMPORT, &typed, ("", b"")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    // The same form a second time is the same import; with other rows it is another one.
    let twice = anna.submit_file(&page, IMPORT, &typed, ("", b"")).await;
    assert_eq!(twice.location(), done.location());
    let other = anna.submit_file(&page, IMPORT, &[], ("x.csv", &rows(1))).await;
    assert_ne!(other.location(), done.location());
    assert_eq!(app.count("imports"), 2);
}

#[actix_web::test]
async fn an_import_taken_back_in_time_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(&rows(3)).await;
    confirm(&mut anna, &id).await;
    app.clock.advance(Duration::minutes(4));
    assert_eq!(work(&app, &app.clock).await, 0, "the window is open");
    let answer = press(&mut anna, &id, "/undo").await;
    let page = anna.follow(answer).await;
    assert_eq!(page.text("h1"), "Nothing was sent");
    assert_eq!(page.text(".flash"), "Undone: nothing was sent.");
    app.clock.advance(Duration::minutes(2));
    assert_eq!(work(&app, &app.clock).await, 0);
    assert_eq!(
        (app.count("email_payments"), app.count("import_rows"), app.count("mails")),
        (0, 0, 0)
    );
    // A second tab that still shows the buttons.
    let token = form_token(&mut anna).await;
    let fields = [("_csrf", token.as_str())];
    assert_eq!(anna.post(&at(&id, "/undo"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(anna.post(&at(&id, "/start"), &fields).await.status, StatusCode::CONFLICT);
    assert_eq!(anna.post(&at(&id, "/stop"), &fields).await.status, StatusCode::CONFLICT);
    assert_eq!(app.count("audit_log WHERE action = 'import.undo'"), 1);
}

#[actix_web::test]
async fn nobody_sends_another_number_than_the_page_said() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(&rows(2)).await;
    let path = at(&id, "/confirmation");
    let page = anna.get(&path).await;
    anna.creates_email_payment(&[("order_id", "R-1")], "draft").await;
    let answer = anna.submit(&page, &path, &[], "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.text("h1"), "Send 1 request?");
    assert_eq!(app.count("imports WHERE state = 'checked'"), 1);
    let answer = anna.submit(&answer, &path, &[], "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // Once more: it is confirmed already.
    assert_eq!(anna.submit(&page, &path, &[], "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.count("audit_log WHERE action = 'import.confirm'"), 1);
}

#[actix_web::test]
async fn nobody_sends_other_amounts_or_words_than_the_page_said() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(b"email;amount\na@b.it;5\nb@b.it;6\n").await;
    let path = at(&id, "/confirmation");
    let mut page = anna.get(&path).await;
    // A second tab chooses anew; there are as many rows as before.
    for chosen in [("currency", "JPY"), ("language", "fr"), ("valid_days", "7")] {
        let review = anna.get(&at(&id, "")).await;
        anna.submit(&review, &at(&id, ""), &[chosen], "").await;
        page = anna.submit(&page, &path, &[], "").await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{chosen:?}");
        assert_eq!(page.text("h1"), "Send 2 requests?");
    }
    assert_eq!(app.count("imports WHERE state = 'checked'"), 1);
    assert_eq!(anna.submit(&page, &path, &[], "").await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn sec_14_a_file_that_is_sent_five_times_at_once_makes_one_import() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (form, file) = (anna.get(IMPORT).await, rows(500));
    let sent = std::iter::repeat_n(&anna, 5).map(|tab| {
        let (mut tab, form, file) = (tab.clone(), &form, file.as_slice());
        async move { tab.submit_file(form, IMPORT, &[], ("rows.csv", file)).await }
    });
    let answers = join_all(sent).await;
    let mut places: Vec<_> = answers.iter().map(|answer| answer.location().unwrap()).collect();
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!((app.count("imports"), app.count("import_rows")), (1, 500));
}

#[actix_web::test]
async fn a_row_is_made_once_whatever_dies_and_whoever_helps() {
    let mut app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(&rows(120)).await;
    confirm(&mut anna, &id).await;
    app.shut_down().await;
    app.clock.advance(Duration::minutes(6));
    assert_eq!(work(&app, &app.clock).await, 50, "a batch is bounded");
    // A process dies in the middle of a row: the payment is written, its row is not settled yet.
    app.look(|conn| {
        use diesel::prelude::*;
        let dies = conn.transaction(|conn| {
            diesel::sql_query("UPDATE import_rows SET typed = typed WHERE number = 52")
                .execute(conn)?;
            Err::<(), _>(diesel::result::Error::RollbackTransaction)
        });
        assert!(dies.is_err());
    });
    // Two processes side by side.
    let (one, two) = (app.clock.clone(), app.clock.clone());
    futures_util::future::join(work_on(&app, &one), work_on(&app, &two)).await;
    work_on(&app, &app.clock).await;
    assert_eq!(app.count(MADE), 120);
    assert_eq!(app.count("email_payments"), 120);
    assert_eq!(app.count("mails"), 120);
    let distinct = app.text("SELECT count(DISTINCT email_payment_id) FROM import_rows");
    assert_eq!(distinct, "120");
    assert_eq!(app.count("imports WHERE state = 'done'"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'email_payment.create' AND after->'program'->>'import' IS NOT NULL"), 120);
}

#[actix_web::test]
async fn sec_15_an_import_keeps_to_the_merchants_pace_and_leaves_room_for_its_people() {
    let mut app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(&rows(401)).await;
    let ask = anna.get(&at(&id, "/confirmation")).await;
    assert!(ask.text("dl.facts").contains("The last one leaves"), "{}", ask.text("dl.facts"));
    confirm(&mut anna, &id).await;
    app.clock.advance(Duration::minutes(6));
    let seen = async || app.count(MADE) == 400;
    app.until("four hundred are made", seen).await;
    app.until("it waits", async || {
        app.count("imports WHERE next_at > now() + interval '30 minutes'") == 1
    })
    .await;
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "400 of 401 requests sent");
    assert!(page.text("main").contains("It goes on at "), "{}", page.text("main"));
    assert!(!page.has("noscript") && !page.has("[data-live]"), "nothing moves: no polling");
    // A person can still send.
    anna.creates_email_payment(&[("order_id", "BY-HAND")], "send").await;
    app.shut_down().await;
    assert_eq!(work(&app, &app.clock).await, 0);
    app.clock.advance(Duration::minutes(61));
    work_on(&app, &app.clock).await;
    assert_eq!((app.count(MADE), app.count("imports WHERE state = 'done'")), (401, 1));
}

#[actix_web::test]
async fn a_stopped_import_makes_no_more() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let id = anna.imports(&rows(450)).await;
    confirm(&mut anna, &id).await;
    app.clock.advance(Duration::minutes(6));
    app.until("some are made", async || app.count(MADE) > 20).await;
    let answer = press(&mut anna, &id, "/stop").await;
    let page = anna.follow(answer).await;
    let made = app.count(MADE);
    assert!(page.text("main").contains("It was stopped"), "{}", page.text("main"));
    app.clock.advance(Duration::hours(2));
    assert_eq!(work(&app, &app.clock).await, 0);
    assert_eq!(app.count(MADE), made);
    assert_eq!(app.count("email_payments"), made);
    assert_eq!(app.count("import_rows WHERE reason = 'stopped'"), 450 - made);
    assert_eq!(app.count("audit_log WHERE action = 'import.stop'"), 1);
    let left_out = anna.get(&at(&id, "/left-out.csv")).await;
    assert_eq!(
        left_out.body.matches("Stopped before its turn").count(),
        usize::try_from(450 - made).unwrap()
    );
}

#[actix_web::test]
async fn sec_11_who_may_not_send_any_more_stops_what_they_confirmed() {
    let app = TestApp::start().await;
    let mut carla = app.sign_in(CARLA).await;
    let id = carla.imports(&rows(2)).await;
    confirm(&mut carla, &id).await;
    app.change("DELETE FROM memberships WHERE role = 'clerk'");
    app.clock.advance(Duration::minutes(6));
    app.until("it is stopped", async || app.count("imports WHERE state = 'stopped'") == 1).await;
    assert_eq!(app.count("email_payments"), 0);
    let actor = app.text("SELECT actor FROM audit_log WHERE action = 'import.stop'");
    assert_eq!(actor, "system");
}

#[actix_web::test]
async fn sec_11_a_clerk_sees_her_own_imports_only() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let annas = anna.imports(&rows(2)).await;
    let carlas = carla.imports(&rows(2)).await;
    assert_eq!(carla.get(IMPORTS).await.texts("tbody th a").len(), 1);
    assert_eq!(anna.get(IMPORTS).await.texts("tbody th a").len(), 2);
    for page in ["", "/confirmation", "/left-out.csv"] {
        assert_eq!(carla.get(&at(&annas, page)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(anna.get(&at(&carlas, page)).await.status, StatusCode::OK);
    }
    // Nor does she hear of another's file.
    assert!(!carla.get(&at(&carlas, "")).await.has(".flash"));
    // Nor whom her colleagues asked for how much.
    let fields = [("customer_email", "c1@example.it"), ("amount", "1.50")];
    anna.creates_email_payment(&fields, "draft").await;
    let guess = carla.imports(&rows(1)).await;
    assert_eq!(carla.get(&at(&guess, "")).await.text("h1"), "1 request can be sent");
    let guess = anna.imports(&rows(1)).await;
    assert_eq!(anna.get(&at(&guess, "")).await.text("h1"), "0 requests can be sent");
    let token = form_token(&mut carla).await;
    let fields = [("_csrf", token.as_str()), ("seen", "x")];
    let answer = carla.post(&at(&annas, "/confirmation"), &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_same_file_within_a_day_is_warned_about() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let first = anna.imports(&rows(2)).await;
    let second = anna.imports(&rows(2)).await;
    for page in ["", "/confirmation"] {
        let page = anna.get(&at(&second, page)).await;
        assert!(
            page.text(".flash").contains("The same file was uploaded before"),
            "{}",
            page.text("main")
        );
        assert_eq!(page.attribute(".flash a", "href"), at(&first, ""));
    }
    assert!(!anna.get(&at(&first, "")).await.has(".flash"), "it was the first");
    let other = anna.imports(&rows(3)).await;
    assert!(!anna.get(&at(&other, "")).await.has(".flash"));
    app.change(&format!(
        "UPDATE imports SET created_at = created_at - interval '25 hours' WHERE id = '{first}'"
    ));
    assert!(!anna.get(&at(&second, "")).await.has(".flash"));
}

#[actix_web::test]
async fn the_template_is_one_that_is_read_in_each_language() {
    let app = TestApp::start().await;
    for (lang, separator) in [("en", ','), ("it", ';'), ("es", ';'), ("fr", ';')] {
        let mut anna = app.sign_in(ANNA).await.speaking(lang);
        let file = anna.get(&format!("{IMPORT}/template.csv")).await;
        assert_eq!(file.status, StatusCode::OK);
        let head = file.body.lines().next().unwrap();
        assert_eq!(head.matches(separator).count(), 8, "{head}");
        assert_eq!(file.body.lines().count(), 3);
        let id = anna.imports(file.body.as_bytes()).await;
        let page = anna.get(&at(&id, "")).await;
        assert_eq!(page.texts(".totals .big").len(), 1, "{lang}: {}", page.text("main"));
        assert!(!page.has("td.why"), "{lang}: {}", page.text("main"));
    }
}

#[actix_web::test]
async fn the_list_of_imports_is_paged_by_place() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let first = anna.imports(&rows(1)).await;
    app.change(&format!(
        "INSERT INTO imports SELECT merchant_id, gen_random_uuid(), created_by, created_at + n * interval '1 second', \
         'f' || n, file_hash, rows, unknown_columns, originator_id, currency, language, valid_days, with_repeats, state \
         FROM imports, generate_series(1, 30) n WHERE id = '{first}'"
    ));
    let page = anna.get(IMPORTS).await;
    assert_eq!(page.texts("tbody th a").len(), 25);
    assert_eq!(page.texts("tbody th a")[0], "f30");
    let older = anna.get(&page.attribute("a[rel=next]", "href")).await;
    assert_eq!(older.texts("tbody th a").len(), 6);
    assert_eq!(older.texts("tbody th a")[5], "rows.csv");
    let newer = anna.get(&older.attribute("a[rel=prev]", "href")).await;
    assert_eq!(newer.texts("tbody th a")[0], "f30");
}

/// The largest file there may be, from the upload to the last payment, hour by hour.
#[actix_web::test]
#[ignore = "a minute or two: cargo test --test it -- --ignored ten_thousand"]
async fn ten_thousand_rows_are_made_in_a_day_each_of_them_once() {
    let mut app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let started = std::time::Instant::now();
    let told =
        |what: &str| println!("{what}: {:?}, {} KiB resident", started.elapsed(), resident());
    told("before");
    let id = anna.imports(&rows(10_000)).await;
    told("uploaded");
    let page = anna.get(&at(&id, "")).await;
    assert_eq!(page.text("h1"), "10,000 requests can be sent");
    assert!(page.body.len() < 60_000, "{}", page.body.len());
    told("looked at");
    confirm(&mut anna, &id).await;
    told("confirmed");
    app.shut_down().await;
    app.clock.advance(Duration::minutes(6));
    let mut hours = 0;
    while app.count("imports WHERE state = 'done'") == 0 {
        work_on(&app, &app.clock).await;
        app.clock.advance(Duration::minutes(61));
        hours += 1;
    }
    told("made");
    assert_eq!((hours, app.count(MADE), app.count("mails")), (25, 10_000, 10_000));
}

/// Memory of this process that is in use, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
