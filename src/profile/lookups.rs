//! What the link in a mail leads to, for whoever holds it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::{EmailChange, EmailChangeEnd, Side};
use crate::crypto;
use crate::db::schema::{email_changes, users};
use crate::kernel::{EmailChangeId, Error, UserId};

/// A change, from the side of one of its addresses.
#[derive(Clone, Debug)]
pub struct Found {
    pub change: EmailChange,
    pub side: Side,
    /// Whose address it is.
    pub name: String,
}

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Link {
    /// Its side has yet to confirm.
    Open(Found),
    /// Its side has confirmed, the other one has not.
    Used,
    /// The change ran out before both had confirmed.
    Late,
    Ended(EmailChangeEnd),
    /// Of no change, or of somebody who can't sign in any more.
    Unknown,
}

/// The change that a link is about, and whose it is.
pub fn behind(
    conn: &mut PgConnection,
    token: &str,
) -> Result<Option<(EmailChangeId, UserId)>, Error> {
    let hash = crypto::hash(token);
    Ok(email_changes::table
        .filter(email_changes::old_token_hash.eq(&hash).or(email_changes::new_token_hash.eq(&hash)))
        .select((email_changes::id, email_changes::user_id))
        .first(conn)
        .optional()?)
}

/// What a link is good for now.
pub fn by_token(conn: &mut PgConnection, token: &str, now: DateTime<Utc>) -> Result<Link, Error> {
    type Row = (EmailChange, Vec<u8>, Option<EmailChangeEnd>, String);
    let Some((id, _)) = behind(conn, token)? else { return Ok(Link::Unknown) };
    let row: Option<Row> = email_changes::table
        .inner_join(users::table)
        .filter(email_changes::id.eq(id))
        .filter(users::is_active)
        .select((
            EmailChange::as_select(),
            email_changes::old_token_hash,
            email_changes::end_reason,
            users::name,
        ))
        .first(conn)
        .optional()?;
    let Some((change, old_token_hash, end_reason, name)) = row else { return Ok(Link::Unknown) };
    let side = if old_token_hash == crypto::hash(token) { Side::Old } else { Side::New };
    Ok(match end_reason {
        Some(reason) => Link::Ended(reason),
        None if change.expires_at <= now => Link::Late,
        None if change.is_confirmed(side) => Link::Used,
        None => Link::Open(Found { change, side, name }),
    })
}

/// What a mail about a change says.
pub struct Told {
    pub found: Found,
    /// The zone that the user reads by.
    pub time_zone: Option<String>,
    /// The sealed token of the link, of a change that is under way.
    pub sealed: Option<Vec<u8>>,
}

/// What the mail to one of its addresses says while the change is under way; `None`: it has ended.
pub fn to_confirm(
    conn: &mut PgConnection,
    id: EmailChangeId,
    recipient: &str,
    now: DateTime<Utc>,
) -> Result<Option<Told>, Error> {
    type Row = (EmailChange, Option<Vec<u8>>, Option<Vec<u8>>, String, Option<String>);
    let row: Option<Row> = email_changes::table
        .inner_join(users::table)
        .filter(email_changes::id.eq(id))
        .filter(email_changes::ended_at.is_null())
        .filter(email_changes::expires_at.gt(now))
        .select((
            EmailChange::as_select(),
            email_changes::old_token_encrypted,
            email_changes::new_token_encrypted,
            users::name,
            users::time_zone,
        ))
        .first(conn)
        .optional()?;
    Ok(row.and_then(|(change, old, new, name, time_zone)| {
        let is_old = change.old_email == recipient;
        let (side, sealed) = if is_old { (Side::Old, old) } else { (Side::New, new) };
        let sealed = Some(sealed?);
        Some(Told { found: Found { change, side, name }, time_zone, sealed })
    }))
}

/// What the old address is told of a change that is done.
pub fn done(conn: &mut PgConnection, id: EmailChangeId) -> Result<Option<Told>, Error> {
    let row: Option<(EmailChange, String, Option<String>)> = email_changes::table
        .inner_join(users::table)
        .filter(email_changes::id.eq(id))
        .filter(email_changes::end_reason.eq(EmailChangeEnd::Done))
        .select((EmailChange::as_select(), users::name, users::time_zone))
        .first(conn)
        .optional()?;
    Ok(row.map(|(change, name, time_zone)| {
        let found = Found { change, side: Side::Old, name };
        Told { found, time_zone, sealed: None }
    }))
}
