//! The whole gateway over sockets, as a merchant, a cardholder and a stranger meet it.

mod operations;
mod payments_api;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use openidconnect::reqwest::{Client, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Account, Gateway, Options};
use crate::kernel::{Clock, Currency};

const CARD: &str = "4111111111111111";

struct Sandbox {
    gateway: Gateway,
    base: String,
    clock: Clock,
    client: Client,
    callback_url: String,
    callbacks: Arc<Mutex<Vec<Value>>>,
    _stop: DropGuard,
}

fn account(number: &str) -> Account {
    Account {
        number: number.to_owned(),
        api_key: format!("key-{number}"),
        name: "Ceramiche Bellini".to_owned(),
        currencies: vec![Currency::EUR],
        attempts_max: 2,
        authorizes: false,
    }
}

fn client() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

impl Sandbox {
    async fn start() -> Self {
        Self::start_with(None).await
    }

    async fn start_with(data_file: Option<std::path::PathBuf>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (clock, stop) = (Clock::system(), CancellationToken::new());
        let options = Options {
            accounts: vec![account("100001"), account("100002")],
            base_url: base.clone(),
            data_file,
            clock: clock.clone(),
            earlier: None,
        };
        let gateway = Gateway::start(listener, options, stop.clone()).await.unwrap();
        let (callback_url, callbacks) = merchant().await;
        let client = client();
        Self { gateway, base, clock, client, callback_url, callbacks, _stop: stop.drop_guard() }
    }

    fn request(&self) -> Value {
        json!({"apiVersion": "002.73", "currency": "EUR", "amount": 24_850,
            "paymentMode": "Single", "timeOut": "P30D", "ctrlCustomData": "mine",
            "shopper": {}, "shipping": {}, "order": {"id": "CB-1", "description": "Vase <b>"},
            "ctrlCallbackURL": self.callback_url,
            "ctrlRedirectURL": "http://127.0.0.1:9/back"})
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}{path}", self.base));
        json(request.basic_auth("100001", Some("key-100001")).body(body.to_string())).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}{path}", self.base));
        json(request.basic_auth("100001", Some("key-100001"))).await
    }

    /// Merchant token and customer token.
    async fn prepare(&self, body: &Value) -> (String, String) {
        let (status, answer) = self.post("/payment/prepare", body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::OK, &json!("200")), "{answer}");
        let token = |name: &str| answer[name].as_str().unwrap().to_owned();
        (token("merchantToken"), token("customerToken"))
    }

    async fn status(&self, merchant_token: &str) -> Value {
        self.get(&format!("/payment/{merchant_token}/status?apiVersion=002.73")).await.1
    }

    async fn page(&self, customer_token: &str) -> String {
        let url = self.gateway.payment_url(customer_token);
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }

    async fn send(&self, customer_token: &str, fields: &[(&str, &str)]) -> Response {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let url = format!("{}?lang=it", self.gateway.payment_url(customer_token));
        self.client.post(url).body(body).send().await.unwrap()
    }

    async fn pay(&self, customer_token: &str, card: &str) {
        let key = attempt_key(&self.page(customer_token).await);
        let answer = self.send(customer_token, &card_fields(&key, card)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }

    async fn choose(&self, customer_token: &str, outcome: &str) {
        let key = attempt_key(&self.page(customer_token).await);
        self.send(customer_token, &[("attempt", &key), ("outcome", outcome)]).await;
    }

    /// The callbacks, once so many have arrived (or after five seconds).
    async fn callbacks(&self, count: usize) -> Vec<Value> {
        for _ in 0..100 {
            if self.callbacks.lock().unwrap().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.callbacks.lock().unwrap().clone()
    }
}

async fn json(request: openidconnect::reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(content_type.starts_with("application/json"), "{content_type}");
    (answer.status(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

fn card_fields<'a>(key: &'a str, card: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("attempt", key),
        ("way", "card"),
        ("pan", card),
        ("exp", "12/49"),
        ("cvc", "000"),
        ("name", "Anna Ricci"),
    ]
}

fn attempt_key(page: &str) -> String {
    hidden(page, "attempt")
}

fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// A merchant's callback address, and what arrives there.
async fn merchant() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/callback", listener.local_addr().unwrap());
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&arrived);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (mut text, mut buffer) = (String::new(), [0; 4096]);
            let body = loop {
                let length = socket.read(&mut buffer).await.unwrap();
                text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
                if let Some((_, body)) = text.split_once("\r\n\r\n")
                    && let Ok(body) = serde_json::from_str(body)
                {
                    break body;
                }
            };
            kept.lock().unwrap().push(body);
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n\
                {\"status\":\"OK\"}";
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, arrived)
}

