//! Sums that triggers keep beside a table. A row with `change` 0 is a sum; each other one is a change
//! that is yet to be added to it. Changes are only ever inserted: two transactions never wait for each
//! other there, however many rows of one key they touch. The total is the sum over both kinds.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

/// Changes that one run adds to their sums.
const CHANGES_MAX: i64 = 10_000;

/// A table of this kind, in the words of its migration.
pub struct Summary {
    pub table: &'static str,
    /// The columns of its key, but for `change`.
    pub key: &'static str,
    /// The columns that are summed up.
    pub sums: &'static [&'static str],
}

impl Summary {
    /// Adds changes to their sums, across merchants; how many there were. Several of these may run at
    /// the same time: each change is taken by one, in one transaction with its addition.
    pub fn add_up(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        #[derive(QueryableByName)]
        struct Taken {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let taken: Taken =
            sql_query(self.statement()).bind::<BigInt, _>(CHANGES_MAX).get_result(conn)?;
        Ok(taken.count)
    }

    fn statement(&self) -> String {
        let Self { table, key, sums } = self;
        let each = |words: &dyn Fn(&str) -> String| {
            sums.iter().map(|sum| words(sum)).collect::<Vec<_>>().join(", ")
        };
        let (columns, summed) = (sums.join(", "), each(&|sum| format!("sum({sum})")));
        let added = each(&|sum| format!("{sum} = days.{sum} + EXCLUDED.{sum}"));
        format!(
            "WITH taken AS (
                 DELETE FROM {table} WHERE change <> 0 AND change IN (
                     SELECT change FROM {table} WHERE change <> 0 ORDER BY change LIMIT $1 FOR UPDATE SKIP LOCKED)
                 RETURNING *),
             added AS (
                 INSERT INTO {table} AS days ({key}, change, {columns})
                 SELECT {key}, 0, {summed} FROM taken GROUP BY {key} ORDER BY {key}
                 ON CONFLICT ({key}, change) DO UPDATE SET {added})
             SELECT count(*) AS count FROM taken"
        )
    }
}

/// A time in whole days (UTC), which a summary knows, and what is left of it before and behind them; each
/// from and until.
#[derive(Debug, PartialEq, Eq)]
pub struct Span {
    pub days: (NaiveDate, NaiveDate),
    pub head: (DateTime<Utc>, DateTime<Utc>),
    pub tail: (DateTime<Utc>, DateTime<Utc>),
}

impl Span {
    /// `until`: the first instant after.
    #[must_use]
    pub fn of(from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Self {
        // Where nothing is said, before and after all rows: 1970 and 2262.
        let from = from.unwrap_or(DateTime::UNIX_EPOCH);
        let until = until.unwrap_or_else(|| DateTime::from_timestamp_nanos(i64::MAX));
        let floor = from.date_naive();
        let first = if midnight(floor) == from { floor } else { floor + Days::new(1) };
        let last = until.date_naive();
        if first > last {
            return Self { days: (first, first), head: (from, until), tail: (until, until) };
        }
        Self { days: (first, last), head: (from, midnight(first)), tail: (midnight(last), until) }
    }
}

const fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
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
        let span_of = |from: &str, until: &str| Span::of(Some(at(from)), Some(at(until)));
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
