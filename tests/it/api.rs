//! The API, as programs meet it.

#![expect(
    clippy::indexing_slicing,
    reason = "an index of a JSON value that is not there gives null, which fails the comparison"
)]

mod hostile;
mod repeated;

use std::collections::BTreeSet;

use central::auth::api::Scope;
use openidconnect::reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::*;

const PAYMENTS: &str = "/api/v1/email-payments";
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A good payment, for 45.00 EUR from [`CUSTOMER`].
fn good() -> Value {
    json!({ "amount_minor": 4500, "currency": "EUR", "customer_email": CUSTOMER })
}

/// The same with other or more fields.
fn good_but(fields: &Value) -> Value {
    let mut body = good();
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Creates a payment; its JSON.
async fn create(program: &Program, key: &str, fields: &Value) -> Value {
    let page = program.post(PAYMENTS, Some(key), &good_but(fields)).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    page.json()
}

/// A problem as RFC 9457 and SEC-20 want it; its kind.
fn assert_problem(page: &Page, status: u16) -> String {
    assert_eq!(page.status.as_u16(), status, "{} {}", page.url, page.body);
    let kind = page.header("content-type").unwrap_or_default();
    assert_eq!(kind, "application/problem+json; charset=utf-8", "{}", page.url);
    assert_eq!(page.header("set-cookie"), None);
    assert_eq!(page.header("cache-control").as_deref(), Some("no-store"));
    let problem = page.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"].as_str(), page.header("x-request-id").as_deref());
    for field in ["title", "detail"] {
        assert!(!problem[field].as_str().unwrap().is_empty(), "{problem}");
    }
    for word in ["SELECT", "diesel", "src/", "panicked", "relation", "central_"] {
        assert!(!page.body.contains(word), "{word}: {}", page.body);
    }
    problem["type"].as_str().unwrap().split_once("/api#").unwrap().1.to_owned()
}

/// The fields that a problem names.
fn wrong_fields(page: &Page) -> Vec<String> {
    assert_eq!(assert_problem(page, 422), "invalid-fields");
    let errors = page.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn sec_09_a_program_is_let_in_by_one_bearer_header_and_by_nothing_else() {
    let app = TestApp::start().await;
    let token = app.access_token(ANNA, &Scope::ALL).token;
    let bearer = format!("Bearer {token}");
    let mut nobody = app.browser();
    nobody.set_cookie("access_token", &token);
    nobody.set_cookie("Authorization", &bearer);
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let (body, query) =
        (format!("access_token={token}"), format!("{PAYMENTS}?access_token={token}"));
    let basic = ("Authorization", "Basic YW5uYTpwYXNz");
    for page in [
        nobody.get(PAYMENTS).await,
        nobody.get(&query).await,
        nobody.request(Method::POST, PAYMENTS, &[form], &body).await,
        nobody.request(Method::GET, PAYMENTS, &[basic], "").await,
        nobody.request(Method::GET, PAYMENTS, &[("Authorization", &token)], "").await,
        nobody.request(Method::GET, PAYMENTS, &[("X-Api-Key", &token)], "").await,
    ] {
        assert_eq!(assert_problem(&page, 401), "token-missing");
        assert_eq!(page.header("www-authenticate").as_deref(), Some("Bearer"));
    }
    let one_changed = format!("Bearer {}A", &token[..token.len() - 1]);
    let other =
        if one_changed == bearer { bearer.replace("central_", "centraL_") } else { one_changed };
    let double = [("Authorization", bearer.as_str()), ("Authorization", bearer.as_str())];
    for headers in [
        &[("Authorization", "Bearer central_")][..],
        &[("Authorization", other.as_str())],
        &[("Authorization", "Bearer ' OR 1=1")],
        &[("Authorization", "Bearer a.b.c")],
        &double,
    ] {
        let page = nobody.request(Method::GET, PAYMENTS, headers, "").await;
        assert_eq!(assert_problem(&page, 401), "invalid-token", "{headers:?}");
        let challenge = page.header("www-authenticate");
        assert_eq!(challenge.as_deref(), Some("Bearer error=\"invalid_token\""), "{headers:?}");
    }
    let page = app.program(&token).get(PAYMENTS).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[actix_web::test]
async fn sec_09_an_id_token_is_no_access_token() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let id: uuid::Uuid = app.text("SELECT id FROM sessions").parse().unwrap();
    let hex = app.text("SELECT encode(id_token_encrypted, 'hex') FROM sessions");
    let sealed = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
    let id_token = app.config.keys.open(id, &sealed).unwrap();
    assert_eq!(id_token.split('.').count(), 3);
    let page = app.program(&id_token).get(PAYMENTS).await;
    assert_eq!(assert_problem(&page, 401), "invalid-token");
}

#[actix_web::test]
async fn sec_05_cookies_count_for_nothing_and_no_session_is_touched() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "OF-ANNA")], "draft").await;
    app.change("UPDATE sessions SET last_used_at = now() - interval '5 minutes'");
    let before = app.text("SELECT last_used_at FROM sessions");
    let bearer = format!("Bearer {}", app.access_token(BRUNO, &Scope::ALL).token);
    let headers = [("Authorization", bearer.as_str())];
    for path in [PAYMENTS, "/%61pi/v1/email-payments", "/api/v1/nothing", "/api"] {
        let page = anna.request(Method::GET, path, &headers, "").await;
        assert_eq!(page.header("set-cookie"), None, "{path}");
        assert!(!page.body.contains("OF-ANNA"), "{path}");
    }
    assert_eq!(anna.get(PAYMENTS).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.text("SELECT last_used_at FROM sessions"), before);
    assert_eq!(anna.get(LIST).await.status, StatusCode::OK, "still signed in");
    assert_ne!(app.text("SELECT last_used_at FROM sessions"), before, "a page does");
}