#[actix_web::test]
async fn a_payment_is_prepared_paid_and_called_back() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let before = sandbox.status(&merchant_token).await;
    assert_eq!(before["status"], "Not processed");
    assert_eq!((&before["errorCode"], &before["transactions"]), (&json!("-1"), &json!([])));
    assert_eq!(before.get("operation"), None);

    let url = sandbox.gateway.payment_url(&customer_token);
    let answer = sandbox.client.get(url).header("Accept-Language", "it-IT").send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' http://127.0.0.1:9;"), "{policy}");
    let page = answer.text().await.unwrap();
    for text in ["lang=\"it\"", "Importo da pagare", "248,50\u{a0}€", "CB-1", "SANDBOX"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("Vase <b>") && !page.contains(&merchant_token));

    sandbox.pay(&customer_token, CARD).await;
    let after = sandbox.status(&merchant_token).await;
    assert_eq!((&after["status"], &after["errorCode"]), (&json!("Authorized"), &json!("000")));
    assert_eq!(sandbox.callbacks(1).await, std::slice::from_ref(&after));
    let attempt = &after["transactions"][0];
    assert_eq!(attempt["paymentMeanInfo"]["cardNumber"], "411111XXXXXX1111");
    assert_eq!(attempt["isTest"], true);
    assert!(attempt["date"].is_i64() && after.get("transactionID").is_none());
    attempt["transactionID"].as_str().unwrap().parse::<u64>().unwrap();

    let page = sandbox.page(&customer_token).await;
    assert_eq!(hidden(&page, "customer"), customer_token);
    assert!(!hidden(&page, "data").is_empty() && !page.contains("name=\"pan\""));
}

#[actix_web::test]
async fn the_page_speaks_six_languages() {
    let sandbox = Sandbox::start().await;
    let (_, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let url = sandbox.gateway.payment_url(&customer_token);
    for (lang, code, words) in [
        ("de-AT", "de", "Zu zahlender Betrag"),
        ("zh-HK", "zh-Hant", "應付金額"),
        ("es", "es", "Importe"),
        ("pl", "en", "Amount to pay"),
    ] {
        let request = sandbox.client.get(&url).header("Accept-Language", lang);
        let page = request.send().await.unwrap().text().await.unwrap();
        assert!(page.contains(&format!("<html lang=\"{code}\"")), "{lang}");
        assert!(page.contains(words), "{lang}: {page}");
        assert_eq!(page.matches("hreflang=").count(), 6);
    }
    let chosen = sandbox.client.get(format!("{url}?lang=zh_hant")).send().await.unwrap();
    assert!(chosen.text().await.unwrap().contains("248.50"));
}

#[actix_web::test]
async fn a_declined_card_may_be_tried_again_until_no_try_is_left() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    sandbox.pay(&customer_token, "4000000000000051").await;
    let page = sandbox.page(&customer_token).await;
    assert!(page.contains("You have not been charged") && page.contains("once more"), "{page}");
    let status = sandbox.status(&merchant_token).await;
    assert_eq!((&status["status"], &status["errorCode"]), (&json!("Pending"), &json!("051")));

    sandbox.pay(&customer_token, "4000000000020091").await;
    let page = sandbox.page(&customer_token).await;
    assert!(!page.contains("name=\"pan\"") && page.contains("Back to Ceramiche Bellini"));
    assert_eq!(sandbox.status(&merchant_token).await["status"], "Not authorized");
    assert_eq!(sandbox.callbacks(2).await.len(), 2);
}

