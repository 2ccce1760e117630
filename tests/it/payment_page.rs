//! What a customer meets: the pay link, the gateway, the way back; and what the gateway tells us.

use chrono::Duration;
use futures_util::future::join_all;
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

#[actix_web::test]
async fn a_customer_pays_by_card_and_sees_what_was_paid() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("description", "Vasi blu")]).await;
    let page = customer.opens(&request.link).await;
    assert_eq!(page.text(".sum"), "€45.00");
    assert_eq!(page.attribute("#pan", "value"), "", "the cardholder types everything by hand");

    let paid = customer.pays(&page, GOOD_CARD).await;
    let result = customer.goes_back(&paid).await;
    assert_eq!(result.text("h1"), "Pagato");
    let order = app.field(&request.url, "order_id");
    let facts = result.texts("dl.facts dd");
    assert_eq!(facts[..2], [order, "Vasi blu".to_owned()]);
    assert!(facts[3].ends_with("1111"), "{facts:?}");
    assert!(!result.body.contains(CUSTOMER), "the page never tells the customer's address");

    // A second tab that sends the card again: no second charge.
    let again = customer.pays(&page, GOOD_CARD).await;
    customer.goes_back(&again).await;
    assert_eq!(app.count("payment_attempts"), 1);
    let link = customer.get(&request.link).await;
    assert_eq!((link.status, link.text("h1")), (StatusCode::OK, "Già pagato".to_owned()));
}

#[actix_web::test]
async fn a_declined_card_leaves_the_link_open_for_another() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, NO_FUNDS).await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;

    let result = customer.get(&format!("{}/result", request.link)).await;
    assert_eq!(result.text("h1"), "The payment was declined");
    assert!(result.text("main").contains("insufficient funds"));
    assert!(anna.get(&request.url).await.text("section.next").contains("insufficient funds"));
    let away = customer.submit(&result, &request.link, &[], "").await;
    let page = customer.follow(away).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Paid");
    assert_eq!(app.field(&request.url, "attempts"), "2");
}

#[actix_web::test]
async fn after_three_declines_no_attempt_is_left() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let mut page = customer.opens(&request.link).await;
    for _ in 0..3 {
        page = customer.pays(&page, NO_FUNDS).await;
    }
    let result = customer.goes_back(&page).await;
    assert_eq!((result.status, result.text("h1")), (StatusCode::GONE, "No attempts left".into()));
    assert_eq!(app.field(&request.url, "status"), "failed");
    assert_eq!(app.field(&request.url, "end_reason"), "attempts_exhausted");
    assert_eq!(customer.get(&request.link).await.status, StatusCode::GONE);
    assert_eq!((app.happened(&request, "declined"), app.happened(&request, "failed")), (3, 1));
}

#[actix_web::test]
async fn a_banks_question_belongs_to_the_attempt_that_it_interrupts() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let mut page = customer.opens(&request.link).await;
    for _ in 0..2 {
        page = customer.pays(&page, NO_FUNDS).await;
    }
    let bank = customer.pays(&page, CHALLENGE).await;
    assert_eq!(app.field(&request.url, "status"), "open");
    let paid = customer.presses(&bank, "confirm").await;
    customer.goes_back(&paid).await;
    assert_eq!(app.field(&request.url, "status"), "paid");
    assert_eq!(app.field(&request.url, "attempts"), "3");
    assert_eq!(app.field(&request.url, "is_late"), "false");
    assert_eq!(app.happened(&request, "failed"), 0);
}

#[actix_web::test]
async fn who_refuses_at_the_bank_has_used_one_attempt() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    let bank = customer.pays(&page, CHALLENGE).await;
    customer.presses(&bank, "refuse").await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;
    assert_eq!(app.field(&request.url, "attempts"), "1");
    assert_eq!(app.field(&request.url, "status"), "open");
}

#[actix_web::test]
async fn while_the_bank_thinks_the_page_says_so_and_then_that_it_is_paid() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    let waiting = customer.pays(&page, PENDING).await;
    let result = customer.goes_back(&waiting).await;
    assert_eq!(result.text("h1"), "We are checking your payment");
    let refresh = result.attribute("meta[http-equiv=refresh]", "content");
    assert_eq!(refresh, format!("10; url={}/return", request.link), "it refreshes by itself");
    assert!(!result.has("main form"), "nothing invites to pay again");
    assert_eq!(app.field(&request.url, "status"), "processing");
    let link = customer.get(&request.link).await;
    assert_eq!(link.text("h1"), "We are checking your payment", "no second attempt meanwhile");

    app.later(Duration::seconds(61)).await;
    app.becomes(&request, "paid").await;
    let result = customer.open(&format!("{}/return", request.link)).await;
    assert_eq!(result.text("h1"), "Paid");
    assert_eq!(app.field(&request.url, "attempts"), "1");
}

