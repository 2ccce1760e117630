//! Noting what moved.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl as _;
use diesel::upsert::excluded;

use super::model::{Channel, Operation, network_word};
use super::queries::provider_of;
use crate::auth::MerchantScope;
use crate::db::schema::transactions;
use crate::db::summary::Summary;
use crate::gateway::AttemptStatus;
use crate::kernel::{EmailPaymentId, Error, Money, OriginatorId, TransactionId, UserId};

/// A transaction as the gateway tells of it.
#[derive(Clone, Copy, Debug)]
pub struct NewTransaction<'a> {
    pub originator_id: OriginatorId,
    pub channel: Channel,
    pub operation: Operation,
    pub status: AttemptStatus,
    /// Never negative: which way the money goes, the operation says.
    pub amount: Money,
    pub method: &'a str,
    pub result_code: &'a str,
    /// The gateway's number: the same again is the same transaction.
    pub gateway_transaction_id: &'a str,
    /// The gateway's number of the one that this follows.
    pub reference_transaction_id: Option<&'a str>,
    pub email_payment_id: Option<EmailPaymentId>,
    pub is_test: bool,
    pub occurred_at: DateTime<Utc>,
    pub details: Details<'a>,
}

/// What people look for a transaction by. Empty or `None`: it is not told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Details<'a> {
    pub order_id: &'a str,
    pub customer_name: &'a str,
    pub customer_email: &'a str,
    /// The brand of a card or the name of a wallet, in whatever letters it comes.
    pub network: &'a str,
    /// First six and last four digits; nothing else is kept.
    pub card_number_masked: &'a str,
    pub ip_address: &'a str,
    /// The customer's, ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// What stands on the customer's bank statement.
    pub descriptor: &'a str,
    /// Whether the bank answers for the customer.
    pub is_3d_secure: Option<bool>,
    /// What a wallet took of its customer, in the wallet's currency.
    pub wallet_total: Option<Money>,
    /// Units of the wallet's currency for one of the transaction's: a plain decimal number.
    pub exchange_rate: Option<&'a str>,
    /// Who of the merchant's people asked for the money.
    pub asked_by: Option<UserId>,
}

/// Notes a transaction in the caller's transaction. Told again it changes nothing, unless it was
/// pending: then it gets the end that is told now.
pub fn record(
    conn: &mut PgConnection,
    scope: MerchantScope,
    new: &NewTransaction<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let provider = provider_of(conn, scope, new.originator_id)?;
    let details = &new.details;
    diesel::insert_into(transactions::table)
        .values((
            transactions::merchant_id.eq(scope.merchant_id()),
            transactions::id.eq(TransactionId::new()),
            transactions::originator_id.eq(new.originator_id),
            transactions::provider.eq(provider),
            transactions::channel.eq(new.channel),
            transactions::operation.eq(new.operation),
            transactions::status.eq(new.status),
            transactions::amount_minor.eq(new.amount.minor),
            transactions::currency.eq(new.amount.currency.code()),
            transactions::method.eq(new.method),
            transactions::result_code.eq(new.result_code),
            transactions::gateway_transaction_id.eq(new.gateway_transaction_id),
            transactions::reference_transaction_id.eq(new.reference_transaction_id),
            transactions::email_payment_id.eq(new.email_payment_id),
            transactions::is_test.eq(new.is_test),
            transactions::occurred_at.eq(new.occurred_at),
            transactions::recorded_at.eq(now),
            (
                transactions::order_id.eq(details.order_id),
                transactions::customer_name.eq(details.customer_name),
                transactions::customer_email.eq(details.customer_email),
                transactions::network.eq(network_word(details.network)),
                transactions::card_number_masked.eq(details.card_number_masked),
                transactions::ip_address.eq(details.ip_address),
                transactions::country.eq(details.country),
                transactions::descriptor.eq(details.descriptor),
                transactions::is_3d_secure.eq(details.is_3d_secure),
                transactions::asked_by.eq(details.asked_by),
            ),
            wallet(details),
        ))
        .on_conflict((transactions::merchant_id, transactions::gateway_transaction_id))
        .do_update()
        .set((
            transactions::status.eq(excluded(transactions::status)),
            transactions::amount_minor.eq(excluded(transactions::amount_minor)),
            transactions::result_code.eq(excluded(transactions::result_code)),
            transactions::network.eq(excluded(transactions::network)),
            transactions::card_number_masked.eq(excluded(transactions::card_number_masked)),
            wallet(details),
            transactions::recorded_at.eq(excluded(transactions::recorded_at)),
        ))
        .filter(transactions::status.eq(AttemptStatus::Pending))
        .execute(conn)?;
    Ok(())
}

/// What a wallet took, as its columns; what is not told leaves them as they are.
fn wallet<'a>(details: &Details<'a>) -> WalletTotal<'a> {
    WalletTotal {
        wallet_total_minor: details.wallet_total.map(|total| total.minor),
        wallet_currency: details.wallet_total.map(|total| total.currency.code()),
        exchange_rate: details.exchange_rate,
    }
}

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = transactions)]
struct WalletTotal<'a> {
    wallet_total_minor: Option<i64>,
    wallet_currency: Option<&'a str>,
    exchange_rate: Option<&'a str>,
}

/// What was collected per day: the changes since the last run are added to their sums; how many there
/// were, across merchants.
pub fn add_up(conn: &mut PgConnection) -> Result<usize, Error> {
    let days = Summary {
        table: "collected_days",
        key: "merchant_id, day, currency, channel",
        sums: &["count", "amount_minor"],
    };
    usize::try_from(days.add_up(conn)?).map_err(Error::internal)
}
