//! Who came for an invitation, between the provider's answer and their yes.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::crypto;
use crate::db::schema::sign_in_transactions;
use crate::kernel::{Error, SignInId};

/// Keeps, with a sign-in that came for an invitation, who it is.
pub fn wait(conn: &mut PgConnection, id: SignInId, identity: &[u8]) -> Result<(), Error> {
    diesel::update(sign_in_transactions::table.find(id))
        .set(sign_in_transactions::identity_encrypted.eq(identity))
        .execute(conn)?;
    Ok(())
}

/// Somebody who is known to this browser and not yet bound.
#[derive(QueryableByName)]
pub struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    pub id: SignInId,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Binary)]
    pub identity_encrypted: Vec<u8>,
}

/// Who waits in the browser with this cookie, for at most ten minutes.
pub fn waiting(conn: &mut PgConnection, cookie: &str) -> Result<Option<Waiting>, Error> {
    Ok(sql_query(
        "SELECT id, state, identity_encrypted FROM sign_in_transactions
         WHERE cookie_hash = $1 AND identity_encrypted IS NOT NULL
           AND used_at > now() - interval '10 minutes'",
    )
    .bind::<Binary, _>(crypto::hash(cookie))
    .get_result(conn)
    .optional()?)
}

/// Forgets who waited in the browser with this cookie.
pub fn stop_waiting_in(conn: &mut PgConnection, cookie: &str) -> Result<(), Error> {
    let theirs = sign_in_transactions::table
        .filter(sign_in_transactions::cookie_hash.eq(crypto::hash(cookie)));
    diesel::update(theirs)
        .set(sign_in_transactions::identity_encrypted.eq(None::<Vec<u8>>))
        .execute(conn)?;
    Ok(())
}

/// Forgets who waited.
pub fn stop_waiting(conn: &mut PgConnection, id: SignInId) -> Result<(), Error> {
    diesel::update(sign_in_transactions::table.find(id))
        .set(sign_in_transactions::identity_encrypted.eq(None::<Vec<u8>>))
        .execute(conn)?;
    Ok(())
}
