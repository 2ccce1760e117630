//! The outbox: at least once, never to the wrong reader, never with a secret left behind.

use std::collections::BTreeSet;

use central::sandbox::mailbox::SmtpReply;
use chrono::Duration;
use data_encoding::HEXLOWER;
use insta::assert_snapshot;

use crate::support::*;

fn refusal(to: Option<&str>, code: u16) -> SmtpReply {
    SmtpReply::Refuse { to: to.map(str::to_owned), code }
}

#[actix_web::test]
async fn sec_15_a_mail_that_the_relay_puts_off_is_sent_later() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(refusal(None, 451)));
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    let page = anna.get(&url).await;
    assert!(page.text("section.next").contains("The email has not left yet"));
    assert!(page.text("section.next").contains("4.0.0 Refused, as told"));
    assert!(anna.get(LIST).await.text("tbody").contains("delayed, we keep trying"));

    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    assert_eq!(app.field(&url, "delivery"), "sent");
    assert_eq!(app.text("SELECT attempts FROM mails"), "2");
}

#[actix_web::test]
async fn sec_15_a_refused_address_is_shown_and_not_tried_again() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(refusal(None, 550)));
    let url = anna.creates_email_payment(&[], "send").await;
    app.until("the refusal is known", async || app.field(&url, "delivery") == "bounced").await;
    let page = anna.get(&url).await;
    assert!(page.text("section.next").contains("The recipient’s server refuses this address"));
    assert!(page.text(".detail-head").contains("Not delivered"));
    assert!(anna.get(LIST).await.text("tbody td.act").starts_with("Correct address"));
    app.mailbox.set_reply(None);
    app.later(Duration::days(2)).await;
    app.until("the next hours are over", async || {
        app.count("gateway_sessions WHERE checks > 0") == 1
    })
    .await;
    assert_eq!(app.text("SELECT state || attempts FROM mails"), "failed1");
    assert_eq!(app.mailbox.count(), 0);
}

#[actix_web::test]
async fn sec_15_a_relay_that_takes_nothing_from_us_is_not_the_recipients_fault() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let limit = "550 5.7.1 Daily limit reached".to_owned();
    app.mailbox.set_reply(Some(SmtpReply::RefuseSender(limit)));
    let fields = [("customer_email", "info@münchen.example")];
    let url = anna.creates_email_payment(&fields, "send").await;
    app.mail_is_deferred(&url).await;
    assert_eq!(app.field(&url, "delivery"), "deferred");

    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    app.mailbox.wait_for("info@xn--mnchen-3ya.example", 1).await;
    app.mails_settle().await;
    assert_eq!(app.field(&url, "delivery"), "sent");
}

#[actix_web::test]
async fn sec_15_a_mail_whose_answer_was_lost_is_sent_again_under_the_same_id() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(SmtpReply::DropAfterData { is_kept: true }));
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    let ids: BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((mails.len(), ids.len()), (2, 1), "{ids:?}");
}

#[actix_web::test]
async fn sec_15_a_mail_whose_sender_died_is_taken_over() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(refusal(None, 451)));
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    app.mailbox.set_reply(None);
    app.a_sender_dies(&url);
    app.link_in_mail(CUSTOMER, 1).await;
    app.mails_settle().await;
    assert_eq!(app.field(&url, "delivery"), "sent");
}

#[actix_web::test]
async fn sec_15_one_bad_mail_never_stops_the_rest() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.gateway.set_down(true);
    for name in ["bad", "one", "two", "three"] {
        let address = format!("{name}@example.it");
        anna.creates_email_payment(&[("customer_email", &address)], "send").await;
    }
    app.until("all wait", async || app.count("mails WHERE attempts = 1 AND state = 'ready'") == 4)
        .await;
    app.mailbox.set_reply(Some(refusal(Some("bad@example.it"), 550)));
    app.gateway.set_down(false);
    app.later(Duration::minutes(2)).await;
    app.until("all are tried", async || app.count("mails WHERE state IN ('sent', 'failed')") == 4)
        .await;
    assert_eq!(app.count("mails WHERE state = 'failed' AND recipient = 'bad@example.it'"), 1);
    assert_eq!(app.mailbox.count(), 3);
}

#[actix_web::test]
async fn sec_15_headers_say_who_asks_in_which_language_and_that_a_machine_wrote() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.request(&mut anna, &[("language", "fr")]).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 1).await;
    let header = |name: &str| mails[0].header(name).unwrap_or_default();
    let id = app.text("SELECT id FROM mails");
    let message_id = header("Message-ID");
    assert_eq!(message_id.trim_matches(['<', '>']), format!("{id}@central.example"));
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Reply-To").trim_matches(['<', '>']), "orders@shop.example");
    assert_eq!(header("Content-Language"), "fr");
    assert!(header("From").contains("Ceramiche Bellini via Central"), "{}", header("From"));
    assert_eq!(mails[0].from, "payments@central.example");
}

