//! Settings > Payment page: what is set up, what customers then meet, and who may see and change it.

use std::io::Cursor;

use image::{DynamicImage, GenericImageView as _, ImageFormat, RgbImage};
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

const MINE: &str = "/settings/payment-page";

fn page_of(app: &TestApp) -> String {
    format!("{MINE}/{}", app.world.first_originator)
}

/// Fields that are good, and differ from what stands without them.
const GOOD: [(&str, &str); 8] = [
    ("displayed_name", "Bottega Bellini"),
    ("sender_name", "Bellini Orders"),
    ("colour", "#1F4E79"),
    ("support", "help@bellini.example"),
    ("terms_url", "https://bellini.example/terms"),
    ("attempts_max", "5"),
    ("valid_days", "7"),
    ("mail_text_en", "Dear {customer}, order {order} waits."),
];

/// Saves settings, those of [`GOOD`] where `fields` don't say otherwise.
async fn saves(app: &TestApp, browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(&page_of(app)).await;
    let mut all = GOOD.to_vec();
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.extend(fields);
    let answer = browser.submit(&page, &page_of(app), &all, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("#errors"));
    browser.follow(answer).await
}

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let red = RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]));
    DynamicImage::ImageRgb8(red).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn uploads_logo(app: &TestApp, browser: &mut Browser, name: &str, bytes: &[u8]) -> Page {
    let at = format!("{}/logo", page_of(app));
    let page = browser.get(&at).await;
    browser.submit_file(&page, &at, &[("action", "replace")], (name, bytes)).await
}

#[actix_web::test]
async fn what_is_set_up_is_what_customers_meet_on_the_page_and_in_the_letters() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = saves(
        &app,
        &mut anna,
        &[
            ("must_accept_terms", "on"),
            ("page_text_en", "Your order {order} is packed.\nThank you, {customer}!"),
        ],
    )
    .await;
    assert_eq!(page.text(".flash"), "The payment page of Shop is saved.");
    assert_eq!(page.attribute("#colour", "value"), "#1f4e79");

    let form = anna.get("/processing/email-payments/new").await;
    assert!(form.text("#preview").contains("Bellini Orders via Central"));
    let last_day = form.attribute("#expires_on", "value");
    let wanted = app.text("SELECT ((now() AT TIME ZONE 'Europe/Rome')::date + 7)::text");
    assert_eq!(last_day, wanted, "as long as the page says");

    let fields = [
        ("customer_email", "one@example.it"),
        ("customer_name", "{amount} Conti"),
        ("language", "en"),
        ("order_id", "CB-77"),
    ];
    let request = app.request(&mut anna, &fields).await;
    let mail = app.mailbox.wait_for("one@example.it", 1).await.remove(0);
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(raw.contains("Bellini Orders via Central"), "{raw}");
    assert!(raw.contains("Reply-To: help@bellini.example"), "{raw}");
    assert!(mail.subject.starts_with("Bottega Bellini: payment"), "{}", mail.subject);
    let (text, html) = (mail.text.unwrap(), mail.html.unwrap());
    assert!(text.contains("Dear {amount} Conti, order CB-77 waits."), "filled once: {text}");
    assert!(text.contains("on behalf of Ceramiche Bellini"), "the legal name stays: {text}");
    assert!(html.contains("bgcolor=\"#1f4e79\"") && html.contains("bgcolor=\"#0b7a3b\""), "{html}");

    let mut customer = app.browser();
    let page = customer.get(&request.link).await;
    assert_eq!(page.status, StatusCode::OK, "the terms come first");
    let main = page.text("main");
    for words in
        ["Bottega Bellini", "Your order CB-77 is packed.", "Thank you, {amount} Conti!", "€45.00"]
    {
        assert!(main.contains(words), "{words}: {main}");
    }
    assert_eq!(page.attribute(".shop-band rect", "fill"), "#1f4e79");
    assert_eq!(page.attribute(".terms a", "href"), "https://bellini.example/terms");
    assert_eq!(page.attribute(".terms a", "rel"), "noopener");
    assert!(page.has("a[href='mailto:help@bellini.example']"));
    let answer = customer.submit(&page, &request.link, &[], "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.text("#terms-e"), "Error: Accept the terms before you go on");
    let away = customer.submit(&answer, &request.link, &[("terms", "1")], "").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    customer.submit(&answer, &request.link, &[("terms", "1")], "").await;
    assert_eq!(app.happened(&request, "terms_accepted"), 1, "the same terms once");
    let history = anna.get(&request.url).await.text(".timeline");
    assert!(
        history.contains("Customer accepted the termshttps://bellini.example/terms"),
        "{history}"
    );
    let gateway = customer.follow(away).await;
    let paid = customer.pays(&gateway, GOOD_CARD).await;
    let result = customer.goes_back(&paid).await;
    assert!(result.text("main").contains("Bottega Bellini has received your payment"));

    let other = app.browser().get(&format!("{}?lang=it", request.link)).await;
    assert!(
        !other.text("main").contains("CB-77"),
        "an ended link tells no order: {}",
        other.text("main")
    );
}

