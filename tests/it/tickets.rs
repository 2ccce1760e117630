//! Support tickets: asked by merchants, answered by support, with what each side sees.

use central::auth::api::Scope;
use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// The address of the first merchant's ticket for support.
fn at_support(app: &TestApp, number: i64) -> String {
    format!("/merchants/{}/tickets/{number}", app.world.first)
}

fn state(page: &Page) -> String {
    page.text(".page-head .status")
}

#[actix_web::test]
async fn a_ticket_about_a_payment_goes_to_and_fro_until_it_is_closed_and_gets_a_follow_up() {
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    assert_eq!(anna.get(TICKETS).await.text(".empty h2"), "No tickets yet");
    let payment = anna.creates_email_payment(&[], "send").await;
    let order_id = anna.get(&payment).await.text(".crumbs [aria-current]");
    let ask = anna.get(&payment).await.attribute("a[href^='/support/tickets/new']", "href");
    let page = anna.get(&ask).await;
    assert_eq!(page.text("#about-t"), format!("About payment {order_id}"));
    let fields = [("subject", "Customer can’t pay"), ("text", "He says it is refused.")];
    let opened = anna.submit_parts(&page, TICKETS, &fields, &[]).await;
    assert_eq!(opened.location().as_deref(), Some("/support/tickets/1"), "{}", opened.text("main"));
    assert_eq!(state(&anna.get("/support/tickets/1").await), "New");
    let told = app.mailbox.wait_for("tom@example.com", 1).await;
    assert!(told[0].text.as_ref().unwrap().contains(&at_support(&app, 1)), "{:?}", told[0].text);
    assert!(told[0].subject.contains("Customer can’t pay"));

    // Support finds it in its queue, sees the payment's facts, takes it and answers.
    let queue = tom.get(TICKETS).await;
    assert_eq!(queue.text("tbody .main-link"), "Customer can’t pay");
    let url = queue.attribute("tbody .main-link", "href");
    assert_eq!(url, at_support(&app, 1));
    let page = tom.get(&url).await;
    assert!(page.text("main").contains(&order_id));
    assert!(!page.has("a[href^='/processing']"), "support has no part in payments");
    let take = format!("{url}/assignee");
    let own = page.attribute("button[name=assignee]", "value");
    let token = form_token(&mut tom).await;
    tom.post(&take, &[("_csrf", &token), ("assignee", &own)]).await;
    assert_eq!(state(&anna.get("/support/tickets/1").await), "Waiting for support");
    assert_eq!(tom.says(&url, "Ask for another card.", "answer").await.status, 303);
    let page = anna.get("/support/tickets/1").await;
    assert_eq!(state(&page), "Waiting for the merchant");
    assert_eq!(page.text(".thread h3"), "Waiting for the merchant");
    assert_eq!(page.text(".thread li:has(.said) h3"), "Tom Baker · Support");
    assert_eq!(page.text(".thread .said"), "Ask for another card.");
    let told = app.mailbox.wait_for("anna@example.com", 1).await;
    let words = told[0].text.as_ref().unwrap();
    assert!(words.contains("/support/tickets/1") && words.contains("Ask for another card."));
    assert!(
        told[0].html.as_ref().unwrap().contains("Apri la richiesta"),
        "the merchant's language"
    );

    // An answer brings it back; solved, an answer opens it again.
    anna.says("/support/tickets/1", "He did: card 4111 1111 1111 1111.", "answer").await;
    let page = tom.get(&url).await;
    assert_eq!(state(&page), "Waiting for support");
    assert!(page.text(".thread").contains("4111 11** **** 1111"));
    tom.says(&url, "Then it works now.", "solve").await;
    assert_eq!(state(&anna.get("/support/tickets/1").await), "Solved");
    anna.says("/support/tickets/1", "Not yet.", "answer").await;
    assert_eq!(state(&anna.get("/support/tickets/1").await), "Waiting for support");
    anna.says("/support/tickets/1", "Now it does.", "solve").await;

    // Fourteen days after the last word it is closed, and nobody answers in it.
    app.clock.advance(Duration::days(13));
    let mut anna = app.sign_in(ANNA).await;
    anna.says("/support/tickets/1", "Thank you!", "solve").await;
    app.clock.advance(Duration::days(13));
    let closed = central::tickets::jobs::close_solved(&app.jobs_db(), app.clock.now()).await;
    assert_eq!(closed.unwrap(), 0);
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get("/support/tickets/1").await;
    app.clock.advance(Duration::days(1));
    let closed = central::tickets::jobs::close_solved(&app.jobs_db(), app.clock.now()).await;
    assert_eq!(closed.unwrap(), 1);
    let late =
        anna.submit_parts(&page, "/support/tickets/1/messages", &[("text", "Late")], &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text("#text-e").contains("was not sent"), "{}", late.text("main"));
    assert_eq!(late.text("#text"), "Late");
    assert!(late.has("a[href='/support/tickets/new?follows=1']"));
    let page = anna.get("/support/tickets/1").await;
    assert!(!page.has("form[action$='/messages']"));
    let page = anna.get(&page.attribute(".actions a", "href")).await;
    let answer = anna.submit_parts(&page, TICKETS, &[("text", "It is back.")], &[]).await;
    assert_eq!(answer.location().as_deref(), Some("/support/tickets/2"), "{}", answer.text("main"));
    let page = anna.get("/support/tickets/2").await;
    assert!(page.has("a[href='/support/tickets/1']"), "it points back");
    assert!(anna.get("/support/tickets/1").await.has("a[href='/support/tickets/2']"));
    assert_eq!(app.count("audit_log WHERE action = 'ticket.move' AND actor = 'clock'"), 1);
}

