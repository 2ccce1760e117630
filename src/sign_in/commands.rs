//! What signing in writes.

mod people;
mod waiting;

use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use crate::auth::StaffRole;
use crate::auth::audit::{self, By, Entry};
use crate::crypto;
use crate::db::schema::{sign_in_transactions, users};
use crate::kernel::{Error, SignInId, UserId};

pub use people::{NewUser, add_user, staff_role_of, switch_user};
pub use waiting::{stop_waiting, stop_waiting_in, wait, waiting};

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
    pub expected_user_id: Option<UserId>,
    pub max_age_seconds: Option<i32>,
    pub is_silent: bool,
}

/// Remembers a sign-in until the browser returns.
pub fn begin(conn: &mut PgConnection, new: &NewSignIn) -> Result<(), Error> {
    diesel::insert_into(sign_in_transactions::table).values(new).execute(conn)?;
    Ok(())
}

/// A sign-in that the browser has returned for.
#[derive(Debug, QueryableByName)]
pub struct SignIn {
    #[diesel(sql_type = SqlUuid)]
    pub id: SignInId,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Text)]
    pub nonce: String,
    #[diesel(sql_type = Text)]
    pub pkce_verifier: String,
    #[diesel(sql_type = Text)]
    pub return_to: String,
    /// The user who has to come back, where somebody was signed in before.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub expected_user_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub max_age_seconds: Option<i32>,
    /// The provider was asked to answer without a page of its own.
    #[diesel(sql_type = Bool)]
    pub is_silent: bool,
}

impl SignIn {
    /// Whether the person comes for an invitation: they may be unknown to us yet.
    #[must_use]
    pub fn is_for_invitation(&self) -> bool {
        self.return_to.starts_with("/invitations/")
    }
}

/// Takes a sign-in that is at most ten minutes old, once: it is marked used in the statement that
/// reads it, before the provider is asked, so that a replay finds nothing.
pub fn take(conn: &mut PgConnection, cookie: &str) -> Result<Option<SignIn>, Error> {
    Ok(sql_query(
        "UPDATE sign_in_transactions SET used_at = now()
         WHERE cookie_hash = $1 AND used_at IS NULL AND created_at > now() - interval '10 minutes'
         RETURNING id, state, nonce, pkce_verifier, return_to, expected_user_id, max_age_seconds, is_silent",
    )
    .bind::<Binary, _>(crypto::hash(cookie))
    .get_result(conn)
    .optional()?)
}

/// Who asks to be let in, and what they have to be.
pub struct Question {
    pub issuer: String,
    pub subject: String,
    /// The proof is good enough for staff.
    pub is_strong: bool,
    /// The user who was signed in before.
    pub expected_user_id: Option<UserId>,
    /// Who is unknown comes for an invitation.
    pub is_for_invitation: bool,
}

/// Who signed in.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    User(UserId),
    /// Nobody of ours.
    Unknown,
    /// Nobody of ours yet, who comes for an invitation.
    Invited,
    /// Staff, who have to prove more.
    TooWeak,
    /// Not the user who was signed in before.
    Another,
}

impl Recognised {
    /// Its word in the figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User(_) => "signed_in",
            Self::Unknown => "unknown",
            Self::Invited => "invited",
            Self::TooWeak => "too_weak",
            Self::Another => "another_user",
        }
    }
}

/// The user that the provider's identity is bound to: (issuer, subject) and nothing else. Each
/// sign-in, and each refusal, leaves a row in the audit.
pub fn recognise(
    conn: &mut PgConnection,
    by: &By,
    question: &Question,
) -> Result<Recognised, Error> {
    let found: Option<(UserId, Option<String>, bool)> = users::table
        .filter(users::issuer.eq(&question.issuer))
        .filter(users::subject.eq(&question.subject))
        .select((users::id, users::staff_role, users::is_active))
        .first(conn)
        .optional()?;
    let recognised = match &found {
        None if question.is_for_invitation => Recognised::Invited,
        None | Some((.., false)) => Recognised::Unknown,
        Some((user_id, ..)) if question.expected_user_id.is_some_and(|id| id != *user_id) => {
            Recognised::Another
        }
        Some((_, Some(role), _)) if StaffRole::parse(role).is_none() => {
            return Err(Error::Forbidden(None));
        }
        Some((_, Some(_), _)) if !question.is_strong => Recognised::TooWeak,
        Some((user_id, ..)) => Recognised::User(*user_id),
    };
    let reason = match recognised {
        Recognised::User(_) => None,
        Recognised::Invited => Some("not known yet, came with an invitation"),
        Recognised::Unknown => Some("nobody of ours"),
        Recognised::TooWeak => Some("staff without a second factor"),
        Recognised::Another => Some("another user than before"),
    };
    let user_id = found.map(|(user_id, ..)| user_id);
    let entry = Entry {
        merchant_id: None,
        action: "sign_in",
        object_id: user_id.map(UserId::as_uuid),
        is_done: reason.is_none(),
        before: None,
        after: reason.map(|reason| json!({ "reason": reason })),
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
        after: Some(json!({ "reason": reason })),
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

/// A session that the provider ended, with its user's name for it.
pub fn note_provider_logout(
    conn: &mut PgConnection,
    by: &By,
    user_id: UserId,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "session.end",
        object_id: Some(user_id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(json!({ "reason": "the provider ended its session" })),
    };
    audit::record(conn, &By { user_id: Some(user_id), ..by.clone() }, entry)
}

/// A logout token that was not good.
pub fn note_refused_logout(conn: &mut PgConnection, by: &By, reason: &str) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "session.end",
        object_id: None,
        is_done: false,
        before: None,
        after: Some(json!({ "reason": reason })),
    };
    audit::record(conn, by, entry)
}

/// Sweeps what is over, a thousand rows of a kind at a time: sign-ins after twenty minutes (the way
/// back may name an invitation), kept forms after ten, logout tokens after an hour, sessions a day
/// after their end. How many. The job's role only.
pub fn sweep(conn: &mut PgConnection) -> Result<usize, Error> {
    let mut swept = 0;
    for statement in [
        "DELETE FROM sign_in_transactions WHERE id IN (
             SELECT id FROM sign_in_transactions WHERE created_at < now() - interval '20 minutes' LIMIT 1000)",
        "DELETE FROM sessions WHERE id IN (
             SELECT id FROM sessions WHERE expires_at < now() - interval '1 day' LIMIT 1000)",
        "DELETE FROM kept_forms WHERE id IN (
             SELECT id FROM kept_forms WHERE created_at < now() - interval '10 minutes' LIMIT 1000)",
        "DELETE FROM provider_logouts WHERE jti IN (
             SELECT jti FROM provider_logouts WHERE received_at < now() - interval '1 hour' LIMIT 1000)",
    ] {
        swept += sql_query(statement).execute(conn)?;
    }
    Ok(swept)
}