#[actix_web::test]
async fn a_support_page_is_linked_where_there_is_no_address() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    saves(&app, &mut anna, &[("support", "https://bellini.example/help")]).await;
    let fields = [("customer_email", "two@example.it"), ("language", "en")];
    let request = app.request(&mut anna, &fields).await;
    let mail = app.mailbox.wait_for("two@example.it", 1).await.remove(0);
    assert!(mail.text.unwrap().contains("https://bellini.example/help"));
    assert!(String::from_utf8_lossy(&mail.raw).contains("Reply-To: orders@shop.example"));
    anna.answers(&request.url, "cancellation", &[]).await;
    let page = app.browser().get(&request.link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.has("a[href='https://bellini.example/help']"));
    assert!(page.text("main").contains("Bottega Bellini answers here"));
}

#[actix_web::test]
async fn attempts_end_where_the_page_says() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    saves(&app, &mut anna, &[("attempts_max", "1")]).await;
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.becomes(&request, "failed").await;
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&page_of(&app)).await;
    let long = "x".repeat(501);
    for (field, value, words) in [
        ("displayed_name", " ", "Enter the name"),
        ("displayed_name", "security@bank.example", "A name alone"),
        ("displayed_name", "Shop\u{202e}knaB", "characters"),
        ("sender_name", "Bank <a@b.example>", "A name alone"),
        ("colour", "red", "#1f4e79"),
        ("colour", "#ffcc00", "The nearest darker shade that works is #"),
        ("support", "", "Say where"),
        ("support", "ask us", "https://"),
        ("support", "http://bellini.example", "https://"),
        ("terms_url", "javascript:alert(1)", "https://"),
        ("terms_url", "https://user@bellini.example/", "https://"),
        ("attempts_max", "21", "1 to 20"),
        ("attempts_max", "0", "1 to 20"),
        ("valid_days", "91", "offered"),
        ("mail_text_fr", "{link}", "There is no field {link}"),
        ("mail_text_it", &long, "500"),
        ("page_text_es", "4111 1111 1111 1111", "full card number"),
    ] {
        let typed = [("sender_name", "Kept"), (field, value)];
        let typed = if field == "sender_name" { &typed[1..] } else { &typed[..] };
        let answer = anna.submit(&page, &page_of(&app), typed, "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        let fault = answer.text(&format!("#{field}-e"));
        assert!(fault.contains(words), "{field}: {fault}");
        if field != "sender_name" {
            assert_eq!(answer.attribute("#sender_name", "value"), "Kept", "{field}");
        }
    }
    let answer = anna.submit(&page, &page_of(&app), &[("must_accept_terms", "on")], "").await;
    assert!(answer.text("#terms_url-e").contains("Say where the terms stand"));
    assert!(answer.has("#must_accept_terms[checked]"));
    assert_eq!(app.count("page_settings"), 0);
}

