//! What the rows of a list come to, per currency: exact, or not told.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use super::model::Status;
use super::texts::Condition;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::views::email_payments_list;
use crate::kernel::Error;

/// How long a page waits for totals that have to be counted row by row.
pub const WAIT: Duration = Duration::from_millis(300);

/// How long somebody waits who asks for them. Below the limit that requests have anyway.
pub const PATIENCE: Duration = Duration::from_secs(4);

/// Changes that one run of the job adds to their sums.
const CHANGES_MAX: i64 = 10_000;

/// What the rows of one currency come to, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// ISO 4217.
    pub currency: String,
    pub count: i64,
    /// The amounts of all rows, whatever became of them.
    pub requested_minor: i64,
    /// The amounts of those that are paid; what was given back is not taken off.
    pub collected_minor: i64,
    pub refunded_minor: i64,
    /// The amounts of those that are waited for: open, processing, authorised.
    pub due_minor: i64,
}

/// The totals of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Totals {
    /// By currency code; a currency without rows has no cell.
    Counted(Vec<Cell>),
    /// It would have taken longer than was waited for.
    NotCounted,
}

/// The rows that are summed up.
pub struct Narrowed<'a> {
    /// Which rows of the list: all of the filter, the merchant included.
    pub condition: &'a dyn Fn() -> Condition,
    /// The same in the summary's words, where nothing else narrows the list and its reader sees
    /// everybody's rows.
    pub summary: Option<SummaryFilter>,
}

/// What the summary per day can answer.
#[derive(Clone, Debug, Default)]
pub struct SummaryFilter {
    /// None: all.
    pub statuses: Vec<Status>,
    /// ISO 4217. None: all.
    pub currencies: Vec<String>,
    /// The first instant of creation; of any zone's day.
    pub created_from: Option<DateTime<Utc>>,
    /// The first instant after.
    pub created_until: Option<DateTime<Utc>>,
}

/// Sums up what `narrowed` says, waiting at most `wait`.
pub fn totals(
    conn: &mut PgConnection,
    scope: MerchantScope,
    narrowed: &Narrowed<'_>,
    wait: Duration,
) -> Result<Totals, Error> {
    let sums = db::within(conn, wait, |conn| match &narrowed.summary {
        Some(filter) => from_summary(conn, scope, filter),
        None => from_rows(conn, (narrowed.condition)()),
    })?;
    Ok(sums.map_or(Totals::NotCounted, |sums| Totals::Counted(cells(sums))))
}

/// The rows of one currency and status.
#[derive(Queryable, QueryableByName)]
struct Sum {
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Text)]
    status: Status,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount_minor: i64,
    #[diesel(sql_type = BigInt)]
    refunded_minor: i64,
}

fn from_rows(conn: &mut PgConnection, condition: Condition) -> QueryResult<Vec<Sum>> {
    email_payments_list::table
        .filter(condition)
        .group_by((email_payments_list::currency, email_payments_list::status))
        .select((
            email_payments_list::currency,
            email_payments_list::status,
            diesel::dsl::count_star(),
            sql::<BigInt>("sum(amount_minor)::bigint"),
            sql::<BigInt>("sum(refunded_minor)::bigint"),
        ))
        .load(conn)
}

/// Whole days (UTC) from the summary, what is left at both ends from the rows. One statement: both
/// see the same moment.
const FROM_SUMMARY: &str = "
    SELECT currency, status, sum(count)::bigint AS count, sum(amount_minor)::bigint AS amount_minor, sum(refunded_minor)::bigint AS refunded_minor
    FROM (
        SELECT currency, status, count, amount_minor, refunded_minor FROM email_payment_days
        WHERE merchant_id = $1 AND day >= $4 AND day < $5
        UNION ALL
        SELECT currency, status, 1, amount_minor, refunded_minor FROM email_payments_list
        WHERE merchant_id = $1 AND created_at >= $6 AND created_at < $7
        UNION ALL
        SELECT currency, status, 1, amount_minor, refunded_minor FROM email_payments_list
        WHERE merchant_id = $1 AND created_at >= $8 AND created_at < $9
    ) AS parts
    WHERE ($2 IS NULL OR status = ANY ($2)) AND ($3 IS NULL OR currency = ANY ($3))
    GROUP BY currency, status";

fn from_summary(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &SummaryFilter,
) -> QueryResult<Vec<Sum>> {
    let words: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
    let Span { days, head, tail } = span(filter.created_from, filter.created_until);
    sql_query(FROM_SUMMARY)
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Nullable<Array<Text>>, _>(Some(words).filter(|words| !words.is_empty()))
        .bind::<Nullable<Array<Text>>, _>(
            Some(&filter.currencies).filter(|codes| !codes.is_empty()),
        )
        .bind::<Date, _>(days.0)
        .bind::<Date, _>(days.1)
        .bind::<Timestamptz, _>(head.0)
        .bind::<Timestamptz, _>(head.1)
        .bind::<Timestamptz, _>(tail.0)
        .bind::<Timestamptz, _>(tail.1)
        .load(conn)
}

