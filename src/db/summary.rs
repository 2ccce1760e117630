//! Sums that triggers keep beside a table. A row with `change` 0 is a sum; each other one is a change
//! that is yet to be added to it. Changes are only ever inserted: two transactions never wait for each
//! other there, however many rows of one key they touch. The total is the sum over both kinds.

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
