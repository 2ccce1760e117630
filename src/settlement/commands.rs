//! Noting what moved.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::model::{Channel, Operation, network_word};
use crate::auth::MerchantScope;
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

/// What became of one that was told.
#[derive(Clone, Debug, QueryableByName)]
pub struct Noted {
    #[diesel(sql_type = Text)]
    pub gateway_transaction_id: String,
    #[diesel(sql_type = Text)]
    pub operation: Operation,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub email_payment_id: Option<EmailPaymentId>,
    /// Else it was known, and more is known of it now.
    #[diesel(sql_type = Bool)]
    pub is_new: bool,
}

/// Notes a transaction in the caller's transaction, as [`record_all`] does.
pub fn record(
    conn: &mut PgConnection,
    scope: MerchantScope,
    new: &NewTransaction<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    record_all(conn, scope, std::slice::from_ref(new), now).map(|_| ())
}

/// Notes transactions in the caller's transaction, all by one statement: those that were new or changed.
/// Told again one changes nothing, but that it ends when it was pending, and that what was not told
/// before is filled in. Nothing that is known is ever replaced, for a later telling may be a poorer one;
/// but a number to follow that nobody has gives way. What has the number of one that did something else, or
/// of another amount, changes nothing of it: a payment whose money is told so is a difference in the
/// reconciliation.
pub fn record_all(
    conn: &mut PgConnection,
    scope: MerchantScope,
    new: &[NewTransaction<'_>],
    now: DateTime<Utc>,
) -> Result<Vec<Noted>, Error> {
    let rows = each_once(new);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<TransactionId> = rows.iter().map(|_| TransactionId::new()).collect();
    let texts = |of: fn(&NewTransaction<'_>) -> String| rows.iter().map(|row| of(row)).collect();
    let optional = |of: fn(&NewTransaction<'_>) -> Option<String>| {
        rows.iter().map(|row| of(row)).collect::<Vec<Option<String>>>()
    };
    let statement = sql_query(UPSERT)
        .into_boxed::<Pg>()
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(each(&rows, |row| row.originator_id))
        .bind::<Texts, Vec<String>>(texts(|row| row.channel.as_str().to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.operation.as_str().to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.status.as_str().to_owned()))
        .bind::<Array<BigInt>, _>(each(&rows, |row| row.amount.minor))
        .bind::<Texts, Vec<String>>(texts(|row| row.amount.currency.code().to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.method.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.result_code.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.gateway_transaction_id.to_owned()))
        .bind::<Array<Nullable<Text>>, _>(optional(|row| {
            row.reference_transaction_id.map(str::to_owned)
        }))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(&rows, |row| row.email_payment_id))
        .bind::<Array<Bool>, _>(each(&rows, |row| row.is_test))
        .bind::<Array<Timestamptz>, _>(each(&rows, |row| row.occurred_at))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.order_id.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.customer_name.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.customer_email.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| network_word(row.details.network)))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.card_number_masked.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.ip_address.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.country.to_owned()))
        .bind::<Texts, Vec<String>>(texts(|row| row.details.descriptor.to_owned()))
        .bind::<Array<Nullable<Bool>>, _>(each(&rows, |row| row.details.is_3d_secure))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(&rows, |row| row.details.asked_by))
        .bind::<Array<Nullable<BigInt>>, _>(each(&rows, |row| {
            row.details.wallet_total.map(|total| total.minor)
        }))
        .bind::<Array<Nullable<Text>>, _>(optional(|row| {
            row.details.wallet_total.map(|total| total.currency.code().to_owned())
        }))
        .bind::<Array<Nullable<Text>>, _>(optional(|row| {
            row.details.exchange_rate.map(str::to_owned)
        }));
    Ok(statement.load(conn)?)
}

type Texts = Array<Text>;

fn each<'a, T>(rows: &[&NewTransaction<'a>], of: impl Fn(&NewTransaction<'a>) -> T) -> Vec<T> {
    rows.iter().map(|row| of(row)).collect()
}