#[actix_web::test]
async fn a_wallet_pays_refuses_or_waits() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    let wallet = customer.chooses_alipay(&page).await;
    let page = customer.presses(&wallet, "refused").await;
    app.until("the refusal is known", async || app.happened(&request, "declined") == 1).await;
    let wallet = customer.chooses_alipay(&page).await;
    let waiting = customer.presses(&wallet, "pending").await;
    customer.goes_back(&waiting).await;
    assert_eq!(app.field(&request.url, "status"), "processing");
    customer.presses(&waiting, "paid").await;
    app.becomes(&request, "paid").await;
    assert_eq!(app.field(&request.url, "payment_method"), "Alipay");
    assert!(anna.get(&request.url).await.text("aside").contains("Alipay+"));
}

#[actix_web::test]
async fn sec_12_a_scanner_that_opens_the_link_changes_nothing_and_uses_nothing_up() {
    let app = TestApp::start().await;
    let (mut anna, mut scanner) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let before = app.count("email_payment_events");
    for purpose in ["purpose", "sec-purpose", "x-moz"] {
        scanner.request(Method::GET, &request.link, &[(purpose, "prefetch")], "").await;
    }
    let head = scanner.request(Method::HEAD, &request.link, &[], "").await;
    assert_eq!(head.status, StatusCode::SEE_OTHER);
    assert_eq!(app.field(&request.url, "first_opened_at"), "", "a look ahead is no opening");
    app.later(Duration::seconds(11)).await;
    for _ in 0..10 {
        scanner.opens(&request.link).await;
        scanner.get(&format!("{}/result", request.link)).await;
    }
    assert_eq!(app.field(&request.url, "status || attempts || delivery"), "open0sent");
    assert_eq!(app.count("email_payment_events"), before + 1, "it was opened, once");
    assert_eq!(app.count("gateway_sessions"), 1);
    let mut customer = app.browser();
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Pagato");
}

#[actix_web::test]
async fn sec_12_unknown_and_malformed_links_are_told_in_the_same_words() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let unknown = nobody.get(&format!("/pay/{}", "A".repeat(32))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.text("h1"), "This link does not work");
    // One address may guess ten times a minute.
    for path in [
        "A%20B",
        &"A".repeat(31),
        "%00",
        "%0d%0aSet-Cookie:a",
        "%0d%0aSet-Cookie:a/return",
        "%0d%0aSet-Cookie:a/result",
        &format!("{}/return", "A".repeat(32)),
        &format!("{}/result", "A".repeat(32)),
    ] {
        let answer = nobody.get(&format!("/pay/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.text("h1"), unknown.text("h1"), "{path}");
        assert!(answer.header("set-cookie").is_none() && answer.location().is_none(), "{path}");
    }
}

#[actix_web::test]
async fn sec_16_who_guesses_links_is_slowed_down() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let mut last = StatusCode::OK;
    for n in 0..11 {
        last = nobody.get(&format!("/pay/{n:032}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn sec_12_an_ended_link_tells_neither_amount_nor_order_nor_address() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let fields = [("description", "Vasi blu"), ("language", "en"), ("amount", "77.00")];
    let paid = app.request(&mut anna, &fields).await;
    let page = customer.opens(&paid.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&paid, "paid").await;
    app.mails_settle().await;
    let cancelled = app.request(&mut anna, &fields).await;
    anna.answers(&cancelled.url, "cancellation", &[]).await;
    app.mails_settle().await;
    let expired = app.request(&mut anna, &fields).await;
    app.seconds_before_end(&expired, 0).await;
    for (request, status, title) in [
        (&paid, StatusCode::OK, "Already paid"),
        (&cancelled, StatusCode::GONE, "This request has been cancelled"),
        (&expired, StatusCode::GONE, "The time to pay is over"),
    ] {
        let page = customer.get(&request.link).await;
        assert_eq!((page.status, page.text("h1").as_str()), (status, title));
        assert!(page.text("main").contains("Ceramiche Bellini"));
        let order = app.field(&request.url, "order_id");
        for secret in ["77.00", "Vasi", CUSTOMER, "/payment/", &order] {
            assert!(!page.body.contains(secret), "{title}: {secret}");
        }
        let posted = customer.post(&request.link, &[]).await;
        assert_eq!(posted.location(), Some(format!("{}/result", request.link)), "{title}");
    }
}

#[actix_web::test]
async fn sec_02_pages_for_customers_run_no_script_and_tell_nobody_where_they_are() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let unknown = format!("/pay/{}", "A".repeat(32));
    for path in [&unknown, &format!("{}/result", request.link)] {
        let page = customer.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{policy}");
        assert!(!page.body.contains("<script"), "{path}");
        assert_eq!(page.header("referrer-policy").as_deref(), Some("same-origin"));
        assert!(!page.text("title").contains(request.token()));
        assert!(!page.has("input:not([type=hidden])"), "no page of ours has a field for a card");
    }
}

#[actix_web::test]
async fn a_page_speaks_the_payments_language_unless_it_is_asked_for_another() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "es")]).await;
    let result = format!("{}/result", request.link);
    for (query, lang) in [("", "es"), ("?lang=fr", "fr"), ("?lang=it", "it"), ("?lang=xx", "es")] {
        let page = customer.get(&format!("{result}{query}")).await;
        assert_eq!(page.attribute("html", "lang"), lang, "{query}");
        assert_eq!(page.texts("footer nav a, nav a[lang]").len(), 4);
    }
    let unknown = format!("/pay/{}", "A".repeat(32));
    let page = app.browser().speaking("it").get(&unknown).await;
    assert_eq!(page.attribute("html", "lang"), "it", "without a payment, the browser's");
}

