//! `prepare`: what a merchant asks for, in the flat form of before 002.70 and the nested one after.

use serde_json::Value;

use super::durations::Span;
use super::payment::{Method, Object, Operation};
use super::version::Version;
use crate::kernel::{Currency, Money};

/// A request that cannot be served: API code and the reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

fn missing(field: &str) -> Refusal {
    Refusal { code: "401", message: format!("Missing data: {field}") }
}

fn wrong(field: &str) -> Refusal {
    Refusal { code: "501", message: format!("Incorrect transaction data: {field}") }
}

/// A payment as the merchant wants it.
pub struct Request {
    pub version: Version,
    pub money: Money,
    pub method: Option<Method>,
    /// `None`: the account's own.
    pub operation: Option<Operation>,
    pub secure3d: bool,
    pub redirect_url: Option<String>,
    pub callback_url: Option<String>,
    pub custom_data: Option<String>,
    pub validity: Span,
    pub shopper: Object,
    pub order: Object,
    pub shipping: Object,
}

/// Reads the body whatever its content type says.
pub fn read(body: &[u8]) -> Result<Request, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal { code: "402", message: "JSON error".to_owned() });
    };
    let version = version(&body)?;
    let nested = version >= Version::NESTED;
    let [shopper, order, shipping] = if nested { objects(&body) } else { flat_objects(&body) };
    let id = order.get("id").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() {
        return Err(missing(if nested { "order.id" } else { "orderID" }));
    }
    limit(&order, "id", 100)?;
    limit(&order, "description", 500)?;
    let method_name = if version >= Version::PAYMENT_METHOD || body.contains_key("paymentMethod") {
        "paymentMethod"
    } else {
        "paymentType"
    };
    mode(&body)?;
    Ok(Request {
        version,
        money: money(&body)?,
        method: choice(&body, method_name, Method::parse)?,
        operation: choice(&body, "operation", operation)?,
        secure3d: body.get("secure3d").and_then(Value::as_bool).unwrap_or_default(),
        redirect_url: web_address(&body, "ctrlRedirectURL")?,
        callback_url: web_address(&body, "ctrlCallbackURL")?,
        custom_data: text(&body, "ctrlCustomData", 2048)?,
        validity: text(&body, "timeOut", 10)?
            .map_or(Some(Span::DAYS_30), |text| Span::parse(&text))
            .ok_or_else(|| wrong("timeOut"))?,
        shopper,
        order,
        shipping,
    })
}

fn version(body: &Object) -> Result<Version, Refusal> {
    match body.get("apiVersion") {
        Some(Value::String(text)) => Version::parse(text).ok_or_else(|| wrong("apiVersion")),
        Some(_) => Err(wrong("apiVersion")),
        // A body that says nothing is read in the form that it has.
        None if body.get("order").is_some_and(Value::is_object) => Ok(Version::NESTED),
        None => Ok(Version::DEFAULT),
    }
}

pub fn money(body: &Object) -> Result<Money, Refusal> {
    let currency = text(body, "currency", 3)?.ok_or_else(|| missing("currency"))?;
    let currency = Currency::parse(&currency).ok_or_else(|| wrong("currency"))?;
    let minor = minor(body)?.ok_or_else(|| missing("amount"))?;
    if (1..=Money::MINOR_MAX).contains(&minor) {
        Ok(Money::new(minor, currency))
    } else {
        Err(wrong("amount"))
    }
}

/// The member `amount`: a whole number of minor units, or one in a string.
pub fn minor(body: &Object) -> Result<Option<i64>, Refusal> {
    let amount = match body.get("amount") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
    };
    amount.map(Some).ok_or_else(|| wrong("amount"))
}

/// Without a subscription only Single and `OnShipping` are allowed, and subscriptions are not here.
fn mode(body: &Object) -> Result<(), Refusal> {
    let mode = text(body, "paymentMode", 30)?.ok_or_else(|| missing("paymentMode"))?;
    let known = ["Single", "OnShipping"].iter().any(|known| known.eq_ignore_ascii_case(&mode));
    let subscribes = text(body, "subscriptionType", 32)?.is_some()
        || body.get("offerID").is_some_and(|offer| !offer.is_null());
    if known && !subscribes { Ok(()) } else { Err(wrong("paymentMode")) }
}

