//! Ending one's own sessions. What is ended is refused from the next request on.

use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::auth::audit::{self, By, Entry};
use crate::auth::{Principal, session};
use crate::kernel::{Error, SessionId};

/// Ends one session of the user; whether there was one to end.
pub fn end_one(
    conn: &mut PgConnection,
    principal: &Principal,
    by: &By,
    id: SessionId,
) -> Result<bool, Error> {
    let is_ended = session::end_one(conn, principal.user_id, id)?;
    if is_ended {
        note(conn, by, Some(id.as_uuid()), 1)?;
    }
    Ok(is_ended)
}

/// Ends every session of the user but this one; how many.
pub fn end_others(conn: &mut PgConnection, principal: &Principal, by: &By) -> Result<usize, Error> {
    let ended = session::end_others(conn, principal.user_id, principal.session_id)?;
    if ended > 0 {
        note(conn, by, None, ended)?;
    }
    Ok(ended)
}

fn note(
    conn: &mut PgConnection,
    by: &By,
    object_id: Option<Uuid>,
    sessions: usize,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "session.end",
        object_id,
        is_done: true,
        before: None,
        after: Some(json!({ "sessions": sessions })),
    };
    audit::record(conn, by, entry)
}
