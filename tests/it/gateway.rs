//! The client of the gateway against the sandbox, over real connections: what is written here is what
//! the slices may rely on.

use central::gateway::{
    AttemptStatus, Credentials, Gateway, Listed, Method, Preparation, Refusal, Validity, Verdict,
    Window,
};
use central::kernel::{Clock, Currency, EmailAddress, Error, Lang, Money};
use central::sandbox;
use chrono::Duration;
use openidconnect::reqwest::{self, redirect::Policy};
use tokio_util::sync::{CancellationToken, DropGuard};

struct World {
    gateway: Gateway,
    sandbox: sandbox::gateway::Gateway,
    clock: Clock,
    by: Credentials,
    browser: reqwest::Client,
    _stop: DropGuard,
}

fn account(number: &str) -> sandbox::gateway::Account {
    sandbox::gateway::Account {
        number: number.to_owned(),
        api_key: format!("key-{number}"),
        name: "Ceramiche Bellini".to_owned(),
        currencies: vec![Currency::EUR],
        attempts_max: 3,
        authorizes: false,
    }
}

fn credentials(number: &str, key: &str) -> Credentials {
    Credentials { number: number.to_owned(), api_key: key.to_owned().into() }
}

impl World {
    async fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (clock, stop) = (Clock::system(), CancellationToken::new());
        let options = sandbox::gateway::Options {
            accounts: vec![account("100001"), account("100002")],
            base_url: base.clone(),
            data_file: None,
            clock: clock.clone(),
            earlier: None,
        };
        let sandbox =
            sandbox::gateway::Gateway::start(listener, options, stop.clone()).await.unwrap();
        let payments = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let payments_url = format!("http://{}", payments.local_addr().unwrap()).parse().unwrap();
        sandbox.start_payments_api(payments, stop.clone()).unwrap();
        Self {
            gateway: Gateway::new(base.parse().unwrap(), payments_url, clock.clone()).unwrap(),
            sandbox,
            clock,
            by: credentials("100001", "key-100001"),
            browser: reqwest::Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            _stop: stop.drop_guard(),
        }
    }

    /// Prepares and pays with the sandbox's first card, or in its wallet: the transaction's number.
    async fn pays(&self, order_id: &str, method: Method) -> String {
        let now = self.clock.now();
        let preparation = Preparation {
            amount: Money::new(10_000, Currency::EUR),
            order_id,
            description: "Vase",
            customer_email: &EmailAddress::parse("anna@example.it").unwrap(),
            language: Lang::It,
            method: Some(method),
            validity: Validity::until(now + Duration::days(30), now),
            callback_url: "http://127.0.0.1:9/callback".to_owned(),
            return_url: "http://127.0.0.1:9/back".to_owned(),
            custom_data: "mine".to_owned(),
        };
        self.sandbox.set_callbacks(false);
        let prepared = self.gateway.prepare(&self.by, &preparation).await.unwrap();
        let url = self.gateway.page_url(&prepared.customer_token);
        match method {
            Method::CreditCard => {
                let fields = "way=card&pan=4111111111111111&exp=12/49&cvc=000&name=Anna+Ricci";
                self.posts(&url, fields).await;
            }
            Method::Alipay => {
                self.posts(&url, "way=alipay").await;
                self.posts(&url, "outcome=paid").await;
            }
        }
        let report = self.gateway.status(&self.by, &prepared.merchant_token).await.unwrap();
        report.attempts.first().unwrap().transaction_id.clone()
    }

    /// Sends the page's form.
    async fn posts(&self, url: &str, fields: &str) {
        let page = self.browser.get(url).send().await.unwrap().text().await.unwrap();
        let (_, rest) = page.split_once("name=\"attempt\" value=\"").expect("a form");
        let key = rest.split('"').next().unwrap();
        let answer = self.browser.post(url).body(format!("attempt={key}&{fields}")).send().await;
        assert_eq!(answer.unwrap().status(), 303);
    }

    async fn export(&self) -> central::gateway::Export {
        let now = self.clock.now();
        let window = Window::new(now - Duration::days(1), now + Duration::minutes(1)).unwrap();
        self.gateway.export(&self.by, window).await.unwrap()
    }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// The new transaction's number.