#[actix_web::test]
async fn a_payment_is_made_read_sent_again_and_cancelled() {
    let app = TestApp::start().await;
    let issued = app.access_token(ANNA, &Scope::ALL);
    let program = app.program(&issued.token);
    let fields =
        json!({ "customer_name": "Maria Conti", "description": "Tiles", "language": "fr" });
    let page = program.post(PAYMENTS, Some("one"), &good_but(&fields)).await;
    assert_eq!(page.status, StatusCode::CREATED, "{}", page.body);
    let payment = page.json();
    let id = payment["id"].as_str().unwrap().to_owned();
    let at = format!("{PAYMENTS}/{id}");
    assert_eq!(page.location(), Some(format!("{}{at}", app.base)));
    assert_eq!(page.header("content-type").as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(page.header("idempotent-replayed"), None);
    for (field, value) in [
        ("status", json!("open")),
        ("delivery", json!("queued")),
        ("amount_minor", json!(4500)),
        ("currency", json!("EUR")),
        ("language", json!("fr")),
        ("customer_name", json!("Maria Conti")),
        ("order_id", json!(format!("CB-{}-0001", chrono::Datelike::year(&app.clock.now())))),
        ("end_reason", json!(null)),
        ("is_late", json!(false)),
    ] {
        assert_eq!(payment[field], value, "{field}");
    }
    for field in ["created_at", "expires_at", "last_sent_at"] {
        let text = payment[field].as_str().unwrap();
        assert!(text.ends_with('Z') && text.parse::<chrono::DateTime<chrono::Utc>>().is_ok());
    }
    let link = app.link_in_mail(CUSTOMER, 1).await;
    assert_eq!(payment["pay_url"], format!("{}{link}", app.base), "the link of the mail");
    app.mails_settle().await;
    let read = program.get(&at).await.json();
    assert_eq!((&read["delivery"], &read["pay_url"]), (&json!("sent"), &payment["pay_url"]));

    // Not yet, and then to a corrected address, which kills the old link.
    let page = program.post(&format!("{at}/resend"), None, &json!({})).await;
    assert_eq!(assert_problem(&page, 409), "conflict");
    assert!(page.json()["detail"].as_str().unwrap().contains("less than ten minutes ago"));
    app.later(chrono::Duration::minutes(11)).await;
    let corrected = json!({ "customer_email": "maria@example.it" });
    let page = program.post(&format!("{at}/resend"), Some("two"), &corrected).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_ne!(page.json()["pay_url"], payment["pay_url"]);
    assert_eq!(
        (&page.json()["sends"], &page.json()["customer_email"]),
        (&json!(2), &corrected["customer_email"])
    );
    app.link_in_mail("maria@example.it", 1).await;

    let page = program.post(&format!("{at}/cancel"), None, &json!({ "reason": "Twice" })).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let cancelled = page.json();
    assert_eq!(
        (&cancelled["status"], &cancelled["end_reason"], &cancelled["pay_url"]),
        (&json!("cancelled"), &json!("by_merchant"), &json!(null))
    );
    let page = program.post(&format!("{at}/cancel"), None, &json!({})).await;
    assert_eq!(assert_problem(&page, 409), "conflict");

    // The audit names the user and the token, for every act.
    let acts = "audit_log WHERE action LIKE 'email_payment.%' AND is_done";
    assert_eq!(app.count(acts), 4, "create, send, resend, cancel");
    let named = format!(
        "{acts} AND actor = 'user' AND user_role = 'owner' AND session_id IS NULL
         AND user_id = (SELECT id FROM users WHERE subject = 'anna')
         AND after -> 'program' ->> 'access_token' = '{}'",
        issued.id
    );
    assert_eq!(app.count(&named), 4);
    // And the merchant sees it on the page, like every other.
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get(&format!("{LIST}/{id}")).await;
    assert!(page.text(".timeline").contains("By Anna Rossi"), "{}", page.text("main"));
}

#[actix_web::test]
async fn an_order_id_that_is_given_never_becomes_another_one() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let draft = |order_id: &str| json!({ "send": false, "order_id": order_id });
    let first = create(&program, "k1", &json!({ "send": false })).await;
    let first = first["order_id"].as_str().unwrap().to_owned();
    let (stem, number) = first.split_at(first.len() - 1);
    let number: u8 = number.parse().unwrap();
    let after = |count: u8| format!("{stem}{}", number + count);
    // Two further on by hand; then the counter comes to it.
    create(&program, "k2", &draft(&after(2))).await;
    create(&program, "k3", &json!({ "send": false })).await;
    let page = program.post(PAYMENTS, Some("k4"), &good_but(&draft(&after(2)))).await;
    assert_eq!(wrong_fields(&page), ["order_id"]);
}

