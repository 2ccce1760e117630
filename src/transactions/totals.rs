//! What the rows of a list come to, per currency: exact, or not told.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::filter::{self, Condition, Question, condition};
use super::queries::currencies_for;
use crate::auth::MerchantScope;
use crate::db;
use crate::db::views::transactions_list as rows;
use crate::gateway::AttemptStatus;
use crate::kernel::Error;
use crate::settlement::{Operation, Way};

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
    let used = currencies_for(conn, scope, question)?;
    let rows = condition(scope, question, &used);
    let sums = match filter::texts(question) {
        Some((_, index)) => db::through_index(conn, |conn| {
            db::within(conn, wait, |conn| sums(conn, Box::new(rows.and(index))))
        })?,
        None => db::within(conn, wait, |conn| sums(conn, rows))?,
    };
    Ok(sums.map_or(Totals::NotCounted, |sums| Totals::Counted(cells(sums))))
}

/// The rows of one currency, operation and status.
#[derive(Queryable)]
struct Sum {
    currency: String,
    operation: Operation,
    status: AttemptStatus,
    is_test: bool,
    count: i64,
    amount_minor: i64,
}

fn sums(conn: &mut PgConnection, condition: Condition) -> QueryResult<Vec<Sum>> {
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