fn done(verdict: Result<Verdict, Error>) -> String {
    match verdict {
        Ok(Verdict::Done(new)) => new.id.unwrap(),
        other => panic!("not done: {other:?}"),
    }
}

fn refused(verdict: Result<Verdict, Error>) -> String {
    match verdict {
        Ok(Verdict::Refused(Refusal { code, .. })) => code,
        other => panic!("not refused: {other:?}"),
    }
}

#[actix_web::test]
async fn a_sale_is_given_back_in_parts_and_never_more() {
    let world = World::start().await;
    let (gateway, by) = (&world.gateway, &world.by);
    let sale = world.pays("CB-1", Method::CreditCard).await;
    let first = done(gateway.refund(by, &sale, euro(6_000)).await);
    assert_eq!(refused(gateway.refund(by, &sale, euro(4_001)).await), "064");
    done(gateway.refund(by, &sale, euro(4_000)).await);
    assert_eq!(refused(gateway.refund(by, "1", euro(1)).await), "312");

    let after = gateway.transaction(by, &sale).await.unwrap();
    assert_eq!((after.amount, after.refunded_minor), (euro(10_000), 10_000));
    assert_eq!(after.mean.card_number_masked.as_deref(), Some("411111XXXXXX1111"));
    assert_eq!(after.order_id.as_deref(), Some("CB-1"));
    assert!(after.merchant_token.is_some() && after.is_test);
    let refund = gateway.transaction(by, &first).await.unwrap();
    assert_eq!((refund.operation.as_str(), refund.parent_id), ("refund", Some(sale)));
    assert!(matches!(gateway.transaction(by, "999").await, Err(Error::NotFound)));
}

#[actix_web::test]
async fn an_authorisation_is_captured_or_cancelled() {
    // The product asks for sales, so the authorisation is prepared by hand.
    let world = World::start().await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let body = r#"{"apiVersion":"002.73","currency":"EUR","amount":5000,"paymentMode":"Single",
            "operation":"authorize","shopper":{},"order":{"id":"A"}}"#;
        let prepare = world.gateway.page_url("prepare");
        let request = world.browser.post(prepare).basic_auth("100001", Some("key-100001"));
        let answer = request.body(body).send().await.unwrap().text().await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let url = world.gateway.page_url(answer["customerToken"].as_str().unwrap());
        world.posts(&url, "way=card&pan=4111111111111111&exp=12/49&cvc=000&name=A").await;
        let token = answer["merchantToken"].as_str().unwrap();
        let report = world.gateway.status(&world.by, token).await.unwrap();
        held.push(report.attempts[0].transaction_id.clone());
    }
    let (gateway, by) = (&world.gateway, &world.by);
    let capture = done(gateway.capture(by, &held[0], euro(4_000)).await);
    assert_eq!(refused(gateway.cancel(by, &held[0], euro(5_000)).await), "012");
    assert_eq!(refused(gateway.refund(by, &held[0], euro(1)).await), "012");
    done(gateway.refund(by, &capture, euro(4_000)).await);
    done(gateway.cancel(by, &held[1], euro(5_000)).await);
    assert_eq!(refused(gateway.capture(by, &held[1], euro(5_000)).await), "012");
}

#[actix_web::test]
async fn an_asynchronous_refund_is_requested_and_confirmed() {
    let world = World::start().await;
    let (gateway, by) = (&world.gateway, &world.by);
    let sale = world.pays("CB-1", Method::Alipay).await;
    let Verdict::Requested(request) = gateway.refund(by, &sale, euro(577)).await.unwrap() else {
        panic!("it is only requested");
    };
    let request = request.id.unwrap();
    let refund = done(gateway.confirm_refund(by, &request).await);
    let found = gateway.transaction(by, &refund).await.unwrap();
    assert_eq!((found.method.as_str(), found.parent_id), ("Alipay", Some(request)));
    assert_eq!(found.mean.exchange_rate.as_deref(), Some("7.8125"));
    assert_eq!(refused(gateway.rebill(by, &sale, euro(1), None).await), "012");
}

