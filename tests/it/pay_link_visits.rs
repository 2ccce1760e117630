//! Visits of the pay link: a person's is a fact with a time, a program's is told apart, and no status
//! is changed by either.

use chrono::Duration;
use openidconnect::reqwest::{Method, StatusCode};

use crate::support::*;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/// A request: method, headers; and what it is taken for.
type Case<'a> = (Method, &'a [(&'a str, &'a str)], &'a str);

/// The reasons of all visits, in their order.
fn whys(app: &TestApp) -> Vec<String> {
    let all = app.text(
        "SELECT coalesce(string_agg(kind || ' ' || why, ',' ORDER BY at, id), '') FROM pay_link_visits",
    );
    all.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// What the detail page says about people's visits: how often, first, last.
fn visits(page: &Page) -> Vec<String> {
    page.texts("#visits dd")
}

#[actix_web::test]
async fn sec_12_programs_are_told_apart_get_the_same_answer_and_change_no_status() {
    let app = TestApp::start().await;
    let (mut anna, mut visitor) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.later(Duration::seconds(11)).await;
    let navigate = ("Sec-Fetch-Mode", "navigate");
    let cases: [Case<'_>; 8] = [
        (Method::HEAD, &[("User-Agent", CHROME), navigate], "scanner head_only"),
        (
            Method::GET,
            &[("User-Agent", CHROME), navigate, ("Purpose", "prefetch")],
            "scanner looks_ahead",
        ),
        (
            Method::GET,
            &[("User-Agent", CHROME), navigate, ("Sec-Purpose", "prefetch")],
            "scanner looks_ahead",
        ),
        (Method::GET, &[], "scanner no_agent"),
        (Method::GET, &[("User-Agent", "Slackbot-LinkExpanding 1.0")], "scanner known_agent"),
        (
            Method::GET,
            &[("User-Agent", CHROME), ("Sec-Fetch-Mode", "no-cors")],
            "scanner no_navigation",
        ),
        (Method::GET, &[("User-Agent", CHROME)], "scanner no_fetch_metadata"),
        (Method::GET, &[("User-Agent", CHROME), navigate], "person navigation"),
    ];
    let mut expected = Vec::new();
    for (method, headers, why) in cases {
        let answer = visitor.request(method, &request.link, headers, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{why}");
        expected.push(why.to_owned());
        assert_eq!(whys(&app), expected);
        app.later(Duration::seconds(1)).await;
    }
    assert_eq!(app.field(&request.url, "status || attempts || sends || delivery"), "open01sent");
    assert_eq!(app.field(&request.url, "opens || ' ' || scanner_visits"), "1 7");
    assert_eq!(app.happened(&request, "opened"), 1);
    assert_eq!(app.count("gateway_sessions"), 1);
    let columns = app.texts(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'pay_link_visits'::regclass AND attnum > 0",
    );
    let kept = ["at", "email_payment_id", "id", "kind", "merchant_id", "why"];
    assert_eq!(columns, kept, "neither address nor browser is kept");
}

#[actix_web::test]
async fn a_visit_sooner_than_people_read_counts_for_neither() {
    let app = TestApp::start().await;
    let (mut anna, mut visitor) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    visitor.opens(&request.link).await;
    assert_eq!(whys(&app), ["unsure too_soon"]);
    assert_eq!(app.field(&request.url, "opens || ' ' || scanner_visits"), "0 1");
    assert_eq!(app.field(&request.url, "first_opened_at"), "");
    assert!(!anna.get(LIST).await.text("tbody").contains("page opened"));
    let page = anna.get(&request.url).await;
    assert!(page.text(".timeline").contains("Visit of the link, perhaps automatic"));
    assert_eq!(visits(&page), ["not yet"]);

    app.later(Duration::seconds(11)).await;
    visitor.opens(&request.link).await;
    assert_eq!(whys(&app), ["unsure too_soon", "person navigation"]);
    assert!(anna.get(LIST).await.text("tbody").contains("page opened"));
}

#[actix_web::test]
async fn the_detail_page_tells_people_first_and_programs_apart() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    assert!(!anna.get(&request.url).await.text("aside").contains("Visits of the link"));
    app.later(Duration::minutes(1)).await;
    let preview = [("User-Agent", "WhatsApp/2.23.20.0 A")];
    for _ in 0..3 {
        customer.request(Method::GET, &request.link, &preview, "").await;
    }
    let page = anna.get(&request.url).await;
    assert_eq!(visits(&page), ["not yet"]);
    assert!(page.text("aside").contains("3 automatic or unclear visits besides."));
    app.later(Duration::minutes(1)).await;
    customer.opens(&request.link).await;
    app.later(Duration::minutes(1)).await;
    customer.opens(&request.link).await;

    let page = anna.get(&request.url).await;
    let told = page.texts(".timeline h3");
    assert_eq!(
        told[..3],
        [
            "Payment page opened 2 times",
            "3 automatic visits of the link",
            "Email accepted for delivery"
        ],
    );
    let told = visits(&page);
    assert_eq!((told.len(), told[0].as_str()), (3, "2 times"), "{told:?}");
    assert_ne!(told[1], told[2], "first and last");
    assert!(page.text("aside").contains("3 automatic or unclear visits besides."));
    assert!(
        page.text(".timeline")
            .contains("a mail scanner, link preview or other program, by its name")
    );
}

#[actix_web::test]
async fn a_hundred_visits_are_kept_and_the_rest_are_counted() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.later(Duration::seconds(11)).await;
    app.change(&format!(
        "UPDATE email_payments SET opens = 40, scanner_visits = 59, first_opened_at = now() WHERE id = '{}'",
        request.id
    ));
    for _ in 0..3 {
        customer.opens(&request.link).await;
    }
    assert_eq!(app.field(&request.url, "opens || ' ' || scanner_visits"), "43 59");
    assert_eq!(app.count("pay_link_visits"), 1);
    assert_eq!(app.happened(&request, "opened"), 0, "it had been opened before");
}