#[actix_web::test]
async fn a_colour_that_is_too_light_has_a_button_with_its_nearest_shade() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&page_of(&app)).await;
    let typed = [("colour", "#ffcc00"), ("displayed_name", "Half typed")];
    let preview = anna.submit(&page, &page_of(&app), &typed, "action=preview").await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(!preview.has("#preview .shop-band"), "what can't be read is not shown");
    let shade = preview.attribute("#preview button[name=shade]", "value");
    assert!(preview.text("#preview").contains(&format!("Take {shade}")));
    let taken = anna.submit(&preview, &page_of(&app), &[], &format!("shade={shade}")).await;
    assert_eq!(taken.attribute("#colour", "value"), shade);
    assert_eq!(taken.attribute("#displayed_name", "value"), "Half typed");
    assert_eq!(taken.attribute("#preview .shop-band rect", "fill"), shade);
    assert_eq!(app.count("page_settings"), 0, "a preview keeps nothing");
    let saved = anna.submit(&taken, &page_of(&app), &[], "").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_preview_shows_page_and_letter_in_the_chosen_language() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&page_of(&app)).await;
    let typed = [
        ("language", "fr"),
        ("displayed_name", "Chez Bellini"),
        ("mail_text_fr", "<b>Merci</b> {customer}"),
        ("page_text_fr", "À bientôt"),
        ("terms_url", "https://bellini.example/cgv"),
        ("must_accept_terms", "on"),
    ];
    let preview = anna.submit(&page, &page_of(&app), &typed, "action=preview").await;
    let words = preview.text("#preview");
    for expected in ["Chez Bellini via Central", "<b>Merci</b> ", "À bientôt", "J’ai lu et"] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    assert!(preview.body.contains("&#60;b&#62;Merci") || preview.body.contains("&lt;b&gt;Merci"));
}

#[actix_web::test]
async fn every_change_stands_in_the_history_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    saves(&app, &mut anna, &[]).await;
    let page = saves(
        &app,
        &mut anna,
        &[("displayed_name", "Bellini & Figlie"), ("colour", ""), ("attempts_max", "2")],
    )
    .await;
    let history = page.text("#history");
    for words in [
        "Anna Rossi changed the page",
        "Displayed name: Bottega Bellini → Bellini & Figlie",
        "Colour: #1f4e79 → none",
        "Attempts for each request: 5 → 2",
        "Displayed name: Ceramiche Bellini → Bottega Bellini",
        "Words in the email (English): none → Dear {customer}",
    ] {
        assert!(history.contains(words), "{words}: {history}");
    }
    assert_eq!(page.texts("#history button").len(), 1, "what counts can't be taken back");
    let answer = anna.submit(&page, &format!("{}/taking-back", page_of(&app)), &[], "").await;
    let page = anna.follow(answer).await;
    assert!(page.text(".flash").contains("in use again"));
    assert_eq!(page.attribute("#displayed_name", "value"), "Bottega Bellini");
    assert!(page.text("#history").contains("Anna Rossi took earlier values back"));
    assert_eq!(app.text("SELECT attempts_max FROM originators WHERE name = 'Shop'"), "5");
    assert_eq!(
        app.texts(
            "SELECT concat_ws(' ', action, before->>'displayed_name', after->>'displayed_name', after->>'attempts_max')
             FROM audit_log WHERE action LIKE 'originator.page%'"
        ),
        [
            "originator.page_settings Bottega Bellini Bellini & Figlie 2",
            "originator.page_settings Ceramiche Bellini Bottega Bellini 5",
            "originator.page_settings_taken_back Bellini & Figlie Bottega Bellini 5",
        ]
    );
    let activity = anna.get("/settings/activity").await.text("main");
    assert!(activity.contains("Earlier values of a payment page taken back"), "{activity}");
    for change in ["UPDATE page_settings SET support = 'x'", "DELETE FROM page_settings"] {
        let tenants = central::db::Tenants::one(app.world.first);
        let refused = change_as(&app.db(), &tenants, change);
        assert!(format!("{:?}", refused.unwrap_err()).contains("permission denied"), "{change}");
    }
}

