//! Grants, withdrawals, requests and refusals. What would add a line about a user looks first, under the lock
//! of their membership's row; what ends one says so in its `WHERE`, so that it is ended once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::auth::audit::{self, Entry, Writer};
use crate::auth::{MerchantRole, MerchantScope};
use crate::db::schema::{
    memberships, notices, notification_permissions, notification_requests, users,
};
use crate::kernel::{Error, NoticeId, NotificationPermissionId, NotificationRequestId, UserId};
use crate::notifications::model::{Hindrance, NoticeKind, RequestAnswer, Told};

/// The audit's row about what was done for, or to, the user `of`.
pub(super) fn record(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    action: &'static str,
    of: UserId,
    after: Value,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(of.as_uuid()),
        is_done: true,
        before: None,
        after: Some(after),
    };
    audit::record(conn, &writer.by, entry)
}

/// Permits that a user of the merchant is told about `kind`; answers their request where one waits.
/// Returns their name.
pub fn grant(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    user_id: UserId,
    kind: NoticeKind,
    reason: &str,
    valid_until: Option<DateTime<Utc>>,
) -> Result<Result<String, Hindrance>, Error> {
    let (name, role) = lock(conn, scope, user_id)?;
    if !role.may(kind.right()) {
        return Ok(Err(Hindrance::RoleSeesNothing));
    }
    if stands(conn, scope, user_id, kind, writer.now)? {
        return Ok(Err(Hindrance::HasIt));
    }
    let id = NotificationPermissionId::new();
    diesel::insert_into(notification_permissions::table)
        .values((
            notification_permissions::merchant_id.eq(scope.merchant_id()),
            notification_permissions::id.eq(id),
            notification_permissions::user_id.eq(user_id),
            notification_permissions::kind.eq(kind),
            notification_permissions::reason.eq(reason),
            notification_permissions::granted_by.eq(writer.user_id),
            notification_permissions::granted_at.eq(writer.now),
            notification_permissions::valid_until.eq(valid_until),
        ))
        .execute(conn)?;
    diesel::update(notification_requests::table)
        .filter(notification_requests::merchant_id.eq(scope.merchant_id()))
        .filter(notification_requests::user_id.eq(user_id))
        .filter(notification_requests::kind.eq(kind))
        .filter(notification_requests::answer.is_null())
        .set((
            notification_requests::answer.eq(RequestAnswer::Granted),
            notification_requests::answered_at.eq(writer.now),
            notification_requests::answered_by.eq(writer.user_id),
        ))
        .execute(conn)?;
    let after = json!({
        "notice": kind.as_str(), "of_user": name, "reason": reason, "expires_at": valid_until,
    });
    record(conn, scope, writer, "notification.grant", user_id, after)?;
    tell(conn, scope, writer, user_id, Told::PermissionGranted, id)?;
    Ok(Ok(name))
}

/// Ends a permission. Returns the name of who had it; `None`: it was withdrawn before.
pub fn withdraw(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: NotificationPermissionId,
    reason: &str,
) -> Result<Option<String>, Error> {
    let ended: Option<(UserId, NoticeKind)> = diesel::update(notification_permissions::table)
        .filter(notification_permissions::merchant_id.eq(scope.merchant_id()))
        .filter(notification_permissions::id.eq(id))
        .filter(notification_permissions::withdrawn_at.is_null())
        .set((
            notification_permissions::withdrawn_at.eq(writer.now),
            notification_permissions::withdrawn_by.eq(writer.user_id),
            notification_permissions::withdrawn_for.eq(reason),
        ))
        .returning((notification_permissions::user_id, notification_permissions::kind))
        .get_result(conn)
        .optional()?;
    let Some((user_id, kind)) = ended else { return Ok(None) };
    let name = name(conn, user_id)?;
    let after = json!({ "notice": kind.as_str(), "of_user": name, "reason": reason });
    record(conn, scope, writer, "notification.withdraw", user_id, after)?;
    tell(conn, scope, writer, user_id, Told::PermissionWithdrawn, id)?;
    Ok(Some(name))
}

