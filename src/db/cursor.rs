//! A cursor, which Diesel has no word for: the rows of any query, some thousand at a time, so that
//! neither side ever holds more of them.

use std::marker::PhantomData;
use std::sync::mpsc;

use diesel::dsl::sql;
use diesel::expression::{Expression, SqlLiteral, TypedExpressionType};
use diesel::helper_types::Nullable;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::{BoxableExpression, NullableExpressionMethods, QueryResult, RunQueryDsl};

use crate::kernel::Error;

/// Rows of one reading. Each is a statement of its own, with a statement's time limit.
const ROWS: usize = 2_000;

/// Readings that wait to be taken, at most.
const CHUNKS_WAITING: usize = 1;

/// What a query reads of the rows of `T`: a value of SQL's type `ST`, or nothing.
pub type Shown<T, ST> = Box<dyn BoxableExpression<T, Pg, SqlType = ST>>;

/// A column that is read where `is_shown`; else nothing is sent in its place.
pub fn shown<T, E, ST>(is_shown: bool, column: E) -> Shown<T, ST>
where
    E: NullableExpressionMethods + Expression,
    ST: TypedExpressionType,
    Nullable<E>: BoxableExpression<T, Pg, SqlType = ST> + 'static,
    SqlLiteral<ST>: BoxableExpression<T, Pg, SqlType = ST> + 'static,
{
    if is_shown { Box::new(column.nullable()) } else { Box::new(sql::<ST>("NULL")) }
}

/// Hands on every row of `query`, in its order, some thousand at a time. Inside a transaction. While
/// the caller takes some rows, the next are read by a thread of their own.
pub fn each<Q, T>(
    conn: &mut PgConnection,
    query: Q,
    mut take: impl FnMut(T) -> Result<(), Error>,
) -> Result<(), Error>
where
    Q: Query + QueryFragment<Pg> + QueryId,
    T: Send,
    Next<Q::SqlType>: LoadQuery<'static, PgConnection, T>,
{
    Declared(query).execute(conn)?;
    std::thread::scope(|scope| {
        let (chunks, read) = mpsc::sync_channel(CHUNKS_WAITING);
        let reader = scope.spawn(move || fetch_all::<Q::SqlType, T>(conn, &chunks));
        let taken = read.into_iter().flatten().try_for_each(&mut take);
        // Without a receiver the reader ends with its next rows: the loop above has let go of it.
        let fetched = reader.join().map_err(|_| Error::internal("the reader of rows panicked"))?;
        taken.and(fetched)
    })
}

/// Reads to the end, or until nobody takes any more. The transaction's end closes the cursor.
fn fetch_all<ST, T>(conn: &mut PgConnection, chunks: &mpsc::SyncSender<Vec<T>>) -> Result<(), Error>
where
    Next<ST>: LoadQuery<'static, PgConnection, T>,
{
    loop {
        let rows: Vec<T> = Next::<ST>(PhantomData).load(conn)?;
        let is_last = rows.len() < ROWS;
        if chunks.send(rows).is_err() || is_last {
            return Ok(());
        }
    }
}

/// A query that is begun and not read yet.
#[derive(QueryId)]
struct Declared<Q>(Q);

impl<Q> RunQueryDsl<PgConnection> for Declared<Q> {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Declared<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("DECLARE rows_in_turn NO SCROLL CURSOR FOR ");
        self.0.walk_ast(out.reborrow())
    }
}

/// The next rows of that query.
pub struct Next<ST>(PhantomData<ST>);

impl<ST> Query for Next<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<PgConnection> for Next<ST> {}

/// Not kept as a prepared statement: the next cursor of this name has other columns.
impl<ST> QueryId for Next<ST> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Pg> for Next<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(&format!("FETCH {ROWS} FROM rows_in_turn"));
        Ok(())
    }
}
