//! Reads. Every function takes a scope; row-level security stands behind it. Who may touch only what
//! they made sees only the imports that they uploaded.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};

use super::check::{self, Checked, Known, Report};
use super::columns::Cells;
use super::model::{Import, ImportState, REPEAT_WINDOW, Reason, RowState};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::keyset::{Condition, Keyset};
use crate::db::schema::{email_payments, import_rows, imports, users};
use crate::email_payments::Status;
use crate::email_payments::making::{self, Context, MerchantView, Originator};
use crate::kernel::{Direction, EmailPaymentId, Error, ImportId, Lang};
use crate::web::list::Slice;

/// Imports on a page of the list.
pub const PAGE_ROWS: usize = 25;

type WithUser = diesel::dsl::InnerJoinQuerySource<
    imports::table,
    users::table,
    diesel::dsl::Eq<users::id, imports::created_by>,
>;

/// The imports that a scope may touch.
fn of<From>(scope: MerchantScope) -> Condition<From>
where
    imports::merchant_id: SelectableExpression<From>,
    imports::created_by: SelectableExpression<From>,
    From: 'static,
{
    let all = imports::merchant_id.eq(scope.merchant_id());
    match scope.only_created_by() {
        None => Box::new(all),
        Some(user_id) => Box::new(all.and(imports::created_by.eq(user_id))),
    }
}

/// One import.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn get(conn: &mut PgConnection, scope: MerchantScope, id: ImportId) -> Result<Import, Error> {
    let one = imports::table.filter(of::<imports::table>(scope)).filter(imports::id.eq(id));
    Ok(one.select(Import::as_select()).first(conn)?)
}

/// One import, locked until the transaction ends: read it so before changing its state.
pub fn lock(conn: &mut PgConnection, scope: MerchantScope, id: ImportId) -> Result<Import, Error> {
    let one = imports::table.filter(of::<imports::table>(scope)).filter(imports::id.eq(id));
    Ok(one.select(Import::as_select()).for_update().first(conn)?)
}

/// Holds a running import while one of its rows is worked on: who stops it waits that long. Taken before
/// the row, as everywhere, so that the two never wait for each other; several processes may hold it.
pub fn hold(conn: &mut PgConnection, scope: SystemScope, id: ImportId) -> Result<bool, Error> {
    let one = imports::table.find((scope.merchant_id(), id)).select(imports::state);
    let state = one.for_key_share().first::<ImportState>(conn)?;
    Ok(state == ImportState::Running)
}

/// What rows are checked against.
pub struct Ground {
    pub merchant: MerchantView,
    pub originators: Vec<Originator>,
}

impl Ground {
    pub fn read(conn: &mut PgConnection, scope: MerchantScope) -> Result<Self, Error> {
        Ok(Self {
            merchant: making::merchant(conn, scope.merchant_id())?,
            originators: making::originators_of(conn, scope.merchant_id())?,
        })
    }

    pub fn context(&self, now: DateTime<Utc>, lang: Lang) -> Context<'_> {
        Context { merchant: &self.merchant, originators: &self.originators, now, lang }
    }
}

/// The rows of an import that nobody has confirmed, checked: by themselves, side by side, and against
/// what is there.
pub fn report(
    conn: &mut PgConnection,
    scope: MerchantScope,
    import: &Import,
    context: &Context<'_>,
) -> Result<Report, Error> {
    let rows = typed(conn, scope, import.id, RowState::Checked, i64::MAX)?;
    let rows = rows.into_iter().map(|row| (row.number, row.cells)).collect();
    let rows = check::each(rows, &import.settings, context);
    let known = known(conn, scope, &rows, context.now)?;
    Ok(check::side_by_side(rows, &known, &import.settings))
}

/// A row whose cells are still there.
pub struct TypedRow {
    pub number: i32,
    pub cells: Cells,
    pub reason: Option<Reason>,
}

/// The first rows in a state, by number; those whose cells were deleted are not among them.
pub fn typed(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: ImportId,
    state: RowState,
    most: i64,
) -> Result<Vec<TypedRow>, Error> {
    let rows: Vec<(i32, serde_json::Value, Option<Reason>)> = import_rows::table
        .filter(import_rows::merchant_id.eq(scope.merchant_id()))
        .filter(import_rows::import_id.eq(id))
        .filter(import_rows::state.eq(state))
        .filter(import_rows::typed.is_not_null())
        .order(import_rows::number)
        .limit(most)
        .select((import_rows::number, import_rows::typed.assume_not_null(), import_rows::reason))
        .load(conn)?;
    rows.into_iter()
        .map(|(number, cells, reason)| {
            let cells = serde_json::from_value(cells).map_err(Error::internal)?;
            Ok(TypedRow { number, cells, reason })
        })
        .collect()
}

