//! What a merchant does to transactions later, over the payment page's API.

use super::*;

impl Sandbox {
    /// A payment by card that has been made: its first transaction's number.
    async fn paid(&self, more: &Value) -> String {
        let mut request = self.request();
        let members = more.as_object().unwrap().clone();
        request.as_object_mut().unwrap().extend(members);
        let (merchant_token, customer_token) = self.prepare(&request).await;
        self.pay(&customer_token, CARD).await;
        self.first(&merchant_token).await
    }

    async fn first(&self, merchant_token: &str) -> String {
        let status = self.status(merchant_token).await;
        status["transactions"][0]["transactionID"].as_str().unwrap().to_owned()
    }

    /// Code and operation of the answer.
    async fn act(&self, path: &str, body: &Value) -> (String, Value) {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        (answer["code"].as_str().unwrap().to_owned(), answer)
    }
}

#[actix_web::test]
async fn an_authorisation_is_captured_and_the_capture_given_back() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.paid(&json!({"operation": "authorize"})).await;
    let (code, _) = sandbox.act(&format!("/transaction/{id}/refund"), &json!({"amount": 1})).await;
    assert_eq!(code, "012", "there is nothing to give back yet");
    let body = json!({"apiVersion": "002.60", "amount": 20_000, "secure3d": false});
    let (code, capture) = sandbox.act(&format!("/Transaction/{id}/CAPTURE"), &body).await;
    assert_eq!((code.as_str(), &capture["operation"]), ("000", &json!("capture")));
    let (code, again) = sandbox.act(&format!("/transaction/{id}/capture"), &body).await;
    assert_eq!(code, "012");
    assert_ne!(again["transactionID"], capture["transactionID"], "a declined one of its own");
    let (code, _) = sandbox.act(&format!("/transaction/{id}/cancel"), &body).await;
    assert_eq!(code, "012");
    let capture = capture["transactionID"].as_str().unwrap();
    let refund = format!("/transaction/{capture}/refund");
    assert_eq!(sandbox.act(&refund, &json!({"amount": "20001"})).await.0, "064");
    assert_eq!(sandbox.act(&refund, &json!({"amount": "20000"})).await.0, "000");
    let (_, info) = sandbox.get(&format!("/transaction/{capture}/info")).await;
    assert_eq!((&info["refundedAmount"], &info["refTransactionID"]), (&json!(20_000), &json!(id)));

    let window = "startTime=0&endTime=99999999999&apiVersion=002.73";
    let (_, list) = sandbox.get(&format!("/transactions/export?{window}")).await;
    let operations: Vec<(&str, &str)> = list["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (t["operation"].as_str().unwrap(), t["resultCode"].as_str().unwrap()))
        .collect();
    let expected = [
        ("authorize", "000"),
        ("refund", "012"),
        ("capture", "000"),
        ("capture", "012"),
        ("cancel", "012"),
        ("refund", "064"),
        ("refund", "000"),
    ];
    assert_eq!(operations, expected);
}

#[actix_web::test]
async fn a_cancelled_authorisation_takes_nothing() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.paid(&json!({"operation": "Authorize"})).await;
    let cancel = format!("/transaction/{id}/cancel");
    assert_eq!(sandbox.act(&cancel, &json!({})).await.0, "401");
    assert_eq!(sandbox.act("/transaction/1/cancel", &json!({})).await.0, "401", "the body first");
    assert_eq!(sandbox.act(&cancel, &json!({"amount": 24_850})).await.0, "000");
    let capture = format!("/transaction/{id}/capture");
    assert_eq!(sandbox.act(&capture, &json!({"amount": 24_850})).await.0, "012");
}

#[actix_web::test]
async fn a_rebill_charges_again_under_an_order_of_its_own() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.paid(&json!({})).await;
    let rebill = format!("/transaction/{id}/rebill");
    let body = json!({"apiVersion": "002.73", "amount": 500, "orderId": "CB-2",
        "merchantIdentifier": "M"});
    let (code, answer) = sandbox.act(&rebill, &body).await;
    assert_eq!((code.as_str(), &answer["operation"]), ("000", &json!("rebill")));
    let new = answer["transactionID"].as_str().unwrap();
    let (_, info) = sandbox.get(&format!("/transaction/{new}/info?apiVersion=002.73")).await;
    assert_eq!((&info["orderID"], &info["amount"]), (&json!("CB-2"), &json!(500)));
    let body = json!({"amount": 1, "orderId": "x".repeat(101)});
    assert_eq!(sandbox.act(&rebill, &body).await.0, "030");
    assert_eq!(sandbox.act(&rebill, &json!([])).await.0, "402");
}