#[actix_web::test]
async fn sec_13_a_callback_without_every_proof_changes_nothing() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.gateway.set_callbacks(false);
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;

    let good = app.good_callback(&request);
    let path = "/gateway/connect2pay/callback";
    let unsigned = good.body.replace("\"ctrlCustomData\"", "\"other\"");
    let forged = {
        let at = good.body.find('.').unwrap() + 1;
        let other = if good.body.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{other}{}", &good.body[..at], &good.body[at + 1..])
    };
    let unknown = r#"{"status":"Authorized","merchantToken":"AAAAAAAAAAAAAAAAAAAAAA"}"#;
    for (name, path, body) in [
        ("no key", path, good.body.as_str()),
        ("another key", "/gateway/connect2pay/callback?key=other", &good.body),
        ("no signature", &good.path, &unsigned),
        ("another signature", &good.path, &forged),
        ("an unknown token", &good.path, unknown),
        ("no JSON", &good.path, "<xml/>"),
        ("nothing", &good.path, ""),
        ("a number", &good.path, "17"),
        ("deep", &good.path, &"[".repeat(10_000)),
    ] {
        let callback = Callback { path: path.to_owned(), body: body.to_owned() };
        let answer = callback.post(&app).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
        assert!(answer.body.contains("\"KO\""), "{name}: {}", answer.body);
    }
    let huge = Callback { path: good.path.clone(), body: " ".repeat(70_000) };
    assert_eq!(huge.post(&app).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.field(&request.url, "status"), "open");
    assert_eq!(app.count("payment_attempts"), 0);

    let answer = good.post(&app).await;
    assert_eq!((answer.status, answer.body.contains("\"OK\"")), (StatusCode::OK, true));
    assert_eq!(app.field(&request.url, "status"), "paid");
}

#[actix_web::test]
async fn sec_13_a_callback_is_a_hint_and_what_it_says_is_not_believed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let request = app.request(&mut anna, &[]).await;
    let callback = app.good_callback(&request);
    assert!(callback.body.contains("Authorized"), "it says that it is paid");
    assert_eq!(callback.post(&app).await.status, StatusCode::OK);
    assert_eq!(app.field(&request.url, "status"), "open", "the gateway says that it is not");
}

#[actix_web::test]
async fn sec_13_a_thousand_copies_of_a_callback_change_one_thing_once() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.gateway.set_callbacks(false);
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    let callback = app.good_callback(&request);
    // Ten at a time: on a busy machine more would wait so long that connections are given up.
    for _ in 0..100 {
        let answers = join_all((0..10).map(|_| callback.post(&app))).await;
        // On a busy machine one may be asked to come again, as the gateway then does.
        let is_expected =
            |status| matches!(status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE);
        for answer in &answers {
            assert!(is_expected(answer.status), "{}: {}", answer.status, answer.body);
        }
        assert!(answers.iter().any(|answer| answer.status == StatusCode::OK));
    }
    customer.goes_back(&paid).await;
    app.mails_settle().await;
    assert_eq!(app.count("payment_attempts"), 1);
    assert_eq!(app.happened(&request, "paid"), 1);
    assert_eq!(app.happened(&request, "unexpected_money"), 0);
    assert_eq!(app.count("mails WHERE kind = 'receipt'"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'email_payment.pay'"), 1);
    assert_eq!(app.mailbox.wait_for(CUSTOMER, 2).await.len(), 2);
}

#[actix_web::test]
async fn the_return_alone_tells_that_it_is_paid_and_a_late_callback_repeats_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.gateway.set_callbacks(false);
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(app.field(&request.url, "status"), "open");
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Paid");
    app.gateway.set_callbacks(true);
    app.until("the callback came", async || app.gateway.callbacks_sent() == 1).await;
    assert_eq!((app.happened(&request, "paid"), app.count("payment_attempts")), (1, 1));
}