#[actix_web::test]
async fn the_export_tells_everything_that_moved_and_the_sums_agree() {
    let world = World::start().await;
    let (gateway, by) = (&world.gateway, &world.by);
    let (mut taken, mut given) = (0, 0);
    for sale in 0..4_i64 {
        let id = world.pays(&format!("CB-{sale}"), Method::CreditCard).await;
        taken += 10_000;
        for part in 0..sale {
            let minor = 3_000 + part * 900;
            if let Verdict::Done(_) = gateway.refund(by, &id, euro(minor)).await.unwrap() {
                given += minor;
            }
        }
        done(gateway.rebill(by, &id, euro(700), Some(&format!("R-{sale}"))).await);
        taken += 700;
    }
    let export = world.export().await;
    assert_eq!(export.unreadable, Vec::<String>::new());
    let sum = |operations: &[&str]| -> i64 {
        let done = export.transactions.iter().filter(|t| t.status == AttemptStatus::Authorised);
        done.filter(|t| operations.contains(&t.operation.as_str())).map(|t| t.amount.minor).sum()
    };
    assert_eq!((sum(&["sale", "rebill"]), sum(&["refund"])), (taken, given));
    let declined = export.transactions.iter().filter(|t| t.status == AttemptStatus::Declined);
    assert_eq!(declined.map(|t| t.result_code.as_str()).collect::<Vec<_>>(), ["064"]);
    assert!(export.transactions.is_sorted_by_key(|t| t.occurred_at));
    let order = |t: &central::gateway::Transaction| t.order_id.clone().unwrap();
    assert!(export.transactions.iter().any(|t| t.operation == "rebill" && order(t) == "R-3"));

    let now = world.clock.now();
    let before = Window::new(now - Duration::days(3), now - Duration::days(2)).unwrap();
    assert!(gateway.export(by, before).await.unwrap().transactions.is_empty());
    let theirs = credentials("100002", "key-100002");
    let window = Window::new(now - Duration::days(1), now + Duration::days(1)).unwrap();
    assert!(gateway.export(&theirs, window).await.unwrap().transactions.is_empty());
}

#[actix_web::test]
async fn a_chargeback_is_found_at_the_api_behind_the_page() {
    let world = World::start().await;
    let (gateway, by) = (&world.gateway, &world.by);
    let sale = world.pays("CB-1", Method::CreditCard).await;
    let now = world.clock.now();
    let window = Window::new(now - Duration::days(1), now + Duration::minutes(1)).unwrap();
    assert!(gateway.listed(by, Listed::Chargebacks, window).await.unwrap().transactions.is_empty());
    let url = format!("{}/sandbox/chargebacks", gateway.origin());
    let request = world.browser.post(url).basic_auth("100001", Some("key-100001"));
    let body = format!(r#"{{"transactionID":"{sale}","amount":4000}}"#);
    assert_eq!(request.body(body).send().await.unwrap().status(), 200);

    let found = gateway.listed(by, Listed::Chargebacks, window).await.unwrap().transactions;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].operation.as_str(), found[0].amount), ("chargeback", euro(4_000)));
    assert_eq!(found[0].parent_id.as_deref(), Some(sale.as_str()));
    assert!(gateway.listed(by, Listed::Frauds, window).await.unwrap().transactions.is_empty());
    let same = gateway.look_up(by, &found[0].id).await.unwrap();
    assert_eq!((same.id.as_str(), same.occurred_at), (found[0].id.as_str(), found[0].occurred_at));
    assert!(matches!(gateway.look_up(by, "999").await, Err(Error::NotFound)));
    let info = gateway.transaction(by, &found[0].id).await.unwrap();
    assert_eq!(
        (info.method.as_str(), info.mean.reason_code.as_deref()),
        ("Chargeback", Some("10.4"))
    );
}