#[actix_web::test]
async fn a_wallets_refund_may_wait_for_its_confirmation() {
    let sandbox = Sandbox::start().await;
    let mut request = sandbox.request();
    request["paymentMethod"] = json!("alipay");
    let (merchant_token, customer_token) = sandbox.prepare(&request).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    sandbox.send(&customer_token, &[("attempt", &key)]).await;
    sandbox.choose(&customer_token, "paid").await;
    let id = sandbox.first(&merchant_token).await;
    let (_, info) = sandbox.get(&format!("/transaction/{id}/info?apiVersion=002.73")).await;
    assert_eq!(info["paymentMeanInfo"]["exchangeRate"].to_string(), "7.8125");
    assert_eq!(info["paymentMeanInfo"]["totalFee"], 194_140);

    let (code, request) =
        sandbox.act(&format!("/transaction/{id}/refund"), &json!({"amount": 1_077})).await;
    assert_eq!((code.as_str(), &request["operation"]), ("000", &json!("refund_request")));
    let request = request["transactionID"].as_str().unwrap();
    let confirm = format!("/transaction/{request}/refund/confirm");
    let (code, refund) = sandbox.act(&confirm, &json!({"apiVersion": "002.70"})).await;
    assert_eq!((code.as_str(), &refund["operation"]), ("000", &json!("refund")));
    assert_eq!(sandbox.act(&confirm, &json!({})).await.0, "012");
    assert_eq!(
        sandbox.act(&format!("/transaction/{id}/refund/confirm"), &json!({})).await.0,
        "012"
    );
}

#[actix_web::test]
async fn subscriptions_are_unknown_on_both_routes() {
    let sandbox = Sandbox::start().await;
    for path in ["/subscription/12/cancel", "/Subscription/12/Rebill"] {
        assert_eq!(sandbox.act(path, &json!({"apiVersion": "002.50"})).await.0, "401");
        assert_eq!(sandbox.act(path, &json!({"cancelReason": 1011})).await.0, "678");
    }
    for (member, value) in [("subscriptionType", json!("normal")), ("offerID", json!(7))] {
        let mut request = sandbox.request();
        request[member] = value;
        let (_, answer) = sandbox.post("/payment/prepare", &request).await;
        assert_eq!(answer["code"], "501", "{member}");
    }
}

#[actix_web::test]
async fn an_export_is_filtered_and_forgives_what_clients_get_wrong() {
    let sandbox = Sandbox::start().await;
    sandbox.paid(&json!({})).await;
    let found = async |filters: &str| {
        let path = format!("/transactions/export?startTime=0&endTime=99999999999{filters}");
        let (_, answer) = sandbox.get(&path).await;
        answer["transactions"].as_array().map(Vec::len)
    };
    for (filters, expected) in [
        ("", Some(1)),
        ("&paymentNetwork=", Some(1)),
        ("&operationsale", Some(1)),
        ("&operation=Sale&paymentMethod=creditcard&transactionResultCode=0", Some(1)),
        ("&transactionResultCode=51", Some(0)),
        ("&paymentMethod=Alipay", Some(0)),
        ("&paymentNetwork=GiroPay", Some(0)),
        ("&operation=chargeback", None),
        ("&paymentMethod=Reversal", None),
    ] {
        assert_eq!(found(filters).await, expected, "{filters}");
    }
    let mut request = sandbox.request();
    request["paymentMethod"] = json!("alipay");
    let (_, customer_token) = sandbox.prepare(&request).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    sandbox.send(&customer_token, &[("attempt", &key)]).await;
    let key = attempt_key(&sandbox.page(&customer_token).await);
    let chosen = [("attempt", key.as_str()), ("outcome", "paid"), ("wallet", "GCash")];
    sandbox.send(&customer_token, &chosen).await;
    assert_eq!(found("&paymentNetwork=gcash").await, Some(1));
    let (status, answer) = sandbox.get("/transactions/export?startTime=5&endTime=5").await;
    assert_eq!((status, &answer["code"]), (StatusCode::OK, &json!("501")));
}

#[actix_web::test]
async fn what_was_done_survives_a_restart() {
    let name = format!("sandbox-operations-{}.json", super::super::tokens::base36(12));
    let file = std::env::temp_dir().join(name);
    let sandbox = Sandbox::start_with(Some(file.clone())).await;
    let id = sandbox.paid(&json!({})).await;
    let refund = format!("/transaction/{id}/refund");
    assert_eq!(sandbox.act(&refund, &json!({"amount": 24_000})).await.0, "000");
    let again = Sandbox::start_with(Some(file.clone())).await;
    assert_eq!(again.act(&refund, &json!({"amount": 851})).await.0, "064");
    assert_eq!(again.act(&refund, &json!({"amount": 850})).await.0, "000");
    std::fs::remove_file(file).unwrap();
}

