//! The values of a column that a merchant's rows have, in as many steps as there are values.

use diesel::pg::PgConnection;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};

use crate::kernel::MerchantId;

/// From each value to the next one, in order; empty texts are none. `table` and `column` are names of
/// ours; an index begins with the merchant and the column.
pub fn values(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    table: &'static str,
    column: &'static str,
) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Used {
        #[diesel(sql_type = Text)]
        value: String,
    }
    let used: Vec<Used> = sql_query(format!(
        "WITH RECURSIVE used AS (
             (SELECT t.{column} AS value FROM {table} t WHERE t.merchant_id = $1 AND t.{column} <> ''
              ORDER BY t.{column} LIMIT 1)
             UNION ALL
             SELECT (SELECT t.{column} FROM {table} t
                     WHERE t.merchant_id = $1 AND t.{column} <> '' AND t.{column} > used.value
                     ORDER BY t.{column} LIMIT 1)
             FROM used WHERE used.value IS NOT NULL)
         SELECT value FROM used WHERE value IS NOT NULL",
    ))
    .bind::<SqlUuid, _>(merchant_id)
    .load(conn)?;
    Ok(used.into_iter().map(|used| used.value).collect())
}
