//! `SELECT count(*) FROM (…)`, which Diesel has no word for: to count no further than a limit.

use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};

/// How many rows `query` gives; with a `LIMIT` in it, at most so many.
pub fn rows<Q>(query: Q, conn: &mut PgConnection) -> QueryResult<i64>
where
    Counted<Q>: LoadQuery<'static, PgConnection, i64>,
{
    Counted(query).get_result(conn)
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
