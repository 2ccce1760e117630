//! A gateway that does nothing but list: as many transactions as a test wants, told when it wants, with
//! answers that may be too long.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Longer than the product reads.
const TOO_LONG: usize = 65 * 1024 * 1024;

/// What it lists, and how it answers.
#[derive(Default)]
pub struct Told {
    pub transactions: Vec<Value>,
    pub chargebacks: Vec<Value>,
    /// An answer with more transactions is too long.
    pub most: Option<usize>,
    /// Answers that fail from now on.
    pub failures: usize,
    /// The windows that were asked for, in seconds since 1970.
    pub asked: Vec<(i64, i64)>,
}

pub struct Lists {
    pub url: String,
    pub told: Arc<Mutex<Told>>,
}

impl Lists {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let told = Arc::<Mutex<Told>>::default();
        let data = Data::from(told.clone());
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).default_service(to(answer)));
        let server = server.workers(1).disable_signals().listen(listener).expect("it listens");
        actix_web::rt::spawn(server.run());
        Self { url, told }
    }

    pub fn tell(&self, transactions: impl IntoIterator<Item = Value>) {
        self.told.lock().expect("no panic").transactions.extend(transactions);
    }
}

/// An accepted sale of a card in a shop.
pub fn sale(number: &str, at: DateTime<Utc>, minor: i64) -> Value {
    json!({
        "transactionID": number, "paymentID": "abcdefghij", "paymentMethod": "CreditCard",
        "paymentNetwork": "Visa", "operation": "sale", "date": at.timestamp_millis(), "amount": minor,
        "currency": "EUR", "resultCode": "000", "status": "Authorized", "orderID": format!("W-{number}"),
        "shopper": {"firstName": "Luca", "lastName": "Bianchi", "email": "luca@example.it", "countryCode": "IT", "ipAddress": "203.0.113.7"},
        "paymentMeanInfo": {"cardNumber": "411111XXXXXX1111", "cardBrand": "VISA", "is3DSecure": true, "statementDescriptor": "BELLINI"},
        "isTest": false
    })
}

/// The same with other members.
pub fn with(mut transaction: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().expect("an object") {
        let members = transaction.as_object_mut().expect("an object");
        members.insert(name.clone(), value.clone());
    }
    transaction
}

async fn answer(req: HttpRequest, told: Data<Mutex<Told>>) -> HttpResponse {
    let query: HashMap<String, String> =
        serde_urlencoded::from_str(req.query_string()).expect("a query");
    let second = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    let mut told = told.lock().expect("no panic");
    if told.failures > 0 {
        told.failures -= 1;
        return HttpResponse::ServiceUnavailable().finish();
    }
    if let (Some(from), Some(to)) = (second("startTime"), second("endTime")) {
        told.asked.push((from, to));
        let is_in = |row: &&Value| {
            let date =
                row.get("date").and_then(Value::as_i64).expect("milliseconds").div_euclid(1000);
            (from..to).contains(&date)
        };
        let found: Vec<&Value> = told.transactions.iter().filter(is_in).collect();
        if told.most.is_some_and(|most| found.len() > most) {
            return HttpResponse::Ok().body(Bytes::from(vec![b' '; TOO_LONG]));
        }
        return HttpResponse::Ok().json(json!({ "apiVersion": "002.73", "transactions": found }));
    }
    HttpResponse::Ok().json(
        json!({ "errorCode": "000", "errorMessage": "ok", "transactionList": told.chargebacks }),
    )
}
