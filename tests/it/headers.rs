//! What every answer carries, whatever became of the request.

use std::io::Read as _;

use central::web::asset;
use openidconnect::reqwest::{self, Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::*;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const SAME: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

/// The headers of SEC-1.
fn assert_dressed(page: &Page, what: &str) {
    for (name, value) in [
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        assert_eq!(page.header(name).as_deref(), Some(value), "{what}: {name}");
    }
    let referrer = page.header("referrer-policy").unwrap_or_default();
    assert!(["same-origin", "no-referrer"].contains(&referrer.as_str()), "{what}: {referrer}");
    let policy = page.header("content-security-policy").unwrap_or_default();
    for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{what}: {part} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    let id = page.header("x-request-id").unwrap_or_default();
    assert!(id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{what}: {id}");
    assert_eq!(page.headers.get_all("x-request-id").iter().count(), 1, "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(page.header(name), None, "{what}: {name}");
    }
    let kind = page.header("content-type").unwrap_or_default();
    let is_text = kind.starts_with("text/") || kind.starts_with("application/json");
    assert!(
        page.body.is_empty() || !is_text || kind.ends_with("; charset=utf-8"),
        "{what}: {kind}"
    );
    assert!(page.body.is_empty() || !kind.is_empty(), "{what}: a body without a type");
}

#[actix_web::test]
async fn sec_01_every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let mut anna = app.sign_in(ANNA).await;
    let unknown_link = format!("/pay/{}", "x".repeat(32));
    let large = format!("return_to=/{}", "x".repeat(70 * 1024));
    let mut answers = vec![
        (200, nobody.get("/sign-in").await),
        (200, anna.get(LIST).await),
        (303, nobody.get("/").await),
        (400, nobody.post("/display", &[("lang", "tlh")]).await),
        (403, nobody.request(Method::POST, "/sign-in", &[FORM], "").await),
        (403, anna.get("/merchants").await),
        (404, nobody.get("/nothing/here").await),
        (404, nobody.get(&unknown_link).await),
        (404, nobody.get("/static/css/backoffice.0000000000.css").await),
        (405, nobody.request(Method::OPTIONS, "/signed-out", &[], "").await),
        (413, nobody.request(Method::POST, "/sign-in", &[FORM, SAME], &large).await),
        (415, nobody.request(Method::POST, "/sign-in", &[SAME], "").await),
        (422, anna.fills_in(&[("amount", "")], "send").await),
        (200, nobody.get(&asset("css/public.css")).await),
    ];
    let unreached = TestApp::start().await;
    unreached.idp.set_down(true);
    answers.push((503, unreached.browser().post("/sign-in", &[]).await));
    for _ in 0..12 {
        nobody.get(&unknown_link).await;
    }
    answers.push((429, nobody.get(&unknown_link).await));
    for (status, page) in &answers {
        let what = format!("{status} {}", page.url);
        assert_eq!(page.status.as_u16(), *status, "{what}");
        assert_dressed(page, &what);
        let cached = page.header("cache-control").unwrap_or_default();
        let is_static = page.url.contains("/static/") && *status == 200;
        let expected = if is_static { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(cached, expected, "{what}");
    }
    let waits: u64 = answers.last().unwrap().1.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&waits), "{waits}");
    let ids: std::collections::BTreeSet<_> =
        answers.iter().map(|(_, page)| page.header("x-request-id")).collect();
    assert_eq!(ids.len(), answers.len(), "an id belongs to one request");
}

#[actix_web::test]
async fn sec_01_a_request_id_from_outside_is_not_taken_over() {
    let app = TestApp::start().await;
    let headers = [("X-Request-Id", "chosen-by-somebody-else")];
    let page = app.browser().request(Method::GET, "/sign-in", &headers, "").await;
    assert_ne!(page.header("x-request-id").as_deref(), Some("chosen-by-somebody-else"));
}

#[actix_web::test]
async fn sec_02_pages_for_customers_allow_no_script_and_the_backoffice_only_its_own() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let backoffice = anna.get(LIST).await.header("content-security-policy").unwrap();
    let issuer = &app.config.oidc.issuer;
    for part in
        ["script-src 'self';", "style-src 'self';", &format!("form-action 'self' {issuer};")]
    {
        assert!(backoffice.contains(part), "{part} in {backoffice}");
    }
    let pay = anna.get(&format!("/pay/{}", "x".repeat(32))).await;
    let public = pay.header("content-security-policy").unwrap();
    assert!(!public.contains("script-src") && !public.contains("connect-src"), "{public}");
    let gateway = app.config.connect2pay_url.to_string();
    let gateway = gateway.trim_end_matches('/');
    assert!(public.contains(&format!("form-action 'self' {gateway};")), "{public}");
    assert_eq!(pay.header("referrer-policy").as_deref(), Some("same-origin"));
    assert!(!pay.has("script"));
}

