//! `SELECT count(*) FROM (…)`, which Diesel has no word for: to count no further than a limit.

use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::sql_types::{Array, BigInt};
use diesel::{QueryResult, RunQueryDsl};

/// How many rows `query` gives; with a `LIMIT` in it, at most so many.
pub fn rows<Q>(query: Q, conn: &mut PgConnection) -> QueryResult<i64>
where
    Counted<Q>: LoadQuery<'static, PgConnection, i64>,
{
    Counted(query).get_result(conn)
}

/// The same for several queries, in one statement: in their order.
pub fn rows_of_each<Q>(queries: Vec<Q>, conn: &mut PgConnection) -> QueryResult<Vec<i64>>
where
    Counts<Q>: LoadQuery<'static, PgConnection, Vec<i64>>,
{
    Counts(queries).get_result(conn)
}

/// Queries whose rows are counted, each for itself.
pub struct Counts<Q>(Vec<Q>);

impl<Q> Query for Counts<Q> {
    type SqlType = Array<BigInt>;
}

impl<Q> RunQueryDsl<PgConnection> for Counts<Q> {}

/// How many queries there are is not in the type.
impl<Q> QueryId for Counts<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Counts<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ARRAY[");
        for (place, query) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 {
                "(SELECT count(*) FROM ("
            } else {
                ", (SELECT count(*) FROM ("
            });
            query.walk_ast(out.reborrow())?;
            out.push_sql(") AS matching)");
        }
        out.push_sql("]::bigint[]");
        Ok(())
    }
}

/// A query whose rows are counted instead of read.
#[derive(QueryId)]
pub struct Counted<Q>(Q);

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<PgConnection> for Counted<Q> {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS matching");
        Ok(())
    }
}