#[actix_web::test]
async fn who_saves_over_somebody_elses_change_is_told_first() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let early = anna.get(&page_of(&app)).await;
    saves(&app, &mut anna, &[]).await;
    let typed = [("displayed_name", "From the other window")];
    let answer = anna.submit(&early, &page_of(&app), &typed, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text("#errors").contains("meanwhile"));
    assert_eq!(answer.attribute("#displayed_name", "value"), "From the other window");
    assert_eq!(app.count("page_settings"), 1);
    let again = anna.submit(&answer, &page_of(&app), &[], "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "once told, it may be saved");
}

#[actix_web::test]
async fn sec_17_a_logo_is_made_anew_and_comes_along_with_the_letter() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let large =
        [picture(ImageFormat::Jpeg, 1200, 300), b"<script>alert(1)</script>".to_vec()].concat();
    let answer = uploads_logo(&app, &mut anna, "logo.jpg", &large).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    let page = anna.follow(answer).await;
    let src = page.attribute("img.logo-sample", "src");
    let shown = anna.get(&src).await;
    assert_eq!(shown.header("content-type").as_deref(), Some("image/png"));
    assert_eq!(shown.header("x-content-type-options").as_deref(), Some("nosniff"));
    assert!(shown.header("content-security-policy").unwrap().contains("sandbox"));

    let fields = [("customer_email", "three@example.it"), ("language", "en")];
    let request = app.request(&mut anna, &fields).await;
    let mail = app.mailbox.wait_for("three@example.it", 1).await.remove(0);
    let html = mail.html.clone().unwrap();
    assert!(html.contains("src=\"cid:logo@letter\""), "{html}");
    assert_eq!(html.matches("<img").count(), 1, "nothing is fetched: {html}");
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    let part = raw.split("Content-ID: <logo@letter>").nth(1).expect("the logo comes along");
    let part = part.split("\r\n\r\n").nth(1).unwrap().split("--").next().unwrap();
    let bytes = data_encoding::BASE64.decode(part.replace("\r\n", "").as_bytes()).unwrap();
    let logo = image::load_from_memory_with_format(&bytes, ImageFormat::Png).unwrap();
    assert_eq!(logo.dimensions(), (480, 120));
    assert!(!String::from_utf8_lossy(&bytes).contains("script"));

    let mut customer = app.browser();
    assert_eq!(customer.get(&request.link).await.status, StatusCode::SEE_OTHER, "no terms");
    anna.answers(&request.url, "cancellation", &[]).await;
    let page = customer.get(&request.link).await;
    let src = page.attribute("img.shop-logo", "src");
    assert!(src.ends_with("/logo"), "{src}");
    let shown = customer.get(&src).await;
    assert_eq!(shown.header("content-type").as_deref(), Some("image/png"));

    let at = format!("{}/logo", page_of(&app));
    let page = anna.get(&at).await;
    let answer = anna.submit_parts(&page, &at, &[("action", "remove")], &[]).await;
    assert!(!anna.follow(answer).await.has("img.logo-sample"));
    assert_eq!(customer.get(&src).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("page_settings"), 2, "the other one can be taken back");
}