#[actix_web::test]
async fn sec_01_a_method_that_an_address_does_not_have_answers_405_with_those_it_has() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let token = form_token(&mut anna).await;
    let body = format!("_csrf={token}");
    for (path, allow) in [
        ("/signed-out", "GET, HEAD"),
        (LIST, "GET, HEAD, POST"),
        ("/sign-out", "POST"),
        ("/csp-report", "POST"),
    ] {
        for method in ["DELETE", "PUT", "OPTIONS", "TRACE", "BREW"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let page = anna.request(method.clone(), path, &[FORM, SAME], &body).await;
            assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(page.header("allow").as_deref(), Some(allow), "{method} {path}");
            assert_dressed(&page, &format!("{method} {path}"));
            assert!(!page.body.contains("Sec-Fetch"), "nothing is echoed");
        }
    }
    let page = anna.get("/sign-out").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// An answer as it came over the wire.
async fn raw(method: Method, url: &str, encoding: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let request = reqwest::Client::new().request(method, url).header("Accept-Encoding", encoding);
    let response = request.send().await.unwrap();
    (response.headers().clone(), response.bytes().await.unwrap().to_vec())
}

fn unpacked(encoding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        "br" => brotli::BrotliDecompress(&mut &*body, &mut plain).unwrap(),
        "gzip" => {
            flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap();
        }
        _ => plain.extend_from_slice(body),
    }
    plain
}

#[actix_web::test]
async fn pages_and_files_come_packed_as_the_browser_likes_with_their_length() {
    let app = TestApp::start().await;
    for path in ["/sign-in".to_owned(), asset("css/public.css"), asset("icons.svg")] {
        let url = app.base.clone() + &path;
        let (_, plain) = raw(Method::GET, &url, "identity").await;
        for encoding in ["br", "gzip"] {
            let (headers, packed) = raw(Method::GET, &url, encoding).await;
            assert_eq!(headers["content-encoding"], encoding, "{path}");
            assert_eq!(headers["content-length"], packed.len().to_string().as_str(), "{path}");
            assert!(headers["vary"].to_str().unwrap().contains("Accept-Encoding"), "{path}");
            assert!(packed.len() < plain.len(), "{path}");
            assert_eq!(unpacked(encoding, &packed).len(), plain.len(), "{path}");
        }
        let (headers, body) = raw(Method::HEAD, &url, "identity").await;
        assert_eq!(headers["content-length"], plain.len().to_string().as_str(), "{path}");
        assert!(body.is_empty());
    }
}

#[actix_web::test]
async fn sec_20_health_and_figures_are_on_the_inner_address_only() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        let page = browser.get(&format!("{}{path}", app.internal)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }
    let metrics = browser.get(&format!("{}/metrics", app.internal)).await;
    assert!(metrics.body.contains("central_http_responses_total{class=\"4xx\"}"));
    assert_eq!(browser.get(&app.internal.clone()).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn sec_20_an_error_page_tells_nothing_of_the_machinery() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    app.change("ALTER TABLE sign_in_transactions RENAME TO elsewhere");
    let page = browser.post("/sign-in", &[]).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_dressed(&page, "500");
    let id = page.header("x-request-id").unwrap();
    assert!(page.text("main").contains(&id), "the number to quote");
    for word in ["sign_in_transactions", "SQL", "relation", "diesel", "src/", "panicked"] {
        assert!(!page.body.contains(word), "{word}: {}", page.body);
    }
    app.change("ALTER TABLE elsewhere RENAME TO sign_in_transactions");
    assert_eq!(browser.post("/sign-in", &[]).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn sec_26_a_server_that_stops_says_so_and_ends_the_requests_that_it_has() {
    let mut app = TestApp::start().await;
    let mut browser = app.browser();
    let ready = format!("{}/readyz", app.internal);
    assert_eq!(browser.get(&ready).await.status, StatusCode::OK);
    let address = app.base.trim_start_matches("http://").to_owned();
    let mut slow = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /display HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\nlang=en"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server has to have begun with it: an answer to a later request on another connection.
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
    let rest = async {
        for _ in 0..400 {
            if browser.get(&ready).await.status == StatusCode::SERVICE_UNAVAILABLE {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let status = browser.get(&ready).await.status;
        slow.write_all(b"&theme=system").await.unwrap();
        let mut answer = Vec::new();
        slow.read_to_end(&mut answer).await.unwrap();
        (status, String::from_utf8_lossy(&answer).into_owned())
    };
    let ((), (status, answer)) = tokio::join!(app.shut_down(), rest);
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(tokio::net::TcpStream::connect(&address).await.is_err(), "nobody listens any more");
}
