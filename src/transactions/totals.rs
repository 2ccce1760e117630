//! What the rows of a list come to, per currency: exact, or not told.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Text, Timestamptz, Uuid as SqlUuid};

use super::columns::Column;
use super::filter::{self, Condition, Question, condition};
use super::queries::currencies_for;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::summary::Span;
use crate::db::views::transactions_list as rows;
use crate::gateway::AttemptStatus;
use crate::kernel::Error;
use crate::settlement::{Operation, Way};
use crate::web::list::Asked;

/// How long a page waits for totals.
pub const WAIT: Duration = Duration::from_millis(300);

/// How long somebody waits who asks for them. Below the limit that requests have anyway.
pub const PATIENCE: Duration = Duration::from_secs(4);

/// What the rows of one currency come to, in minor units. Only what was accepted moves money, and no
/// test does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// ISO 4217.
    pub currency: String,
    /// All rows, whatever became of them.
    pub count: i64,
    /// What came in: sales, captures, rebills, collections, and chargebacks that were won.
    pub in_minor: i64,
    pub refunded_minor: i64,
    /// What bank or scheme took back.
    pub disputed_minor: i64,
}

impl Cell {
    /// What is left.
    #[must_use]
    pub const fn net_minor(&self) -> i64 {
        self.in_minor.saturating_sub(self.refunded_minor).saturating_sub(self.disputed_minor)
    }
}

/// The totals of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Totals {
    /// By currency code; a currency without rows has no cell.
    Counted(Vec<Cell>),
    /// It would have taken longer than was waited for.
    NotCounted,
}

/// Sums up the rows of a question, whatever page of them is shown, waiting at most `wait`.
pub fn totals(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    wait: Duration,
) -> Result<Totals, Error> {
    if let Some(filter) = SummaryFilter::of(scope, question) {
        // Some thousand rows at most, in some milliseconds: no deadline, whose savepoint and setting
        // would be four more round trips of each page.
        return Ok(Totals::Counted(cells(from_summary(conn, scope, &filter)?)));
    }
    let used = currencies_for(conn, scope, question)?;
    let rows = condition(scope, question, &used);
    let sums = match filter::texts(question) {
        Some((_, index)) => db::through_index(conn, |conn| {
            db::within(conn, wait, |conn| from_rows(conn, Box::new(rows.and(index))))
        })?,
        None => db::within(conn, wait, |conn| from_rows(conn, rows))?,
    };
    Ok(sums.map_or(Totals::NotCounted, |sums| Totals::Counted(cells(sums))))
}

/// What the summary per day can answer.
#[derive(Default)]
struct SummaryFilter {
    status: Chosen,
    operation: Chosen,
    currency: Chosen,
    test: Chosen,
    /// The first instant; of any zone's day.
    from: Option<DateTime<Utc>>,
    /// The first instant after.
    until: Option<DateTime<Utc>>,
}

/// One of these words, or none of them.
struct Chosen {
    words: Vec<String>,
    is_none_of: bool,
}

impl Chosen {
    fn of(words: &[String], is_none_of: bool) -> Self {
        Self { words: words.to_vec(), is_none_of }
    }
}

impl Default for Chosen {
    /// Nothing is left out.
    fn default() -> Self {
        Self { words: Vec::new(), is_none_of: true }
    }
}

impl SummaryFilter {
    /// `None` where the summary can't tell.
    fn of(scope: MerchantScope, question: &Question) -> Option<Self> {
        if scope.only_created_by().is_some() || question.search.is_some() {
            return None;
        }
        let mut filter = Self::default();
        for (column, asked) in &question.asked {
            match (column, asked) {
                (Column::Date, Asked::Days { since, until, .. }) => {
                    (filter.from, filter.until) = (*since, *until);
                }
                (Column::Status, Asked::Choices { words, is_none_of }) => {
                    filter.status = Chosen::of(words, *is_none_of);
                }
                (Column::Operation, Asked::Choices { words, is_none_of }) => {
                    filter.operation = Chosen::of(words, *is_none_of);
                }
                (Column::Currency, Asked::Choices { words, is_none_of }) => {
                    filter.currency = Chosen::of(words, *is_none_of);
                }
                (Column::Test, Asked::Choices { words, is_none_of }) => {
                    filter.test = Chosen::of(words, *is_none_of);
                }
                _ => return None,
            }
        }
        Some(filter)
    }
}

/// The rows of one currency, operation and status.
#[derive(Queryable, QueryableByName)]
struct Sum {
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Text)]
    operation: Operation,
    #[diesel(sql_type = Text)]
    status: AttemptStatus,
    #[diesel(sql_type = Bool)]
    is_test: bool,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount_minor: i64,
}

