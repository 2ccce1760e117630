//! Making and revoking tokens.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::auth::MerchantScope;
use crate::auth::api::{PREFIX, Scope};
use crate::auth::audit::{self, By, Entry};
use crate::crypto;
use crate::db::schema::{access_tokens, idempotency_keys};
use crate::kernel::{AccessTokenId, Error, SessionId, UserId};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub user_id: UserId,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Working tokens that a merchant may have: more than a page shows could hide one.
pub const TOKENS_MAX: i64 = 100;

/// What became of a form.
pub enum Made {
    /// The token's text, which is known here and now only.
    Token(String),
    /// The same form made one before, whose text nobody can show any more.
    Before,
    /// There are [`TOKENS_MAX`] already.
    TooMany,
}

/// Makes a token.
pub fn create(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    new: &NewToken,
    (session_id, form_key): (SessionId, Uuid),
) -> Result<Made, Error> {
    let key = idempotency_keys::table
        .filter(idempotency_keys::session_id.eq(session_id))
        .filter(idempotency_keys::key.eq(form_key));
    if diesel::select(exists(key)).get_result(conn)? {
        return Ok(Made::Before);
    }
    let working: i64 = access_tokens::table
        .filter(access_tokens::merchant_id.eq(scope.merchant_id()))
        .filter(access_tokens::revoked_at.is_null())
        .filter(access_tokens::expires_at.gt(new.created_at))
        .count()
        .get_result(conn)?;
    if working >= TOKENS_MAX {
        return Ok(Made::TooMany);
    }
    let claimed = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::session_id.eq(session_id),
            idempotency_keys::key.eq(form_key),
            idempotency_keys::result.eq("access token"),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if claimed == 0 {
        return Ok(Made::Before);
    }
    insert(conn, scope, by, new).map(Made::Token)
}

/// Makes a token and its row in the audit.
pub fn insert(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    new: &NewToken,
) -> Result<String, Error> {
    let token = format!("{PREFIX}{}", crypto::token::<32>()?);
    let id = AccessTokenId::new();
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    diesel::insert_into(access_tokens::table)
        .values((
            access_tokens::merchant_id.eq(scope.merchant_id()),
            access_tokens::id.eq(id),
            access_tokens::user_id.eq(new.user_id),
            access_tokens::name.eq(&new.name),
            access_tokens::token_hash.eq(crypto::hash(&token)),
            access_tokens::scopes.eq(&scopes),
            access_tokens::created_at.eq(new.created_at),
            access_tokens::expires_at.eq(new.expires_at),
        ))
        .execute(conn)?;
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "access_token.create",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(json!({ "scopes": scopes, "expires_at": new.expires_at })),
    };
    audit::record(conn, by, entry)?;
    Ok(token)
}

/// Revokes a token: from the next request on it is refused. Its name; once is enough.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for `only_of`.
pub fn revoke(
    conn: &mut PgConnection,
    scope: MerchantScope,
    only_of: Option<UserId>,
    by: &By,
    id: AccessTokenId,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let one = access_tokens::table
        .filter(access_tokens::merchant_id.eq(scope.merchant_id()))
        .filter(access_tokens::id.eq(id));
    let (owner, name, revoked_at): (UserId, String, Option<DateTime<Utc>>) = one
        .select((access_tokens::user_id, access_tokens::name, access_tokens::revoked_at))
        .for_update()
        .first(conn)?;
    if only_of.is_some_and(|user_id| user_id != owner) {
        return Err(Error::NotFound);
    }
    if revoked_at.is_some() {
        return Ok(name);
    }
    diesel::update(one).set(access_tokens::revoked_at.eq(now)).execute(conn)?;
    note_revoked(conn, scope, by, id, owner)?;
    Ok(name)
}

/// Revokes every token of a user who may not have any here any more: they do not come back to life
/// with another role.
pub fn revoke_all_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let theirs = access_tokens::table
        .filter(access_tokens::merchant_id.eq(scope.merchant_id()))
        .filter(access_tokens::user_id.eq(user_id))
        .filter(access_tokens::revoked_at.is_null());
    let ids: Vec<AccessTokenId> = diesel::update(theirs)
        .set(access_tokens::revoked_at.eq(now))
        .returning(access_tokens::id)
        .get_results(conn)?;
    ids.into_iter().try_for_each(|id| note_revoked(conn, scope, by, id, user_id))
}

fn note_revoked(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    id: AccessTokenId,
    owner: UserId,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "access_token.revoke",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(json!({ "of_user": owner })),
    };
    audit::record(conn, by, entry)
}
