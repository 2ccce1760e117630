//! Reads. Each takes a scope.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Date, Text, Uuid as SqlUuid};

use super::model::{Channel, Period};
use crate::auth::MerchantScope;
use crate::db;
use crate::db::schema::{collected_days, statement_periods, transactions};
use crate::gateway::AttemptStatus;
use crate::kernel::{EmailPaymentId, Error, UserId};

/// The period that is running: the next documents are due on the day after it. `None` until the job
/// has looked at a new merchant, for some seconds.
pub fn open_period(conn: &mut PgConnection, scope: MerchantScope) -> Result<Option<Period>, Error> {
    let open = statement_periods::table
        .filter(statement_periods::merchant_id.eq(scope.merchant_id()))
        .filter(statement_periods::closed_at.is_null())
        .select((statement_periods::period_from, statement_periods::period_until))
        .first(conn)
        .optional()?;
    Ok(open.map(|(from, until)| Period { from, until }))
}

/// What customers paid on one day of the merchant's, in one currency and by one channel.
#[derive(Clone, Debug, Queryable, QueryableByName)]
pub struct Collected {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    /// ISO 4217.
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Text)]
    pub channel: Channel,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// What was given back is not taken off.
    #[diesel(sql_type = BigInt)]
    pub amount_minor: i64,
}

/// What was collected from one day to another, both inclusive; `None` where `wait` was too short. Days
/// are the merchant's.
pub fn collected(
    conn: &mut PgConnection,
    scope: MerchantScope,
    (from, until): (NaiveDate, NaiveDate),
    wait: Duration,
) -> Result<Option<Vec<Collected>>, Error> {
    db::within(conn, wait, |conn| match scope.only_created_by() {
        Some(user_id) => collected_by(conn, scope, user_id, (from, until)),
        None => collected_days::table
            .filter(collected_days::merchant_id.eq(scope.merchant_id()))
            .filter(collected_days::day.between(from, until))
            .group_by((collected_days::day, collected_days::currency, collected_days::channel))
            .select((
                collected_days::day,
                collected_days::currency,
                collected_days::channel,
                sql::<BigInt>("sum(count)::bigint"),
                sql::<BigInt>("sum(amount_minor)::bigint"),
            ))
            .load(conn),
    })
}

/// The same of the payments that one user made: the summary does not know who made them. A payment is
/// noted as paid when its money moved; a day more covers every zone.
fn collected_by(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    (from, until): (NaiveDate, NaiveDate),
) -> QueryResult<Vec<Collected>> {
    sql_query(
        "SELECT (t.occurred_at AT TIME ZONE m.time_zone)::date AS day, t.currency, t.channel,
                count(*) AS count, sum(t.amount_minor)::bigint AS amount_minor
         FROM email_payments p
         JOIN transactions t ON t.merchant_id = p.merchant_id AND t.email_payment_id = p.id
         JOIN merchants m ON m.id = p.merchant_id
         WHERE p.merchant_id = $1 AND p.created_by = $2 AND p.paid_at >= ($3 - 1)::timestamp AT TIME ZONE 'UTC'
           AND t.status = 'authorised' AND t.operation IN ('capture', 'sale', 'rebill', 'collection')
           AND (t.occurred_at AT TIME ZONE m.time_zone)::date BETWEEN $3 AND $4
         GROUP BY 1, 2, 3",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(user_id)
    .bind::<Date, _>(from)
    .bind::<Date, _>(until)
    .load(conn)
}

/// What customers paid with one wallet, in one currency of the merchant's.
#[derive(Clone, Debug, Queryable)]
pub struct OfWallet {
    /// As [`super::network_word`] writes it; empty where the gateway named none.
    pub network: String,
    /// ISO 4217.
    pub currency: String,
    pub count: i64,
    /// What was given back is not taken off.
    pub amount_minor: i64,
}

/// What was collected by wallet since an instant, without tests, what came to most first; `None` where
/// `wait` was too short.
pub fn collected_by_wallet(
    conn: &mut PgConnection,
    scope: MerchantScope,
    since: DateTime<Utc>,
    wait: Duration,
) -> Result<Option<Vec<OfWallet>>, Error> {
    db::within(conn, wait, |conn| {
        transactions::table
            .filter(transactions::merchant_id.eq(scope.merchant_id()))
            .filter(transactions::occurred_at.ge(since))
            // In the words of the index.
            .filter(sql::<Bool>(
                "transactions.method = 'Alipay' AND transactions.operation = 'sale' \
                 AND transactions.status = 'authorised' AND NOT transactions.is_test",
            ))
            .group_by((transactions::network, transactions::currency))
            .order((sql::<BigInt>("4 DESC"), transactions::network, transactions::currency))
            .select((
                transactions::network,
                transactions::currency,
                sql::<BigInt>("count(*)::bigint"),
                sql::<BigInt>("sum(amount_minor)::bigint"),
            ))
            .load(conn)
    })
}

/// What a wallet took of the customer who paid an email payment.
#[derive(Clone, Debug, Queryable)]
pub struct WalletTook {
    /// In units of the wallet's currency that have no decimals.
    pub total_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// How many of its units one of the payment's currency is, as the gateway writes it.
    pub exchange_rate: Option<String>,
}

/// `None`: it was not paid by a wallet, or the gateway did not tell.
pub fn wallet_took(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Option<WalletTook>, Error> {
    Ok(transactions::table
        .filter(transactions::merchant_id.eq(scope.merchant_id()))
        .filter(transactions::email_payment_id.eq(id))
        .filter(transactions::status.eq(AttemptStatus::Authorised))
        .filter(transactions::wallet_currency.is_not_null())
        .order(transactions::occurred_at.desc())
        .select((
            transactions::wallet_total_minor,
            transactions::wallet_currency,
            transactions::exchange_rate,
        ))
        .first(conn)
        .optional()?)
}
