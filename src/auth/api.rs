//! Programs that ask in a user's stead, each with a token in `Authorization: Bearer` and nowhere
//! else (SEC-9): one of ours, or an access token of the identity provider. No session, no cookie.

pub mod answers;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::{Value, json};

use super::audit::{Actor, By};
use super::matrix::{MerchantRole, Reach, StaffRole};
use super::principal::MembershipJson;
use super::provider::{AccessToken, Provider, TokenError};
use super::scope::{ManagedScope, MerchantScope};
use crate::crypto;
use crate::db::Db;
use crate::kernel::{AccessTokenId, Error, MerchantId, Right, UserId};

/// What our own tokens begin with, so that scanners for secrets know one when they see it.
pub const PREFIX: &str = "central_";
/// What a provider's token may be at most.
const TOKEN_LENGTH_MAX: usize = 16 * 1024;

/// What a token may be used for: the words that its scopes are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    ReadEmailPayments,
    WriteEmailPayments,
    ReadDocuments,
    /// Of the platform's own programs.
    PublishDocuments,
}

impl Scope {
    pub const ALL: [Self; 4] = [
        Self::ReadEmailPayments,
        Self::WriteEmailPayments,
        Self::ReadDocuments,
        Self::PublishDocuments,
    ];

    /// The word in tokens, forms and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadEmailPayments => "email_payments:read",
            Self::WriteEmailPayments => "email_payments:write",
            Self::ReadDocuments => "documents:read",
            Self::PublishDocuments => "documents:write",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// The right that its user has to have besides.
    #[must_use]
    pub const fn right(self) -> Right {
        match self {
            Self::ReadEmailPayments => Right::ViewEmailPayments,
            Self::WriteEmailPayments => Right::WriteEmailPayments,
            Self::ReadDocuments => Right::ViewDocuments,
            Self::PublishDocuments => Right::PublishDocuments,
        }
    }

    /// Those that a role can give to a program: nobody gives away what they don't have.
    pub fn of(role: MerchantRole) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |scope| role.may(scope.right()))
    }
}

/// Which kind of token a program showed.
#[derive(Clone, Debug)]
pub enum Credential {
    /// One that we issued.
    Own(AccessTokenId),
    /// One of the identity provider's, by the name of the program that it was issued to.
    Provider { client_id: String },
}

impl Credential {
    /// For the audit: which program acted in the user's stead.
    #[must_use]
    pub fn facts(&self) -> Value {
        match self {
            Self::Own(id) => json!({ "access_token": id }),
            Self::Provider { client_id } => json!({ "api_client": client_id }),
        }
    }
}

/// Proof that a program may speak for a user of one merchant. The merchant is the token's or the
/// user's, never one that the request names.
#[derive(Clone, Debug)]
pub struct ApiClient {
    user_id: UserId,
    merchant_id: MerchantId,
    role: MerchantRole,
    zone: chrono_tz::Tz,
    scopes: Vec<Scope>,
    credential: Credential,
}

/// Why a program is not let in.
#[derive(Debug)]
pub enum Refusal {
    /// No bearer token came along.
    NoToken,
    /// The token is not good (any more); the reason is for the log.
    BadToken(String),
    /// The token says a user, and the user works for several merchants.
    SeveralMerchants,
    /// The token does not cover this.
    LacksScope(Scope),
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl ApiClient {
    /// Who sends a request with these headers.
    pub async fn identify(
        headers: &HeaderMap,
        db: &Db,
        provider: &Provider,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let token = bearer(headers)?;
        if token.starts_with(PREFIX) {
            by_own_token(db, &token, now).await
        } else {
            by_provider_token(db, provider, &token).await
        }
    }

    /// The rows that the program may touch with `wanted`: never more than its scopes, and never more
    /// than the user's role allows today.
    pub fn scope(&self, wanted: Scope) -> Result<MerchantScope, Refusal> {
        if !self.scopes.contains(&wanted) {
            return Err(Refusal::LacksScope(wanted));
        }
        if !self.role.may(Right::UseApi) {
            return Err(Error::Forbidden(Some(Right::UseApi)).into());
        }
        match self.role.reach(wanted.right()) {
            Reach::None => Err(Error::Forbidden(Some(wanted.right())).into()),
            Reach::Own => Ok(MerchantScope::new(self.merchant_id, Some(self.user_id))),
            Reach::All => Ok(MerchantScope::new(self.merchant_id, None)),
        }
    }

    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.user_id
    }

    #[must_use]
    pub const fn merchant_id(&self) -> MerchantId {
        self.merchant_id
    }

    /// The merchant's time zone: where its days begin.
    #[must_use]
    pub const fn zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    #[must_use]
    pub const fn credential(&self) -> &Credential {
        &self.credential
    }