#[actix_web::test]
async fn sec_11_internal_notes_are_in_nothing_that_a_merchant_can_fetch() {
    const NOTE: &str = "zirconium: he is a difficult one";
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let payment = anna.creates_email_payment(&[], "send").await;
    let ticket = anna.opens_ticket(&[], &[("log.txt", b"what it said")]).await;
    let url = at_support(&app, 1);
    let page = tom.get(&url).await;
    let noted = tom.submit(&page, &format!("{url}/notes"), &[("note", NOTE)], "").await;
    assert_eq!(noted.status, 303);
    assert!(tom.get(&url).await.text(".is-note").contains(NOTE));
    tom.says(&url, "An answer.", "answer").await;
    app.mailbox.wait_for("anna@example.com", 1).await;

    let file = anna.get(&ticket).await.attribute(".thread a[download]", "href");
    let token = app.access_token(ANNA, &Scope::ALL);
    let merchants = [
        TICKETS.to_owned(),
        format!("{TICKETS}?q=zirconium"),
        format!("{TICKETS}?subject=zirconium"),
        format!("{TICKETS}?filters=open"),
        format!("{TICKETS}/new"),
        ticket.clone(),
        file,
        payment,
        "/settings/activity".to_owned(),
        "/settings/activity?kind=tickets".to_owned(),
        "/settings/activity.csv".to_owned(),
        "/processing/email-payments?q=zirconium".to_owned(),
        "/processing/email-payments.csv".to_owned(),
        "/accounting/documents?q=zirconium".to_owned(),
    ];
    for at in merchants {
        let page = anna.get(&at).await;
        assert!(page.status.is_success(), "{at}: {}", page.status);
        assert!(!page.body.contains("zirconium") || at.contains("zirconium"), "{at}");
        assert!(!page.body.contains("difficult"), "{at}");
        assert!(!page.body.contains("nternal note"), "{at}: that there is one is not told either");
    }
    assert!(!anna.get(&format!("{TICKETS}?q=zirconium")).await.has("tbody"));
    for at in ["/api/v1/email-payments", "/api/v1/documents", "/api/v1/openapi.json"] {
        let bearer = format!("Bearer {}", token.token);
        let headers = [("Authorization", bearer.as_str())];
        let page = anna.request(openidconnect::reqwest::Method::GET, at, &headers, "").await;
        assert!(page.status.is_success() && !page.body.contains("difficult"), "{at}");
    }
    for mail in app.mailbox.mails() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains("zirconium"));
    }
    // Where support's own door refuses a merchant, and its forms too.
    let token = form_token(&mut anna).await;
    assert_eq!(anna.get(&url).await.status, StatusCode::FORBIDDEN);
    let note = [("_csrf", token.as_str()), ("note", "mine")];
    assert_eq!(anna.post(&format!("{url}/notes"), &note).await.status, StatusCode::FORBIDDEN);

    // And behind all pages: the merchant's own transaction sees none, and can write none.
    let scope = app.first_scope();
    let seen = app.db().run_blocking(&scope.tenants(), |conn| {
        use diesel::prelude::*;
        Ok(central::db::schema::ticket_notes::table.count().get_result::<i64>(conn)?)
    });
    assert_eq!(seen.unwrap(), 0);
    assert_eq!(app.count("ticket_notes"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'ticket.note' AND merchant_id IS NULL"), 1);
}

#[actix_web::test]
async fn sec_11_a_ticket_is_there_for_those_only_whom_it_is_for() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let (mut aldo, mut bruno) = (app.sign_in(ALDO).await, app.sign_in(BRUNO).await);
    let of_all = carla.opens_ticket(&[("subject", "Seen by the owner")], &[]).await;
    let own =
        carla.opens_ticket(&[("subject", "Mine alone"), ("visibility", "private")], &[]).await;
    let books =
        carla.opens_ticket(&[("subject", "Of the books"), ("category", "accounting")], &[]).await;
    let sees = async |browser: &mut Browser| {
        let mut seen = browser.get(TICKETS).await.texts("tbody .main-link");
        seen.sort();
        seen
    };
    assert_eq!(sees(&mut carla).await, ["Mine alone", "Of the books", "Seen by the owner"]);
    assert_eq!(sees(&mut anna).await, ["Of the books", "Seen by the owner"]);
    assert_eq!(sees(&mut aldo).await, ["Of the books"]);
    assert_eq!(sees(&mut bruno).await, Vec::<String>::new());
    let page = anna.get(&own).await;
    let unknown = anna.get(&format!("{TICKETS}/99")).await;
    assert_eq!((page.status, page.text("main")), (StatusCode::NOT_FOUND, unknown.text("main")));
    assert_eq!(anna.get(&format!("{TICKETS}?q=2")).await.text(".empty h2"), "Nothing fits");
    assert_eq!(aldo.get(&of_all).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bruno.get(&books).await.status, StatusCode::NOT_FOUND);
    // Its number is taken all the same, and another merchant counts for itself.
    assert_eq!(bruno.opens_ticket(&[], &[]).await, format!("{TICKETS}/1"));

    // Whom the author informs sees it, and hears of it.
    let page = carla.get(&own).await;
    let watchers = format!("{own}/watchers");
    let aldo_id = app.text("SELECT id FROM users WHERE subject = 'aldo'");
    carla.submit(&page, &watchers, &[("user", &aldo_id)], "is_watching=true").await;
    assert_eq!(aldo.get(&own).await.status, StatusCode::OK);
    carla.says(&own, "A word.", "answer").await;
    let told = app.mailbox.wait_for("aldo@example.com", 1).await;
    assert_eq!(told.len(), 1);
    // Who leaves the team sees nothing more, and no mail that waits reaches them.
    app.mailbox.clear();
    let stranger = app.text("SELECT id FROM users WHERE subject = 'bruno'");
    let page = carla.get(&own).await;
    let fields = [("_csrf", page.attribute("[name=_csrf]", "value"))];
    let fields =
        [("_csrf", fields[0].1.as_str()), ("user", stranger.as_str()), ("is_watching", "true")];
    let answer = carla.post(&watchers, &fields).await;
    assert_eq!(answer.status, 303, "he reads at the first merchant");
    let sofia = app.text("SELECT id FROM users WHERE subject = 'sofia'");
    let fields = [fields[0], ("user", sofia.as_str()), fields[2]];
    assert_eq!(carla.post(&watchers, &fields).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn clocks_count_hours_of_work_and_stand_while_the_merchant_is_waited_for() {
    let app = TestApp::start_with(&[("SUPPORT_HOURS", "mon-sun 00:00-23:59 UTC")]).await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    anna.opens_ticket(&[("subject", "Slow"), ("priority", "low")], &[]).await;
    anna.opens_ticket(&[("priority", "high"), ("subject", "Fast")], &[]).await;
    let refused = {
        let page = anna.get(&format!("{TICKETS}/new")).await;
        let fields =
            [("category", "technical"), ("priority", "urgent"), ("subject", "x"), ("text", "y")];
        anna.submit_parts(&page, TICKETS, &fields, &[]).await
    };
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attribute("#subject", "value"), "x", "nothing typed is lost");
    assert!(refused.text("#phone-e").contains("phone number"));
    let page = tom.get(TICKETS).await;
    assert_eq!(page.texts("tbody .main-link"), ["Fast", "Slow"], "what is due first");
    assert_eq!(page.texts("thead th[aria-sort]"), ["Due"]);

    let url = at_support(&app, 2);
    let left = "SELECT coalesce(solution_left_seconds, 0) FROM tickets WHERE number = 2";
    app.clock.advance(Duration::hours(5));
    assert_eq!(tom.get(TICKETS).await.text("tbody .status-neg"), "Late", "the first answer");
    assert_eq!(tom.says(&url, "Which browser?", "answer").await.status, 303);
    let standing: i64 = app.text(left).parse().unwrap();
    assert!((12 * 3600..=13 * 3600 + 60).contains(&standing), "about 13 of 18 hours: {standing}");
    app.clock.advance(Duration::days(3));
    let page = tom.get(&url).await;
    assert!(page.text("main").contains("The time to answer is paused"));
    anna.says(&format!("{TICKETS}/2"), "Mine.", "answer").await;
    let until: i64 = app
        .text("SELECT extract(epoch FROM solution_due_at)::bigint FROM tickets WHERE number = 2")
        .parse()
        .unwrap();
    let left_now = until - app.clock.now().timestamp();
    assert!((standing..standing + 180).contains(&left_now), "{left_now} of {standing}");
}

#[actix_web::test]
async fn support_narrows_its_queue_and_passes_tickets_on() {
    let app = TestApp::start().await;
    let (mut anna, mut bruno) = (app.sign_in(ANNA).await, app.sign_in(BRUNO).await);
    let mut tom = app.sign_in(TOM).await;
    assert_eq!(tom.get(TICKETS).await.text(".empty h2"), "No tickets yet");
    anna.opens_ticket(&[("subject", "Vaso rotto"), ("category", "accounting")], &[]).await;
    anna.opens_ticket(&[("subject", "Caffè José"), ("priority", "high")], &[]).await;
    bruno.opens_ticket(&[("subject", "Autre chose")], &[]).await;
    let mary = app.member("mary", app.world.first, "clerk");
    app.change(&format!("DELETE FROM memberships WHERE user_id = '{mary}'"));
    app.change(&format!("UPDATE users SET staff_role = 'support' WHERE id = '{mary}'"));
    let url = at_support(&app, 1);
    let page = tom.get(&url).await;
    tom.submit(&page, &format!("{url}/assignee"), &[("assignee", &mary)], "").await;
    // Who has not seen that takes nothing away.
    let own = page.attribute("button[name=assignee]", "value");
    let late = tom.submit(&page, &format!("{url}/assignee"), &[("assignee", &own)], "").await;
    let late = tom.follow(late).await;
    let told = late.text(".flash");
    assert!(told.contains("assigned to") && told.to_lowercase().contains("mary"), "{told}");
    assert_eq!(app.count(&format!("tickets WHERE assignee_id = '{mary}'")), 1);
    for (query, count) in [
        ("", 3),
        ("q=vaso", 1),
        ("q=jose", 1),
        ("q=1", 2),
        ("q=%231", 2),
        ("state=open", 2),
        ("state=waiting_support", 1),
        ("priority=high", 1),
        ("priority=high&priority_op=not", 2),
        ("category=accounting", 1),
        ("merchant=fournier", 1),
        ("merchant_op=not&merchant=fournier", 2),
        ("author=anna", 2),
        ("assignee=nobody", 2),
        (&format!("assignee={mary}"), 1),
        ("subject_op=starts&subject=autre", 1),
        ("created=today", 3),
        ("answered=yesterday", 0),
        ("sort=-created", 3),
        ("sort=answered", 3),
    ] {
        let page = tom.get(&format!("{TICKETS}?{query}")).await;
        assert_eq!(page.texts("tbody .main-link").len(), count, "{query}: {}", page.text("main"));
    }
    // A merchant's list knows neither deadlines nor who answers.
    let page = anna.get(&format!("{TICKETS}?assignee={mary}&sort=due&filters=open")).await;
    assert_eq!(page.texts("tbody .main-link").len(), 2);
    assert!(!page.text("main").contains("mary"));
    assert!(!page.has("#due") && !page.has("#assignee"));
}

#[actix_web::test]
async fn pages_of_the_queue_follow_each_other_in_every_order() {
    let app = TestApp::start().await;
    let mut tom = app.sign_in(TOM).await;
    app.tickets_in_bulk(60);
    for sort in ["", "-due", "created", "-created", "answered", "-answered"] {
        let (mut seen, mut next) = (Vec::new(), format!("{TICKETS}?sort={sort}"));
        loop {
            let page = tom.get(&next).await;
            let rows = page.texts("tbody .main-link");
            seen.extend(rows);
            assert!(seen.len() <= 60, "{sort}: a page comes back at {next}");
            if !page.has("a[rel=next]") {
                break;
            }
            next = page.attribute("a[rel=next]", "href");
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (60, 60), "{sort}");
    }
}

#[actix_web::test]
async fn canned_answers_are_filled_in_and_refuse_fields_that_nobody_knows() {
    let app = TestApp::start().await;
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    anna.opens_ticket(&[], &[]).await;
    let page = tom.get("/support/answers").await;
    assert!(page.has(".empty"));
    let wrong = [("language", "it"), ("title", "Saluti"), ("text", "Ciao {nome}")];
    let answer = tom.submit(&page, "/support/answers", &wrong, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text("#text-e").contains("{nome}"));
    let good =
        [wrong[0], wrong[1], ("text", "Ciao {name}, richiesta {number}. {agent}, {merchant}")];
    assert_eq!(tom.submit(&answer, "/support/answers", &good, "").await.status, 303);
    let again = tom.submit(&page, "/support/answers", &good, "").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the title is taken");
    let other = [("language", "fr"), ("title", "Saluti"), ("text", "Bonjour")];
    assert_eq!(tom.submit(&page, "/support/answers", &other, "").await.status, 303);

    let url = at_support(&app, 1);
    let page = tom.get(&url).await;
    assert_eq!(page.texts("#answer option"), ["Saluti"], "the merchant's language alone");
    let id = page.attribute("#answer option", "value");
    let page = tom.get(&format!("{url}?answer={id}")).await;
    assert_eq!(page.text("#text"), "Ciao Anna Rossi, richiesta 1. Tom Baker, Ceramiche Bellini");
    let token = form_token(&mut tom).await;
    let removed = tom.post(&format!("/support/answers/{id}/removal"), &[("_csrf", &token)]).await;
    assert_eq!(removed.status, 303);
    assert_eq!(app.count("canned_answers"), 1);
}

#[actix_web::test]
async fn sec_14_a_form_that_is_sent_twice_says_it_once() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{TICKETS}/new")).await;
    let fields = [("category", "risk"), ("subject", "Once"), ("text", "And no more.")];
    for _ in 0..2 {
        let answer = anna.submit_parts(&page, TICKETS, &fields, &[]).await;
        assert_eq!(answer.location().as_deref(), Some("/support/tickets/1"));
    }
    let page = anna.get("/support/tickets/1").await;
    for _ in 0..2 {
        let sent = anna
            .submit_parts(&page, "/support/tickets/1/messages", &[("text", "Again")], &[])
            .await;
        assert_eq!(sent.status, 303);
    }
    assert_eq!((app.count("tickets"), app.count("ticket_messages")), (1, 2));
}