#[actix_web::test]
async fn the_account_says_which_methods_it_has() {
    let world = World::start().await;
    let account = world.gateway.account(&world.by).await.unwrap();
    assert_eq!((account.name.as_str(), account.attempts_max), ("Ceramiche Bellini", Some(3)));
    let methods = account.methods.iter().map(|one| (one.method.as_str(), &one.currencies[..]));
    assert!(methods.clone().any(|one| one == ("CreditCard", &[Currency::EUR][..])));
    assert!(methods.clone().any(|one| one == ("Alipay", &[Currency::EUR][..])));
    let wrong = world.gateway.account(&credentials("100001", "wrong")).await;
    assert!(matches!(wrong, Err(Error::Unavailable(..))));
}

#[actix_web::test]
async fn a_gateway_that_fails_is_given_a_rest_by_originator() {
    let world = World::start().await;
    let ask = async |by: &Credentials| match world.gateway.account(by).await {
        Ok(_) => "answered".to_owned(),
        Err(error) => error.cause().unwrap().to_string(),
    };
    let theirs = credentials("100002", "key-100002");
    // Wrong keys are an answer: they stop nobody.
    for _ in 0..10 {
        assert!(ask(&credentials("100001", "wrong")).await.contains("credentials"));
    }
    world.sandbox.set_down(true);
    for _ in 0..5 {
        assert!(ask(&world.by).await.contains("503"));
    }
    world.sandbox.set_down(false);
    assert_eq!(world.gateway.held_back(), 1);
    assert!(ask(&world.by).await.contains("not asked"));
    assert_eq!(ask(&theirs).await, "answered", "another originator is not concerned");
    world.clock.advance(Duration::seconds(10));
    assert_eq!(ask(&world.by).await, "answered");
    assert_eq!(ask(&world.by).await, "answered");

    assert_eq!(world.gateway.held_back(), 0);
    let figures = central::metrics::text(&central::metrics::Now::default());
    let calls: Vec<&str> =
        figures.lines().filter(|line| line.starts_with("central_gateway_calls_total{")).collect();
    for labels in ["call=\"account\",outcome=\"held_back\"", "call=\"account\",outcome=\"failed\""]
    {
        assert!(calls.iter().any(|line| line.contains(labels)), "{labels}: {calls:?}");
    }
    assert!(
        !calls.iter().any(|line| line.contains("100001") || line.contains("key-")),
        "{calls:?}"
    );
}

#[actix_web::test]
async fn an_outcome_that_was_not_heard_is_found_by_asking() {
    let world = World::start().await;
    let (gateway, by) = (&world.gateway, &world.by);
    let sale = world.pays("CB-1", Method::CreditCard).await;
    // Somebody in between takes the request to the gateway and loses the answer.
    let lossy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let through = format!("http://{}", lossy.local_addr().unwrap());
    let target = gateway.origin().trim_start_matches("http://").to_owned();
    let carrier = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut from, _) = lossy.accept().unwrap();
        let mut to = std::net::TcpStream::connect(target).unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.ends_with(b"}") {
            let length = from.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..length]);
        }
        to.write_all(&request).unwrap();
        assert!(to.read(&mut buffer).unwrap() > 0);
    });
    let through: url::Url = through.parse().unwrap();
    let behind = Gateway::new(through.clone(), through, world.clock.clone()).unwrap();
    let unheard = behind.refund(by, &sale, euro(2_500)).await;
    assert!(matches!(unheard, Err(Error::Unavailable(..))), "unknown: {unheard:?}");
    carrier.join().unwrap();

    assert_eq!(gateway.transaction(by, &sale).await.unwrap().refunded_minor, 2_500);
    let export = world.export().await;
    let found = export.transactions.iter().find(|t| t.parent_id.as_ref() == Some(&sale)).unwrap();
    assert_eq!((found.operation.as_str(), found.amount), ("refund", euro(2_500)));
}