/// One statement may not touch a row twice: of what is told twice the one counts that has ended, else the
/// later one. In the order of their first telling.
fn each_once<'r, 'a>(new: &'r [NewTransaction<'a>]) -> Vec<&'r NewTransaction<'a>> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(new.len());
    let mut rows: Vec<&NewTransaction<'a>> = Vec::with_capacity(new.len());
    for row in new {
        let place = *places.entry(row.gateway_transaction_id).or_insert(rows.len());
        match rows.get_mut(place) {
            None => rows.push(row),
            Some(told) if told.status == AttemptStatus::Pending => *told = row,
            Some(_) => {}
        }
    }
    rows
}

/// Details come with the first telling or a later one. A number to follow that nobody has (of a mere request,
/// told in a window before) gives way to one that somebody has. The channel of what no day's sum counts
/// follows from a payment that is found later.
const UPSERT: &str = "
INSERT INTO transactions AS t (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency, method,
    result_code, gateway_transaction_id, reference_transaction_id, email_payment_id, is_test, occurred_at, recorded_at, order_id,
    customer_name, customer_email, network, card_number_masked, ip_address, country, descriptor, is_3d_secure, asked_by,
    wallet_total_minor, wallet_currency, exchange_rate)
SELECT $1, n.id, n.originator_id, o.provider, n.channel, n.operation, n.status, n.amount_minor, n.currency, n.method,
    n.result_code, n.gateway_transaction_id, n.reference_transaction_id, n.email_payment_id, n.is_test, n.occurred_at, $2, n.order_id,
    n.customer_name, n.customer_email, n.network, n.card_number_masked, n.ip_address, n.country, n.descriptor, n.is_3d_secure, n.asked_by,
    n.wallet_total_minor, n.wallet_currency, n.exchange_rate
FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
        $27, $28, $29)
    AS n (id, originator_id, channel, operation, status, amount_minor, currency, method, result_code, gateway_transaction_id,
        reference_transaction_id, email_payment_id, is_test, occurred_at, order_id, customer_name, customer_email, network,
        card_number_masked, ip_address, country, descriptor, is_3d_secure, asked_by, wallet_total_minor, wallet_currency, exchange_rate)
JOIN originators o ON o.merchant_id = $1 AND o.id = n.originator_id
ON CONFLICT (merchant_id, gateway_transaction_id) DO UPDATE SET
    status = CASE WHEN t.status = 'pending' THEN EXCLUDED.status ELSE t.status END,
    amount_minor = CASE WHEN t.status = 'pending' THEN EXCLUDED.amount_minor ELSE t.amount_minor END,
    result_code = CASE WHEN t.status = 'pending' THEN EXCLUDED.result_code ELSE t.result_code END,
    reference_transaction_id = CASE
        WHEN NOT EXISTS (SELECT FROM transactions k WHERE k.merchant_id = $1 AND k.gateway_transaction_id = t.reference_transaction_id)
            AND EXISTS (SELECT FROM transactions k WHERE k.merchant_id = $1 AND k.gateway_transaction_id = EXCLUDED.reference_transaction_id)
        THEN EXCLUDED.reference_transaction_id ELSE coalesce(t.reference_transaction_id, EXCLUDED.reference_transaction_id) END,
    email_payment_id = coalesce(t.email_payment_id, EXCLUDED.email_payment_id),
    channel = CASE WHEN t.email_payment_id IS NULL AND EXCLUDED.email_payment_id IS NOT NULL
        AND t.operation NOT IN ('capture', 'sale', 'rebill', 'collection') THEN EXCLUDED.channel ELSE t.channel END,
    order_id = coalesce(nullif(t.order_id, ''), EXCLUDED.order_id),
    customer_name = coalesce(nullif(t.customer_name, ''), EXCLUDED.customer_name),
    customer_email = coalesce(nullif(t.customer_email, ''), EXCLUDED.customer_email),
    network = coalesce(nullif(t.network, ''), EXCLUDED.network),
    card_number_masked = coalesce(nullif(t.card_number_masked, ''), EXCLUDED.card_number_masked),
    ip_address = coalesce(nullif(t.ip_address, ''), EXCLUDED.ip_address),
    country = coalesce(nullif(t.country, ''), EXCLUDED.country),
    descriptor = coalesce(nullif(t.descriptor, ''), EXCLUDED.descriptor),
    is_3d_secure = coalesce(t.is_3d_secure, EXCLUDED.is_3d_secure),
    asked_by = coalesce(t.asked_by, EXCLUDED.asked_by),
    wallet_total_minor = coalesce(t.wallet_total_minor, EXCLUDED.wallet_total_minor),
    wallet_currency = coalesce(t.wallet_currency, EXCLUDED.wallet_currency),
    exchange_rate = coalesce(t.exchange_rate, EXCLUDED.exchange_rate),
    recorded_at = EXCLUDED.recorded_at