#[actix_web::test]
async fn a_callback_alone_is_enough_where_the_customer_never_returns() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    app.becomes(&request, "paid").await;
    assert_eq!(app.gateway.callbacks_sent(), 1, "it was acknowledged");
}

#[actix_web::test]
async fn sec_13_the_reconciler_finds_what_nobody_told() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    app.gateway.set_callbacks(false);
    let request = app.request(&mut anna, &[]).await;
    let page = customer.opens(&request.link).await;
    customer.pays(&page, GOOD_CARD).await;
    assert_eq!(app.field(&request.url, "status"), "open");
    app.later(Duration::minutes(3)).await;
    app.becomes(&request, "paid").await;
}

#[actix_web::test]
async fn sec_13_while_the_gateway_is_away_the_return_promises_nothing() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    // A decline that is known must not speak for the try that is not.
    let page = customer.pays(&page, NO_FUNDS).await;
    app.until("the decline is known", async || app.happened(&request, "declined") == 1).await;
    app.gateway.set_callbacks(false);
    app.gateway.set_down(true);
    let paid = customer.pays(&page, GOOD_CARD).await;
    let result = customer.goes_back(&paid).await;
    assert_eq!(result.text("h1"), "We are checking your payment");
    assert!(result.url.contains("/pay/"), "never back to the gateway: {}", result.url);
    assert_eq!(app.field(&request.url, "status"), "open");

    app.gateway.set_down(false);
    let result = customer.open(&format!("{}/return", request.link)).await;
    assert_eq!(result.text("h1"), "Paid");
}

#[actix_web::test]
async fn sec_15_no_mail_leaves_while_the_gateway_cant_prepare_its_page() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.gateway.set_down(true);
    let url = anna.creates_email_payment(&[], "send").await;
    app.mail_is_deferred(&url).await;
    let page = anna.get(&url).await;
    assert!(page.text("section.next").contains("The email has not left yet"), "{}", page.body);
    assert!(page.text("section.next").contains("503"));
    assert_eq!(app.mailbox.count(), 0);

    app.gateway.set_down(false);
    app.later(Duration::minutes(2)).await;
    let link = app.link_in_mail(CUSTOMER, 1).await;
    app.browser().opens(&link).await;
}

#[actix_web::test]
async fn a_page_that_the_gateway_has_forgotten_is_made_again_by_a_press() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let fields = [("language", "en")];
    let request = app.request(&mut anna, &fields).await;
    app.forget_the_gateways_page(&request);
    let page = customer.get(&request.link).await;
    assert_eq!((page.status, page.text("h1")), (StatusCode::OK, "Your payment is waiting".into()));
    assert_eq!(app.count("gateway_sessions"), 1, "a GET makes nothing");

    app.gateway.set_down(true);
    let away = customer.submit(&page, &request.link, &[], "").await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(away.text("h1"), "The payment page is out of reach");
    app.gateway.set_down(false);
    let away = customer.submit(&away, &request.link, &[], "").await;
    let page = customer.follow(away).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    assert_eq!(customer.goes_back(&paid).await.text("h1"), "Paid");
}

#[actix_web::test]
async fn a_promise_is_told_as_one_and_set_free_it_charges_nobody() {
    let app = TestApp::start().await;
    crate::operations::promises(&app);
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("language", "en")]).await;
    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    let result = customer.goes_back(&paid).await;
    assert_eq!(app.field(&request.url, "status"), "authorised");
    assert_eq!(result.text("h1"), "Your payment is authorised");
    assert!(!result.has("meta[http-equiv='refresh']"), "nothing is waited for");
    assert_eq!(customer.get(&request.link).await.text("h1"), "Your payment is authorised");
    let page = anna.open(&request.at("refund")).await;
    crate::operations::does(&mut anna, &page, "cancel").await;
    app.becomes(&request, "cancelled").await;
    let result = customer.get(&request.link).await;
    assert!(result.text("main").contains("Nothing has been charged"), "{}", result.text("main"));
}
