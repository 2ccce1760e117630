//! Asking for money: the form, its faults, drafts, the preview, double submits.

use chrono::{Duration, NaiveDate};
use futures_util::future::join_all;
use insta::assert_snapshot;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const FAULTS: &str = ".errors li";

#[actix_web::test]
async fn an_amount_is_understood_in_every_form_that_means_one_thing() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (typed, currency, minor) in [
        ("1830", "EUR", "183000"),
        ("1.830,00", "EUR", "183000"),
        ("1,830.00", "EUR", "183000"),
        ("1 830,5", "EUR", "183050"),
        ("1830", "JPY", "1830"),
        ("1.830", "JPY", "1830"),
        ("0.125", "KWD", "125"),
        ("1,234.567", "KWD", "1234567"),
    ] {
        let fields = [("amount", typed), ("currency", currency)];
        let url = anna.creates_email_payment(&fields, "draft").await;
        assert_eq!(app.field(&url, "amount_minor"), minor, "{typed} {currency}");
        assert_eq!(app.field(&url, "currency"), currency);
    }
}

#[actix_web::test]
async fn an_amount_that_is_none_or_could_be_two_is_refused_in_words() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (typed, currency, fault) in [
        ("1.234", "EUR", "This can mean two amounts: write it with decimals, such as 1,234.00"),
        ("1.234", "KWD", "This can mean two amounts: write it with decimals, such as 1,234.00"),
        ("12.50", "JPY", "JPY has no decimals: write whole units"),
        ("12.505", "KWD", "This can mean two amounts: write it with decimals, such as 1,234.00"),
        ("1,234.5678", "KWD", "KWD has 3 decimals at most"),
        ("12.5051", "EUR", "EUR has 2 decimals at most"),
        ("", "EUR", "Enter an amount"),
        ("twelve", "EUR", "Write the amount in digits, such as 1,830.00"),
        ("-5", "EUR", "Write the amount in digits, such as 1,830.00"),
        ("0", "EUR", "The amount must be more than zero"),
        ("10000000", "EUR", "One request can be for 9,999,999.99 at most"),
        ("5", "USD", "Choose a currency that Shop takes"),
    ] {
        let page = anna.fills_in(&[("amount", typed), ("currency", currency)], "send").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed} {currency}");
        assert_eq!(page.texts(FAULTS), [fault], "{typed} {currency}");
    }
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn order_ids_are_filled_in_and_unique_per_merchant() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    let form = anna.get(NEW).await;
    assert_eq!(form.attribute("#order_id", "value"), "CB-2026-0001");
    anna.creates_email_payment(&[], "draft").await;
    assert_eq!(anna.get(NEW).await.attribute("#order_id", "value"), "CB-2026-0002");

    // The merchant's own choice is kept, and never given away.
    let url = anna.creates_email_payment(&[("order_id", "CB-2026-0002")], "draft").await;
    assert_eq!(app.field(&url, "order_id"), "CB-2026-0002");
    let url = anna.creates_email_payment(&[], "draft").await;
    assert_eq!(app.field(&url, "order_id"), "CB-2026-0003");
}

#[actix_web::test]
async fn a_taken_order_id_is_told_at_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "ORDER-7")], "draft").await;
    let typed = [
        ("order_id", "ORDER-7"),
        ("customer_name", "Maria \"M\" Conti & figli"),
        ("customer_email", "maria@example.it"),
        ("language", "es"),
        ("amount", "1.830,00"),
        ("currency", "KWD"),
        ("description", "Vasi <blu>"),
        ("message", "Due righe,\nsolo due."),
    ];
    let page = anna.fills_in(&typed, "send").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.texts(FAULTS), ["Another request has this order ID: choose a different one"]);
    assert_eq!(page.attribute("#order_id", "aria-describedby"), "order_id-e");
    let fields = page.form(LIST);
    for (name, value) in typed {
        let kept = fields.iter().find(|(known, _)| known == name).unwrap();
        assert_eq!(kept.1, value, "{name}");
    }
    // The same form, mended, is still the first of its kind.
    let again = anna.submit(&page, LIST, &[("order_id", "ORDER-8")], "action=draft").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn an_untouched_proposal_that_was_taken_gives_way_to_the_next() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    let (one, other) = (anna.get(NEW).await, anna.get(NEW).await);
    let mut ids = Vec::new();
    for form in [one, other] {
        let answer = anna.fills_in_again(&form, &[], "draft").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
        ids.push(app.field(&answer.location().unwrap(), "order_id"));
    }
    assert_eq!(ids, ["CB-2026-0001", "CB-2026-0002"]);
}

