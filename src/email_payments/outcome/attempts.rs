//! The gateway's attempts as they are noted: each once, and among the merchant's transactions too.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::SystemScope;
use crate::db::schema::payment_attempts;
use crate::email_payments::model::EmailPayment;
use crate::email_payments::queries::AttemptRow;
use crate::gateway::{Attempt, AttemptStatus};
use crate::kernel::{AttemptId, Error, Money};
use crate::settlement::{self, Channel, Details, NewTransaction, Operation};
use crate::wallets::{self, Wallet};

/// Whether the attempt is new: the gateway's number and its status make it one, once. A new one is
/// noted among the merchant's transactions too, whatever it does to the payment: money is money.
pub fn insert_attempt(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    // Two answers may be applied in the wrong order: what is decided does not begin again.
    if attempt.status == AttemptStatus::Pending && is_decided(conn, scope, attempt)? {
        return Ok(false);
    }
    let inserted = diesel::insert_into(payment_attempts::table)
        .values((
            payment_attempts::merchant_id.eq(scope.merchant_id()),
            payment_attempts::id.eq(AttemptId::new()),
            payment_attempts::email_payment_id.eq(payment.id),
            payment_attempts::gateway_transaction_id.eq(&attempt.transaction_id),
            payment_attempts::status.eq(attempt.status),
            payment_attempts::operation.eq(&attempt.operation),
            payment_attempts::result_code.eq(&attempt.result_code),
            payment_attempts::amount_minor.eq(attempt.amount.minor),
            payment_attempts::currency.eq(attempt.amount.currency.code()),
            payment_attempts::payment_method.eq(&attempt.method),
            payment_attempts::card_brand.eq(&attempt.card_brand),
            payment_attempts::card_number_masked.eq(&attempt.card_number_masked),
            payment_attempts::is_test.eq(attempt.is_test),
            payment_attempts::attempted_at.eq(attempt.attempted_at),
            payment_attempts::recorded_at.eq(now),
        ))
        .on_conflict((
            payment_attempts::merchant_id,
            payment_attempts::gateway_transaction_id,
            payment_attempts::status,
        ))
        .do_nothing()
        .execute(conn)?;
    if inserted > 0 {
        note_transaction(conn, scope, payment, attempt, now)?;
    }
    Ok(inserted > 0)
}

fn is_decided(
    conn: &mut PgConnection,
    scope: SystemScope,
    attempt: &Attempt,
) -> Result<bool, Error> {
    let decided = payment_attempts::table
        .filter(payment_attempts::merchant_id.eq(scope.merchant_id()))
        .filter(payment_attempts::gateway_transaction_id.eq(&attempt.transaction_id))
        .filter(payment_attempts::status.ne(AttemptStatus::Pending));
    Ok(diesel::select(diesel::dsl::exists(decided)).get_result(conn)?)
}

fn note_transaction(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(operation) =
        Operation::parse(&attempt.operation).filter(|_| attempt.amount.minor >= 0)
    else {
        tracing::error!(payment.id = %payment.id, gateway_transaction.id = attempt.transaction_id, "the gateway tells of an operation or amount that no statement knows");
        return Ok(());
    };
    // Of cards the brand alone: the other word is the acquirer's.
    let is_card = attempt.method.eq_ignore_ascii_case("CreditCard");
    let network = attempt.card_brand.as_deref().or(attempt.network.as_deref().filter(|_| !is_card));
    let is_told = attempt.total_fee.is_some();
    let wallets = if is_told { wallets::wallets(conn)? } else { Vec::new() };
    let new = NewTransaction {
        originator_id: payment.originator_id,
        channel: Channel::Email,
        operation,
        status: attempt.status,
        amount: attempt.amount,
        method: &attempt.method,
        result_code: &attempt.result_code,
        gateway_transaction_id: &attempt.transaction_id,
        reference_transaction_id: None,
        email_payment_id: Some(payment.id),
        is_test: attempt.is_test,
        occurred_at: attempt.attempted_at,
        details: Details {
            order_id: &payment.order_id,
            customer_name: &payment.customer_name,
            customer_email: &payment.customer_email,
            network: network.unwrap_or_default(),
            wallet_total: wallet_total(&wallets, network, attempt.total_fee.as_deref()),
            exchange_rate: attempt.exchange_rate.as_deref(),
            card_number_masked: attempt.card_number_masked.as_deref().unwrap_or_default(),
            asked_by: Some(payment.created_by),
            ..Details::default()
        },
    };
    settlement::record(conn, scope.into(), &new, now)
}

/// What a wallet took, in the currency that the catalogue knows of its customers: the gateway tells none.
/// `None` where the wallet is unknown, or the number is no whole one of minor units.
#[must_use]
pub fn wallet_total(
    catalogue: &[Wallet],
    network: Option<&str>,
    total_fee: Option<&str>,
) -> Option<Money> {
    let minor = total_fee?.parse().ok()?;
    let word = settlement::network_word(network?);
    let wallet = catalogue.iter().find(|wallet| settlement::network_word(&wallet.name) == word)?;
    Some(Money::new(minor, wallet.currency))
}

/// What the timeline tells of an attempt.
pub fn details(attempt: &Attempt) -> serde_json::Value {
    json!({
        "result_code": attempt.result_code,
        "method": attempt.method,
        "brand": attempt.card_brand,
        "last_four": attempt.card_number_masked.as_deref().and_then(|number| number.get(number.len().saturating_sub(4)..)),
        "gateway_transaction_id": attempt.transaction_id,
    })
}

/// How a try ended without money.
pub struct Refusal {
    pub result_code: String,
    /// What the timeline tells.
    pub facts: serde_json::Value,
}

impl Refusal {
    pub fn of(attempt: &Attempt) -> Self {
        Self { result_code: attempt.result_code.clone(), facts: details(attempt) }
    }

    /// Of a try that the gateway never decided.
    pub fn hung(attempt: &AttemptRow) -> Self {
        let facts = json!({
            "result_code": attempt.result_code,
            "method": attempt.payment_method,
            "brand": attempt.card_brand,
            "last_four": attempt.last_four(),
            "gateway_transaction_id": attempt.gateway_transaction_id,
        });
        Self { result_code: attempt.result_code.clone(), facts }
    }
}
