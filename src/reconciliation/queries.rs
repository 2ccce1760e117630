//! Reads. Each takes a scope; row-level security stands behind it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{DifferenceKind, DifferenceState, Failure, GatewayList};
use crate::auth::MerchantScope;
use crate::db;
use crate::db::schema::{
    email_payments, originators, transaction_differences, transaction_imports, users,
};
use crate::kernel::{DifferenceId, EmailPaymentId, Error};
use crate::web::ui::COUNTED_MAX;

/// Differences that the page shows, of each state.
pub const SHOWN: usize = 200;

/// How far one list of an originator is read.
#[derive(Clone, Debug, Queryable)]
pub struct ImportRow {
    pub originator: String,
    pub list: GatewayList,
    pub rows: i64,
    pub last_from: Option<DateTime<Utc>>,
    pub last_until: Option<DateTime<Utc>>,
    pub succeeded_at: Option<DateTime<Utc>>,
    /// When the payments of forty days were last compared with what was read.
    pub compared_at: Option<DateTime<Utc>>,
    pub next_at: DateTime<Utc>,
    pub failure: Option<Failure>,
    pub failed_at: Option<DateTime<Utc>>,
    /// Set while a first reading or a longer round has not come to its end.
    pub round_until: Option<DateTime<Utc>>,
}

pub fn imports(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<ImportRow>, Error> {
    Ok(transaction_imports::table
        .inner_join(
            originators::table.on(originators::merchant_id
                .eq(transaction_imports::merchant_id)
                .and(originators::id.eq(transaction_imports::originator_id))),
        )
        .filter(transaction_imports::merchant_id.eq(scope.merchant_id()))
        .order((originators::name, originators::id, transaction_imports::source.desc()))
        .select((
            originators::name,
            transaction_imports::source,
            transaction_imports::rows,
            transaction_imports::last_from,
            transaction_imports::last_until,
            transaction_imports::succeeded_at,
            transaction_imports::compared_at,
            transaction_imports::next_at,
            transaction_imports::failure,
            transaction_imports::failed_at,
            transaction_imports::round_until,
        ))
        .load(conn)?)
}

/// A difference, with what it is about.
#[derive(Clone, Debug, Queryable)]
pub struct DifferenceRow {
    pub id: DifferenceId,
    pub kind: DifferenceKind,
    pub email_payment_id: Option<EmailPaymentId>,
    pub order_id: Option<String>,
    /// Of what could not be read: whose gateway told it.
    pub originator: Option<String>,
    pub expected_minor: i64,
    pub found_minor: i64,
    pub currency: Option<String>,
    pub found_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub settled_by: Option<String>,
    pub note: Option<String>,
}

/// Of a state, the newest first, one more than are shown where there are more. Who sees only what they made sees the differences of those payments.
pub fn differences(
    conn: &mut PgConnection,
    scope: MerchantScope,
    state: DifferenceState,
) -> Result<Vec<DifferenceRow>, Error> {
    let mut query = transaction_differences::table
        .left_join(
            email_payments::table.on(email_payments::merchant_id
                .eq(transaction_differences::merchant_id)
                .and(email_payments::id.nullable().eq(transaction_differences::email_payment_id))),
        )
        .left_join(
            originators::table.on(originators::merchant_id
                .eq(transaction_differences::merchant_id)
                .and(originators::id.nullable().eq(transaction_differences::originator_id))),
        )
        .left_join(users::table.on(users::id.nullable().eq(transaction_differences::settled_by)))
        .filter(transaction_differences::merchant_id.eq(scope.merchant_id()))
        .filter(transaction_differences::state.eq(state))
        .select((
            transaction_differences::id,
            transaction_differences::kind,
            transaction_differences::email_payment_id,
            email_payments::order_id.nullable(),
            originators::name.nullable(),
            transaction_differences::expected_minor,
            transaction_differences::found_minor,
            transaction_differences::currency,
            transaction_differences::found_at,
            transaction_differences::settled_at,
            users::name.nullable(),
            transaction_differences::note,
        ))
        .limit(i64::try_from(SHOWN + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(email_payments::created_by.eq(user_id));
    }
    Ok(match state {
        DifferenceState::Settled => query.order((
            transaction_differences::settled_at.desc(),
            transaction_differences::id.desc(),
        )),
        DifferenceState::Open | DifferenceState::Gone => query
            .order((transaction_differences::found_at.desc(), transaction_differences::id.desc())),
    }
    .load(conn)?)
}

/// How many differences are open, up to [`COUNTED_MAX`].
pub fn open_count(conn: &mut PgConnection, scope: MerchantScope) -> Result<i64, Error> {
    // Who sees only what they made is told on the page itself.
    if scope.only_created_by().is_some() {
        return Ok(0);
    }
    let open = transaction_differences::table
        .filter(transaction_differences::merchant_id.eq(scope.merchant_id()))
        .filter(transaction_differences::state.eq(DifferenceState::Open))
        .select(transaction_differences::id)
        .limit(COUNTED_MAX);
    Ok(db::count::rows(open, conn)?)
}