#[actix_web::test]
async fn a_draft_is_saved_changed_and_sent() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "draft").await;
    assert!(anna.get(&url).await.text("main").contains("Draft"));
    let edit = format!("{url}/edit");
    let form = anna.get(&edit).await;
    assert_eq!(form.attribute("#amount", "value"), "45.00");
    let fields = [("amount", "46,00"), ("customer_name", "Maria Conti")];
    let saved = anna.submit(&form, &edit, &fields, "action=draft").await;
    assert_eq!(saved.location().as_deref(), Some(url.as_str()));
    assert_eq!((app.field(&url, "amount_minor"), app.mailbox.count()), ("4600".to_owned(), 0));

    let form = anna.get(&edit).await;
    let sent = anna.submit(&form, &edit, &[], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let mails = app.mailbox.wait_for(CUSTOMER, 1).await;
    assert!(mails[0].text.as_ref().unwrap().contains("Maria Conti"));
    // What is sent is frozen.
    assert_eq!(anna.get(&edit).await.location().as_deref(), Some(url.as_str()));
    let late = anna.submit(&form, &edit, &[("amount", "1")], "action=send").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(app.field(&url, "amount_minor"), "4600");
}

#[actix_web::test]
async fn who_saves_or_sends_a_draft_that_a_colleague_has_changed_is_told_first() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let url = anna.creates_email_payment(&[], "draft").await;
    let edit = format!("{url}/edit");
    let early = anna.get(&edit).await;
    let form = anna.get(&edit).await;
    anna.submit(&form, &edit, &[("amount", "46.00")], "action=draft").await;
    for action in ["action=draft", "action=send"] {
        let typed = [("customer_name", "From the other window")];
        let page = anna.submit(&early, &edit, &typed, action).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text(FAULTS).contains("meanwhile"), "{}", page.text("main"));
        assert_eq!(page.attribute("#customer_name", "value"), "From the other window");
        assert_eq!(app.field(&url, "amount_minor || status"), "4600draft");
    }
    let page = anna.submit(&early, &edit, &[("amount", "47.00")], "action=draft").await;
    let again = anna.submit(&page, &edit, &[], "action=draft").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "once told, it may be saved");
    assert_eq!(app.field(&url, "amount_minor"), "4700");
}

#[actix_web::test]
async fn a_draft_remembers_that_only_its_link_is_to_be_made() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let fields = [("sending", "link"), ("after_sending_3", "on")];
    let url = anna.creates_email_payment(&fields, "draft").await;
    let edit = format!("{url}/edit");
    let form = anna.get(&edit).await;
    assert!(form.has("#sending-link[checked]") && form.has("#after_sending_3[checked]"));
    let sent = anna.submit(&form, &edit, &[], "action=send").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text("main"));
    assert_eq!(app.field(&url, "status || delivery"), "opennot_sent");
    assert_eq!(app.count("email_payment_reminders"), 0, "no mail, no reminder");
}

#[actix_web::test]
async fn sec_02_the_preview_is_the_letter_in_a_page_where_nothing_runs() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    let typed = [("amount", "1830"), ("description", "<b>Vasi</b>")];
    let mut all = form.form(LIST);
    all.retain(|(name, _)| typed.iter().all(|(typed, _)| name != typed));
    let mut fields: Vec<(&str, &str)> = typed.to_vec();
    fields.extend(all.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let preview = anna.post("/processing/email-payments/preview", &fields).await;
    assert_eq!(preview.status, StatusCode::OK);
    let policy = preview.header("content-security-policy").unwrap();
    assert!(policy.ends_with("; sandbox") && policy.starts_with("default-src 'none'"), "{policy}");
    assert!(preview.text("body").contains("1.830,00 €") && !preview.has("b"));
    assert!(!preview.body.contains("<script") && !preview.body.contains("/pay/"));

    // The same letter beside the form, without anything being made.
    let beside = anna.submit(&form, LIST, &[("amount", "1830")], "action=preview").await;
    assert_eq!(beside.status, StatusCode::OK, "a question, though the address is missing");
    assert_eq!(beside.text(".letter .sum"), "1.830,00 €");
    let beside = anna.fills_in_again(&form, &[("amount", "1830")], "preview").await;
    assert_eq!(beside.status, StatusCode::OK);
    assert!(beside.text("#send").contains("€1,830.00"));
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn sec_14_a_form_that_is_sent_twice_makes_one_payment() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    let first = anna.fills_in_again(&form, &[], "send").await;
    let again = anna.fills_in_again(&form, &[("amount", "99.00")], "send").await;
    assert_eq!((first.status, again.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location(), again.location());
    app.mails_settle().await;
    assert_eq!((app.count("email_payments"), app.mailbox.count()), (1, 1));
    assert_eq!(app.field(&first.location().unwrap(), "amount_minor"), "4500");
}

#[actix_web::test]
async fn sec_14_a_form_that_is_sent_five_times_at_once_makes_one_payment() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let form = anna.get(NEW).await;
    let tabs = std::iter::repeat_n(&anna, 5);
    let sent = tabs.map(|tab| {
        let mut tab = tab.clone();
        let form = &form;
        async move { tab.fills_in_again(form, &[], "send").await }
    });
    let answers = join_all(sent).await;
    let mut places: Vec<_> = answers.iter().map(|answer| answer.location().unwrap()).collect();
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    app.mails_settle().await;
    assert_eq!((app.count("email_payments"), app.mailbox.count()), (1, 1));
}