/// The writer asks for a permission that they don't have. One request waits at a time.
pub fn ask(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    kind: NoticeKind,
    words: &str,
) -> Result<Result<(), Hindrance>, Error> {
    let (_, role) = lock(conn, scope, writer.user_id)?;
    if !role.may(kind.right()) {
        return Ok(Err(Hindrance::RoleSeesNothing));
    }
    if stands(conn, scope, writer.user_id, kind, writer.now)? {
        return Ok(Err(Hindrance::HasIt));
    }
    let asked = diesel::insert_into(notification_requests::table)
        .values((
            notification_requests::merchant_id.eq(scope.merchant_id()),
            notification_requests::id.eq(NotificationRequestId::new()),
            notification_requests::user_id.eq(writer.user_id),
            notification_requests::kind.eq(kind),
            notification_requests::words.eq(words),
            notification_requests::asked_at.eq(writer.now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if asked == 0 {
        return Ok(Err(Hindrance::Waits));
    }
    let after = json!({ "notice": kind.as_str(), "reason": words });
    record(conn, scope, writer, "notification.ask", writer.user_id, after)?;
    Ok(Ok(()))
}

/// Refuses a request. Returns the name of who asked; `None`: it was answered before.
pub fn refuse(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: NotificationRequestId,
    reason: &str,
) -> Result<Option<String>, Error> {
    let refused: Option<(UserId, NoticeKind)> = diesel::update(notification_requests::table)
        .filter(notification_requests::merchant_id.eq(scope.merchant_id()))
        .filter(notification_requests::id.eq(id))
        .filter(notification_requests::answer.is_null())
        .set((
            notification_requests::answer.eq(RequestAnswer::Refused),
            notification_requests::answered_at.eq(writer.now),
            notification_requests::answered_by.eq(writer.user_id),
            notification_requests::reason.eq(reason),
        ))
        .returning((notification_requests::user_id, notification_requests::kind))
        .get_result(conn)
        .optional()?;
    let Some((user_id, kind)) = refused else { return Ok(None) };
    let name = name(conn, user_id)?;
    let after = json!({ "notice": kind.as_str(), "of_user": name, "reason": reason });
    record(conn, scope, writer, "notification.refuse", user_id, after)?;
    Ok(Some(name))
}

/// Puts into the holder's inbox what has become of their permission.
fn tell(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    user_id: UserId,
    what: Told,
    id: NotificationPermissionId,
) -> Result<(), Error> {
    diesel::insert_into(notices::table)
        .values((
            notices::merchant_id.eq(scope.merchant_id()),
            notices::id.eq(NoticeId::new()),
            notices::user_id.eq(user_id),
            notices::kind.eq(what),
            notices::permission_id.eq(id),
            notices::in_app.eq(true),
            notices::created_at.eq(writer.now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Locks the membership of a user of the merchant; their name and role.
fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
) -> Result<(String, MerchantRole), Error> {
    let role = memberships::table
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .filter(memberships::user_id.eq(user_id))
        .select(memberships::role)
        .for_update()
        .first(conn)?;
    Ok((name(conn, user_id)?, role))
}

fn name(conn: &mut PgConnection, user_id: UserId) -> Result<String, Error> {
    Ok(users::table.find(user_id).select(users::name).first(conn)?)
}

fn stands(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    kind: NoticeKind,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let valid = notification_permissions::table
        .filter(notification_permissions::merchant_id.eq(scope.merchant_id()))
        .filter(notification_permissions::user_id.eq(user_id))
        .filter(notification_permissions::kind.eq(kind))
        .filter(notification_permissions::withdrawn_at.is_null())
        .filter(
            notification_permissions::valid_until
                .is_null()
                .or(notification_permissions::valid_until.gt(now)),
        );
    Ok(diesel::select(diesel::dsl::exists(valid)).get_result(conn)?)
}
