//! Merchants change hands. One transaction for all of them, audit rows included.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::audit::{self, By, Entry};
use crate::auth::{ManagedScope, StaffRole, SystemScope};
use crate::db::schema::{hand_overs, merchants, success_manager_assignments as assignments, users};
use crate::kernel::{Error, HandOverId, MerchantId, UserId};

/// Who acts, and when.
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    pub now: DateTime<Utc>,
}

/// Hands merchants of the portfolio to another success manager; that one's name. Success managers who
/// looked after them do no longer.
///
/// # Errors
/// [`Error::NotFound`]: a merchant outside the portfolio, or no success manager.
pub fn hand_over(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    writer: &Writer,
    ids: &[MerchantId],
    to: UserId,
    reason: &str,
) -> Result<String, Error> {
    let name = success_manager(conn, to)?;
    let mut ids = ids.to_vec();
    // Always in the same order, so that two who hand over at once don't wait for each other.
    ids.sort_by_key(|id| id.as_uuid());
    for id in ids {
        let id = scope.merchant(id)?.merchant_id();
        lock(conn, id)?;
        pass_on(conn, writer, id, to, &name, Some(reason))?;
    }
    Ok(name)
}

/// Takes a merchant that has no success manager; its name.
///
/// # Errors
/// [`Error::Conflict`]: a colleague was faster.
pub fn take_over(
    conn: &mut PgConnection,
    scope: SystemScope,
    writer: &Writer,
) -> Result<String, Error> {
    let id = scope.merchant_id();
    let merchant = lock(conn, id)?;
    if !managers(conn, id)?.is_empty() {
        return Err(Error::Conflict);
    }
    let name = success_manager(conn, writer.user_id)?;
    pass_on(conn, writer, id, writer.user_id, &name, None)?;
    Ok(merchant)
}

/// The merchant's name. Who else hands it over waits.
fn lock(conn: &mut PgConnection, id: MerchantId) -> Result<String, Error> {
    Ok(merchants::table.find(id).select(merchants::name).for_no_key_update().first(conn)?)
}

fn success_manager(conn: &mut PgConnection, id: UserId) -> Result<String, Error> {
    Ok(users::table
        .find(id)
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
        .select(users::name)
        .first(conn)?)
}

/// Success managers who look after a merchant and can still sign in.
fn managers(conn: &mut PgConnection, id: MerchantId) -> Result<Vec<(UserId, String)>, Error> {
    Ok(assignments::table
        .inner_join(users::table)
        .filter(assignments::merchant_id.eq(id))
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(conn)?)
}

/// The change itself, its line in the history and its audit row; nothing where it is so already.
fn pass_on(
    conn: &mut PgConnection,
    writer: &Writer,
    id: MerchantId,
    to: UserId,
    name: &str,
    reason: Option<&str>,
) -> Result<(), Error> {
    let before = managers(conn, id)?;
    if matches!(before.as_slice(), [(only, _)] if *only == to) {
        return Ok(());
    }
    let leaving: Vec<UserId> =
        before.iter().map(|(user_id, _)| *user_id).filter(|user_id| *user_id != to).collect();
    diesel::delete(assignments::table)
        .filter(assignments::merchant_id.eq(id))
        .filter(assignments::user_id.eq_any(&leaving))
        .execute(conn)?;
    super::assign(conn, id, to, writer.now)?;
    let from =
        if leaving.is_empty() { vec![None] } else { leaving.into_iter().map(Some).collect() };
    for from_id in from {
        diesel::insert_into(hand_overs::table)
            .values((
                hand_overs::merchant_id.eq(id),
                hand_overs::id.eq(HandOverId::new()),
                hand_overs::from_id.eq(from_id),
                hand_overs::to_id.eq(to),
                hand_overs::by_id.eq(writer.user_id),
                hand_overs::reason.eq(reason),
                hand_overs::at.eq(writer.now),
            ))
            .execute(conn)?;
    }
    let names: Vec<&str> = before.iter().map(|(_, name)| name.as_str()).collect();
    let entry = Entry {
        merchant_id: Some(id),
        action: "merchant.hand_over",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: (!names.is_empty()).then(|| json!({ "success_manager": names.join(", ") })),
        after: Some(json!({ "success_manager": name, "reason": reason })),
    };
    audit::record(conn, &writer.by, entry)
}
