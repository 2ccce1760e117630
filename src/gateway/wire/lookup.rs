//! The payment-gateway API: other names and other units for the same transactions.

use serde::Deserialize;

use super::lenient::{list, object, text, whole_number};
use super::{MeanAnswer, ShopperAnswer, TransactionAnswer};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LookUpAnswer {
    #[serde(deserialize_with = "text")]
    pub error_code: String,
    #[serde(deserialize_with = "text")]
    pub error_message: String,
    #[serde(deserialize_with = "object")]
    pub transaction: Option<GatewayTransaction>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListAnswer {
    #[serde(deserialize_with = "text")]
    pub error_code: String,
    #[serde(deserialize_with = "text")]
    pub error_message: String,
    #[serde(deserialize_with = "list")]
    pub transaction_list: Vec<GatewayTransaction>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayTransaction {
    #[serde(rename = "transactionID", deserialize_with = "text")]
    transaction_id: String,
    #[serde(rename = "orderID", deserialize_with = "text")]
    order_id: String,
    #[serde(rename = "referralID", deserialize_with = "text")]
    referral_id: String,
    #[serde(rename = "subscriptionID", deserialize_with = "text")]
    subscription_id: String,
    #[serde(deserialize_with = "text")]
    status: String,
    #[serde(deserialize_with = "text")]
    error_code: String,
    #[serde(deserialize_with = "text")]
    operation: String,
    #[serde(deserialize_with = "text")]
    payment_type: String,
    #[serde(deserialize_with = "object")]
    payment_mean_info: Option<MeanAnswer>,
    /// Seconds since 1970, UTC.
    #[serde(deserialize_with = "whole_number")]
    date: Option<i64>,
    #[serde(deserialize_with = "text")]
    shopper_name: String,
    #[serde(deserialize_with = "text")]
    shopper_email: String,
    #[serde(rename = "customerIP", deserialize_with = "text")]
    customer_ip: String,
    #[serde(deserialize_with = "whole_number")]
    amount: Option<i64>,
    #[serde(deserialize_with = "text")]
    currency: String,
    #[serde(deserialize_with = "text")]
    order_description: String,
}

impl From<GatewayTransaction> for TransactionAnswer {
    fn from(found: GatewayTransaction) -> Self {
        let method = match found.payment_type.to_ascii_lowercase().as_str() {
            "creditcard" => "CreditCard".to_owned(),
            "toditocash" => "ToditoCash".to_owned(),
            _ => found.payment_type,
        };
        Self {
            transaction_id: found.transaction_id,
            // No parent is written as nothing or as zero.
            parent_id: Some(found.referral_id).filter(|id| id != "0").unwrap_or_default(),
            subscription_id: found.subscription_id,
            payment_method: method,
            operation: found.operation,
            date: found.date.and_then(|seconds| seconds.checked_mul(1000)),
            amount: found.amount,
            currency: found.currency,
            result_code: found.error_code,
            status: found.status,
            shopper: Some(ShopperAnswer {
                name: found.shopper_name,
                email: found.shopper_email,
                ip_address: found.customer_ip,
                ..ShopperAnswer::default()
            }),
            payment_mean_info: found.payment_mean_info,
            order_id: found.order_id,
            order_description: found.order_description,
            ..Self::default()
        }
    }
}
