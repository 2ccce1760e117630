//! A card charged without a page: the payment-gateway API's sale and authorisation.
//!
//! Card endings choose the outcome as on the page, but nobody waits and nobody is asked: what would be
//! pending is paid, and a challenge is declined with 065 unless the merchant says how it ended
//! (`PaRes`, or `ECI` and `CAVV`). Any expiry date is good: the published samples have one that is past.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::cards::{self, Outcome};
use super::durations::Span;
use super::payment::{Mean, Method, Object, Operation, Payment, SOFT_DECLINE};
use super::prepare::{self, Request};
use super::version::Version;
use super::{Account, Shared, form, transactions_api, wire};

/// Names and lengths of the texts that a sale must have. Who does not know one sends `NA`.
const REQUIRED: [(&str, usize); 15] = [
    ("customerIP", 40),
    ("orderID", 100),
    ("cardNumber", 40),
    ("cardSecurityCode", 4),
    ("cardHolderName", 80),
    ("cardExpireMonth", 2),
    ("cardExpireYear", 4),
    ("shopperName", 80),
    ("shopperAddress", 255),
    ("shopperZipcode", 10),
    ("shopperCity", 50),
    ("shopperState", 30),
    ("shopperCountryCode", 2),
    ("shopperPhone", 20),
    ("shopperEmail", 100),
];

const SHOPPER: [(&str, &str); 9] = [
    ("customerIP", "ipAddress"),
    ("shopperName", "name"),
    ("shopperAddress", "address1"),
    ("shopperZipcode", "zipcode"),
    ("shopperCity", "city"),
    ("shopperState", "state"),
    ("shopperCountryCode", "countryCode"),
    ("shopperPhone", "homePhone"),
    ("shopperEmail", "email"),
];

/// Code and reason of a sale that is not even tried.
struct Refusal(&'static str, String);

/// Charges a card, or only authorises it.
pub fn sell(shared: &Shared, account: &Account, body: &[u8], operation: Operation) -> HttpResponse {
    match charge(shared, account, body, operation) {
        Ok(answer) => wire::ok(&answer),
        Err(Refusal(code, message)) => {
            wire::answer(StatusCode::OK, &json!({ "errorCode": code, "errorMessage": message }))
        }
    }
}

fn charge(
    shared: &Shared,
    account: &Account,
    body: &[u8],
    operation: Operation,
) -> Result<Value, Refusal> {
    let body = transactions_api::object(body)
        .map_err(|code| Refusal(code, wire::message(code).to_owned()))?;
    let text = |name: &str| text(&body, name);
    for (name, length_max) in REQUIRED {
        let value = text(name).ok_or_else(|| Refusal("401", format!("Missing data: {name}")))?;
        if value.chars().count() > length_max {
            return Err(Refusal("501", format!("Incorrect transaction data: {name}")));
        }
    }
    // Subscriptions are not here: taken without a word, they would never be charged again.
    for name in ["subscriptionType", "offerID"] {
        if text(name).is_some() {
            return Err(Refusal("501", format!("Incorrect transaction data: {name}")));
        }
    }
    let number = text("cardNumber")
        .and_then(|typed| cards::number(&typed))
        .ok_or_else(|| Refusal("014", wire::message("014").to_owned()))?;
    let part = |name: &str| text(name).unwrap_or_default();
    let is_confirmed = text("PaRes").is_some() || (text("ECI").is_some() && text("CAVV").is_some());
    let month = format!("{:0>2}", part("cardExpireMonth"));
    let info = form::card_info(
        &number,
        &part("cardExpireYear"),
        &month,
        &part("cardHolderName"),
        is_confirmed,
    );
    let mean = Mean { method: Method::CreditCard, info, email: None, network: None };
    let now = shared.clock.now();
    let request = request(&body, operation)?;
    let expires_at = request.validity.after(now).unwrap_or(now);
    let mut payment = Payment::new(account, request, expires_at);
    let outcome = outcome(&number, is_confirmed);
    Ok(shared.store.change(now, |state| {
        let outcome = payment.refused_by(&state.blacklist, &mean).unwrap_or(outcome);
        payment.attempts_max = 1;
        payment.attempt(mean, outcome, &mut state.number, now);
        let answer = answer(&payment);
        state.payments.insert(payment.merchant_token.clone(), payment);
        answer
    }))
}

/// The payment as the page's API would have prepared it.
fn request(body: &Object, operation: Operation) -> Result<Request, Refusal> {
    let refusal = |refusal: prepare::Refusal| Refusal(refusal.code, refusal.message);
    let shopper = SHOPPER.iter().filter_map(|(name, member)| {
        let value = text(body, name).filter(|value| value != "NA")?;
        Some(((*member).to_owned(), Value::from(value)))
    });
    let order = [("orderID", "id"), ("orderDescription", "description")];
    let order = order
        .iter()
        .filter_map(|(name, member)| Some(((*member).to_owned(), Value::from(text(body, name)?))));
    Ok(Request {
        version: Version::NESTED,
        money: prepare::money(body).map_err(refusal)?,
        method: Some(Method::CreditCard),
        operation: Some(operation),
        secure3d: false,
        redirect_url: None,
        callback_url: None,
        custom_data: None,
        validity: Span::DAYS_30,
        shopper: shopper.collect(),
        order: order.collect(),
        shipping: Object::new(),
    })
}

fn outcome(number: &str, is_confirmed: bool) -> Outcome {
    match cards::outcome(number) {
        Outcome::Challenge if is_confirmed => Outcome::Paid,
        Outcome::Challenge => Outcome::Declined(SOFT_DECLINE),
        Outcome::Pending => Outcome::Paid,
        other @ (Outcome::Paid | Outcome::Declined(_)) => other,
    }
}

fn answer(payment: &Payment) -> Value {
    let Some(attempt) = payment.last_initial() else { return Value::Null };
    json!({
        "errorCode": attempt.result_code,
        "errorMessage": wire::message(&attempt.result_code),
        "transactionID": attempt.transaction_id,
        "statementDescriptor": form::STATEMENT,
        "paymentMeanInfo": attempt.mean.info,
    })
}

/// A member that is a text or a number, and not empty.
fn text(body: &Object, name: &str) -> Option<String> {
    let text = match body.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}