#[actix_web::test]
async fn a_visit_after_the_end_is_a_fact_too_and_another_merchant_sees_none_of_it() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[]).await;
    app.later(Duration::minutes(1)).await;
    anna.answers(&request.url, "cancellation", &[]).await;
    assert_eq!(customer.get(&request.link).await.status, StatusCode::GONE);
    assert_eq!(whys(&app), ["person navigation"]);
    assert_eq!(
        customer.get(&format!("/pay/{}", "A".repeat(32))).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(whys(&app).len(), 1, "an unknown link has no visits");
    let theirs = central::db::Tenants::one(app.world.second);
    assert_eq!(count_as(&app.db(), &theirs, "pay_link_visits").unwrap(), 0);
    let ours = central::db::Tenants::one(app.world.first);
    assert_eq!(count_as(&app.db(), &ours, "pay_link_visits").unwrap(), 1);
}

/// What makes a mail program ask a server for something when the mail is read.
const LOADS: &str = r"(?i)<(img|image|picture|source|video|audio|embed|object|iframe|link|script|input|bgsound)\b|\b(background|srcset|poster|src)\s*=|url\s*\(|@import|@font-face|<v:(fill|image)";

#[test]
fn sec_12_no_mail_loads_anything_so_that_no_mail_tells_that_it_was_read() {
    let loads = regex::Regex::new(LOADS).unwrap();
    let inline = regex::Regex::new(r#"<img src="cid:[^"]*"[^<>]*>"#).unwrap();
    for pixel in [
        r#"<img src="https://x.example/1.gif" width="1">"#,
        r#"<td BACKGROUND="https://x.example/1.gif">"#,
        r#"<p style="background:url(https://x.example)">"#,
        r#"<link rel="stylesheet" href="x">"#,
    ] {
        assert!(loads.is_match(pixel), "{pixel}");
    }
    let templates = files_below("templates/mail", "html");
    assert!(templates.len() >= 6, "{templates:?}");
    for path in templates {
        // A picture that travels in the mail asks nobody (RFC 2392).
        let text = inline.replace_all(&source(&path), "").into_owned();
        let found: Vec<_> = loads.find_iter(&text).map(|found| found.as_str()).collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

#[actix_web::test]
async fn sec_12_a_mail_names_our_server_only_where_its_reader_may_click() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.request(&mut anna, &[]).await;
    let mails = app.mailbox.wait_for(CUSTOMER, 1).await;
    let html = mails[0].html.clone().unwrap();
    let loads = regex::Regex::new(LOADS).unwrap();
    assert_eq!(loads.find_iter(&html).count(), 0, "{html}");
    let ours = regex::Regex::new(&format!("([a-z-]+)=\"{}", regex::escape(&app.base))).unwrap();
    let names: Vec<_> = ours.captures_iter(&html).map(|found| found[1].to_owned()).collect();
    assert!(names.len() >= 2 && names.iter().all(|name| name == "href"), "{names:?}");
}
