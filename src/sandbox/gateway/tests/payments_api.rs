//! The payment-gateway API, as the published clients use it.

use super::*;

struct PaymentsApi {
    sandbox: Sandbox,
    base: String,
}

impl PaymentsApi {
    async fn start() -> Self {
        let sandbox = Sandbox::start().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.gateway.start_payments_api(listener, CancellationToken::new()).unwrap();
        Self { sandbox, base }
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.sandbox.client.get(format!("{}{path}", self.base));
        let (status, answer) = json(request.basic_auth("100001", Some("key-100001"))).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        answer
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.sandbox.client.post(format!("{}{path}", self.base));
        let request = request.basic_auth("100001", Some("key-100001")).body(body.to_string());
        let (status, answer) = json(request).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        answer
    }

    async fn code(&self, path: &str, body: &Value) -> String {
        self.post(path, body).await["errorCode"].as_str().unwrap().to_owned()
    }
}

fn sale(card: &str) -> Value {
    json!({"customerIP": "203.0.113.7", "amount": 1000, "currency": "EUR", "orderID": "HELLO",
        "cardNumber": card, "cardSecurityCode": "000", "cardHolderName": "CARDHOLDER NAME",
        "cardExpireMonth": "10", "cardExpireYear": "2024", "shopperName": "Anna Ricci",
        "shopperAddress": "NA", "shopperZipcode": "NA", "shopperCity": "NA", "shopperState": "NA",
        "shopperCountryCode": "NA", "shopperPhone": "NA", "shopperEmail": "anna@example.it"})
}

