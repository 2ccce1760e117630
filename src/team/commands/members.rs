//! What happens to people who are in the team.

use diesel::prelude::*;
use serde_json::json;

use super::super::model::{Authority, Hindrance};
use super::super::queries::{self, Member};
use super::{Writer, authority, invitations};
use crate::access_tokens;
use crate::auth::audit::{self, Entry};
use crate::auth::{MerchantRole, MerchantScope, session};
use crate::db::schema::{memberships, users};
use crate::kernel::{Error, Right, UserId};

/// Gives a member another role. Their name, or why it is not done.
pub fn set_role(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    user_id: UserId,
    role: MerchantRole,
) -> Result<Result<String, Hindrance>, Error> {
    let authority = authority(conn, scope, writer)?;
    let member = queries::member(conn, scope, user_id)?;
    if !authority.covers(role) {
        return Ok(Err(Hindrance::BeyondYours));
    }
    if let Some(hindrance) = hindrance(conn, scope, authority, &member, Some(role))? {
        return Ok(Err(hindrance));
    }
    diesel::update(memberships::table.find((scope.merchant_id(), user_id)))
        .set(memberships::role.eq(role))
        .execute(conn)?;
    if !role.may(Right::ManageTeam) {
        invitations::end_those_of(conn, scope, user_id, writer.now)?;
    }
    if !role.may(Right::UseApi) {
        access_tokens::revoke_all_of(conn, scope, &writer.by, user_id, writer.now)?;
    }
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "team.role",
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: Some(json!({ "role": member.role.as_str() })),
        after: Some(json!({ "role": role.as_str() })),
    };
    audit::record(conn, &writer.by, entry)?;
    Ok(Ok(member.name))
}

/// Takes a member's access to this merchant away, withdraws the invitations that they sent and revokes
/// their access tokens.
/// Their name; `None` where they are not in the team (any more).
pub fn remove(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    user_id: UserId,
) -> Result<Result<Option<String>, Hindrance>, Error> {
    let authority = authority(conn, scope, writer)?;
    let member = match queries::member(conn, scope, user_id) {
        Ok(member) => member,
        Err(Error::NotFound) => return Ok(Ok(None)),
        Err(error) => return Err(error),
    };
    if let Some(hindrance) = hindrance(conn, scope, authority, &member, None)? {
        return Ok(Err(hindrance));
    }
    diesel::delete(memberships::table.find((scope.merchant_id(), user_id))).execute(conn)?;
    invitations::end_those_of(conn, scope, user_id, writer.now)?;
    access_tokens::revoke_all_of(conn, scope, &writer.by, user_id, writer.now)?;
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "team.remove",
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: Some(json!({ "role": member.role.as_str() })),
        after: None,
    };
    audit::record(conn, &writer.by, entry)?;
    Ok(Ok(Some(member.name)))
}

/// Signs a member out everywhere, at other merchants too: a session is a person's. Their name.
pub fn end_sessions(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    user_id: UserId,
) -> Result<Result<String, Hindrance>, Error> {
    let authority = authority(conn, scope, writer)?;
    let member = queries::member(conn, scope, user_id)?;
    if !authority.covers(member.role) {
        return Ok(Err(Hindrance::BeyondYours));
    }
    session::end_all_of(conn, user_id)?;
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "sessions.end_by_other",
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: None,
        after: None,
    };
    audit::record(conn, &writer.by, entry)?;
    Ok(Ok(member.name))
}

/// What stands against a member having `next` instead of their role; `None`: no role at all.
fn hindrance(
    conn: &mut PgConnection,
    scope: MerchantScope,
    authority: Authority,
    member: &Member,
    next: Option<MerchantRole>,
) -> Result<Option<Hindrance>, Error> {
    if !authority.covers(member.role) {
        return Ok(Some(Hindrance::BeyondYours));
    }
    let manages = |role: MerchantRole| role.may(Right::ManageTeam);
    if !manages(member.role) || next.is_some_and(manages) {
        return Ok(None);
    }
    let who_manage = MerchantRole::ALL.iter().copied().filter(|role| manages(*role));
    let others: i64 = memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .filter(memberships::role.eq_any(who_manage))
        .filter(users::is_active)
        .filter(users::staff_role.is_null())
        .filter(users::id.ne(member.user_id))
        .count()
        .get_result(conn)?;
    Ok((others == 0).then_some(Hindrance::LastOwner))
}