    /// What has a bucket of requests of its own: the token, or the provider's program for this user.
    #[must_use]
    pub fn bucket(&self) -> String {
        match &self.credential {
            Credential::Own(id) => id.to_string(),
            Credential::Provider { client_id } => format!("{} {client_id}", self.user_id),
        }
    }

    /// For the audit: this user, by this request.
    #[must_use]
    pub fn by(&self, origin: Option<String>, request_id: Option<String>) -> By {
        By {
            user_id: Some(self.user_id),
            user_role: Some(self.role.as_str()),
            origin,
            request_id,
            ..By::other(Actor::User)
        }
    }

    /// Who was let in with this request, if a program was.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().cloned()
    }
}

/// The guard of the route has let it in; without a guard there is nobody.
impl FromRequest for ApiClient {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req).ok_or(Error::SignInRequired))
    }
}

fn bad(reason: &str) -> Refusal {
    Refusal::BadToken(reason.to_owned())
}

/// Proof that a program may speak for a person of the platform, by a token of the identity provider:
/// we issue none for them. The merchant is the one that the request names, out of those that the
/// person looks after.
#[derive(Clone, Debug)]
pub struct StaffClient {
    user_id: UserId,
    role: StaffRole,
    managed: ManagedScope,
    scopes: Vec<Scope>,
    client_id: String,
}

impl StaffClient {
    /// Who sends a request with these headers.
    pub async fn identify(
        headers: &HeaderMap,
        db: &Db,
        provider: &Provider,
    ) -> Result<Self, Refusal> {
        let token = bearer(headers)?;
        if token.starts_with(PREFIX) {
            // A merchant's own: known, perhaps, and never good for this.
            return Err(Error::Forbidden(None).into());
        }
        let token = provider_token(provider, &token).await?;
        let (issuer, subject) = (token.issuer, token.subject);
        let find = move |conn: &mut PgConnection| {
            Ok(sql_query("SELECT * FROM api_staff_open($1, $2)")
                .bind::<Text, _>(issuer)
                .bind::<Text, _>(subject)
                .get_result::<OpenStaff>(conn)
                .optional()?)
        };
        let open = db.ask(find).await?.ok_or(Error::Forbidden(None))?;
        let merchants = open.merchants.into_iter().flatten().map(MerchantId::from_uuid).collect();
        Ok(Self {
            user_id: open.user_id,
            role: StaffRole::parse(&open.role).ok_or(bad("an unknown role"))?,
            managed: ManagedScope::new(merchants),
            scopes: scopes(token.scopes.iter()),
            client_id: token.client_id,
        })
    }

    /// The merchants for which the program may do what `wanted` covers: never more than its scopes, and
    /// never more than the person's role allows today.
    pub fn scope(&self, wanted: Scope) -> Result<&ManagedScope, Refusal> {
        if !self.scopes.contains(&wanted) {
            Err(Refusal::LacksScope(wanted))
        } else if self.role.may(wanted.right()) {
            Ok(&self.managed)
        } else {
            Err(Error::Forbidden(Some(wanted.right())).into())
        }
    }

    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.user_id
    }

    #[must_use]
    pub fn credential(&self) -> Credential {
        Credential::Provider { client_id: self.client_id.clone() }
    }

    /// What has a bucket of requests of its own: the program for this person.
    #[must_use]
    pub fn bucket(&self) -> String {
        format!("{} {}", self.user_id, self.client_id)
    }

    /// For the audit: this person, by this request.
    #[must_use]
    pub fn by(&self, origin: Option<String>, request_id: Option<String>) -> By {
        By {
            user_id: Some(self.user_id),
            user_role: Some(self.role.as_str()),
            origin,
            request_id,
            ..By::other(Actor::User)
        }
    }
}

impl StaffClient {
    /// Who was let in with this request, if a program of the platform was.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().cloned()
    }
}

/// The guard of the route has let it in; without a guard there is nobody.
impl FromRequest for StaffClient {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req).ok_or(Error::SignInRequired))
    }
}

#[derive(QueryableByName)]
struct OpenStaff {
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Array<Nullable<SqlUuid>>)]
    merchants: Vec<Option<uuid::Uuid>>,
}

/// The token of the one `Authorization` header.
fn bearer(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut given = headers.get_all(header::AUTHORIZATION);
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(if headers.contains_key(header::AUTHORIZATION) {
            bad("two Authorization headers")
        } else {
            Refusal::NoToken
        });
    };
    let text = value.to_str().map_err(|_| bad("no ASCII"))?;
    let (scheme, token) = text.split_once(' ').ok_or(Refusal::NoToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::NoToken);
    }
    let token = token.trim();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || token.len() > TOKEN_LENGTH_MAX || !token.bytes().all(is_token) {
        return Err(bad("no token of RFC 6750"));
    }
    Ok(token.to_owned())
}

