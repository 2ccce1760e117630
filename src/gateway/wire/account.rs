//! `GET /account`.

use serde::Deserialize;

use super::lenient::{flag, list, text, whole_number};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccountAnswer {
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "flag")]
    pub display_terms: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub terms_url: String,
    #[serde(deserialize_with = "text")]
    pub support_url: String,
    #[serde(deserialize_with = "whole_number")]
    pub max_attempts: Option<i64>,
    #[serde(deserialize_with = "text")]
    pub notification_sender_name: String,
    #[serde(deserialize_with = "text")]
    pub notification_sender_email: String,
    #[serde(deserialize_with = "flag")]
    pub notification_on_success: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub notification_on_failure: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub merchant_notification: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub merchant_notification_to: String,
    #[serde(deserialize_with = "list")]
    pub payment_methods: Vec<MethodAnswer>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MethodAnswer {
    #[serde(deserialize_with = "text")]
    pub payment_method: String,
    #[serde(deserialize_with = "text")]
    pub payment_network: String,
    #[serde(deserialize_with = "list")]
    pub currencies: Vec<String>,
    #[serde(deserialize_with = "text")]
    pub default_operation: String,
}