fn operation(text: &str) -> Option<Operation> {
    [Operation::Sale, Operation::Authorize]
        .into_iter()
        .find(|operation| operation.wire().eq_ignore_ascii_case(text))
}

fn choice<T>(
    body: &Object,
    field: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    text(body, field, 32)?.map(|text| read(&text).ok_or_else(|| wrong(field))).transpose()
}

/// A member of at most so many characters; `None` when absent, null or empty.
pub fn text(body: &Object, field: &str, length_max: usize) -> Result<Option<String>, Refusal> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() > length_max => Err(wrong(field)),
        Some(Value::String(text)) => Ok((!text.is_empty()).then(|| text.clone())),
        Some(_) => Err(wrong(field)),
    }
}

fn limit(object: &Object, field: &str, length_max: usize) -> Result<(), Refusal> {
    text(object, field, length_max).map(|_| ())
}

fn web_address(body: &Object, field: &str) -> Result<Option<String>, Refusal> {
    let Some(text) = text(body, field, 2048)? else { return Ok(None) };
    let parsed = url::Url::parse(&text).ok();
    let good = parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if good { Ok(Some(text)) } else { Err(wrong(field)) }
}

/// Shopper, order and shipping of the nested form. A stray `orderID` stands in for a missing one.
fn objects(body: &Object) -> [Object; 3] {
    let object = |name: &str| {
        let mut found = body.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        found.retain(|_, value| !value.is_null());
        found
    };
    let mut order = object("order");
    let has_type =
        order.get("recurrence").and_then(|value| value.get("type")).is_some_and(|kind| {
            kind.as_str().is_some_and(|kind| !kind.is_empty() && kind != "undefined")
        });
    if !has_type {
        order.remove("recurrence");
    }
    if let (None, Some(id)) = (order.get("id"), body.get("orderID")) {
        order.insert("id".to_owned(), id.clone());
    }
    [object("shopper"), order, object("shipping")]
}

const FLAT_SHOPPER: [(&str, &str); 13] = [
    ("shopperID", "id"),
    ("shopperEmail", "email"),
    ("shopperFirstName", "firstName"),
    ("shopperLastName", "lastName"),
    ("shopperAddress", "address1"),
    ("shopperState", "state"),
    ("shopperZipcode", "zipcode"),
    ("shopperCity", "city"),
    ("shopperCountryCode", "countryCode"),
    ("shopperCompany", "company"),
    ("shopperBirthDate", "birthDate"),
    ("shopperIDNumber", "idNumber"),
    ("shopperPhone", "homePhone"),
];
const FLAT_ORDER: [(&str, &str); 9] = [
    ("orderID", "id"),
    ("orderDescription", "description"),
    ("orderTotalWithoutShipping", "totalWithoutShipping"),
    ("orderShippingPrice", "shippingPrice"),
    ("orderDiscount", "discount"),
    ("orderCartContent", "cartContent"),
    ("shopperLoyaltyProgram", "shopperLoyaltyProgram"),
    ("affiliateID", "affiliateID"),
    ("campaignName", "campaignName"),
];
const FLAT_SHIPPING: [(&str, &str); 7] = [
    ("shipToCompany", "company"),
    ("shipToPhone", "phone"),
    ("shipToAddress", "address1"),
    ("shipToState", "state"),
    ("shipToZipcode", "zipcode"),
    ("shipToCity", "city"),
    ("shipToCountryCode", "countryCode"),
];

