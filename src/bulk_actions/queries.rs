//! Reads. Every function takes a scope; row-level security stands behind it. Who may touch only what
//! they made sees only the bulk actions that they began.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{BulkAct, BulkAction, BulkState, RowOutcome, SkipReason};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::keyset::{Condition, Keyset};
use crate::db::schema::{bulk_action_rows, bulk_actions, email_payments, users};
use crate::kernel::{BulkActionId, Direction, EmailPaymentId, Error};
use crate::web::list::Slice;

/// Bulk actions on a page of the list.
pub const PAGE_ROWS: usize = 25;

type WithUser = diesel::dsl::InnerJoinQuerySource<
    bulk_actions::table,
    users::table,
    diesel::dsl::Eq<users::id, bulk_actions::created_by>,
>;

/// The bulk actions that a scope may touch.
fn of<From>(scope: MerchantScope) -> Condition<From>
where
    bulk_actions::merchant_id: SelectableExpression<From>,
    bulk_actions::created_by: SelectableExpression<From>,
    From: 'static,
{
    let all = bulk_actions::merchant_id.eq(scope.merchant_id());
    match scope.only_created_by() {
        None => Box::new(all),
        Some(user_id) => Box::new(all.and(bulk_actions::created_by.eq(user_id))),
    }
}

/// One bulk action.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: BulkActionId,
) -> Result<BulkAction, Error> {
    let one = bulk_actions::table.filter(of::<bulk_actions::table>(scope));
    Ok(one.filter(bulk_actions::id.eq(id)).select(BulkAction::as_select()).first(conn)?)
}

/// One bulk action, locked until the transaction ends: read it so before changing its state.
pub fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: BulkActionId,
) -> Result<BulkAction, Error> {
    let one = bulk_actions::table.filter(of::<bulk_actions::table>(scope));
    let one = one.filter(bulk_actions::id.eq(id)).select(BulkAction::as_select());
    Ok(one.for_update().first(conn)?)
}

/// Holds a running bulk action while one of its rows is worked on: who stops it waits that long. Taken
/// before the row, as everywhere, so that the two never wait for each other; several processes may
/// hold it.
pub fn hold(conn: &mut PgConnection, scope: SystemScope, id: BulkActionId) -> Result<bool, Error> {
    let one = bulk_actions::table.find((scope.merchant_id(), id)).select(bulk_actions::state);
    let state = one.for_key_share().first::<BulkState>(conn)?;
    Ok(state == BulkState::Running)
}

/// Whether a bulk action of this id is there, whosever it is.
pub fn is_there(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: BulkActionId,
) -> Result<bool, Error> {
    let one = bulk_actions::table
        .filter(bulk_actions::merchant_id.eq(scope.merchant_id()))
        .filter(bulk_actions::id.eq(id));
    Ok(diesel::select(exists(one)).get_result(conn)?)
}

/// How many rows came out how, and why those skipped were.
#[derive(Clone, Debug, Default)]
pub struct Counts(HashMap<(RowOutcome, Option<SkipReason>), i64>);

impl Counts {
    #[must_use]
    pub fn of(&self, state: RowOutcome) -> i64 {
        self.0.iter().filter(|((known, _), _)| *known == state).map(|(_, count)| *count).sum()
    }

    /// Reasons that some row was skipped for, with their counts.
    #[must_use]
    pub fn reasons(&self) -> Vec<(SkipReason, i64)> {
        let count = |reason| self.0.get(&(RowOutcome::Skipped, Some(reason))).copied();
        SkipReason::ALL.iter().filter_map(|reason| Some((*reason, count(*reason)?))).collect()
    }
}

pub fn counts(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: BulkActionId,
) -> Result<Counts, Error> {
    let counts: Vec<(RowOutcome, Option<SkipReason>, i64)> = bulk_action_rows::table
        .filter(bulk_action_rows::merchant_id.eq(scope.merchant_id()))
        .filter(bulk_action_rows::bulk_action_id.eq(id))
        .group_by((bulk_action_rows::state, bulk_action_rows::reason))
        .select((bulk_action_rows::state, bulk_action_rows::reason, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(Counts(counts.into_iter().map(|(state, reason, count)| ((state, reason), count)).collect()))
}

/// One row and its payment.
#[derive(Clone, Debug, Queryable)]
pub struct ReportRow {
    pub id: EmailPaymentId,
    pub order_id: String,
    pub customer_name: String,
    pub customer_email: String,
    pub amount_minor: i64,
    pub currency: String,
    pub state: RowOutcome,
    pub reason: Option<SkipReason>,
}

/// The first rows, in the order of the list from which they were picked; those of one outcome, or all.
pub fn report(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: BulkActionId,
    state: Option<RowOutcome>,
    most: i64,
) -> Result<Vec<ReportRow>, Error> {
    let mut rows = bulk_action_rows::table
        .inner_join(
            email_payments::table.on(email_payments::merchant_id
                .eq(bulk_action_rows::merchant_id)
                .and(email_payments::id.eq(bulk_action_rows::email_payment_id))),
        )
        .filter(bulk_action_rows::merchant_id.eq(scope.merchant_id()))
        .filter(bulk_action_rows::bulk_action_id.eq(id))
        .order(bulk_action_rows::number)
        .limit(most)
        .select((
            email_payments::id,
            email_payments::order_id,
            email_payments::customer_name,
            email_payments::customer_email,
            email_payments::amount_minor,
            email_payments::currency,
            bulk_action_rows::state,
            bulk_action_rows::reason,
        ))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        // Who has come to see only their own since then.
        rows = rows.filter(email_payments::created_by.eq(user_id));
    }
    if let Some(state) = state {
        rows = rows.filter(bulk_action_rows::state.eq(state));
    }
    Ok(rows.load(conn)?)
}

/// One line of the list.
#[derive(Clone, Debug, Queryable)]
pub struct ListRow {
    pub id: BulkActionId,
    pub act: BulkAct,
    pub rows: i32,
    pub state: BulkState,
    pub created_at: DateTime<Utc>,
    pub user_name: String,
    /// Rows that it was done to so far.
    pub done: i64,
}

/// One page of the list, newest first.
pub fn list(
    conn: &mut PgConnection,
    scope: MerchantScope,
    direction: &Direction,
) -> Result<Slice<ListRow>, Error> {
    let done = bulk_action_rows::table
        .filter(bulk_action_rows::merchant_id.eq(bulk_actions::merchant_id))
        .filter(bulk_action_rows::bulk_action_id.eq(bulk_actions::id))
        .filter(bulk_action_rows::state.eq(RowOutcome::Done))
        .count()
        .single_value()
        .assume_not_null();
    let keyset = Keyset::new("bulk_actions.created_at", "bulk_actions.id", true, direction);
    let mut query = bulk_actions::table
        .inner_join(users::table.on(users::id.eq(bulk_actions::created_by)))
        .filter(of::<WithUser>(scope))
        .select((
            bulk_actions::id,
            bulk_actions::act,
            bulk_actions::rows,
            bulk_actions::state,
            bulk_actions::created_at,
            users::name,
            done,
        ))
        .order(keyset.order())
        .limit(i64::try_from(PAGE_ROWS + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(direction) {
        query = query.filter::<Condition<WithUser>>(beyond);
    }
    Ok(Slice::cut(query.load(conn)?, PAGE_ROWS, direction))
}
