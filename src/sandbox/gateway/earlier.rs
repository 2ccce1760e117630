//! Sales from before the gateway was started: the merchants of a demo have a past, and give some of it
//! back. Somebody else remembers them, and is asked when one of them is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::payment::{Attempt, Mean, Method, Object, Operation, Payment, SUCCESS, Stage};
use super::version::Version;
use super::{Account, Shared, tokens};
use crate::kernel::Currency;

/// A sale that was paid.
pub struct EarlierSale {
    pub order_id: String,
    pub customer_name: String,
    pub customer_email: String,
    pub amount_minor: i64,
    /// What was given back of it, at most all.
    pub refunded_minor: i64,
    pub currency: Currency,
    /// Empty: it was no card's.
    pub card_number_masked: String,
    /// The wallet behind Alipay+, where it was one's.
    pub network: String,
    pub made_at: DateTime<Utc>,
}

/// Finds a sale by the number of its account and its own.
pub type Earlier = Arc<dyn Fn(&str, &str) -> Option<EarlierSale> + Send + Sync>;

impl Shared {
    /// Takes a sale in that is asked for and was made before; nothing where all is known.
    pub(super) fn recall(&self, account: &Account, transaction_id: &str) {
        let Some(earlier) = &self.earlier else { return };
        let now = self.clock.now();
        let is_known = |account: &Account| {
            self.store
                .read(now, |state| state.by_transaction(&account.number, transaction_id).is_some())
        };
        if is_known(account) {
            return;
        }
        let Some(sale) = earlier(&account.number, transaction_id) else { return };
        let payment = payment(account, transaction_id, sale);
        self.store.change(now, |state| {
            // Somebody else may have asked meanwhile.
            if state.by_transaction(&account.number, transaction_id).is_none() {
                state.payments.insert(payment.merchant_token.clone(), payment);
            }
        });
    }
}

fn payment(account: &Account, transaction_id: &str, sale: EarlierSale) -> Payment {
    let is_card = !sale.card_number_masked.is_empty();
    let mut info = Object::new();
    if is_card {
        info.insert("cardNumber".to_owned(), sale.card_number_masked.into());
    }
    let method = if is_card { Method::CreditCard } else { Method::Alipay };
    let mut shopper = Object::new();
    shopper.insert("name".to_owned(), json!(sale.customer_name));
    shopper.insert("email".to_owned(), json!(sale.customer_email));
    let mut order = Object::new();
    order.insert("id".to_owned(), json!(sale.order_id));
    Payment {
        account: account.number.clone(),
        merchant_name: account.name.clone(),
        attempts_max: account.attempts_max,
        customer_token: tokens::customer(),
        merchant_token: tokens::merchant(),
        short_id: tokens::base36(10),
        version: Version::NESTED,
        expires_at: sale.made_at,
        amount_minor: sale.amount_minor,
        currency: sale.currency,
        method: Some(method),
        operation: Operation::Sale,
        secure3d: false,
        redirect_url: None,
        callback_url: None,
        custom_data: None,
        shopper,
        order,
        shipping: Object::new(),
        stage: Stage::Paid,
        attempt_key: tokens::attempt_key(),
        draft: None,
        attempts: vec![Attempt {
            transaction_id: transaction_id.to_owned(),
            ref_transaction_id: None,
            operation: Operation::Sale,
            date: sale.made_at.timestamp_millis(),
            amount_minor: sale.amount_minor,
            refunded_minor: sale.refunded_minor,
            result_code: SUCCESS.to_owned(),
            mean: Mean {
                method,
                info,
                email: None,
                network: Some(sale.network).filter(|network| !is_card && !network.is_empty()),
            },
            order_id: None,
        }],
        delivery: None,
        is_earlier: true,
    }
}
