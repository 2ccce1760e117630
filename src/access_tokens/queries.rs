//! Reads of tokens: everything but their secret, which nobody has.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::auth::api::Scope;
use crate::db::schema::{access_tokens, users};
use crate::kernel::{AccessTokenId, Error, UserId};

/// How long a token that has ended is still shown.
const SHOWN_AFTER_END: Duration = Duration::days(30);

/// One token of the list.
#[derive(Clone, Debug, Queryable)]
pub struct TokenRow {
    pub id: AccessTokenId,
    pub name: String,
    scopes: Vec<Option<String>>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub user_name: String,
}

impl TokenRow {
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().flatten().filter_map(|word| Scope::parse(word))
    }

    /// Whether a program may still use it.
    #[must_use]
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

type Columns = (
    access_tokens::id,
    access_tokens::name,
    access_tokens::scopes,
    access_tokens::created_at,
    access_tokens::expires_at,
    access_tokens::last_used_at,
    access_tokens::revoked_at,
    users::name,
);

const COLUMNS: Columns = (
    access_tokens::id,
    access_tokens::name,
    access_tokens::scopes,
    access_tokens::created_at,
    access_tokens::expires_at,
    access_tokens::last_used_at,
    access_tokens::revoked_at,
    users::name,
);

/// The merchant's tokens, or one user's: those that nobody has revoked, newest first, then those
/// that ended within thirty days; the first two hundred.
pub fn list(
    conn: &mut PgConnection,
    scope: MerchantScope,
    only_of: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Vec<TokenRow>, Error> {
    let since = now - SHOWN_AFTER_END;
    let mut query = access_tokens::table
        .inner_join(users::table)
        .filter(access_tokens::merchant_id.eq(scope.merchant_id()))
        .filter(access_tokens::expires_at.gt(since))
        .filter(access_tokens::revoked_at.is_null().or(access_tokens::revoked_at.gt(since)))
        .into_boxed();
    if let Some(user_id) = only_of {
        query = query.filter(access_tokens::user_id.eq(user_id));
    }
    Ok(query
        .order((
            access_tokens::revoked_at.is_null().desc(),
            access_tokens::created_at.desc(),
            access_tokens::id.desc(),
        ))
        .limit(200)
        .select(COLUMNS)
        .load(conn)?)
}

/// One token.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for `only_of`.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    only_of: Option<UserId>,
    id: AccessTokenId,
) -> Result<TokenRow, Error> {
    let mut query = access_tokens::table
        .inner_join(users::table)
        .filter(access_tokens::merchant_id.eq(scope.merchant_id()))
        .filter(access_tokens::id.eq(id))
        .into_boxed();
    if let Some(user_id) = only_of {
        query = query.filter(access_tokens::user_id.eq(user_id));
    }
    Ok(query.select(COLUMNS).first(conn)?)
}
