//! Reads. Each takes a scope.

use diesel::prelude::*;

use super::model::Period;
use crate::auth::MerchantScope;
use crate::db::schema::{originators, statement_periods};
use crate::kernel::{Error, OriginatorId};

/// The financial provider that an originator's money comes through.
pub fn provider_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OriginatorId,
) -> Result<String, Error> {
    Ok(originators::table
        .find((scope.merchant_id(), id))
        .select(originators::provider)
        .first(conn)?)
}

/// The period that is running: the next documents are due on the day after it. `None` until the job
/// has looked at a new merchant, for some seconds.
pub fn open_period(conn: &mut PgConnection, scope: MerchantScope) -> Result<Option<Period>, Error> {
    let open = statement_periods::table
        .filter(statement_periods::merchant_id.eq(scope.merchant_id()))
        .filter(statement_periods::closed_at.is_null())
        .select((statement_periods::period_from, statement_periods::period_until))
        .first(conn)
        .optional()?;
    Ok(open.map(|(from, until)| Period { from, until }))
}