/// The payments that rows may repeat: with one of their order IDs; of the last day with one of their
/// addresses.
fn known(
    conn: &mut PgConnection,
    scope: MerchantScope,
    rows: &[Checked],
    now: DateTime<Utc>,
) -> Result<Known, Error> {
    let drafts = || rows.iter().filter_map(|row| row.draft.as_ref());
    let order_ids: Vec<&str> =
        drafts().filter(|draft| !draft.is_proposal).map(|draft| draft.order_id.as_str()).collect();
    let addresses: Vec<String> =
        drafts().map(|draft| draft.customer_email.as_str().to_lowercase()).collect();
    let of_merchant =
        email_payments::table.filter(email_payments::merchant_id.eq(scope.merchant_id()));
    let order_ids: Vec<String> = of_merchant
        .filter(email_payments::order_id.eq_any(order_ids))
        .select(email_payments::order_id)
        .load(conn)?;
    // A repeat is told of the payments that its reader may see; an order ID is taken whosever it is.
    let mut recent = of_merchant.into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        recent = recent.filter(email_payments::created_by.eq(user_id));
    }
    let recent: Vec<(String, i64, String)> = recent
        .filter(email_payments::created_at.gt(now - REPEAT_WINDOW))
        .filter(email_payments::status.ne_all(Status::UNPAID))
        .filter(
            sql::<Bool>("lower(email_payments.customer_email) = ANY(")
                .bind::<Array<Text>, _>(addresses)
                .sql(")"),
        )
        .select((
            email_payments::customer_email,
            email_payments::amount_minor,
            email_payments::currency,
        ))
        .load(conn)?;
    let recent = recent
        .into_iter()
        .map(|(address, minor, currency)| (address.to_lowercase(), minor, currency));
    Ok(Known { order_ids: order_ids.into_iter().collect(), recent: recent.collect() })
}

/// How many rows are in which state, and why those left out are.
#[derive(Clone, Debug, Default)]
pub struct Counts(HashMap<(RowState, Option<Reason>), i64>);

impl Counts {
    #[must_use]
    pub fn of(&self, state: RowState) -> i64 {
        self.0.iter().filter(|((known, _), _)| *known == state).map(|(_, count)| *count).sum()
    }

    /// Reasons that some row was left out for, with their counts.
    #[must_use]
    pub fn reasons(&self) -> Vec<(Reason, i64)> {
        let count = |reason| self.0.get(&(RowState::LeftOut, Some(reason))).copied();
        Reason::ALL.iter().filter_map(|reason| Some((*reason, count(*reason)?))).collect()
    }
}

pub fn counts(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: ImportId,
) -> Result<Counts, Error> {
    let counts: Vec<(RowState, Option<Reason>, i64)> = import_rows::table
        .filter(import_rows::merchant_id.eq(scope.merchant_id()))
        .filter(import_rows::import_id.eq(id))
        .group_by((import_rows::state, import_rows::reason))
        .select((import_rows::state, import_rows::reason, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(Counts(counts.into_iter().map(|(state, reason, count)| ((state, reason), count)).collect()))
}

/// A payment that an import made.
#[derive(Clone, Debug, Queryable)]
pub struct MadeRow {
    pub number: i32,
    pub id: EmailPaymentId,
    pub order_id: String,
    pub customer_email: String,
    pub amount_minor: i64,
    pub currency: String,
}

/// The first payments that an import made.
pub fn made(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: ImportId,
    most: i64,
) -> Result<Vec<MadeRow>, Error> {
    Ok(import_rows::table
        .inner_join(
            email_payments::table.on(email_payments::merchant_id
                .eq(import_rows::merchant_id)
                .and(import_rows::email_payment_id.eq(email_payments::id.nullable()))),
        )
        .filter(import_rows::merchant_id.eq(scope.merchant_id()))
        .filter(import_rows::import_id.eq(id))
        .order(import_rows::number)
        .limit(most)
        .select((
            import_rows::number,
            email_payments::id,
            email_payments::order_id,
            email_payments::customer_email,
            email_payments::amount_minor,
            email_payments::currency,
        ))
        .load(conn)?)
}

/// An import of the same file within a day, not taken back: the first one.
pub fn same_file(
    conn: &mut PgConnection,
    scope: MerchantScope,
    import: &Import,
) -> Result<Option<(Import, String)>, Error> {
    Ok(imports::table
        .inner_join(users::table.on(users::id.eq(imports::created_by)))
        .filter(of::<WithUser>(scope))
        .filter(imports::file_hash.eq(&import.file_hash))
        .filter(imports::id.ne(import.id))
        .filter(imports::created_at.le(import.created_at))
        .filter(imports::created_at.gt(import.created_at - REPEAT_WINDOW))
        .filter(not(imports::state.eq_any([ImportState::Undone, ImportState::Discarded])))
        .order(imports::created_at)
        .select((Import::as_select(), users::name))
        .first(conn)
        .optional()?)
}

/// One line of the list.
#[derive(Clone, Debug, Queryable)]
pub struct ListRow {
    pub id: ImportId,
    pub file_name: String,
    pub rows: i32,
    pub state: ImportState,
    pub created_at: DateTime<Utc>,
    pub user_name: String,
    /// Payments made so far.
    pub made: i64,
}

/// One page of the list, newest first.
pub fn list(
    conn: &mut PgConnection,
    scope: MerchantScope,
    direction: &Direction,
) -> Result<Slice<ListRow>, Error> {
    let made = import_rows::table
        .filter(import_rows::merchant_id.eq(imports::merchant_id))
        .filter(import_rows::import_id.eq(imports::id))
        .filter(import_rows::state.eq(RowState::Made))
        .count()
        .single_value()
        .assume_not_null();
    let keyset = Keyset::new("imports.created_at", "imports.id", true, direction);
    let mut query = imports::table
        .inner_join(users::table.on(users::id.eq(imports::created_by)))
        .filter(of::<WithUser>(scope))
        .select((
            imports::id,
            imports::file_name,
            imports::rows,
            imports::state,
            imports::created_at,
            users::name,
            made,
        ))
        .order(keyset.order())
        .limit(i64::try_from(PAGE_ROWS + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(direction) {
        query = query.filter::<Condition<WithUser>>(beyond);
    }
    Ok(Slice::cut(query.load(conn)?, PAGE_ROWS, direction))
}