#[actix_web::test]
async fn strangers_get_json_on_every_route() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.paid(&json!({})).await;
    for path in ["refund", "refund/confirm", "capture", "cancel", "rebill", "info"] {
        let url = format!("{}/transaction/{id}/{path}", sandbox.base);
        let request = if path == "info" {
            sandbox.client.get(url)
        } else {
            sandbox.client.post(url).body(r#"{"amount":1}"#)
        };
        let theirs = request.try_clone().unwrap().basic_auth("100002", Some("key-100002"));
        let (status, answer) = json(request.basic_auth("100001", Some("wrong"))).await;
        assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("403")), "{path}");
        let (_, answer) = json(theirs).await;
        let expected = if path == "info" { "404" } else { "312" };
        assert_eq!(answer["code"], expected, "another account's: {path}");
    }
    let (status, _) = sandbox.get(&format!("/transaction/{id}/refund")).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "a wrong method");
}

#[actix_web::test]
async fn clock_and_callbacks_are_in_the_hands_of_who_tries() {
    let sandbox = Sandbox::start().await;
    let body = json!({"on": false, "retryMinutes": [1]});
    let (_, answer) = sandbox.post("/sandbox/callbacks", &body).await;
    assert_eq!(answer["callbacks"], json!({"on": false, "posted": 0, "retryMinutes": [1]}));
    let (_, customer_token) = sandbox.prepare(&sandbox.request()).await;
    sandbox.pay(&customer_token, CARD).await;
    assert_eq!(sandbox.gateway.callbacks_sent(), 0);
    sandbox.post("/sandbox/callbacks", &json!({"on": true})).await;
    assert_eq!(sandbox.callbacks(1).await.len(), 1);

    let (_, customer_token) = sandbox.prepare(&sandbox.request()).await;
    assert!(sandbox.page(&customer_token).await.contains("name=\"pan\""));
    let (_, answer) = sandbox.post("/sandbox/clock", &json!({"advance": "P31D"})).await;
    assert_eq!(answer["code"], "200");
    assert!(!sandbox.page(&customer_token).await.contains("name=\"pan\""), "it has expired");

    for (path, body) in [
        ("/sandbox/clock", json!({"advance": "soon"})),
        ("/sandbox/clock", json!({})),
        ("/sandbox/callbacks", json!({"retryMinutes": [0]})),
        ("/sandbox/callbacks", json!([])),
    ] {
        assert_eq!(sandbox.post(path, &body).await.1["code"], "501", "{path}");
    }
    let url = format!("{}/sandbox", sandbox.base);
    assert_eq!(json(sandbox.client.get(url)).await.0, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn alipay_without_the_page_shows_a_code_or_takes_one() {
    let sandbox = Sandbox::start().await;
    let mut request = sandbox.request();
    request["paymentMethod"] = json!("alipay");
    let (merchant_token, customer_token) = sandbox.prepare(&request).await;
    let direct = format!("/payment/{customer_token}/process/alipay/direct");
    let code = async |body: Value| sandbox.post(&direct, &body).await.1["code"].clone();
    assert_eq!(code(json!({})).await, "401");
    assert_eq!(code(json!({"mode": "native"})).await, "501");
    assert_eq!(code(json!({"mode": "app"})).await, "401");
    let (_, shown) = sandbox.post(&direct, &json!({"apiVersion": "002.73", "mode": "pos"})).await;
    assert_eq!(
        (&shown["code"], shown["exchangeRate"].to_string().as_str()),
        (&json!("200"), "7.8125")
    );
    assert_eq!(shown["qrCodeUrl"], sandbox.gateway.payment_url(&customer_token));
    assert!(shown["qrCode"].as_str().unwrap().starts_with("iVBOR"), "a PNG");
    assert_eq!(sandbox.status(&merchant_token).await["status"], "Pending");
    assert_eq!(code(json!({"mode": "pos"})).await, "501", "it is under way");
    sandbox.choose(&customer_token, "paid").await;
    assert_eq!(sandbox.status(&merchant_token).await["status"], "Authorized");

    for (scanned, status) in [("283004000", "Authorized"), ("28300005", "Not authorized")] {
        let (_, customer_token) = sandbox.prepare(&request).await;
        let direct = format!("/payment/{customer_token}/process/alipay/direct");
        let body =
            json!({"mode": "app", "buyerIdentityCode": scanned, "identityCodeType": "qrcode"});
        let (_, answer) = sandbox.post(&direct, &body).await;
        assert_eq!(answer["transactionInfo"]["status"], status);
        assert_eq!(answer["transactionInfo"]["transactionID"], answer["transactionID"]);
    }
    let missing =
        sandbox.post("/payment/nobody/process/alipay/direct", &json!({"mode": "pos"})).await;
    assert_eq!((missing.0, &missing.1["code"]), (StatusCode::NOT_FOUND, &json!("404")));
}