#[actix_web::test]
async fn sec_17_hostile_logos_are_refused_and_nothing_of_them_is_kept() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (png, jpeg) = (picture(ImageFormat::Png, 8, 6), picture(ImageFormat::Jpeg, 8, 6));
    let long = vec![b'a'; 10 * 1024 * 1024 + 1];
    let hostile: [(&str, &[u8]); 12] = [
        ("empty.png", b""),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("drawing.png", b"<svg onload='alert(1)'/>"),
        ("picture.png", b"\x89PNG\r\n\x1a\nnot a picture"),
        ("really-jpeg.png", &jpeg),
        ("really-png.jpg", &png),
        ("cut.jpg", &jpeg[..jpeg.len() / 2]),
        ("document.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n"),
        ("logo.exe.png", &png),
        ("../logo.png", &png),
        ("large.png", &long),
    ];
    for (name, bytes) in hostile {
        let answer = uploads_logo(&app, &mut anna, name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(!answer.text("#file-e").is_empty(), "{name}");
    }
    let at = format!("{}/logo", page_of(&app));
    let page = anna.get(&at).await;
    let none = anna.submit_parts(&page, &at, &[("action", "replace")], &[]).await;
    assert!(none.text("#file-e").contains("Choose a picture"));
    for table in ["page_logos", "page_settings", "objects"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
}

#[actix_web::test]
async fn sec_11_pages_of_another_merchant_are_not_there_and_not_seen() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    saves(&app, &mut anna, &[]).await;
    uploads_logo(&app, &mut anna, "logo.png", &picture(ImageFormat::Png, 8, 6)).await;
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    let list = bruno.get(MINE).await;
    assert_eq!(list.texts("tbody th .main-link"), ["Boutique", "Salon"].map(str::to_owned));
    assert!(!list.body.contains("Bottega Bellini"));
    for at in ["", "/first", "/logo", "/logo.png"] {
        let page = bruno.get(&format!("{}{at}", page_of(&app))).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{at}");
    }
    let theirs = app.text("SELECT id FROM originators WHERE name = 'Salon'");
    let at = format!("{MINE}/{theirs}/logo");
    let page = bruno.get(&at).await;
    let png = picture(ImageFormat::Png, 8, 6);
    let foreign = format!("{}/logo", page_of(&app));
    let page = Page { body: page.body.replace(&at, &foreign), ..page };
    let answer =
        bruno.submit_file(&page, &foreign, &[("action", "replace")], ("a.png", &png)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let token = form_token(&mut bruno).await;
    let fields = [("_csrf", token.as_str()), ("version", "1")];
    let answer = bruno.post(&format!("{MINE}/{theirs}/taking-back"), &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "a state of another originator");
    let tenants = central::db::Tenants::one(app.world.second);
    for table in ["page_settings", "page_texts", "page_logos"] {
        assert_eq!(count_as(&app.db(), &tenants, table).unwrap(), 0, "{table}");
        assert!(app.count(table) > 0, "{table}");
    }
}

#[actix_web::test]
async fn sec_11_who_may_not_change_the_page_reads_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    saves(&app, &mut anna, &[]).await;
    let mut aldo = app.sign_in(ALDO).await;
    let page = aldo.get(&page_of(&app)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("form#settings") && !page.has("#history button") && page.has("#preview"));
    assert!(page.text("main").contains("Bottega Bellini"));
    let token = form_token(&mut aldo).await;
    for at in ["", "/taking-back", "/first"] {
        let page = aldo.post(&format!("{}{at}", page_of(&app)), &[("_csrf", &token)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{at}");
    }
    let mut carla = app.sign_in(CARLA).await;
    assert_eq!(carla.get(MINE).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn before_the_first_request_a_page_is_set_up_and_the_way_goes_on() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET is_page_set_up = false");
    let mut anna = app.sign_in(ANNA).await;
    let away = anna.get("/processing/email-payments/new?email=kept@example.it").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    let page = anna.follow(away).await;
    assert_eq!(page.text("h1"), "First your payment page");
    let first = format!("{}/first", page_of(&app));
    assert_eq!(page.attribute("#displayed_name", "value"), "Ceramiche Bellini");
    assert_eq!(page.attribute("#support", "value"), "orders@shop.example");

    let answer = anna.submit(&page, &first, &[("support", "nowhere")], "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attribute("#support", "value"), "nowhere");
    let answer = anna.submit(&answer, &first, &[("support", "help@bellini.example")], "").await;
    let form = anna.follow(answer).await;
    assert_eq!(form.text(".flash"), "The payment page of Shop is set up. Now the request.");
    assert_eq!(form.attribute("#customer_email", "value"), "kept@example.it");
    assert_eq!(app.text("SELECT support FROM page_settings"), "help@bellini.example");
    assert_eq!(anna.get("/processing/email-payments/new").await.status, StatusCode::OK, "once");
}

#[actix_web::test]
async fn the_short_form_leaves_what_a_colleague_has_set_up_meanwhile() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET is_page_set_up = false");
    let mut anna = app.sign_in(ANNA).await;
    let first = format!("{}/first", page_of(&app));
    let early = anna.get(&first).await;
    saves(&app, &mut anna, &[("support", "colleague@bellini.example")]).await;
    let answer = anna.submit(&early, &first, &[("support", "late@bellini.example")], "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "and the way goes on");
    let standing = "SELECT string_agg(support, ' ') FROM page_settings";
    assert_eq!(app.text(standing), "colleague@bellini.example");
}

#[actix_web::test]
async fn a_request_of_an_originator_without_a_page_waits_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET is_page_set_up = (name = 'Boutique')");
    let mut bruno = app.sign_in(BRUNO).await;
    bruno.works_for(&app.world.second).await;
    let salon = app.text("SELECT id FROM originators WHERE name = 'Salon'");
    let fields =
        [("originator", salon.as_str()), ("description", "Deux vases"), ("currency", "EUR")];
    let away = bruno.fills_in(&fields, "send").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text("main"));
    assert_eq!(app.count("email_payments"), 0);
    let page = bruno.follow(away).await;
    assert_eq!(page.text("h1"), "First your payment page");
    let answer = bruno.submit(&page, &format!("{MINE}/{salon}/first"), &[], "").await;
    let form = bruno.follow(answer).await;
    assert!(!form.has(".flash-warn"), "nobody had to sign in again");
    assert_eq!(form.attribute("#description", "value"), "Deux vases");
    assert_eq!(form.attribute("#originator option[selected]", "value"), salon);
    let mut sent = bruno.submit(&form, LIST, &[], "action=send").await;
    if sent.has("#checks") {
        sent = bruno.submit(&sent, LIST, &[], "action=send").await;
    }
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text("main"));
    assert_eq!(app.count("email_payments"), 1);
}

#[actix_web::test]
async fn who_may_not_set_a_page_up_asks_for_money_as_before() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET is_page_set_up = false");
    let mut carla = app.sign_in(CARLA).await;
    let form = carla.get("/processing/email-payments/new").await;
    assert_eq!(form.status, StatusCode::OK);
    carla.creates_email_payment(&[], "send").await;
}

#[actix_web::test]
async fn the_way_on_from_a_first_page_never_leaves_the_product() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let token = form_token(&mut anna).await;
    for then in ["//evil.example/", "https://evil.example/?x=1", "a=1\r\nSet-Cookie: b=2"] {
        let fields = [
            ("_csrf", token.as_str()),
            ("displayed_name", "Bellini"),
            ("support", "help@bellini.example"),
            ("then", then),
        ];
        let answer = anna.post(&format!("{}/first", page_of(&app)), &fields).await;
        let location = answer.location().unwrap();
        let url = url::Url::parse(&anna.url(&location)).unwrap();
        assert_eq!(url.path(), "/processing/email-payments/new", "{location}");
        assert_eq!(answer.header("set-cookie").filter(|cookie| cookie.contains("b=2")), None);
    }
    let head = anna.request(Method::HEAD, &page_of(&app), &[], "").await;
    assert_eq!(head.status, StatusCode::OK);
}
