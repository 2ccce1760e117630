//! Delivery as work: what has not arrived, why, and the correction on the spot.

use central::sandbox::mailbox::SmtpReply;
use chrono::Duration;
use insta::assert_snapshot;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const PAGE: &str = "/processing/email-payments/undelivered";
const ROWS: &str = ".work > li";

impl TestApp {
    /// A request whose mail is refused or put off in a server's words.
    async fn not_taken(&self, merchant: &mut Browser, to: &str, answer: &str) -> String {
        let reply = SmtpReply::Say { to: to.to_owned(), answer: answer.to_owned() };
        self.mailbox.set_reply(Some(reply));
        let url = merchant.creates_email_payment(&[("customer_email", to)], "send").await;
        let delivery = if answer.starts_with('5') { "bounced" } else { "deferred" };
        self.until("the answer is known", async || self.field(&url, "delivery") == delivery).await;
        self.mailbox.set_reply(None);
        url
    }
}

/// Presses a row's button.
async fn corrects(browser: &mut Browser, page: &Page, url: &str, address: &str) -> Page {
    let id = url.rsplit('/').next().unwrap();
    let action = page.attribute(".work form", "action");
    let fields = [("payment", id), ("customer_email", address)];
    browser.submit(page, &action, &fields, "").await
}

#[actix_web::test]
async fn nothing_undelivered_is_good_news() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.request(&mut anna, &[]).await;
    let page = anna.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text(".empty h2"), "Every email has arrived");
    assert!(page.text("main").contains("are not read by Central"), "what is not known is said");
}

#[actix_web::test]
async fn each_answer_of_a_server_is_shown_as_it_was_said_and_in_plain_words() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let cases = [
        ("unknown@example.it", "550 5.1.1 User unknown", "Nobody has this address"),
        ("full@example.it", "552 5.2.2 Over quota", "mailbox is full"),
        ("spam@example.it", "550 5.7.1 Blocked using a list", "takes the email for spam"),
        ("grey@example.it", "450 4.2.0 Greylisted, see you", "lets senders it does not know wait"),
        (
            "nowhere@example.it",
            "550 5.1.2 Domain not found",
            "The part after the @ receives no email",
        ),
        ("busy@example.it", "451 4.3.0 Not now", "asks us to try later"),
        ("odd@example.it", "554 5.0.0 <odd@example.it> Because\u{7}", "refuses the email"),
    ];
    let mut urls = Vec::new();
    for (to, answer, _) in cases {
        urls.push(app.not_taken(&mut anna, to, answer).await);
    }
    let page = anna.get(PAGE).await;
    assert_eq!(page.texts(ROWS).len(), cases.len());
    for ((to, answer, meaning), url) in cases.iter().zip(&urls) {
        let id = url.rsplit('/').next().unwrap();
        let row = page.text(&format!("#row-{id}"));
        assert!(row.contains(to) && row.contains("45.00 EUR"), "{row}");
        assert!(row.contains(&app.field(url, "order_id")), "{row}");
        assert!(row.contains(meaning), "{answer}: {row}");
        // Addresses are left out of what servers say, controls too.
        let said = answer.replace("<odd@example.it>", "…").replace('\u{7}', "");
        assert_eq!(page.text(&format!("#row-{id} q")), said);
        assert_eq!(row.contains("next try"), answer.starts_with('4'), "{row}");
        // A mail that is still tried has its pause, as any other.
        let offered = page.attribute(&format!("#row-{id} input[type=email]"), "value");
        assert_eq!(offered, if answer.starts_with('5') { *to } else { "" });
    }
}

#[actix_web::test]
async fn a_corrected_address_is_sent_to_at_once_and_its_reader_stays_on_the_page() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let wrong = app.not_taken(&mut anna, "maria@exmaple.it", "550 5.1.2 Domain not found").await;
    let other = app.not_taken(&mut anna, "other@exmaple.it", "550 5.1.1 User unknown").await;
    let page = anna.get(PAGE).await;
    let done = corrects(&mut anna, &page, &wrong, " maria@example.it ").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "a refused mail had no reader to spare");
    assert!(done.location().unwrap().starts_with(PAGE));
    app.link_in_mail("maria@example.it", 1).await;
    app.mails_settle().await;
    assert_eq!(app.field(&wrong, "delivery || coalesce(delivery_answer, '')"), "sent");

    let page = anna.follow(done).await;
    assert_eq!(page.texts(ROWS).len(), 1, "the other one is left");
    let told = page.text(".work-done");
    assert!(told.contains("maria@example.it") && told.contains("Awaiting payment sent"), "{told}");
    assert!(told.contains(&app.field(&wrong, "order_id")), "{told}");

    // The second one, from there: both are told, and the page is empty but for good news.
    let done = corrects(&mut anna, &page, &other, "other@example.it").await;
    let page = anna.follow(done).await;
    assert_eq!(page.texts(".work-done li").len(), 2);
    assert_eq!(page.text(".empty h2"), "Every email has arrived");
    assert_eq!(app.count("audit_log WHERE action = 'email_payment.resend'"), 2);
}

