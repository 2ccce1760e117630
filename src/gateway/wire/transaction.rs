//! A transaction attempt, as status, callback, info and export have it.

use serde::Deserialize;

use super::lenient::{flag, object, text, whole_number};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionAnswer {
    #[serde(rename = "transactionID", deserialize_with = "text")]
    pub transaction_id: String,
    #[serde(rename = "refTransactionID", deserialize_with = "text")]
    pub parent_id: String,
    #[serde(rename = "paymentID", deserialize_with = "text")]
    pub payment_id: String,
    #[serde(deserialize_with = "text")]
    pub payment_merchant_token: String,
    #[serde(rename = "providerTransactionID", deserialize_with = "text")]
    pub provider_transaction_id: String,
    #[serde(rename = "subscriptionID", deserialize_with = "text")]
    pub subscription_id: String,
    #[serde(deserialize_with = "text")]
    pub payment_method: String,
    #[serde(deserialize_with = "text")]
    pub payment_network: String,
    /// The method's name before 002.60.
    #[serde(deserialize_with = "text")]
    pub payment_type: String,
    /// The network's name before 002.60.
    #[serde(deserialize_with = "text")]
    pub provider: String,
    #[serde(deserialize_with = "text")]
    pub operation: String,
    /// Milliseconds since 1970, UTC.
    #[serde(deserialize_with = "whole_number")]
    pub date: Option<i64>,
    #[serde(deserialize_with = "whole_number")]
    pub amount: Option<i64>,
    #[serde(deserialize_with = "whole_number")]
    pub refunded_amount: Option<i64>,
    #[serde(deserialize_with = "text")]
    pub currency: String,
    #[serde(deserialize_with = "text")]
    pub result_code: String,
    #[serde(deserialize_with = "text")]
    pub result_message: String,
    #[serde(deserialize_with = "text")]
    pub status: String,
    #[serde(deserialize_with = "object")]
    pub shopper: Option<ShopperAnswer>,
    #[serde(deserialize_with = "object")]
    pub payment_mean_info: Option<MeanAnswer>,
    #[serde(rename = "orderID", deserialize_with = "text")]
    pub order_id: String,
    #[serde(deserialize_with = "text")]
    pub order_description: String,
    #[serde(deserialize_with = "flag")]
    pub is_test: Option<bool>,
}

/// `name` is the only name before 002.70.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShopperAnswer {
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "text")]
    pub first_name: String,
    #[serde(deserialize_with = "text")]
    pub last_name: String,
    #[serde(deserialize_with = "text")]
    pub email: String,
    #[serde(deserialize_with = "text")]
    pub country_code: String,
    #[serde(deserialize_with = "text")]
    pub ip_address: String,
}

/// The members of all methods; each method sets its own.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MeanAnswer {
    #[serde(deserialize_with = "text")]
    pub card_number: String,
    #[serde(deserialize_with = "text")]
    pub card_brand: String,
    #[serde(deserialize_with = "text")]
    pub card_holder_name: String,
    #[serde(deserialize_with = "text")]
    pub card_expire_year: String,
    #[serde(deserialize_with = "text")]
    pub card_expire_month: String,
    #[serde(rename = "is3DSecure", deserialize_with = "flag")]
    pub is_3d_secure: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub statement_descriptor: String,
    /// Of wallets: in minor units of the wallet's currency.
    #[serde(deserialize_with = "text")]
    pub total_fee: String,
    #[serde(deserialize_with = "text")]
    pub exchange_rate: String,
    /// Chargeback, Reversal.
    #[serde(deserialize_with = "text")]
    pub reason_code: String,
}