fn flat_objects(body: &Object) -> [Object; 3] {
    let object = |names: &[(&str, &str)]| -> Object {
        let member = |(flat, nested): &(&str, &str)| {
            let value = body.get(*flat).filter(|value| !value.is_null())?;
            Some(((*nested).to_owned(), value.clone()))
        };
        names.iter().filter_map(member).collect()
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut order = object(&FLAT_ORDER);
    // Readers of 002.70 know only the two-digit codes; "Access" has none.
    let code = match text("shippingType").to_ascii_lowercase().as_str() {
        "physical" => Some("01"),
        "virtual" => Some("05"),
        _ => None,
    };
    if let Some(code) = code {
        order.insert("shippingType".to_owned(), Value::from(code));
    }
    let mut shipping = object(&FLAT_SHIPPING);
    let name = format!("{} {}", text("shipToFirstName"), text("shipToLastName"));
    if !name.trim().is_empty() {
        shipping.insert("name".to_owned(), Value::from(name.trim()));
    }
    [object(&FLAT_SHOPPER), order, shipping]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(body: &Value) -> &'static str {
        read(body.to_string().as_bytes()).err().map_or("200", |refusal| refusal.code)
    }

    fn smallest() -> Value {
        json!({"apiVersion": "002.73", "currency": "EUR", "amount": 24_850, "paymentMode": "single",
            "shopper": {}, "order": {"id": "CB-1"}, "shipping": {}})
    }

    #[test]
    fn the_smallest_nested_body_is_enough() {
        let request = read(smallest().to_string().as_bytes()).ok().unwrap();
        assert_eq!(request.money, Money::new(24_850, Currency::EUR));
        assert_eq!(request.validity, Span::DAYS_30);
        assert_eq!(request.order["id"], "CB-1");
    }

    #[test]
    fn a_flat_body_becomes_the_same_objects() {
        let body = json!({"apiVersion": "002.61", "currency": "EUR", "amount": 100,
            "paymentMode": "Single", "paymentMethod": "creditcard", "operation": "Sale",
            "orderID": "7", "orderDescription": "Vase", "shippingType": "Virtual",
            "shopperEmail": "a@example.it", "shipToFirstName": "Anna"});
        let request = read(body.to_string().as_bytes()).ok().unwrap();
        assert_eq!(request.method, Some(Method::CreditCard));
        assert_eq!(
            Value::from(request.order),
            json!({"id": "7", "description": "Vase", "shippingType": "05"})
        );
        assert_eq!(request.shopper["email"], "a@example.it");
        assert_eq!(request.shipping["name"], "Anna");
    }

    #[test]
    fn what_cannot_be_served_is_refused_with_the_protocols_codes() {
        assert_eq!(read(b"{").err().unwrap().code, "402");
        assert_eq!(read(b"[]").err().unwrap().code, "402");
        for field in ["currency", "amount", "paymentMode", "order"] {
            let mut body = smallest();
            body.as_object_mut().unwrap().remove(field);
            assert_eq!(code(&body), "401", "{field}");
        }
        for (field, value) in [
            ("currency", json!("EURO")),
            ("currency", json!("XAU")),
            ("amount", json!(0)),
            ("amount", json!(1_000_000_000)),
            ("amount", json!("12.5")),
            ("paymentMode", json!("Recurrent")),
            ("paymentMethod", json!("Upi")),
            ("operation", json!("refund")),
            ("timeOut", json!("soon")),
            ("ctrlRedirectURL", json!("javascript:alert(1)")),
            ("ctrlCallbackURL", json!("/relative")),
            ("ctrlCustomData", json!("x".repeat(2049))),
            ("order", json!({"id": "x".repeat(101)})),
        ] {
            let mut body = smallest();
            body.as_object_mut().unwrap().insert(field.to_owned(), value);
            assert_eq!(code(&body), "501", "{field}");
        }
    }

    #[test]
    fn an_undefined_recurrence_is_left_out_and_a_stray_order_id_read() {
        let mut body = smallest();
        body["order"] = json!({"recurrence": {"type": "undefined"}});
        body["orderID"] = json!("9");
        let request = read(body.to_string().as_bytes()).ok().unwrap();
        assert_eq!(Value::from(request.order), json!({"id": "9"}));
    }
}