#[actix_web::test]
async fn a_payment_that_is_sent_again_is_valid_for_as_long_as_its_originator_says() {
    let app = TestApp::start().await;
    app.change("UPDATE originators SET valid_days = 7");
    let mut anna = app.sign_in(ANNA).await;
    for is_program in [true, false] {
        let request = app.request(&mut anna, &[]).await;
        app.seconds_before_end(&request, -1).await;
        app.becomes(&request, "expired").await;
        if is_program {
            let at = format!("{PAYMENTS}/{}/resend", request.id);
            let page = app.annas_program().post(&at, None, &json!({})).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        } else {
            let page = anna.get(&request.at("resend")).await;
            assert_eq!(page.text("[name='validity'] [selected]"), "7 days");
        }
        let lasts = "expires_at - last_sent_at = interval '7 days'";
        assert_eq!(app.field(&request.url, lasts), is_program.to_string());
    }
}

#[actix_web::test]
async fn a_draft_is_kept_and_amounts_are_exact_in_every_currency() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    for (currency, minor) in [
        ("EUR", 1),
        ("EUR", 183_000),
        ("JPY", 1234),
        ("KWD", 1234),
        ("KWD", 12_340),
        ("EUR", 999_999_999),
    ] {
        let key = format!("{currency}{minor}");
        let fields = json!({ "currency": currency, "amount_minor": minor, "send": false });
        let draft = create(&program, &key, &fields).await;
        assert_eq!((&draft["amount_minor"], &draft["currency"]), (&json!(minor), &json!(currency)));
        assert_eq!((&draft["status"], &draft["pay_url"]), (&json!("draft"), &json!(null)));
    }
    assert_eq!(app.count("mails"), 0);
}

