//! What the gateway told, as it is kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::gateway::Account;
use crate::kernel::OriginatorId;

/// An account's settings at the gateway. What an older version of the product did not keep is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The name that customers read.
    pub name: String,
    pub terms_url: Option<String>,
    pub support_url: Option<String>,
    /// How often a customer may try to pay one payment.
    pub attempts_max: Option<u32>,
    pub sender_name: Option<String>,
    pub sender_email: Option<String>,
    pub tells_of_success: bool,
    pub tells_of_failure: bool,
    pub tells_merchant_at: Option<String>,
    pub methods: Vec<ToldMethod>,
}

/// A way to pay that the account has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToldMethod {
    /// The gateway's word.
    pub method: String,
    pub network: Option<String>,
    /// ISO 4217 codes.
    pub currencies: Vec<String>,
    /// `sale`, `authorize`, ….
    pub default_operation: Option<String>,
}

impl Told {
    /// Whether anything can be paid by `method` (the gateway's word, in any case).
    #[must_use]
    pub fn offers(&self, method: &str) -> bool {
        self.methods.iter().any(|offered| offered.method.eq_ignore_ascii_case(method))
    }

    /// Whether some method takes a currency.
    #[must_use]
    pub fn takes(&self, currency: &str) -> bool {
        self.methods.iter().any(|offered| offered.currencies.iter().any(|code| code == currency))
    }
}

impl From<&Account> for Told {
    fn from(account: &Account) -> Self {
        let text = |address: &Option<url::Url>| address.as_ref().map(url::Url::to_string);
        let methods = account.methods.iter().map(|method| ToldMethod {
            method: method.method.clone(),
            network: method.network.clone(),
            currencies: method.currencies.iter().map(|code| code.code().to_owned()).collect(),
            default_operation: method.default_operation.clone(),
        });
        Self {
            name: account.name.clone(),
            terms_url: text(&account.terms_url),
            support_url: text(&account.support_url),
            attempts_max: account.attempts_max,
            sender_name: account.sender_name.clone(),
            sender_email: account.sender_email.as_ref().map(ToString::to_string),
            tells_of_success: account.tells_of_success,
            tells_of_failure: account.tells_of_failure,
            tells_merchant_at: account.tells_merchant_at.as_ref().map(ToString::to_string),
            methods: methods.collect(),
        }
    }
}

/// An originator, and what the gateway says of it.
#[derive(Clone, Debug)]
pub struct AccountOf {
    pub originator_id: OriginatorId,
    pub originator: String,
    /// ISO 4217 codes that its requests may be in.
    pub currencies: Vec<String>,
    /// `None`: it has not said anything yet.
    pub told: Option<(Told, Answered)>,
    /// The last question that got no answer, if it came after the last answer.
    pub failed_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub at: DateTime<Utc>,
    /// Since when it says the same.
    pub since: DateTime<Utc>,
}