/// A time in whole days and what is left of it before and behind them; each from and until.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    days: (NaiveDate, NaiveDate),
    head: (DateTime<Utc>, DateTime<Utc>),
    tail: (DateTime<Utc>, DateTime<Utc>),
}

fn span(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Span {
    // Where nothing is said, before and after all payments: 1970 and 2262.
    let from = from.unwrap_or(DateTime::UNIX_EPOCH);
    let until = until.unwrap_or_else(|| DateTime::from_timestamp_nanos(i64::MAX));
    let floor = from.date_naive();
    let first = if midnight(floor) == from { floor } else { floor + Days::new(1) };
    let last = until.date_naive();
    if first > last {
        return Span { days: (first, first), head: (from, until), tail: (until, until) };
    }
    Span { days: (first, last), head: (from, midnight(first)), tail: (midnight(last), until) }
}

const fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn cells(sums: Vec<Sum>) -> Vec<Cell> {
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for sum in sums.into_iter().filter(|sum| sum.count != 0) {
        let cell = cells
            .entry(sum.currency.clone())
            .or_insert_with(|| Cell { currency: sum.currency, ..Cell::default() });
        cell.count += sum.count;
        cell.requested_minor += sum.amount_minor;
        cell.refunded_minor += sum.refunded_minor;
        match sum.status {
            Status::Paid => cell.collected_minor += sum.amount_minor,
            Status::Open | Status::Processing | Status::Authorised => {
                cell.due_minor += sum.amount_minor
            }
            Status::Draft
            | Status::Scheduled
            | Status::Expired
            | Status::Cancelled
            | Status::Failed => {}
        }
    }
    cells.into_values().collect()
}

/// The codes of the currencies in which a merchant has asked for money, in their order. Leaps from
/// one to the next: the cost is that of as many look-ups.
pub fn currencies_used(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<String>, Error> {
    #[derive(QueryableByName)]
    struct Used {
        #[diesel(sql_type = Text)]
        currency: String,
    }
    let used: Vec<Used> = sql_query(
        "WITH RECURSIVE used AS (
             SELECT min(currency) AS currency FROM email_payment_days WHERE merchant_id = $1
             UNION ALL
             SELECT (SELECT min(d.currency) FROM email_payment_days d WHERE d.merchant_id = $1 AND d.currency > used.currency)
             FROM used WHERE used.currency IS NOT NULL)
         SELECT currency FROM used WHERE currency IS NOT NULL",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .load(conn)?;
    Ok(used.into_iter().map(|used| used.currency).collect())
}

/// Adds changes to the sums of their days, across merchants; how many there were. Several of these
/// may run at the same time: each change is taken by one, in one transaction with its addition.
pub fn add_up(conn: &mut PgConnection) -> Result<usize, Error> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let taken: Taken = sql_query(
        "WITH taken AS (
             DELETE FROM email_payment_days WHERE change <> 0 AND change IN (
                 SELECT change FROM email_payment_days WHERE change <> 0 ORDER BY change LIMIT $1 FOR UPDATE SKIP LOCKED)
             RETURNING *),
         added AS (
             INSERT INTO email_payment_days AS days (merchant_id, currency, day, status, change, count, amount_minor, refunded_minor)
             SELECT merchant_id, currency, day, status, 0, sum(count), sum(amount_minor), sum(refunded_minor)
             FROM taken GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
             ON CONFLICT (merchant_id, currency, day, status, change) DO UPDATE
             SET count = days.count + EXCLUDED.count, amount_minor = days.amount_minor + EXCLUDED.amount_minor,
                 refunded_minor = days.refunded_minor + EXCLUDED.refunded_minor)
         SELECT count(*) AS count FROM taken",
    )
    .bind::<BigInt, _>(CHANGES_MAX)
    .get_result(conn)?;
    sql_query("DELETE FROM email_payment_days WHERE change = 0 AND count = 0").execute(conn)?;
    usize::try_from(taken.count).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_whole_days_with_a_head_and_a_tail() {
        let span_of = |from: &str, until: &str| span(Some(at(from)), Some(at(until)));
        let (from, until) = ("2026-03-28T23:00:00Z", "2026-03-31T22:00:00Z");
        assert_eq!(
            span_of(from, until),
            Span {
                days: (day("2026-03-29"), day("2026-03-31")),
                head: (at(from), at("2026-03-29T00:00:00Z")),
                tail: (at("2026-03-31T00:00:00Z"), at(until)),
            }
        );
        let (from, until) = ("2026-03-29T01:00:00Z", "2026-03-29T22:00:00Z");
        let within_a_day = span_of(from, until);
        assert_eq!(within_a_day.head, (at(from), at(until)));
        assert_eq!(within_a_day.days.0, within_a_day.days.1);
        assert_eq!(within_a_day.tail.0, within_a_day.tail.1);
        let (from, until) = ("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z");
        let one_day = span_of(from, until);
        assert_eq!(one_day.days, (day("2026-03-29"), day("2026-03-30")));
        assert_eq!((one_day.head.0, one_day.tail.1), (one_day.head.1, one_day.tail.0));
    }
}