#[actix_web::test]
async fn sec_19_what_is_wrong_is_told_by_field_in_the_readers_language() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let post = async |fields: Value| program.post(PAYMENTS, Some("k"), &good_but(&fields)).await;
    for (fields, wrong) in [
        (json!({ "amount_minor": 0 }), vec!["amount_minor"]),
        (json!({ "amount_minor": -5 }), vec!["amount_minor"]),
        (json!({ "amount_minor": 1_000_000_000_i64 }), vec!["amount_minor"]),
        (json!({ "amount_minor": i64::MAX }), vec!["amount_minor"]),
        (json!({ "amount_minor": 12.5 }), vec!["amount_minor"]),
        (json!({ "amount_minor": "4500" }), vec!["amount_minor"]),
        (json!({ "amount_minor": null }), vec!["amount_minor"]),
        (json!({ "currency": "USD" }), vec!["currency"]),
        (json!({ "currency": "euro" }), vec!["currency"]),
        (json!({ "currency": null }), vec!["currency"]),
        (json!({ "customer_email": "nobody" }), vec!["customer_email"]),
        (json!({ "customer_email": "a@example.it\r\nBcc: b@example.it" }), vec!["customer_email"]),
        (json!({ "customer_email": ["a@example.it"] }), vec!["customer_email"]),
        (json!({ "language": "tlh" }), vec!["language"]),
        (json!({ "order_id": "" }), vec!["order_id"]),
        (json!({ "expires_on": "31/12/2026" }), vec!["expires_on"]),
        (json!({ "expires_on": "2020-01-01" }), vec!["expires_on"]),
        (json!({ "message": "4111 1111 1111 1111" }), vec!["message"]),
        (json!({ "description": "x".repeat(501) }), vec!["description"]),
        (json!({ "originator_id": "not-one" }), vec!["originator_id"]),
        (json!({ "send": "yes" }), vec!["send"]),
        (json!({ "merchant_id": "x", "status": "paid" }), vec!["merchant_id", "status"]),
        (
            json!({ "customer_email": "", "amount_minor": 0, "expires_on": 5 }),
            vec!["expires_on", "customer_email", "amount_minor"],
        ),
    ] {
        let page = post(fields.clone()).await;
        assert_eq!(wrong_fields(&page), wrong, "{fields}: {}", page.body);
    }
    assert_eq!(app.count("email_payments"), 0);
    assert_eq!(app.count("api_answers"), 0, "what is wrong is not kept");

    let italian = program.clone().speaking("it");
    let page = italian.post(PAYMENTS, Some("k"), &good_but(&json!({ "amount_minor": 0 }))).await;
    let t = central::kernel::Lang::It.texts();
    assert_eq!(page.json()["errors"][0]["message"], t.msg_form_amount_zero());
    assert_eq!(page.json()["title"], t.msg_api_invalid_fields_title());

    create(&program, "k", &json!({ "order_id": "TAKEN" })).await;
    let page =
        program.post(PAYMENTS, Some("other"), &good_but(&json!({ "order_id": "TAKEN" }))).await;
    assert_eq!(wrong_fields(&page), ["order_id"]);
    assert_eq!(app.count("email_payments"), 1);
}