#[actix_web::test]
async fn the_same_form_sent_twice_makes_one_attempt() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    let fields = card_fields(&key, "4000000000070005");
    let (first, second) = tokio::join!(
        sandbox.send(&customer_token, &fields),
        sandbox.send(&customer_token, &fields)
    );
    assert_eq!((first.status(), second.status()), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let status = sandbox.status(&merchant_token).await;
    assert_eq!(status["transactions"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_wrong_form_comes_back_without_the_card_number() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    let mut fields = card_fields(&key, CARD);
    fields[3] = ("exp", "13/28");
    let answer = sandbox.send(&customer_token, &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("C’è 1 campo da correggere") && page.contains("aria-invalid"), "{page}");
    assert!(page.contains("value=\"Anna Ricci\"") && page.contains("value=\"13/28\""));
    assert!(!page.contains(CARD) && !page.contains("value=\"000\""));
    assert_eq!(sandbox.status(&merchant_token).await["status"], "Not processed");
}

#[actix_web::test]
async fn a_soft_decline_leads_to_the_bank() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    sandbox.pay(&customer_token, "4000000000040065").await;
    assert_eq!(sandbox.status(&merchant_token).await["errorCode"], "065");
    assert!(sandbox.page(&customer_token).await.contains("Confirm with your bank"));
    sandbox.choose(&customer_token, "confirm").await;
    let status = sandbox.status(&merchant_token).await;
    assert_eq!(status["status"], "Authorized");
    assert_eq!(status["transactions"][1]["paymentMeanInfo"]["is3DSecure"], true);
    assert_eq!(sandbox.callbacks(1).await.len(), 1);
}

#[actix_web::test]
async fn a_suspicious_shopper_is_asked_by_the_bank_before_anything_is_tried() {
    let sandbox = Sandbox::start().await;
    let mut request = sandbox.request();
    request["shopper"] = json!({"account": {"suspicious": true}});
    let (merchant_token, customer_token) = sandbox.prepare(&request).await;
    sandbox.pay(&customer_token, CARD).await;
    assert!(sandbox.page(&customer_token).await.contains("Confirm with your bank"));
    assert_eq!(sandbox.status(&merchant_token).await["transactions"], json!([]));
    sandbox.choose(&customer_token, "confirm").await;
    let status = sandbox.status(&merchant_token).await;
    assert_eq!(status["status"], "Authorized");
    assert_eq!(status["transactions"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_wallet_payment_may_be_left_pending_and_time_decides_it() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    sandbox.send(&customer_token, &[("attempt", &key), ("way", "alipay")]).await;
    sandbox.choose(&customer_token, "pending").await;
    let status = sandbox.status(&merchant_token).await;
    assert_eq!((&status["status"], &status["errorCode"]), (&json!("Pending"), &json!("-1")));
    sandbox.clock.advance(chrono::Duration::seconds(61));
    let status = sandbox.status(&merchant_token).await;
    assert_eq!(status["status"], "Authorized");
    assert_eq!(status["transactions"][0]["paymentMethod"], "Alipay");
}

#[actix_web::test]
async fn an_expired_link_shows_no_form() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    sandbox.clock.advance(chrono::Duration::days(31));
    let page = sandbox.page(&customer_token).await;
    assert!(page.contains("This link has expired") && !page.contains("248"));
    sandbox.send(&customer_token, &card_fields(&key, CARD)).await;
    assert_eq!(sandbox.status(&merchant_token).await["status"], "Expired");
}

#[actix_web::test]
async fn money_is_given_back_and_transactions_are_listed() {
    let sandbox = Sandbox::start().await;
    let (_, empty) = sandbox.get("/transactions/export?startTime=0&endTime=1&operationsale").await;
    assert_eq!(empty["transactions"], json!([]));
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    sandbox.pay(&customer_token, CARD).await;
    let status = sandbox.status(&merchant_token).await;
    let id = status["transactions"][0]["transactionID"].as_str().unwrap();
    let refund = format!("/transaction/{id}/refund");
    for (path, body, code) in [
        (refund.as_str(), json!({"amount": 10_000, "secure3d": false}), "000"),
        (refund.as_str(), json!({"amount": 14_851}), "064"),
        (refund.as_str(), json!({}), "401"),
        ("/transaction/1/refund", json!({"amount": 1}), "312"),
    ] {
        let (status, answer) = sandbox.post(path, &body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::OK, &json!(code)));
    }
    let (_, info) = sandbox.get(&format!("/Transaction/{id}/INFO?apiVersion=002.73")).await;
    assert_eq!(info["refundedAmount"], 10_000);
    assert_eq!(sandbox.get("/transaction/1/info").await.0, StatusCode::NOT_FOUND);
    let (_, list) =
        sandbox.get("/transactions/export?startTime=0&endTime=99999999999&operation=refund").await;
    assert_eq!(list["transactions"][0]["refTransactionID"], id);
    assert_eq!(sandbox.get("/account").await.1["maxAttempts"], 2);
}

#[actix_web::test]
async fn strangers_and_wrong_addresses_are_answered_in_json() {
    let sandbox = Sandbox::start().await;
    let (merchant_token, _) = sandbox.prepare(&sandbox.request()).await;
    let url = format!("{}/payment/{merchant_token}/status", sandbox.base);
    let (status, answer) = json(sandbox.client.get(&url).basic_auth("100001", Some("wrong"))).await;
    assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("403")));
    assert_eq!(json(sandbox.client.get(&url)).await.0, StatusCode::FORBIDDEN);
    let other = sandbox.client.get(&url).basic_auth("100002", Some("key-100002"));
    assert_eq!(json(other).await.0, StatusCode::NOT_FOUND);
    let (status, answer) = sandbox.get("/nowhere").await;
    assert_eq!((status, &answer["code"]), (StatusCode::NOT_FOUND, &json!("404")));
    let (status, _) = sandbox.post("/payment/prepare", &json!({"x": "y".repeat(70_000)})).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (_, answer) = sandbox.post("/payment/prepare", &json!({"amount": 1})).await;
    assert_eq!(answer["code"], "401");
    sandbox.gateway.set_down(true);
    let (status, _) = sandbox.get("/account").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[actix_web::test]
