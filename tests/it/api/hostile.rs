//! Too much, too often, and what is not meant well.

use super::*;

#[actix_web::test]
async fn sec_16_a_token_that_asks_too_often_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let at = format!("{PAYMENTS}/01932f5e-0000-7000-8000-000000000000");
    let mut refused = None;
    for count in 0..400 {
        let page = program.get(&at).await;
        if page.status != StatusCode::NOT_FOUND {
            refused = Some((count, page));
            break;
        }
    }
    let (count, page) = refused.expect("the bucket is never empty");
    assert!(count >= 100, "{count}");
    assert_eq!(assert_problem(&page, 429), "too-many-requests");
    assert_eq!(page.header("retry-after").as_deref(), Some("1"));
    assert_eq!(app.annas_program().get(&at).await.status, StatusCode::NOT_FOUND, "another token");
}

#[actix_web::test]
async fn sec_16_a_merchant_has_twenty_requests_worked_on_at_the_same_time() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let address = app.base.trim_start_matches("http://");
    let head = format!(
        "POST {PAYMENTS} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{{",
        program.token
    );
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let bruno = app.program(&app.access_token(BRUNO, &Scope::ALL).token);
    app.until("twenty requests are worked on", async || {
        program.get(PAYMENTS).await.status == StatusCode::TOO_MANY_REQUESTS
    })
    .await;
    let page = program.get(PAYMENTS).await;
    assert_eq!(assert_problem(&page, 429), "too-many-requests");
    assert!(page.header("retry-after").is_some());
    assert_eq!(bruno.get(PAYMENTS).await.status, StatusCode::OK, "another merchant");
    drop(slow);
    app.until("the places are free again", async || {
        program.get(PAYMENTS).await.status == StatusCode::OK
    })
    .await;
}

#[actix_web::test]
async fn sec_20_whatever_goes_wrong_below_api_is_a_problem() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    let mut nobody = app.browser();
    for path in [
        "/api/",
        "/api/v2/email-payments",
        "/api/v1/nothing",
        "/api/%00",
        "/api/v1/email-payments/",
    ] {
        assert_eq!(assert_problem(&program.get(path).await, 404), "not-found", "{path}");
        let page = nobody.request(Method::POST, path, &[], "").await;
        assert_eq!(assert_problem(&page, 404), "not-found", "{path}");
    }
    for (path, allow) in [
        (PAYMENTS, "GET, HEAD, POST"),
        ("/api", "GET, HEAD"),
        ("/api/v1/openapi.json", "GET, HEAD"),
        ("/api/v1/email-payments/1/cancel", "POST"),
    ] {
        let page = program.request(Method::DELETE, path, &[], "").await;
        assert_eq!(assert_problem(&page, 405), "method-not-allowed", "{path}");
        assert_eq!(page.header("allow").as_deref(), Some(allow), "{path}");
    }
    let key = ("Idempotency-Key", "k");
    let post = async |headers: &[(&str, &str)], body: &str| {
        program.request(Method::POST, PAYMENTS, headers, body).await
    };
    let large = format!("{{\"message\": \"{}\"}}", "x".repeat(256 * 1024));
    let deep = format!("{{\"message\": {}{}}}", "[".repeat(40), "]".repeat(40));
    for body in [
        "{",
        "[]",
        "\"x\"",
        "{\"a\": 1, \"a\": 2}",
        "{} {}",
        deep.as_str(),
        "{\"message\": \"\u{0}\"}",
    ] {
        assert_eq!(assert_problem(&post(&[JSON, key], body).await, 400), "malformed", "{body:.40}");
    }
    assert_eq!(assert_problem(&post(&[JSON, key], &large).await, 413), "too-large");
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
        "application/jsonp",
    ] {
        let page = post(&[("Content-Type", kind), key], "{}").await;
        assert_eq!(assert_problem(&page, 415), "unsupported-media-type", "{kind}");
    }
    assert_eq!(assert_problem(&post(&[key], "{}").await, 415), "unsupported-media-type");
    let charset = ("Content-Type", "application/json; charset=utf-8");
    assert_eq!(post(&[charset, key], &good().to_string()).await.status, StatusCode::CREATED);

    app.change("ALTER VIEW email_payments_list RENAME TO elsewhere");
    assert_eq!(assert_problem(&program.get(PAYMENTS).await, 500), "internal");
    app.change("ALTER VIEW elsewhere RENAME TO email_payments_list");
    app.idp.set_down(true);
    app.clock.advance(chrono::Duration::hours(25));
    let jwt = app.program("eyJhbGciOiJSUzI1NiJ9.e30.AAAA").get(PAYMENTS).await;
    assert_eq!(assert_problem(&jwt, 503), "unavailable");
    assert_eq!(jwt.header("retry-after").as_deref(), Some("10"));
}

#[actix_web::test]
async fn sec_19_hostile_texts_are_refused_or_come_back_as_they_were() {
    let app = TestApp::start().await;
    let program = app.annas_program();
    for (number, text) in [
        "<script>alert(1)</script>",
        "'; DROP TABLE email_payments; --",
        "{{7*7}} ${7*7}",
        "Zoë 🏺 日本 \\u0000 \"quoted\"",
    ]
    .into_iter()
    .enumerate()
    {
        let fields = json!({ "customer_name": text, "description": text, "send": false });
        let made = create(&program, &format!("good {number}"), &fields).await;
        let at = format!("{PAYMENTS}/{}", made["id"].as_str().unwrap());
        let read = program.get(&at).await.json();
        assert_eq!((&read["customer_name"], &read["description"]), (&json!(text), &json!(text)));
    }
    for text in ["a\0b", "a\nb", "\u{202e}gnihtemos", "4111 1111 1111 1111"] {
        let body = good_but(&json!({ "customer_name": text }));
        let page = program.post(PAYMENTS, Some("bad"), &body).await;
        assert_eq!(wrong_fields(&page), ["customer_name"], "{text:?}");
        assert!(
            !page.body.contains("gnihtemos") && !page.body.contains("4111"),
            "nothing is echoed"
        );
    }
}

#[actix_web::test]
async fn sec_16_a_body_with_more_names_than_any_object_has_is_refused_at_once() {
    let app = TestApp::start().await;
    let program = app.program(&app.access_token(ANNA, &Scope::ALL).token);
    let names: Vec<String> = (0..20_000).map(|number| format!("\"n{number}\":0")).collect();
    let body = format!("{{{}}}", names.join(","));
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "many")];
    let page = program.request(Method::POST, PAYMENTS, &headers, &body).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.len() < 1_000, "{}", page.body.len());
}