#[actix_web::test]
async fn sec_11_what_belongs_to_another_merchant_answers_like_what_does_not_exist() {
    let app = TestApp::start().await;
    let anna = app.annas_program();
    let bruno = app.program(&app.access_token(BRUNO, &Scope::ALL).token);
    let id = create(&anna, "one", &json!({})).await["id"].as_str().unwrap().to_owned();
    let mut answers = BTreeSet::new();
    for id in [id.as_str(), "01932f5e-0000-7000-8000-000000000000", "1'--", "%00"] {
        let at = format!("{PAYMENTS}/{id}");
        for page in [
            bruno.get(&at).await,
            bruno.post(&format!("{at}/cancel"), Some("k"), &json!({})).await,
            bruno.post(&format!("{at}/resend"), None, &json!({})).await,
        ] {
            assert_eq!(assert_problem(&page, 404), "not-found", "{at}");
            let mut problem = page.json();
            problem["request_id"] = json!("");
            answers.insert(problem.to_string());
        }
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(bruno.get(PAYMENTS).await.json()["data"], json!([]));
    assert_eq!(bruno.get(&format!("{PAYMENTS}?q=CB-")).await.json()["data"], json!([]));
    assert_eq!(app.count("email_payments WHERE status = 'open'"), 1);

    // The same key of another merchant is another key; so is the originator of another one unknown.
    let boutique = app.text("SELECT id FROM originators WHERE name = 'Boutique'");
    let made = create(&bruno, "one", &json!({ "originator_id": boutique })).await;
    assert_ne!(made["id"], json!(id));
    let foreign = app.world.first_originator.to_string();
    let body = good_but(&json!({ "originator_id": foreign }));
    assert_eq!(wrong_fields(&bruno.post(PAYMENTS, Some("two"), &body).await), ["originator_id"]);
    let page = bruno.post(PAYMENTS, Some("three"), &good()).await;
    assert_eq!(wrong_fields(&page), ["originator_id"], "two originators: it has to be said which");
}

#[actix_web::test]
async fn sec_09_a_scope_that_is_missing_is_named_and_the_refusal_noted() {
    let app = TestApp::start().await;
    let issued = app.access_token(ANNA, &[Scope::ReadEmailPayments]);
    let program = app.program(&issued.token);
    assert_eq!(program.get(PAYMENTS).await.status, StatusCode::OK);
    let page = program.post(PAYMENTS, Some("1"), &good()).await;
    assert_eq!(assert_problem(&page, 403), "insufficient-scope");
    assert_eq!(
        page.header("www-authenticate").as_deref(),
        Some("Bearer error=\"insufficient_scope\", scope=\"email_payments:write\"")
    );
    assert!(page.json()["detail"].as_str().unwrap().contains("email_payments:write"));
    assert_eq!(app.count("email_payments"), 0);
    let noted = format!(
        "audit_log WHERE action = 'access.refuse' AND NOT is_done
         AND after -> 'program' ->> 'access_token' = '{}'",
        issued.id
    );
    assert_eq!(app.count(&noted), 1);
    let writer = app.program(&app.access_token(ANNA, &[Scope::WriteEmailPayments]).token);
    create(&writer, "1", &json!({})).await;
    let page = writer.get(PAYMENTS).await;
    assert_eq!(assert_problem(&page, 403), "insufficient-scope");
}

#[actix_web::test]
async fn every_row_of_a_long_list_is_met_once_in_both_directions() {
    let app = TestApp::start().await;
    app.many_drafts(120);
    let program = app.annas_program();
    let mut seen = Vec::new();
    let mut next = Some(format!("{PAYMENTS}?size=50&q=ROW-"));
    let mut last = String::new();
    let mut pages = 0;
    while let Some(url) = next {
        let page = program.get(&url).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let json = page.json();
        assert_eq!(json["previous"].is_null(), pages == 0);
        for row in json["data"].as_array().unwrap() {
            seen.push(row["order_id"].as_str().unwrap().to_owned());
        }
        if pages == 0 {
            // Rows that arrive meanwhile push nobody onto a page twice.
            app.change(
                "UPDATE email_payments SET created_at = created_at + interval '1 year' WHERE order_id = 'ROW-0001'",
            );
        }
        last = url;
        next = json["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!(pages, 3);
    let expected: Vec<String> = (2..=120).rev().map(|n| format!("ROW-{n:04}")).collect();
    assert_eq!(seen, expected);
    let mut back = 0;
    let mut previous = program.get(&last).await.json()["previous"].as_str().map(str::to_owned);
    while let Some(url) = previous {
        let json = program.get(&url).await.json();
        back += json["data"].as_array().unwrap().len();
        previous = json["previous"].as_str().map(str::to_owned);
    }
    assert_eq!(back, 101, "all before the last page, and the one that moved to the top");
}

#[actix_web::test]
async fn the_list_is_narrowed_by_the_parameters_of_the_page_and_by_no_others() {
    let app = TestApp::start().await;
    app.many_drafts(30);
    let program = app.annas_program();
    create(&program, "1", &json!({ "order_id": "SENT", "amount_minor": 99_900 })).await;
    let orders = async |query: &str| -> Vec<String> {
        let json = program.get(&format!("{PAYMENTS}?{query}")).await.json();
        let rows = json["data"].as_array().unwrap_or_else(|| panic!("{json}")).clone();
        rows.iter().map(|row| row["order_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(orders("").await.len(), 25);
    assert_eq!(orders("status=open").await, ["SENT"]);
    assert_eq!(orders("status=open&status=draft&size=100").await.len(), 31);
    assert_eq!(orders("amount_min=900&currency=EUR").await, ["SENT"]);
    assert_eq!(orders("q=ROW-0007").await, ["ROW-0007"]);
    assert_eq!(orders("created_from=2026-11-01&created_to=2026-11-01&size=100").await.len(), 30);
    assert_eq!(orders("group=past").await, Vec::<String>::new());
    for (query, field) in [
        ("status=nonsense", "status"),
        ("created_from=1.1.2026", "created_from"),
        ("size=7", "size"),
        ("after=nonsense", "after"),
        ("merchant=1", "merchant"),
        ("stauts=paid", "stauts"),
    ] {
        let page = program.get(&format!("{PAYMENTS}?{query}")).await;
        assert_eq!(wrong_fields(&page), [field], "{query}");
    }
    // A place of the list as it stands by itself is none in another order.
    let next = program.get(PAYMENTS).await.json()["next"].as_str().unwrap().to_owned();
    let (_, place) = next.split_once("after=").unwrap();
    for (sort, is_read) in
        [("created", true), ("expires", true), ("amount", false), ("order_id", false)]
    {
        for way in ["", "-"] {
            let page = program.get(&format!("{PAYMENTS}?sort={way}{sort}&after={place}")).await;
            if is_read {
                assert_eq!(page.status, StatusCode::OK, "{way}{sort}");
            } else {
                assert_eq!(wrong_fields(&page), ["after"], "{way}{sort}");
            }
        }
    }
    let page = program.get(&format!("{PAYMENTS}?size=25&size=50")).await;
    assert_eq!(assert_problem(&page, 400), "malformed");
    assert!(page.json()["detail"].as_str().unwrap().contains("size"));
}
