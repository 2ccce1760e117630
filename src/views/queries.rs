//! Reads: a user's columns, the views that they see, and how many rows each has.

use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::db;
use crate::db::schema::{list_layouts, saved_views, users};
use crate::kernel::{Error, SavedViewId, UserId};
use crate::web::list::Column;

/// The columns of a list, in the order in which one user sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout<C> {
    pub columns: Vec<C>,
    /// Whether the user has chosen them: then each has to be seen, however narrow the page is.
    pub is_chosen: bool,
}

/// The columns that a user sees in a list and finds in its files. What an older layout names and the
/// product no longer knows is passed over; the first column, which says what the row is, stays.
pub fn layout<C: Column>(
    conn: &mut PgConnection,
    user_id: UserId,
    list: &str,
) -> Result<Layout<C>, Error> {
    let keys: Option<Vec<Option<String>>> = list_layouts::table
        .find((user_id, list))
        .select(list_layouts::column_keys)
        .first(conn)
        .optional()?;
    Ok(match keys {
        Some(keys) => {
            Layout { columns: columns(keys.iter().flatten().map(String::as_str)), is_chosen: true }
        }
        None => Layout { columns: C::SHOWN_AT_FIRST.to_vec(), is_chosen: false },
    })
}

/// Columns by their keys, each once, behind the first one, which is always there.
pub fn columns<'a, C: Column>(keys: impl Iterator<Item = &'a str>) -> Vec<C> {
    let mut columns: Vec<C> = C::SHOWN_AT_FIRST.first().copied().into_iter().collect();
    for column in keys.filter_map(C::parse).filter(|column| column.spec().is_shown) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// A view as it is stored.
#[derive(Clone, Debug, Queryable)]
pub struct ViewRow {
    pub id: SavedViewId,
    pub user_id: UserId,
    pub user_name: String,
    pub is_shared: bool,
    pub name: String,
    pub query: String,
    pub is_deleted: bool,
}

type Columns = (
    saved_views::id,
    saved_views::user_id,
    users::name,
    saved_views::is_shared,
    saved_views::name,
    saved_views::query,
    diesel::dsl::IsNotNull<saved_views::deleted_at>,
);

fn columns_of_a_view() -> Columns {
    (
        saved_views::id,
        saved_views::user_id,
        users::name,
        saved_views::is_shared,
        saved_views::name,
        saved_views::query,
        saved_views::deleted_at.is_not_null(),
    )
}

/// The user's own views, then those that are shared, each in their order; deleted ones too. Bounded
/// by what may be saved.
pub fn views(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    list: &str,
) -> Result<Vec<ViewRow>, Error> {
    Ok(saved_views::table
        .inner_join(users::table)
        .filter(saved_views::merchant_id.eq(scope.merchant_id()))
        .filter(saved_views::list.eq(list))
        .filter(saved_views::user_id.eq(user_id).or(saved_views::is_shared))
        .order((saved_views::is_shared, saved_views::position, saved_views::id))
        .select(columns_of_a_view())
        .load(conn)?)
}

/// One view that the user sees.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or it is another user's own.
pub fn view(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    (list, id): (&str, SavedViewId),
) -> Result<ViewRow, Error> {
    Ok(saved_views::table
        .inner_join(users::table)
        .filter(saved_views::merchant_id.eq(scope.merchant_id()))
        .filter(saved_views::list.eq(list))
        .filter(saved_views::id.eq(id))
        .filter(saved_views::user_id.eq(user_id).or(saved_views::is_shared))
        .select(columns_of_a_view())
        .first(conn)?)
}

/// What the tabs of one page may take together.
const COUNTING: Duration = Duration::from_millis(50);
/// What one of them may take: a slow one must not leave the others without a number.
const COUNTING_ONE: Duration = Duration::from_millis(20);

/// Counts several questions within [`COUNTING`]; `None` for one that can't be had in time.
pub fn counts<Q>(
    conn: &mut PgConnection,
    questions: &[Q],
    mut count: impl FnMut(&mut PgConnection, &Q) -> Result<Option<i64>, Error>,
) -> Vec<Option<i64>> {
    let begun = Instant::now();
    let mut one = |question: &Q| {
        let left = COUNTING.saturating_sub(begun.elapsed()).min(COUNTING_ONE);
        if left < Duration::from_millis(1) {
            return None;
        }
        match db::in_time(conn, left, |conn| count(conn, question)) {
            Ok(counted) => counted.flatten(),
            Err(error) => {
                // The tab is without a number, as after the time-out; the list itself still tells.
                tracing::warn!(?error, "the rows of a view were not counted");
                None
            }
        }
    };
    questions.iter().map(&mut one).collect()
}