#[actix_web::test]
async fn a_fault_stands_at_its_row_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let bounced = app.not_taken(&mut anna, "a@exmaple.it", "550 5.1.1 User unknown").await;
    let waiting = app.not_taken(&mut anna, "b@exmaple.it", "451 4.7.1 Greylisted").await;
    let page = anna.get(PAGE).await;
    for (url, typed, fault) in [
        (&bounced, "maria conti", "Email address must look like name@example.com"),
        (&waiting, "b@exmaple.it", "We are still trying this address by ourselves"),
        (&waiting, "c@example.it", "less than ten minutes ago"),
    ] {
        let again = corrects(&mut anna, &page, url, typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(again.text("title").starts_with("Error: "));
        let id = url.rsplit('/').next().unwrap();
        let row = again.text(&format!("#row-{id}"));
        assert!(row.contains(fault), "{row}");
        assert!(again.text(".errors li").contains(fault));
        assert_eq!(again.attribute(&format!("#row-{id} #customer_email"), "value"), typed);
        assert_eq!(again.texts(".field.is-wrong").len(), 1);
        assert_eq!(again.texts(ROWS).len(), 2);
    }
    assert_eq!(app.mailbox.count(), 0);
}

#[actix_web::test]
async fn the_same_row_sent_twice_is_sent_once_and_both_answers_tell_what_became_of_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = app.not_taken(&mut anna, "a@exmaple.it", "550 5.1.1 User unknown").await;
    let page = anna.get(PAGE).await;
    for _ in 0..2 {
        let done = corrects(&mut anna, &page, &url, "a@example.it").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let page = anna.follow(done).await;
        assert!(page.text(".work-done").contains("a@example.it"));
    }
    app.mails_settle().await;
    assert_eq!(app.mailbox.wait_for("a@example.it", 1).await.len(), 1);
    assert_eq!(app.field(&url, "sends"), "2");
}

#[actix_web::test]
async fn only_what_waits_for_money_is_work_and_each_sees_their_own() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let (mut aldo, mut bruno) = (app.sign_in(ALDO).await, app.sign_in(BRUNO).await);
    bruno.works_for(&app.world.second).await;
    let of_anna = app.not_taken(&mut anna, "anna@exmaple.it", "550 5.1.1 User unknown").await;
    let of_carla = app.not_taken(&mut carla, "carla@exmaple.it", "550 5.1.1 User unknown").await;
    assert_eq!(anna.get(PAGE).await.texts(ROWS).len(), 2);
    assert_eq!(bruno.get(PAGE).await.text(".empty h2"), "Every email has arrived");
    let page = carla.get(PAGE).await;
    assert_eq!(page.texts(ROWS).len(), 1, "a clerk sees what she made");
    let read_only = aldo.get(PAGE).await;
    assert_eq!(read_only.texts(ROWS).len(), 2);
    assert!(!read_only.has("main form"), "an accountant reads");

    let id = of_anna.rsplit('/').next().unwrap();
    let token = form_token(&mut carla).await;
    let fields = [("_csrf", token.as_str()), ("payment", id), ("customer_email", "c@example.it")];
    assert_eq!(carla.post(PAGE, &fields).await.status, StatusCode::NOT_FOUND);
    let peeked = carla.get(&format!("{PAGE}?sent={id}")).await;
    assert!(!peeked.body.contains("anna@exmaple.it"), "the address of the page opens nothing");

    anna.answers(&of_carla, "cancellation", &[]).await;
    assert_eq!(anna.get(PAGE).await.texts(ROWS).len(), 1, "a cancelled one needs nobody");
    assert_eq!(app.field(&of_anna, "status"), "open");
}

