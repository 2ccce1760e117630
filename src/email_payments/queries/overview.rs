//! What the start page tells of payments: what needs somebody, and what is waited for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Timestamptz};

use super::own;
use super::undelivered::UNDELIVERED;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::schema::{email_payment_days, email_payments};
use crate::email_payments::model::Status;
use crate::kernel::{Currency, Error, Money};
use crate::web::ui::COUNTED_MAX;

/// What needs somebody, each counted up to [`COUNTED_MAX`].
#[derive(Clone, Copy, Debug)]
pub struct Attention {
    /// Open requests whose email has not arrived.
    pub undelivered: i64,
    /// Open requests that run out soon.
    pub expiring: i64,
}

/// Counts them; those that run out until `soon`. `None` where `wait` was too short.
pub fn attention(
    conn: &mut PgConnection,
    scope: MerchantScope,
    (now, soon): (DateTime<Utc>, DateTime<Utc>),
    wait: Duration,
) -> Result<Option<Attention>, Error> {
    let rows = || {
        let mine = email_payments::table.filter(own(scope)).select(email_payments::id);
        mine.limit(COUNTED_MAX).into_boxed()
    };
    // In the words of their indexes, which hold little else.
    let undelivered = rows().filter(sql::<Bool>(UNDELIVERED));
    let expiring = rows().filter(
        sql::<Bool>("email_payments.status = 'open' AND email_payments.expires_at >= ")
            .bind::<Timestamptz, _>(now)
            .sql(" AND email_payments.expires_at < ")
            .bind::<Timestamptz, _>(soon),
    );
    let counts =
        db::within(conn, wait, |conn| db::count::rows_of_each(vec![undelivered, expiring], conn))?;
    Ok(counts.map(|counts| {
        let at = |place: usize| counts.get(place).copied().unwrap_or_default();
        Attention { undelivered: at(0), expiring: at(1) }
    }))
}

/// What is waited for in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub sum: Money,
    pub payments: i64,
}

/// Requests that wait for money, by currency: the list's own sum of them. `None` where `wait` was too
/// short.
pub fn due(
    conn: &mut PgConnection,
    scope: MerchantScope,
    wait: Duration,
) -> Result<Option<Vec<Due>>, Error> {
    let sums: Option<Vec<(String, i64, i64)>> = db::within(conn, wait, |conn| {
        if scope.only_created_by().is_some() {
            email_payments::table
                .filter(own(scope))
                // In the words of the index.
                .filter(sql::<Bool>(
                    "email_payments.status IN ('open', 'processing', 'authorised')",
                ))
                .group_by(email_payments::currency)
                .order(email_payments::currency)
                .select((
                    email_payments::currency,
                    diesel::dsl::count_star(),
                    sql::<BigInt>("sum(amount_minor)::bigint"),
                ))
                .load(conn)
        } else {
            email_payment_days::table
                .filter(email_payment_days::merchant_id.eq(scope.merchant_id()))
                .filter(email_payment_days::status.eq_any(Status::WAITING))
                .group_by(email_payment_days::currency)
                .order(email_payment_days::currency)
                .select((
                    email_payment_days::currency,
                    sql::<BigInt>("sum(count)::bigint"),
                    sql::<BigInt>("sum(amount_minor)::bigint"),
                ))
                .load(conn)
        }
    })?;
    let due = |(code, payments, minor): (String, i64, i64)| {
        let sum = Money::new(minor, Currency::parse(&code)?);
        (payments > 0).then_some(Due { sum, payments })
    };
    Ok(sums.map(|sums| sums.into_iter().filter_map(due).collect()))
}
