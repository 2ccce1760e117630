//! What signing in writes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::StaffRole;
use crate::auth::audit::{self, By, Entry};
use crate::auth::provider::Identity;
use crate::crypto;
use crate::db::schema::{sign_in_transactions, users};
use crate::kernel::{Error, SignInId, UserId};

/// A sign-in that has begun.
#[derive(Insertable)]
#[diesel(table_name = sign_in_transactions)]
pub struct NewSignIn {
    pub id: SignInId,
    pub cookie_hash: Vec<u8>,
    pub state: String,
    pub nonce: String,
    pub pkce_verifier: String,
    pub return_to: String,
}

/// Remembers a sign-in until the browser returns.
pub fn begin(conn: &mut PgConnection, new: &NewSignIn) -> Result<(), Error> {
    diesel::insert_into(sign_in_transactions::table).values(new).execute(conn)?;
    Ok(())
}

/// A sign-in that the browser has returned for.
#[derive(Debug, QueryableByName)]
pub struct SignIn {
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Text)]
    pub nonce: String,
    #[diesel(sql_type = Text)]
    pub pkce_verifier: String,
    #[diesel(sql_type = Text)]
    pub return_to: String,
}

/// Takes a sign-in that is at most ten minutes old, once: it is marked used in the statement that
/// reads it, before the provider is asked, so that a replay finds nothing.
pub fn take(conn: &mut PgConnection, cookie: &str) -> Result<Option<SignIn>, Error> {
    Ok(sql_query(
        "UPDATE sign_in_transactions SET used_at = now()
         WHERE cookie_hash = $1 AND used_at IS NULL AND created_at > now() - interval '10 minutes'
         RETURNING state, nonce, pkce_verifier, return_to",
    )
    .bind::<Binary, _>(crypto::hash(cookie))
    .get_result(conn)
    .optional()?)
}

/// Who signed in.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    User(UserId),
    /// Nobody of ours.
    Unknown,
    /// Staff, who have to prove more.
    TooWeak,
}

/// The user that the provider's identity is bound to: (issuer, subject) and nothing else. Each
/// sign-in, and each refusal, leaves a row in the audit. `is_strong`: the proof is good enough for
/// staff.
pub fn recognise(
    conn: &mut PgConnection,
    by: &By,
    identity: &Identity,
    is_strong: bool,
) -> Result<Recognised, Error> {
    let found: Option<(UserId, Option<String>)> = users::table
        .filter(users::issuer.eq(&identity.issuer))
        .filter(users::subject.eq(&identity.subject))
        .filter(users::is_active)
        .select((users::id, users::staff_role))
        .first(conn)
        .optional()?;
    let recognised = match &found {
        None => Recognised::Unknown,
        Some((_, Some(role))) if StaffRole::parse(role).is_none() => {
            return Err(Error::Forbidden(None));
        }
        Some((_, Some(_))) if !is_strong => Recognised::TooWeak,
        Some((user_id, _)) => Recognised::User(*user_id),
    };
    let user_id = found.map(|(user_id, _)| user_id);
    let reason = match recognised {
        Recognised::User(_) => None,
        Recognised::Unknown => Some("nobody of ours"),
        Recognised::TooWeak => Some("staff without a second factor"),
    };
    let entry = Entry {
        merchant_id: None,
        action: "sign_in",
        object_id: user_id.map(UserId::as_uuid),
        is_done: reason.is_none(),
        before: None,
        after: reason.map(|reason| serde_json::json!({ "reason": reason })),
    };
    audit::record(conn, &By { user_id, ..by.clone() }, entry)?;
    Ok(recognised)
}

/// A sign-in that failed for a reason of the provider's answer.
pub fn note_failure(conn: &mut PgConnection, by: &By, reason: &str) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "sign_in",
        object_id: None,
        is_done: false,
        before: None,
        after: Some(serde_json::json!({ "reason": reason })),
    };
    audit::record(conn, by, entry)
}

pub fn note_sign_out(conn: &mut PgConnection, by: &By) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "sign_out",
        object_id: None,
        is_done: true,
        before: None,
        after: None,
    };
    audit::record(conn, by, entry)
}

/// Sweeps sign-ins and sessions that ended a day ago; how many. The job's role only.
pub fn sweep(conn: &mut PgConnection) -> Result<usize, Error> {
    let sign_ins = sql_query(
        "DELETE FROM sign_in_transactions WHERE id IN (
             SELECT id FROM sign_in_transactions WHERE created_at < now() - interval '1 day' LIMIT 1000)",
    )
    .execute(conn)?;
    let sessions = sql_query(
        "DELETE FROM sessions WHERE id IN (
             SELECT id FROM sessions WHERE expires_at < now() - interval '1 day' LIMIT 1000)",
    )
    .execute(conn)?;
    Ok(sign_ins + sessions)
}

/// A user to be bound.
#[derive(Insertable)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    pub id: UserId,
    pub issuer: &'a str,
    pub subject: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub staff_role: Option<StaffRole>,
    pub created_at: DateTime<Utc>,
}

/// Adds a user, or finds the one that (issuer, subject) is bound to already.
pub fn add_user(conn: &mut PgConnection, new: &NewUser<'_>) -> Result<UserId, Error> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = SqlUuid)]
        id: UserId,
    }
    diesel::insert_into(users::table)
        .values(new)
        .on_conflict((users::issuer, users::subject))
        .do_nothing()
        .execute(conn)?;
    let id: Id = sql_query("SELECT id FROM users WHERE issuer = $1 AND subject = $2")
        .bind::<Text, _>(new.issuer)
        .bind::<Text, _>(new.subject)
        .get_result(conn)?;
    Ok(id.id)
}
