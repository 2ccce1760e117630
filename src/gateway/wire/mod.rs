//! The JSON of Connect2Pay, as it travels. Writing is strict. Reading is lenient: unknown members are
//! ignored, numbers may come as texts, anything may be missing.

pub mod account;
pub mod lenient;
pub mod lookup;
mod transaction;

use serde::{Deserialize, Serialize};

use self::lenient::{list, object, text, whole_number};
use super::{API_VERSION, Method, Preparation};
pub use transaction::{MeanAnswer, ShopperAnswer, TransactionAnswer};

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
    /// Left out where it is longer than the hundred characters that the gateway takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
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
            shopper: Shopper {
                email: Some(payment.customer_email.as_str()).filter(|email| email.len() <= 100),
            },
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
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatusAnswer {
    #[serde(deserialize_with = "text")]
    pub status: String,
    #[serde(deserialize_with = "text")]
    pub merchant_token: String,
    #[serde(deserialize_with = "text")]
    pub currency: String,
    #[serde(deserialize_with = "whole_number")]
    pub amount: Option<i64>,
    #[serde(deserialize_with = "text")]
    pub ctrl_custom_data: String,
    #[serde(deserialize_with = "object")]
    pub order: Option<OrderAnswer>,
    #[serde(deserialize_with = "list")]
    pub transactions: Vec<TransactionAnswer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OrderAnswer {
    #[serde(deserialize_with = "text")]
    pub id: String,
}

/// `GET /transactions/export`.
#[derive(Deserialize)]
pub struct ExportAnswer {
    pub transactions: Vec<TransactionAnswer>,
}

/// `POST /transaction/{id}/refund` and its like.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationRequest<'a> {
    pub api_version: &'static str,
    /// Minor units; a confirmation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationAnswer {
    #[serde(default, deserialize_with = "text")]
    pub code: String,
    #[serde(default, deserialize_with = "text")]
    pub message: String,
    #[serde(rename = "transactionID", default, deserialize_with = "text")]
    pub transaction_id: String,
    #[serde(default, deserialize_with = "text")]
    pub operation: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_leniently() {
        let answer: StatusAnswer = serde_json::from_str(
            r#"{"status":"Accepted","errorCode":0,"ctrlCustomData":null,"shipping":[],"amount":"1830","currency":"EUR","unknown":{},"order":{"id":"X","recurrence":{"type":"undefined"}},
                "transactions":[{"transactionID":5643604,"date":"1764000000000","resultCode":"000","refTransactionID":null,"paymentMeanInfo":[],
                 "paymentMethod":7,"paymentType":"CreditCard","shopper":{"name":"Anna","account":{}}}]}"#,
        )
        .unwrap();
        assert_eq!(answer.amount, Some(1830));
        assert_eq!(answer.transactions[0].transaction_id, "5643604");
        assert_eq!(answer.transactions[0].parent_id, "");
        assert_eq!(answer.transactions[0].payment_method, "7");
        assert_eq!(answer.transactions[0].shopper.as_ref().unwrap().name, "Anna");
    }
}