#[actix_web::test]
async fn a_link_is_valid_until_the_end_of_a_day_within_ninety_days() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.stop_the_year();
    let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
    let day = |days: i64| (today + Duration::days(days)).to_string();
    for (typed, fault) in [
        (day(-1), "The last day to pay can’t be before today, 25 November 2026"),
        (day(90), "A request is valid for 90 days at most: choose 22 February 2027 or earlier"),
        ("31/12/2026".to_owned(), "Choose a day in the calendar"),
        (String::new(), "Choose the last day to pay"),
    ] {
        let page = anna.fills_in(&[("expires_on", &typed)], "send").await;
        assert_eq!(page.texts(FAULTS), [fault], "{typed}");
    }
    for (typed, end) in [(day(0), "2026-11-25 22:59:59+00"), (day(89), "2027-02-22 22:59:59+00")] {
        let url = anna.creates_email_payment(&[("expires_on", &typed)], "draft").await;
        assert_eq!(app.field(&url, "expires_at AT TIME ZONE 'UTC'"), end.replace("+00", ""));
    }
    // Less than an hour before midnight in Rome, today is too short.
    app.later(Duration::minutes(13 * 60 + 30)).await;
    let page = anna.fills_in(&[("expires_on", &day(0))], "send").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn sec_19_card_numbers_and_hidden_characters_are_refused() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let card = "This looks like a full card number: take it out, it may not be stored here";
    let controls = "Take out line breaks, control and text direction characters";
    for (name, typed, fault) in [
        ("message", "card 4111 1111 1111 1111", card),
        ("description", "4111-1111-1111-1111", card),
        ("order_id", "4111111111111111", card),
        ("customer_name", "Maria\u{202e}itnoC", controls),
        ("description", "a\nb", controls),
        ("customer_email", "a@b.it\r\nBcc: x@y.it", controls),
        ("customer_email", "example.it", "Email address must include an @"),
    ] {
        let page = anna.fills_in(&[(name, typed)], "draft").await;
        assert_eq!(page.texts(FAULTS), [fault], "{name}: {typed:?}");
    }
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn sec_15_one_address_gets_ten_requests_a_day_at_most() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for _ in 0..10 {
        anna.creates_email_payment(&[], "send").await;
    }
    let asked = anna.fills_in(&[], "send").await;
    let page = anna.submit(&asked, LIST, &[], "action=send").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        page.texts(FAULTS),
        ["This address got as many payment emails today as it may: try again tomorrow"]
    );
    assert_eq!(app.count("email_payments"), 10, "nothing of the eleventh is kept");
    anna.creates_email_payment(&[("customer_email", "another@example.it")], "send").await;
    app.later(Duration::days(1)).await;
    anna.creates_email_payment(&[], "send").await;
}

#[actix_web::test]
async fn the_form_as_people_see_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut italian = app.browser().speaking("it");
    italian.sign_in(ANNA).await;
    app.stop_the_year();
    assert_snapshot!("form", anna.get(NEW).await.main());
    assert_snapshot!("form_it", italian.get(NEW).await.main());
    let wrong = [("customer_email", "maria"), ("amount", "1.234"), ("expires_on", "2026-11-01")];
    assert_snapshot!("form_with_faults", anna.fills_in(&wrong, "send").await.main());
    let url = anna.creates_email_payment(&[("description", "Vasi")], "draft").await;
    assert_snapshot!("form_of_a_draft", anna.get(&format!("{url}/edit")).await.main());
}
