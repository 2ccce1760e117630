//! Forms whose session was over when they were sent: what was typed survives the trip to the
//! provider, encrypted, for ten minutes and for its user alone (SEC-4). It is put back into the form;
//! nothing is ever sent by itself.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;

use crate::crypto::Keyring;
use crate::db::schema::kept_forms;
use crate::kernel::{Error, KeptFormId, UserId};

/// Keeps a urlencoded body; of each user the five youngest.
pub fn keep(
    conn: &mut PgConnection,
    keys: &Keyring,
    user_id: UserId,
    body: &str,
) -> Result<KeptFormId, Error> {
    let id = KeptFormId::new();
    diesel::insert_into(kept_forms::table)
        .values((
            kept_forms::id.eq(id),
            kept_forms::user_id.eq(user_id),
            kept_forms::body_encrypted.eq(keys.seal(id.as_uuid(), body)?),
        ))
        .execute(conn)?;
    sql_query(
        "DELETE FROM kept_forms WHERE id IN (
             SELECT id FROM kept_forms WHERE user_id = $1 ORDER BY created_at DESC, id DESC OFFSET 5)",
    )
    .bind::<SqlUuid, _>(user_id)
    .execute(conn)?;
    Ok(id)
}

/// The body again, if it is this user's and not older than ten minutes.
pub fn find(
    conn: &mut PgConnection,
    keys: &Keyring,
    user_id: UserId,
    id: KeptFormId,
) -> Result<Option<String>, Error> {
    let is_young =
        diesel::dsl::sql::<diesel::sql_types::Bool>("created_at > now() - interval '10 minutes'");
    let sealed: Option<Vec<u8>> = kept_forms::table
        .filter(kept_forms::id.eq(id))
        .filter(kept_forms::user_id.eq(user_id))
        .filter(is_young)
        .select(kept_forms::body_encrypted)
        .first(conn)
        .optional()?;
    sealed.map(|sealed| keys.open(id.as_uuid(), &sealed)).transpose()
}