fn id(answer: &Value) -> String {
    answer["transactionID"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_payment_of_the_page_is_known_here_too() {
    let api = PaymentsApi::start().await;
    let mut request = api.sandbox.request();
    request["shopper"] = json!({"firstName": "Maria", "lastName": "Rossi"});
    let (merchant_token, customer_token) = api.sandbox.prepare(&request).await;
    api.sandbox.pay(&customer_token, CARD).await;
    let old = format!("/transaction/{merchant_token}/status?apiVersion=002.60");
    let (_, old) = api.sandbox.get(&old).await;
    assert_eq!(old["transactions"][0]["shopper"]["name"], "Maria Rossi");
    let status = api.sandbox.status(&merchant_token).await;
    let id = status["transactions"][0]["transactionID"].as_str().unwrap();
    let answer = api.get(&format!("/transaction/{id}?")).await;
    assert_eq!(answer["errorCode"], "000");
    assert_eq!(answer["transaction"]["orderID"], "CB-1");
    assert_eq!(answer["transaction"]["shopperName"], "Maria Rossi");
    assert_eq!(
        api.code(&format!("/transaction/{id}/refund"), &json!({"amount": 24_850})).await,
        "000"
    );
    assert_eq!(api.get("/transaction/1").await["errorCode"], "312");
}

/// The steps of the published Node client's own tests, in their order.
#[actix_web::test]
async fn the_steps_of_the_published_clients_succeed() {
    let api = PaymentsApi::start().await;
    let answer = api.post("/transaction/sale/creditcard", &sale(CARD)).await;
    assert_eq!(
        (&answer["errorCode"], &answer["statementDescriptor"]),
        (&json!("000"), &json!("SANDBOX"))
    );
    assert_eq!(answer["paymentMeanInfo"]["cardNumber"], "411111XXXXXX1111");
    let sold = id(&answer);
    let about = |amount: i64, id: &str| json!({"transactionID": id, "amount": amount});
    let done = async |path: String, body: Value| api.code(&path, &body).await;
    assert_eq!(done(format!("/transaction/{sold}/refund"), about(1_000, &sold)).await, "000");
    assert_eq!(done(format!("/transaction/{sold}/refund"), about(1, &sold)).await, "064");
    assert_eq!(done(format!("/transaction/{sold}/rebill"), about(500, &sold)).await, "000");
    for (verb, amount) in [("capture", 500), ("cancel", 1_000)] {
        let held = id(&api.post("/Transaction/Authorize/CreditCard", &sale(CARD)).await);
        assert_eq!(done(format!("/transaction/{held}/{verb}"), about(amount, &held)).await, "000");
    }
    assert_eq!(done(format!("/transaction/{sold}/credit"), about(500, &sold)).await, "000");

    let export = "/transactions/export?startTime=0&endTime=99999999999&apiVersion=";
    for (version, is_told) in [("002.70", false), ("002.73", true)] {
        let (_, answer) = api.sandbox.get(&format!("{export}{version}")).await;
        assert_eq!(answer.to_string().contains("\"credit\""), is_told, "{version}");
    }

    let list = async |path: &str| {
        let answer = api.get(path).await;
        assert_eq!(answer["errorCode"], "000");
        answer["transactionList"].as_array().unwrap().clone()
    };
    let window = "startDate=0&endDate=99999999999";
    assert_eq!(list(&format!("/transactions?{window}")).await.len(), 9);
    let refunds = list(&format!("/transactions/refund?{window}&transactionErrorCode=000")).await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(refunds[0]["referralID"].as_i64(), sold.parse().ok());
    assert_eq!(
        (&refunds[0]["shopperName"], &refunds[0]["customerIP"]),
        (&json!("Anna Ricci"), &json!("203.0.113.7"))
    );
    assert!(list(&format!("/transactions?{window}&transactionType=chargeback")).await.is_empty());
    assert_eq!(api.get("/transactions").await["errorCode"], "401");
}

#[actix_web::test]
async fn cards_are_declined_as_on_the_page_and_what_is_missing_is_named() {
    let api = PaymentsApi::start().await;
    for (card, code) in [
        ("4000000000000051", "051"),
        ("4000000000040065", "065"),
        ("4000000000000077", "000"),
        ("4111111111111112", "014"),
    ] {
        assert_eq!(api.code("/transaction/sale/creditcard", &sale(card)).await, code, "{card}");
    }
    let mut confirmed = sale("4000000000040065");
    confirmed["PaRes"] = json!("eJx");
    assert_eq!(api.code("/transaction/sale/creditcard", &confirmed).await, "000");
    for (member, value, code) in [
        ("shopperEmail", json!(""), "401"),
        ("amount", json!(null), "401"),
        ("amount", json!(0), "501"),
        ("currency", json!("EURO"), "501"),
        ("cardSecurityCode", json!("12345"), "501"),
        ("subscriptionType", json!("normal"), "501"),
    ] {
        let mut wrong = sale(CARD);
        wrong[member] = value;
        assert_eq!(api.code("/transaction/sale/creditcard", &wrong).await, code, "{member}");
    }
    assert_eq!(api.code("/transaction/sale/creditcard", &json!("x")).await, "402");
}

#[actix_web::test]
async fn who_is_blacklisted_does_not_pay_anywhere() {
    let api = PaymentsApi::start().await;
    let sold = id(&api.post("/transaction/sale/creditcard", &sale(CARD)).await);
    let wanted = json!({"cardNumberBlackList": "0", "shopperEmailBlackList": "1", "customerIPBlackList": "0"});
    assert_eq!(api.code(&format!("/transaction/{sold}/blacklist"), &wanted).await, "000");
    assert_eq!(api.code("/transaction/1/blacklist", &wanted).await, "312");
    assert_eq!(api.code("/transaction/sale/creditcard", &sale(CARD)).await, "501");
    let value = json!({"valueType": "creditCardNumber", "value": CARD});
    assert_eq!(api.code("/blacklist", &value).await, "000");
    assert_eq!(api.code("/blacklist", &json!({"valueType": "x", "value": "y"})).await, "501");
    assert_eq!(api.code("/blacklist", &json!({})).await, "401");
    let (merchant_token, customer_token) = api.sandbox.prepare(&api.sandbox.request()).await;
    api.sandbox.pay(&customer_token, CARD).await;
    assert_eq!(api.sandbox.status(&merchant_token).await["errorCode"], "500");
}

#[actix_web::test]
async fn there_are_no_subscriptions_and_unknown_routes_answer_in_json() {
    let api = PaymentsApi::start().await;
    let list = api.get("/subscriptions?startDate=0&endDate=1").await;
    assert_eq!((&list["errorCode"], &list["subscriptionList"]), (&json!("000"), &json!([])));
    assert_eq!(api.get("/subscription/7").await["errorCode"], "678");
    assert_eq!(api.get("/subscription/offer/7").await["errorCode"], "678");
    assert_eq!(api.code("/subscription/7/cancel", &json!({"cancelReason": 1022})).await, "678");
    assert_eq!(api.code("/subscription/7/instantconversion", &json!({})).await, "678");
    let url = format!("{}/transaction/sale/todito", api.base);
    let request = api.sandbox.client.post(&url).basic_auth("100001", Some("key-100001"));
    let (status, answer) = json(request.body("{}")).await;
    assert_eq!((status, &answer["errorCode"]), (StatusCode::NOT_FOUND, &json!("404")));
    let (status, answer) =
        json(api.sandbox.client.post(&url).basic_auth("100001", Some("x"))).await;
    assert_eq!((status, &answer["errorCode"]), (StatusCode::FORBIDDEN, &json!("403")));
    assert_eq!(answer.get("code"), None);
}