WHERE (t.originator_id, t.operation, t.currency) = (EXCLUDED.originator_id, EXCLUDED.operation, EXCLUDED.currency)
    AND (t.status = 'pending' OR t.amount_minor = EXCLUDED.amount_minor)
    AND (t.status = 'pending'
            AND (EXCLUDED.status, EXCLUDED.amount_minor, EXCLUDED.result_code) IS DISTINCT FROM (t.status, t.amount_minor, t.result_code)
        OR t.reference_transaction_id IS NULL AND EXCLUDED.reference_transaction_id IS NOT NULL
        OR t.reference_transaction_id <> EXCLUDED.reference_transaction_id
            AND NOT EXISTS (SELECT FROM transactions k WHERE k.merchant_id = $1 AND k.gateway_transaction_id = t.reference_transaction_id)
            AND EXISTS (SELECT FROM transactions k WHERE k.merchant_id = $1 AND k.gateway_transaction_id = EXCLUDED.reference_transaction_id)
        OR t.email_payment_id IS NULL AND EXCLUDED.email_payment_id IS NOT NULL
        OR t.order_id = '' AND EXCLUDED.order_id <> ''
        OR t.customer_name = '' AND EXCLUDED.customer_name <> ''
        OR t.customer_email = '' AND EXCLUDED.customer_email <> ''
        OR t.network = '' AND EXCLUDED.network <> ''
        OR t.card_number_masked = '' AND EXCLUDED.card_number_masked <> ''
        OR t.ip_address = '' AND EXCLUDED.ip_address <> ''
        OR t.country = '' AND EXCLUDED.country <> ''
        OR t.descriptor = '' AND EXCLUDED.descriptor <> ''
        OR t.is_3d_secure IS NULL AND EXCLUDED.is_3d_secure IS NOT NULL
        OR t.asked_by IS NULL AND EXCLUDED.asked_by IS NOT NULL
        OR t.wallet_total_minor IS NULL AND EXCLUDED.wallet_total_minor IS NOT NULL
        OR t.exchange_rate IS NULL AND EXCLUDED.exchange_rate IS NOT NULL)
RETURNING gateway_transaction_id, operation, email_payment_id, xmax = 0 AS is_new";

/// What was collected per day, and what the list comes to.
const SUMMARIES: [Summary; 2] = [
    Summary {
        table: "collected_days",
        key: "merchant_id, day, currency, channel",
        sums: &["count", "amount_minor"],
    },
    Summary {
        table: "transaction_days",
        key: "merchant_id, day, currency, operation, status, is_test",
        sums: &["count", "amount_minor"],
    },
];

/// The changes of these summaries since the last run are added to their sums; how many there were,
/// across merchants.
pub fn add_up(conn: &mut PgConnection) -> Result<usize, Error> {
    let mut taken = 0;
    for summary in &SUMMARIES {
        taken += summary.add_up(conn)?;
    }
    // What was pending and has ended leaves a sum over nothing.
    sql_query("DELETE FROM transaction_days WHERE change = 0 AND count = 0").execute(conn)?;
    usize::try_from(taken).map_err(Error::internal)
}
