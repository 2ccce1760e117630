//! Texts that want to be something else: markup, templates, statements, headers.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

/// What is typed, and whether a field for one line of text takes it.
fn texts() -> Vec<(String, bool)> {
    vec![
        ("<script>alert(1)</script>".to_owned(), true),
        ("\"><img src=x onerror=alert(1)>".to_owned(), true),
        ("' autofocus onfocus='alert(1)".to_owned(), true),
        ("{{7*7}} {% raw %} ${7*7} <%= 7*7 %>".to_owned(), true),
        ("'; DROP TABLE email_payments; --".to_owned(), true),
        ("%s%n%x \\u0000 %00".to_owned(), true),
        ("Zoë 🏺 日本".to_owned(), true),
        ("a\r\nBcc: everybody@example.com".to_owned(), false),
        ("a\0b".to_owned(), false),
        ("\u{202e}gnihtemos\u{202c}".to_owned(), false),
        ("4111 1111 1111 1111".to_owned(), false),
        ("x".repeat(10_000), false),
    ]
}

/// Nothing that was typed has become part of the page.
fn assert_harmless(page: &Page, typed: &str) {
    let what = typed.chars().take(40).collect::<String>();
    assert!(page.status.as_u16() < 500, "{what:?}: {}", page.status);
    for markup in ["<script>alert", "<img src=x", " onfocus='alert", "{% raw %} 49"] {
        assert!(!page.body.contains(markup), "{what:?}: {markup} on {}", page.url);
    }
    assert!(!page.has("[onerror], [onfocus]"), "{what:?} on {}", page.url);
    assert_eq!(page.header("bcc"), None);
}

#[actix_web::test]
async fn sec_19_each_text_field_of_the_form_refuses_or_shows_what_was_typed_as_text() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (number, (typed, is_good)) in texts().iter().enumerate() {
        for field in ["customer_name", "description", "order_id"] {
            let order = format!("HOSTILE-{number}-{field}");
            let mut fields = vec![(field, typed.as_str())];
            if field != "order_id" {
                fields.push(("order_id", &order));
            }
            let page = anna.fills_in(&fields, "draft").await;
            assert_harmless(&page, typed);
            if *is_good {
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{field} {typed:?}");
                let page = anna.follow(page).await;
                assert_harmless(&page, typed);
                assert!(page.text("main").contains(typed.trim()), "{field}: {typed:?}");
                assert_harmless(&anna.get(&format!("{}/edit", page.url)).await, typed);
            } else {
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed:?}");
                assert!(
                    page.has(&format!("#{field}-e")),
                    "{field} {typed:?}: the fault at its field"
                );
                // Browsers send line breaks of a one-line field no more; all else comes back.
                if !typed.contains(['\0', '\r']) {
                    assert_eq!(&page.attribute(&format!("#{field}"), "value"), typed, "{field}");
                }
            }
        }
    }
    let list = anna.get(&format!("{LIST}?size=100")).await;
    assert_harmless(&list, "the list");
    assert!(app.count("email_payments") > 0);
}

#[actix_web::test]
async fn sec_19_choices_and_numbers_take_nothing_that_was_not_offered() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for field in ["customer_email", "amount", "currency", "language", "originator", "expires_on"] {
        for (typed, _) in texts() {
            let page = anna.fills_in(&[(field, &typed)], "draft").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed:?}");
            assert_harmless(&page, &typed);
        }
    }
    for field in ["form_id", "action"] {
        for (typed, _) in texts() {
            let form = anna.get(&format!("{LIST}/new")).await;
            let fields = [(field, typed.as_str()), ("amount", "1")];
            let page = anna.submit(&form, LIST, &fields, "").await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{field} {typed:?}");
            assert_harmless(&page, &typed);
        }
    }
    let page = anna.fills_in(&[("merchant_id", "1")], "draft").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "a field that is not of this form");
    let form = anna.get(&format!("{LIST}/new")).await;
    let mut twice: Vec<(String, String)> = form.form(LIST);
    twice.push(("amount".to_owned(), "2".to_owned()));
    let twice: Vec<(&str, &str)> = twice.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(anna.post(LIST, &twice).await.status, StatusCode::BAD_REQUEST, "given twice");
    assert_eq!(app.count("email_payments"), 0);
}

#[actix_web::test]
async fn sec_19_the_preview_and_the_message_show_text_as_text() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (typed, is_good) in texts() {
        let page = anna.fills_in(&[("message", &typed)], "preview").await;
        assert_harmless(&page, &typed);
        assert_eq!(page.status, StatusCode::OK, "a preview is a question: {typed:?}");
        let page = anna.fills_in(&[("message", &typed)], "draft").await;
        // A message has lines: a line break is no fault.
        let expected = if is_good || typed.contains('\r') {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        assert_eq!(page.status, expected, "{typed:?}");
        let form = anna.get(&format!("{LIST}/new")).await;
        let mut fields = form.form(LIST);
        fields.retain(|(name, _)| name != "message");
        let token = form.attribute("input[name=_csrf]", "value");
        let mut given: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        given.retain(|(name, _)| *name != "_csrf");
        given.extend([("_csrf", token.as_str()), ("message", typed.as_str())]);
        let letter = anna.post(&format!("{LIST}/preview"), &given).await;
        assert_harmless(&letter, &typed);
        assert!(letter.header("content-security-policy").unwrap().contains("sandbox"));
    }
}

