//! The JSON of Connect2Pay, as it travels. Reading is lenient: unknown members are ignored, numbers
//! may come as texts, anything may be missing.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{API_VERSION, Method, Preparation};

/// `POST /payment/prepare`, in the nested form of 002.70 and later.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrepareRequest<'a> {
    api_version: &'static str,
    currency: &'static str,
    amount: i64,
    payment_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<&'static str>,
    /// ISO 8601 duration, at most ten characters.
    time_out: String,
    #[serde(rename = "ctrlCallbackURL")]
    callback_url: &'a str,
    #[serde(rename = "ctrlRedirectURL")]
    redirect_url: &'a str,
    ctrl_custom_data: &'a str,
    shopper: Shopper<'a>,
    order: Order<'a>,
}

#[derive(Serialize)]
struct Shopper<'a> {
    email: &'a str,
}

#[derive(Serialize)]
struct Order<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

impl<'a> PrepareRequest<'a> {
    pub fn of(payment: &'a Preparation<'_>) -> Self {
        Self {
            api_version: API_VERSION,
            currency: payment.amount.currency.code(),
            amount: payment.amount.minor,
            payment_mode: "Single",
            payment_method: payment.method.map(|method| match method {
                Method::CreditCard => "CreditCard",
                Method::Alipay => "Alipay",
            }),
            time_out: payment.validity.to_string(),
            callback_url: &payment.callback_url,
            redirect_url: &payment.return_url,
            ctrl_custom_data: &payment.custom_data,
            shopper: Shopper { email: payment.customer_email.as_str() },
            order: Order { id: payment.order_id, description: payment.description },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrepareAnswer {
    #[serde(default, deserialize_with = "text")]
    pub code: String,
    pub message: Option<String>,
    pub customer_token: Option<String>,
    pub merchant_token: Option<String>,
}

/// `GET /payment/{merchantToken}/status`; the callback's body has the same form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub merchant_token: String,
    #[serde(default)]
    pub currency: String,
    #[serde(default, deserialize_with = "whole_number")]
    pub amount: Option<i64>,
    #[serde(default)]
    pub ctrl_custom_data: Option<String>,
    #[serde(default)]
    pub order: Option<OrderAnswer>,
    #[serde(default)]
    pub transactions: Vec<TransactionAnswer>,
}

#[derive(Deserialize)]
pub struct OrderAnswer {
    #[serde(default)]
    pub id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionAnswer {
    #[serde(rename = "transactionID", default, deserialize_with = "text")]
    pub transaction_id: String,
    #[serde(rename = "refTransactionID", default, deserialize_with = "text")]
    pub parent_id: String,
    #[serde(default)]
    pub payment_method: Option<String>,
    #[serde(default)]
    pub operation: Option<String>,
    /// Milliseconds since 1970, UTC.
    #[serde(default, deserialize_with = "whole_number")]
    pub date: Option<i64>,
    #[serde(default, deserialize_with = "whole_number")]
    pub amount: Option<i64>,
    #[serde(default)]
    pub currency: String,
    #[serde(default, deserialize_with = "text")]
    pub result_code: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub payment_mean_info: Option<MeanAnswer>,
    #[serde(default)]
    pub is_test: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeanAnswer {
    pub card_number: Option<String>,
    pub card_brand: Option<String>,
}

/// A text that may come as a number, or not at all.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    })
}

/// A whole number that may come as a text.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_leniently() {
        let answer: StatusAnswer = serde_json::from_str(
            r#"{"status":"Accepted","errorCode":0,"amount":"1830","currency":"EUR","unknown":{},"order":{"id":"X","recurrence":{"type":"undefined"}},
                "transactions":[{"transactionID":5643604,"date":"1764000000000","resultCode":"000","refTransactionID":null}]}"#,
        )
        .unwrap();
        assert_eq!(answer.amount, Some(1830));
        assert_eq!(answer.transactions[0].transaction_id, "5643604");
        assert_eq!(answer.transactions[0].parent_id, "");
    }
}
