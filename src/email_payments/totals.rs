//! What the rows of a list come to, per currency: exact, or not told.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Text, Timestamptz, Uuid as SqlUuid};

use super::columns::Column;
use super::filter::{self, Condition, Group, Question, condition};
use super::model::Status;
use super::texts;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::summary::{Span, Summary};
use crate::db::views::email_payments_list;
use crate::kernel::{Currency, Error};
use crate::web::list::Asked;

/// How long a page waits for totals that have to be counted row by row.
pub const WAIT: Duration = Duration::from_millis(300);

/// The same where rows with a text are counted: by way of the index of texts, which answers for a few
/// thousand rows in less, and for a common text at size not in three times as long either. The list
/// is searched while somebody types.
pub const WAIT_FOR_TEXTS: Duration = Duration::from_millis(100);

/// How long somebody waits who asks for them. Below the limit that requests have anyway.
pub const PATIENCE: Duration = Duration::from_secs(4);

/// The summary per day.
const DAYS: Summary = Summary {
    table: "email_payment_days",
    key: "merchant_id, currency, day, status",
    sums: &["count", "amount_minor", "refunded_minor"],
};

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
pub struct Narrowed {
    /// Which rows of the list: all of the filter, the merchant included.
    pub rows: Condition,
    /// Whether the index of texts is to be begun at.
    pub has_texts: bool,
    /// The same in the summary's words, where nothing else narrows the list and its reader sees
    /// everybody's rows.
    pub summary: Option<SummaryFilter>,
}

impl Narrowed {
    /// The rows of a question, whatever page of them is shown.
    #[must_use]
    pub fn of(scope: MerchantScope, question: &Question, used: &[Currency]) -> Self {
        let rows = condition(scope, question, used);
        let texts = filter::texts(question);
        Self {
            has_texts: texts.is_some(),
            rows: match texts {
                Some((_, index)) => Box::new(rows.and(index)),
                None => rows,
            },
            summary: SummaryFilter::of(scope, question),
        }
    }
}

/// What the summary per day can answer.
#[derive(Clone, Debug)]
pub struct SummaryFilter {
    pub statuses: Vec<Status>,
    /// ISO 4217; these alone, or all but these.
    pub currencies: Vec<String>,
    pub is_none_of_currencies: bool,
    /// The first instant of creation; of any zone's day.
    pub created_from: Option<DateTime<Utc>>,
    /// The first instant after.
    pub created_until: Option<DateTime<Utc>>,
}

impl Default for SummaryFilter {
    /// Everything.
    fn default() -> Self {
        Self {
            statuses: Status::ALL.to_vec(),
            currencies: Vec::new(),
            is_none_of_currencies: true,
            created_from: None,
            created_until: None,
        }
    }
}

impl SummaryFilter {
    /// `None` where the summary can't tell.
    fn of(scope: MerchantScope, question: &Question) -> Option<Self> {
        if scope.only_created_by().is_some() || question.search.is_some() {
            return None;
        }
        let mut filter = Self::default();
        if question.sort.column == Column::Paid {
            filter.statuses.retain(|status| *status == Status::Paid);
        }
        for (column, asked) in &question.asked {
            match (column, asked) {
                (Column::Group, Asked::Tab { word }) => {
                    let group = Group::parse(word)?;
                    filter.statuses.retain(|status| Group::of(*status) == group);
                }
                (Column::Status, Asked::Choices { words, is_none_of }) => {
                    let is_named = |status: &Status| words.iter().any(|w| w == status.as_str());
                    filter.statuses.retain(|status| is_named(status) != *is_none_of);
                }
                (Column::Currency, Asked::Choices { words, is_none_of }) => {
                    filter.currencies.clone_from(words);
                    filter.is_none_of_currencies = *is_none_of;
                }
                (Column::Created, Asked::Days { since, until, .. }) => {
                    (filter.created_from, filter.created_until) = (*since, *until);
                }
                _ => return None,
            }
        }
        Some(filter)
    }
}

/// Sums up what `narrowed` says, waiting at most `wait`.
pub fn totals(
    conn: &mut PgConnection,
    scope: MerchantScope,
    narrowed: Narrowed,
    wait: Duration,
) -> Result<Totals, Error> {
    let Narrowed { rows, has_texts, summary } = narrowed;
    let sums = match summary {
        // Some thousand rows at most, in some milliseconds: no deadline, whose savepoint and setting
        // would be four more round trips of each page.
        Some(filter) => from_summary(conn, scope, &filter).map(Some).map_err(Error::from),
        None if has_texts => {
            texts::through_index(conn, |conn| db::within(conn, wait, |conn| from_rows(conn, rows)))
        }
        None => db::within(conn, wait, |conn| from_rows(conn, rows)),
    };
    Ok(sums?.map_or(Totals::NotCounted, |sums| Totals::Counted(cells(sums))))
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
    // A few groups of perhaps many rows: never sorted first, whatever the planner expects. Where the
    // deadline passes, the savepoint takes the setting back.
    sql_query("SET LOCAL enable_sort = off").execute(conn)?;
    let sums = email_payments_list::table
        .filter(condition)
        .group_by((email_payments_list::currency, email_payments_list::status))
        .select((
            email_payments_list::currency,
            email_payments_list::status,
            diesel::dsl::count_star(),
            sql::<BigInt>("sum(amount_minor)::bigint"),
            sql::<BigInt>("sum(refunded_minor)::bigint"),
        ))
        .load(conn)?;
    sql_query("SET LOCAL enable_sort = on").execute(conn)?;
    Ok(sums)
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
    WHERE status = ANY ($2) AND (currency = ANY ($3)) <> $10
    GROUP BY currency, status";

fn from_summary(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &SummaryFilter,
) -> QueryResult<Vec<Sum>> {
    let words: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
    let Span { days, head, tail } = Span::of(filter.created_from, filter.created_until);
    sql_query(FROM_SUMMARY)
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Array<Text>, _>(words)
        .bind::<Array<Text>, _>(&filter.currencies)
        .bind::<Date, _>(days.0)
        .bind::<Date, _>(days.1)
        .bind::<Timestamptz, _>(head.0)
        .bind::<Timestamptz, _>(head.1)
        .bind::<Timestamptz, _>(tail.0)
        .bind::<Timestamptz, _>(tail.1)
        .bind::<Bool, _>(filter.is_none_of_currencies)
        .load(conn)
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
                cell.due_minor += sum.amount_minor;
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

/// Adds changes to the sums of their days, across merchants; how many there were.
pub fn add_up(conn: &mut PgConnection) -> Result<usize, Error> {
    let taken = DAYS.add_up(conn)?;
    sql_query("DELETE FROM email_payment_days WHERE change = 0 AND count = 0").execute(conn)?;
    usize::try_from(taken).map_err(Error::internal)
}