#[actix_web::test]
async fn sec_19_the_search_finds_what_was_typed_and_nothing_else() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let fields = [("order_id", "50% O'Neil_<b>"), ("customer_name", "Plain")];
    anna.creates_email_payment(&fields, "draft").await;
    anna.creates_email_payment(&[("order_id", "OTHER-ONE")], "draft").await;
    let search = |typed: &str| {
        format!("{LIST}?{}", serde_urlencoded::to_string([("q", typed)]).expect("a query"))
    };
    for (typed, _) in texts() {
        let page = anna.get(&search(&typed)).await;
        let expected =
            if typed.len() > 8 * 1024 { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        assert_eq!(page.status, expected, "{typed:.40?}");
        assert_harmless(&page, &typed);
    }
    for (typed, rows) in
        [("0% O'N", 1), ("eil_<b", 1), ("%%%", 0), ("___", 0), ("\\\\\\", 0), ("%", 0), ("_", 0)]
    {
        let page = anna.get(&search(typed)).await;
        assert_eq!(page.texts("a.main-link").len(), rows, "{typed:?}");
    }
    for (name, typed) in [
        ("status", "<b>"),
        ("delivery", "'"),
        ("currency", "€€€"),
        ("created_from", "0000-00-00"),
        ("created_to", "-99999-01-01"),
        ("created_from", "+262142-12-31"),
        ("amount_min", "1e9"),
        ("amount_max", "99999999999999999999"),
        ("size", "-1"),
        ("after", "AAAA"),
        ("before", "\0"),
        ("group", "<i>"),
        ("lang", "xx"),
    ] {
        let query = serde_urlencoded::to_string([(name, typed)]).unwrap();
        let page = anna.get(&format!("{LIST}?{query}")).await;
        assert!(page.status.as_u16() < 500, "{name}={typed}: {}", page.status);
        assert_harmless(&page, typed);
    }
}

#[actix_web::test]
async fn sec_19_a_reason_and_a_corrected_address_are_checked_like_all_text() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let detail = anna.creates_email_payment(&[], "send").await;
    app.mailbox.wait_for("customer@example.it", 1).await;
    app.clock.advance(chrono::Duration::minutes(11));
    let at = format!("{detail}/resend");
    for (typed, _) in texts() {
        let page = anna.get(&at).await;
        let page = anna.submit(&page, &at, &[("customer_email", &typed)], "").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        assert_harmless(&page, &typed);
    }
    assert_eq!(app.count("mails"), 1);
    let at = format!("{detail}/cancellation");
    for (typed, is_good) in texts() {
        if !is_good {
            let page = anna.get(&at).await;
            let page = anna.submit(&page, &at, &[("reason", &typed)], "").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
            assert_harmless(&page, &typed);
        }
    }
    let typed = "<script>alert(1)</script> {{7*7}}";
    let page = anna.get(&at).await;
    let page = anna.submit(&page, &at, &[("reason", typed)], "").await;
    let page = anna.follow(page).await;
    assert_harmless(&page, typed);
    assert!(page.text(".timeline").contains(typed), "{}", page.text(".timeline"));
}

#[actix_web::test]
async fn sec_15_what_was_typed_is_text_in_the_mail_and_no_header_of_it() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for (number, (typed, is_good)) in texts().iter().enumerate() {
        if !is_good {
            continue;
        }
        let (email, order) = (format!("c{number}@example.it"), format!("O-{number}"));
        let fields = [
            ("customer_email", email.as_str()),
            ("order_id", &order),
            ("customer_name", typed),
            ("description", typed),
            ("message", typed),
        ];
        anna.creates_email_payment(&fields, "send").await;
        let mails = app.mailbox.wait_for(&email, 1).await;
        assert_eq!(mails.len(), 1, "{typed:?}");
        assert_eq!(mails[0].to, [email]);
        assert_eq!(mails[0].header("Bcc"), None);
        let (html, text) = (mails[0].html.clone().unwrap(), mails[0].text.clone().unwrap());
        for markup in ["<script", "<img", " onfocus='alert"] {
            assert!(!html.contains(markup), "{typed:?}: {markup}");
        }
        assert!(text.contains(typed.as_str()), "{typed:?}: {text}");
    }
}

#[actix_web::test]
async fn sec_19_an_address_bar_full_of_nonsense_gets_a_plain_answer() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let mut anna = app.sign_in(ANNA).await;
    for path in [
        "/%00",
        "/%ff%fe",
        "/..%2f..%2fetc/passwd",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/pay/%00",
        "/pay/<script>alert(1)</script>",
        "/display?return_to=javascript:alert(1)",
        "/display?return_to=//evil.example",
        "/sign-in?return_to=%00%0d%0aSet-Cookie:x",
        "/sign-in?%ff=%ff&=&&&",
        "/processing/email-payments/%00",
        "/processing/email-payments/00000000-0000-0000-0000-000000000000?x=%00",
        "/merchants/%27%20OR%201=1",
    ] {
        for browser in [&mut nobody, &mut anna] {
            let page = browser.get(path).await;
            assert_harmless(&page, path);
            assert!(!page.body.contains("javascript:") && !page.body.contains("evil.example"));
            assert!(!page.body.contains("[package]"), "{path}");
        }
    }
    let page = nobody.get(&format!("/sign-in?return_to=/{}", "x".repeat(9_000))).await;
    assert!(page.status.is_client_error(), "{}", page.status);
}
