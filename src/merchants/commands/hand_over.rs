//! Merchants change hands. One transaction for all of them, audit rows included.

use diesel::prelude::*;
use serde_json::json;

use crate::auth::audit::{self, Entry, Writer};
use crate::auth::{ManagedScope, StaffRole, SystemScope};
use crate::db::schema::{hand_overs, merchants, success_manager_assignments as assignments, users};
use crate::kernel::{Error, HandOverId, Lang, MerchantId, UserId};
use crate::mail::{self, About, MailKind, NewMail};

/// A merchant that goes to somebody else, and those who looked after it.
struct Move {
    id: MerchantId,
    before: Vec<(UserId, String)>,
}

/// To whom merchants go, and why.
struct Target<'a> {
    id: UserId,
    name: String,
    reason: Option<&'a str>,
    /// How many merchants go there at once.
    together: i32,
}

/// Hands merchants of the portfolio to another success manager, who is told by mail; that one's name.
/// Success managers who looked after them do no longer.
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
    let to = success_manager(conn, to)?;
    let mut ids = ids.to_vec();
    // Always in the same order, so that two who hand over at once don't wait for each other.
    ids.sort_by_key(|id| id.as_uuid());
    let mut moves = Vec::new();
    for id in ids {
        let id = scope.merchant(id)?.merchant_id();
        lock(conn, id)?;
        let before = managers(conn, id)?;
        if !matches!(before.as_slice(), [(only, _)] if *only == to.id) {
            moves.push(Move { id, before });
        }
    }
    let together = i32::try_from(moves.len()).map_err(Error::internal)?;
    let target = Target { id: to.id, name: to.name, reason: Some(reason), together };
    let mut told_of = None;
    for one in &moves {
        let hand_over = pass_on(conn, writer, one, &target)?;
        told_of.get_or_insert((one.id, hand_over));
    }
    if let Some((merchant_id, hand_over)) = told_of.filter(|_| to.id != writer.user_id) {
        let letter = NewMail {
            merchant_id,
            about: About::HandOver(hand_over),
            kind: MailKind::HandOver,
            recipient: &to.email,
            language: to.language.unwrap_or(Lang::En),
            run_at: writer.now,
            created_at: writer.now,
        };
        mail::insert(conn, &letter)?;
    }
    Ok(target.name)
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
    let SuccessManager { id: to, name, .. } = success_manager(conn, writer.user_id)?;
    let target = Target { id: to, name, reason: None, together: 1 };
    pass_on(conn, writer, &Move { id, before: Vec::new() }, &target)?;
    Ok(merchant)
}

/// The merchant's name. Who else hands it over waits.
fn lock(conn: &mut PgConnection, id: MerchantId) -> Result<String, Error> {
    Ok(merchants::table.find(id).select(merchants::name).for_no_key_update().first(conn)?)
}

/// Somebody who can look after merchants.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct SuccessManager {
    id: UserId,
    name: String,
    email: String,
    language: Option<Lang>,
}

fn success_manager(conn: &mut PgConnection, id: UserId) -> Result<SuccessManager, Error> {
    Ok(users::table
        .find(id)
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
        .select(SuccessManager::as_select())
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

/// The change itself, its lines in the history and its audit row; one of those lines.
fn pass_on(
    conn: &mut PgConnection,
    writer: &Writer,
    Move { id, before }: &Move,
    to: &Target<'_>,
) -> Result<HandOverId, Error> {
    let leaving: Vec<UserId> =
        before.iter().map(|(user_id, _)| *user_id).filter(|user_id| *user_id != to.id).collect();
    diesel::delete(assignments::table)
        .filter(assignments::merchant_id.eq(id))
        .filter(assignments::user_id.eq_any(&leaving))
        .execute(conn)?;
    super::assign(conn, *id, to.id, writer.now)?;
    let line = HandOverId::new();
    let from = leaving.split_first();
    let first = (line, from.map(|(first, _)| *first));
    let others = from.map_or(&[][..], |(_, others)| others).iter();
    let others = others.map(|from_id| (HandOverId::new(), Some(*from_id)));
    for (line, from_id) in std::iter::once(first).chain(others) {
        diesel::insert_into(hand_overs::table)
            .values((
                hand_overs::merchant_id.eq(id),
                hand_overs::id.eq(line),
                hand_overs::from_id.eq(from_id),
                hand_overs::to_id.eq(to.id),
                hand_overs::by_id.eq(writer.user_id),
                hand_overs::reason.eq(to.reason),
                hand_overs::at.eq(writer.now),
                hand_overs::together.eq(to.together),
            ))
            .execute(conn)?;
    }
    let names: Vec<&str> = before.iter().map(|(_, name)| name.as_str()).collect();
    let entry = Entry {
        merchant_id: Some(*id),
        action: "merchant.hand_over",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: (!names.is_empty()).then(|| json!({ "success_manager": names.join(", ") })),
        after: Some(json!({ "success_manager": to.name, "reason": to.reason })),
    };
    audit::record(conn, &writer.by, entry)?;
    Ok(line)
}