#[actix_web::test]
async fn a_request_has_one_green_button_and_its_link_in_full() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let hostile = [("customer_name", "<b>Maria</b>"), ("message", "<img src=x>\n{{ secret }}")];
    let request = app.request(&mut anna, &hostile).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 1).await;
    let html = mails[0].html.clone().unwrap();
    let document = scraper::Html::parse_document(&html);
    let select = |selector: &str| {
        let selector = scraper::Selector::parse(selector).unwrap();
        document.select(&selector).map(|found| found.html()).collect::<Vec<_>>()
    };
    let url = format!("{}{}", app.base, request.link);
    let buttons = select("td[bgcolor='#0b7a3b'] a");
    assert_eq!(buttons.len(), 1);
    assert!(buttons[0].contains(&format!("href=\"{url}\"")) && buttons[0].contains("45,00"));
    let links = select("a.link");
    assert!(links.len() == 1 && links[0].contains(&format!(">{url}</a>")), "{links:?}");
    assert!(select("b, img, script, form, input, link").is_empty());
    assert!(html.contains("{{ secret }}"), "the merchant's words are words");
    assert!(mails[0].text.as_ref().unwrap().contains(&url));
}

#[actix_web::test]
async fn sec_12_no_table_holds_a_pay_link_in_plain() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    let gateways_token = page.url.rsplit('/').next().unwrap().to_owned();
    let paid = customer.pays(&page, NO_FUNDS).await;
    let paid = customer.pays(&paid, GOOD_CARD).await;
    customer.goes_back(&paid).await;
    app.mails_settle().await;
    for table in [
        "email_payments",
        "email_payment_events",
        "pay_link_visits",
        "gateway_sessions",
        "payment_attempts",
        "mails",
        "audit_log",
        "idempotency_keys",
        "sessions",
    ] {
        let rows =
            app.text(&format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t"));
        assert!(!rows.is_empty(), "{table} is used");
        for secret in [request.token(), &gateways_token] {
            assert!(
                !rows.contains(secret) && !rows.contains(&HEXLOWER.encode(secret.as_bytes())),
                "{table}"
            );
        }
        assert!(!rows.contains("4111111111111111"), "{table}");
    }
}

#[actix_web::test]
async fn confirmations_go_out_only_where_the_merchant_has_them() {
    let app = TestApp::start().await;
    for (person, receipts) in [(ANNA, 1), (BRUNO, 0)] {
        let (mut merchant, mut customer) = (app.sign_in(person).await, app.browser());
        if person == BRUNO {
            merchant.works_for(&app.world.second).await;
        }
        let to = format!("{person}s-customer@example.it");
        let request = app.request(&mut merchant, &[("customer_email", &to)]).await;
        let page = customer.opens(&request.link).await;
        customer.pays(&page, GOOD_CARD).await;
        app.becomes(&request, "paid").await;
        app.mails_settle().await;
        assert_eq!(app.mailbox.wait_for(&to, 1 + receipts).await.len(), 1 + receipts);
        assert_eq!(app.happened(&request, "receipt_sent"), i64::try_from(receipts).unwrap());
    }
}

#[actix_web::test]
async fn every_mail_in_every_language() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.stop_the_year();
    for lang in ["en", "it", "es", "fr"] {
        let (paid, cancelled) = (format!("{lang}-1@example.it"), format!("{lang}-2@example.it"));
        let text = async |to: &str, count: usize| {
            let mails = app.mailbox.wait_for(to, count).await;
            assert_eq!(mails.len(), count, "{to}");
            format!("{}\n\n{}", mails[0].subject, settled(mails[0].text.as_ref().unwrap()))
        };
        let fields = [
            ("customer_email", paid.as_str()),
            ("customer_name", "Maria Conti"),
            ("amount", "1.830,00"),
            ("order_id", &format!("{lang}-1")),
            ("description", "Vasi blu"),
            ("message", "Due righe,\ndalla bottega."),
            ("language", lang),
        ];
        let request = app.request(&mut anna, &fields).await;
        assert_snapshot!(format!("request_{lang}"), text(&paid, 1).await);
        app.later(Duration::minutes(11)).await;
        let page = anna.get(&request.url).await;
        anna.submit(&page, &request.at("reminders/now"), &[], "").await;
        assert_snapshot!(format!("reminder_{lang}"), text(&paid, 2).await);
        let page = customer.opens(&request.link).await;
        customer.pays(&page, GOOD_CARD).await;
        assert_snapshot!(format!("receipt_{lang}"), text(&paid, 3).await);

        let id = format!("{lang}-2");
        let fields =
            [("customer_email", cancelled.as_str()), ("order_id", &id), ("language", lang)];
        let request = app.request(&mut anna, &fields).await;
        anna.answers(&request.url, "cancellation", &[]).await;
        assert_snapshot!(format!("cancelled_{lang}"), text(&cancelled, 2).await);

        app.change("UPDATE originators SET confirms_failure = true, attempts_max = 1");
        let (declined, id) = (format!("{lang}-3@example.it"), format!("{lang}-3"));
        let fields = [("customer_email", declined.as_str()), ("order_id", &id), ("language", lang)];
        let request = app.request(&mut anna, &fields).await;
        let page = customer.opens(&request.link).await;
        customer.pays(&page, NO_FUNDS).await;
        assert_snapshot!(format!("declined_{lang}"), text(&declined, 2).await);
        app.change("UPDATE originators SET attempts_max = 3");
    }
}

#[actix_web::test]
async fn the_mailbox_of_the_sandbox_shows_what_was_sent() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("customer_email", "seen@example.it")], "send").await;
    let mail = app.mailbox.wait_for("seen@example.it", 1).await.remove(0);
    let list = anna.get(&format!("{}/", app.mailbox_url)).await;
    // The part of the subject that holds no amount, whose blanks a page folds.
    let order = mail.subject.split_once('(').map(|(_, order)| order.to_owned()).unwrap();
    assert!(list.text("main").contains(&order), "{}", list.text("main"));
}