#[derive(QueryableByName)]
struct OpenToken {
    #[diesel(sql_type = SqlUuid)]
    access_token_id: AccessTokenId,
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    scopes: Vec<Option<String>>,
}

async fn by_own_token(db: &Db, token: &str, now: DateTime<Utc>) -> Result<ApiClient, Refusal> {
    let hash = crypto::hash(token);
    let find = move |conn: &mut PgConnection| {
        Ok(sql_query("SELECT * FROM access_token_open($1, $2)")
            .bind::<Binary, _>(hash)
            .bind::<Timestamptz, _>(now)
            .get_result::<OpenToken>(conn)
            .optional()?)
    };
    let open = db.ask(find).await?.ok_or(bad("unknown, expired, revoked, or its user gone"))?;
    Ok(ApiClient {
        user_id: open.user_id,
        merchant_id: open.merchant_id,
        role: MerchantRole::parse(&open.role).ok_or(bad("an unknown role"))?,
        zone: open.time_zone.parse().unwrap_or(chrono_tz::UTC),
        scopes: scopes(open.scopes.iter().flatten()),
        credential: Credential::Own(open.access_token_id),
    })
}

#[derive(QueryableByName)]
struct OpenUser {
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
    #[diesel(sql_type = Jsonb)]
    merchants: Value,
}

async fn provider_token(provider: &Provider, token: &str) -> Result<AccessToken, Refusal> {
    provider.access_token(token).await.map_err(|error| match error {
        TokenError::Refused(rejection) => Refusal::BadToken(rejection.to_string()),
        TokenError::Unavailable(words) => Error::unavailable("identity provider", words).into(),
    })
}

async fn by_provider_token(
    db: &Db,
    provider: &Provider,
    token: &str,
) -> Result<ApiClient, Refusal> {
    let token = provider_token(provider, token).await?;
    let (issuer, subject) = (token.issuer, token.subject);
    let find = move |conn: &mut PgConnection| {
        Ok(sql_query("SELECT * FROM api_user_open($1, $2)")
            .bind::<Text, _>(issuer)
            .bind::<Text, _>(subject)
            .get_result::<OpenUser>(conn)
            .optional()?)
    };
    let open = db.ask(find).await?.ok_or(bad("nobody of ours"))?;
    let merchants: Vec<MembershipJson> =
        serde_json::from_value(open.merchants).map_err(Error::internal)?;
    let merchant = match merchants.as_slice() {
        [] => return Err(Error::Forbidden(None).into()),
        [one] => one,
        [_, _, ..] => return Err(Refusal::SeveralMerchants),
    };
    let role = merchant.role.as_deref().and_then(MerchantRole::parse);
    let zone = merchant.zone.as_deref().and_then(|zone| zone.parse().ok());
    Ok(ApiClient {
        user_id: open.user_id,
        merchant_id: merchant.id,
        role: role.ok_or(bad("an unknown role"))?,
        zone: zone.unwrap_or(chrono_tz::UTC),
        scopes: scopes(token.scopes.iter()),
        credential: Credential::Provider { client_id: token.client_id },
    })
}

/// The words that we know; others, of other programs or of a later version, give nothing.
fn scopes<'a>(words: impl Iterator<Item = &'a String>) -> Vec<Scope> {
    words.filter_map(|word| Scope::parse(word)).collect()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        bearer(&headers).map_err(|refusal| match refusal {
            Refusal::NoToken => "none",
            Refusal::BadToken(_) => "bad",
            Refusal::SeveralMerchants | Refusal::LacksScope(_) | Refusal::Failed(_) => "?",
        })
    }

    #[test]
    fn sec_09_a_token_is_read_from_one_bearer_header() {
        assert_eq!(read(&["Bearer central_abc-_."]), Ok("central_abc-_.".to_owned()));
        assert_eq!(read(&["bearer  abc"]), Ok("abc".to_owned()));
        for (values, why) in [
            (&[][..], "none"),
            (&["Basic YTpi"], "none"),
            (&["abc"], "none"),
            (&["Bearer "], "bad"),
            (&["Bearer a b"], "bad"),
            (&["Bearer abc", "Bearer abc"], "bad"),
            (&["Bearer \"abc\""], "bad"),
        ] {
            assert_eq!(read(values), Err(why), "{values:?}");
        }
    }

    #[test]
    fn each_scope_has_a_word_and_a_developer_only_reads() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        let of = |role| Scope::of(role).collect::<Vec<_>>();
        assert_eq!(of(MerchantRole::Developer), [Scope::ReadEmailPayments]);
        // To publish is the platform's.
        let merchants = Scope::ALL.into_iter().filter(|scope| *scope != Scope::PublishDocuments);
        assert_eq!(of(MerchantRole::Owner), merchants.collect::<Vec<_>>());
    }
}