async fn a_chunked_body_without_content_type_is_read_on_the_old_route() {
    let sandbox = Sandbox::start().await;
    let body = sandbox.request().to_string();
    let host = sandbox.base.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).await.unwrap();
    let (first, second) = body.split_at(40);
    let request = format!(
        "POST /transaction/prepare HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Authorization: Basic MTAwMDAxOmtleS0xMDAwMDE=\r\nTransfer-Encoding: chunked\r\n\r\n\
         {:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len(),
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"code\":\"200\""), "{answer}");
}

#[actix_web::test]
async fn payments_survive_a_restart_and_callbacks_wait_while_they_are_off() {
    let file =
        std::env::temp_dir().join(format!("sandbox-gateway-{}.json", super::tokens::base36(12)));
    let sandbox = Sandbox::start_with(Some(file.clone())).await;
    sandbox.gateway.set_callbacks(false);
    let (merchant_token, customer_token) = sandbox.prepare(&sandbox.request()).await;
    sandbox.pay(&customer_token, CARD).await;
    assert_eq!(sandbox.gateway.callbacks_sent(), 0);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(!kept.contains(CARD));

    let again = Sandbox::start_with(Some(file.clone())).await;
    assert_eq!(again.status(&merchant_token).await["status"], "Authorized");
    // The callback that was due before the restart goes to the address of the first merchant.
    assert_eq!(sandbox.callbacks(1).await.len(), 1);
    std::fs::remove_file(file).unwrap();
}