#[actix_web::test]
async fn sec_16_somebody_opens_ten_tickets_an_hour() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for _ in 0..10 {
        anna.opens_ticket(&[], &[]).await;
    }
    let page = anna.get(&format!("{TICKETS}/new")).await;
    let fields = [("category", "risk"), ("subject", "Eleven"), ("text", "Too many.")];
    let refused = anna.submit_parts(&page, TICKETS, &fields, &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.count("tickets"), 10);
}

#[actix_web::test]
async fn the_mail_of_a_message_speaks_its_readers_language_and_begins_with_its_subject() {
    let app = TestApp::start().await;
    app.change("UPDATE users SET language = 'fr' WHERE subject = 'tom'");
    app.change("UPDATE users SET language = 'es' WHERE subject = 'anna'");
    let (mut anna, mut tom) = (app.sign_in(ANNA).await, app.sign_in(TOM).await);
    let long = "Ligne une,\nligne deux. ".to_owned() + &"é".repeat(200);
    anna.opens_ticket(&[("subject", "Panne"), ("text", &long)], &[]).await;
    let told = app.mailbox.wait_for("tom@example.com", 1).await.remove(0);
    let (text, html) = (told.text.unwrap(), told.html.unwrap());
    assert!(text.starts_with("Demande 1\u{a0}: Panne"), "{text}");
    assert!(text.trim_end().ends_with("Central"), "{text}");
    assert!(html.contains("Ligne une,<br>ligne deux."), "Outlook knows no pre-line");
    assert!(html.contains("Ligne une, ligne deux. é") && html.contains("é…"), "how it begins");
    assert_eq!(tom.says(&at_support(&app, 1), "Sí.", "answer").await.status, 303);
    let told = app.mailbox.wait_for("anna@example.com", 1).await.remove(0);
    assert!(told.text.unwrap().contains("de la asistencia, ha respondido:"));
}