#[actix_web::test]
async fn a_page_of_the_gateway_that_cant_be_prepared_is_told_as_ours() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.gateway.set_down(true);
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    let row = anna.get(PAGE).await.text(ROWS);
    assert!(row.contains("could not prepare the payment page"), "{row}");
    // It is tried again by itself: one more to the same reader would make two, on any page.
    app.change("UPDATE email_payments SET last_sent_at = now() - interval '1 hour'");
    let answer = anna.answers(&url, "resend", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text(".errors").contains("The last email has not left yet"),
        "{}",
        answer.text("main")
    );
    assert!(!anna.get(PAGE).await.has("q"), "no mail server has said anything");
    app.gateway.set_down(false);
    app.later(Duration::minutes(2)).await;
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    assert_eq!(anna.get(PAGE).await.texts(ROWS).len(), 0, "it went by itself");
}

#[actix_web::test]
async fn the_work_is_paged_by_places_and_each_row_is_met_once() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = app.not_taken(&mut anna, "a@exmaple.it", "550 5.1.1 User unknown").await;
    let id = url.rsplit('/').next().unwrap();
    // Sixty more of the same, two of them at the same moment.
    app.change(&format!(
        "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor,
             currency, customer_email, customer_name, description, message, language, status, delivery,
             delivery_answer, sends, last_sent_at, pay_token_hash, pay_token_encrypted, created_at, expires_at)
         SELECT merchant_id, gen_random_uuid(), originator_id, created_by, 'COPY-' || n, amount_minor,
             currency, customer_email, customer_name, description, message, language, status, delivery,
             delivery_answer, sends, last_sent_at - (n / 2) * interval '1 hour', sha256(n::text::bytea),
             pay_token_encrypted, created_at, expires_at
         FROM email_payments, generate_series(1, 60) n WHERE id = '{id}'"
    ));
    let mut page = anna.get(PAGE).await;
    assert!(page.text("main").contains("61 requests"));
    let (mut seen, mut pages) = (Vec::new(), 1);
    loop {
        let html = scraper::Html::parse_document(&page.body);
        let rows = scraper::Selector::parse(ROWS).unwrap();
        seen.extend(html.select(&rows).map(|row| row.value().id().unwrap().to_owned()));
        let next = page.attribute("a[rel=next]", "href");
        if next.is_empty() {
            break;
        }
        page = anna.get(&next).await;
        pages += 1;
    }
    assert_eq!((seen.len(), pages), (61, 3));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 61);
    let back = page.attribute("a[rel=prev]", "href");
    assert_eq!(anna.get(&back).await.texts(ROWS).len(), 25);
    assert_eq!(anna.get(&format!("{PAGE}?after=nonsense")).await.status, StatusCode::BAD_REQUEST);
}

#[test]
fn the_count_and_the_page_read_the_index_of_undelivered_mails_alone() {
    let database = database();
    let plan = explain(
        &database,
        "SELECT id FROM email_payments WHERE email_payments.status = 'open'
             AND email_payments.delivery IN ('deferred', 'bounced', 'suppressed', 'failed')
             AND merchant_id = '01932f5e-0000-7000-8000-000000000000'
         ORDER BY last_sent_at DESC, id DESC LIMIT 26",
    );
    assert!(plan.contains("email_payments_to_deliver"), "{plan}");
    assert!(!plan.contains("Sort"), "{plan}");
}

fn explain(database: &str, query: &str) -> String {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let db = central::db::Db::new(&cluster().superuser_url(database), 1, true);
    let lines = db.with_connection(|conn| {
        diesel::sql_query("SET enable_seqscan = off").execute(conn)?;
        Ok(diesel::sql_query(format!("EXPLAIN {query}")).load::<Line>(conn)?)
    });
    lines.unwrap().into_iter().map(|line| line.line).collect::<Vec<_>>().join("\n")
}

#[actix_web::test]
async fn the_page_of_undelivered_mails_as_people_see_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    let fields = [("customer_name", "Maria Conti"), ("customer_email", "maria@exmaple.it")];
    app.mailbox.set_reply(Some(SmtpReply::Say {
        to: "maria@exmaple.it".to_owned(),
        answer: "550 5.1.2 Domain not found".to_owned(),
    }));
    let url = anna.creates_email_payment(&fields, "send").await;
    app.until("the answer is known", async || app.field(&url, "delivery") == "bounced").await;
    for lang in ["en", "it"] {
        let page = anna.clone().speaking(lang).get(PAGE).await;
        assert_snapshot!(format!("undelivered_{lang}"), page.main());
    }
}