fn from_rows(conn: &mut PgConnection, condition: Condition) -> QueryResult<Vec<Sum>> {
    // A few groups of perhaps many rows: never sorted first, whatever the planner expects. Where the
    // deadline passes, the savepoint takes the setting back.
    sql_query("SET LOCAL enable_sort = off").execute(conn)?;
    let sums = rows::table
        .filter(condition)
        .group_by((rows::currency, rows::operation, rows::status, rows::is_test))
        .select((
            rows::currency,
            rows::operation,
            rows::status,
            rows::is_test,
            diesel::dsl::count_star(),
            sql::<BigInt>("sum(amount_minor)::bigint"),
        ))
        .load(conn)?;
    sql_query("SET LOCAL enable_sort = on").execute(conn)?;
    Ok(sums)
}

/// Whole days (UTC) from the summary, what is left at both ends from the rows. One statement: both
/// see the same moment.
const FROM_SUMMARY: &str = "
    SELECT currency, operation, status, is_test, sum(count)::bigint AS count, sum(amount_minor)::bigint AS amount_minor
    FROM (
        SELECT currency, operation, status, is_test, count, amount_minor FROM transaction_days
        WHERE merchant_id = $1 AND day >= $2 AND day < $3
        UNION ALL
        SELECT currency, operation, status, is_test, 1, amount_minor FROM transactions_list
        WHERE merchant_id = $1 AND occurred_at >= $4 AND occurred_at < $5
        UNION ALL
        SELECT currency, operation, status, is_test, 1, amount_minor FROM transactions_list
        WHERE merchant_id = $1 AND occurred_at >= $6 AND occurred_at < $7
    ) AS parts
    WHERE (status = ANY ($8)) <> $9 AND (operation = ANY ($10)) <> $11 AND (currency = ANY ($12)) <> $13
      AND (CASE WHEN is_test THEN 'yes' ELSE 'no' END = ANY ($14)) <> $15
    GROUP BY currency, operation, status, is_test
    HAVING sum(count) <> 0";

fn from_summary(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &SummaryFilter,
) -> QueryResult<Vec<Sum>> {
    let Span { days, head, tail } = Span::of(filter.from, filter.until);
    sql_query(FROM_SUMMARY)
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Date, _>(days.0)
        .bind::<Date, _>(days.1)
        .bind::<Timestamptz, _>(head.0)
        .bind::<Timestamptz, _>(head.1)
        .bind::<Timestamptz, _>(tail.0)
        .bind::<Timestamptz, _>(tail.1)
        .bind::<Array<Text>, _>(&filter.status.words)
        .bind::<Bool, _>(filter.status.is_none_of)
        .bind::<Array<Text>, _>(&filter.operation.words)
        .bind::<Bool, _>(filter.operation.is_none_of)
        .bind::<Array<Text>, _>(&filter.currency.words)
        .bind::<Bool, _>(filter.currency.is_none_of)
        .bind::<Array<Text>, _>(&filter.test.words)
        .bind::<Bool, _>(filter.test.is_none_of)
        .load(conn)
}

fn cells(sums: Vec<Sum>) -> Vec<Cell> {
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for sum in sums {
        let cell = cells
            .entry(sum.currency.clone())
            .or_insert_with(|| Cell { currency: sum.currency, ..Cell::default() });
        cell.count += sum.count;
        if sum.status != AttemptStatus::Authorised || sum.is_test {
            continue;
        }
        match (sum.operation.way(), sum.operation) {
            (Way::In, _) => cell.in_minor += sum.amount_minor,
            (Way::Out, Operation::Refund) => cell.refunded_minor += sum.amount_minor,
            (Way::Out, _) => cell.disputed_minor += sum.amount_minor,
            (Way::Nowhere, _) => {}
        }
    }
    cells.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_accepted_movements_of_real_money_are_summed_up() {
        use AttemptStatus::{Authorised, Declined};
        let sum = |operation, status, is_test, amount_minor| Sum {
            currency: "EUR".to_owned(),
            operation,
            status,
            is_test,
            count: 2,
            amount_minor,
        };
        let cells = cells(vec![
            sum(Operation::Sale, Authorised, false, 10_000),
            sum(Operation::Sale, Declined, false, 5_000),
            sum(Operation::Sale, Authorised, true, 7_000),
            sum(Operation::Authorize, Authorised, false, 3_000),
            sum(Operation::Refund, Authorised, false, 450),
            sum(Operation::Chargeback, Authorised, false, 120),
            sum(Operation::Representment, Authorised, false, 20),
        ]);
        let expected = Cell {
            currency: "EUR".to_owned(),
            count: 14,
            in_minor: 10_020,
            refunded_minor: 450,
            disputed_minor: 120,
        };
        assert_eq!(cells, std::slice::from_ref(&expected));
        assert_eq!(expected.net_minor(), 9_450);
    }
}
