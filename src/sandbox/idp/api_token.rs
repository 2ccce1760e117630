//! Access tokens for the client's API, made by hand: for tests, and for whoever tries the API out.

use std::io;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::fault::replace;
use super::{ApiTokenFault, Idp, jws, pages, random_text};
use crate::sandbox::site::{self, Fields};

/// The `aud` claim, unless told.
pub const API_AUDIENCE: &str = "central-api";
/// What can be granted.
pub const API_SCOPES: [&str; 5] = [
    "email_payments:read",
    "email_payments:write",
    "documents:read",
    "documents:write",
    "transactions:read",
];
const LIFETIME_SECONDS: i64 = 60 * 60;

/// How access tokens look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiTokenProfile {
    /// RFC 9068.
    Rfc9068,
    /// Those of Okta's authorization servers: no type, `cid` for the client, `scp` for the scopes.
    Okta,
}

impl ApiTokenProfile {
    pub(super) const fn client_claim(self) -> &'static str {
        match self {
            Self::Rfc9068 => "client_id",
            Self::Okta => "cid",
        }
    }
}

/// What an access token is to say.
#[derive(Clone, Copy, Debug)]
pub struct ApiToken<'a> {
    pub subject: &'a str,
    pub audience: &'a str,
    pub scopes: &'a [&'a str],
    pub profile: ApiTokenProfile,
    pub lifetime_seconds: i64,
    pub fault: Option<ApiTokenFault>,
}

impl<'a> ApiToken<'a> {
    /// A good one for an hour, by RFC 9068.
    #[must_use]
    pub const fn new(subject: &'a str, scopes: &'a [&'a str]) -> Self {
        Self {
            subject,
            audience: API_AUDIENCE,
            scopes,
            profile: ApiTokenProfile::Rfc9068,
            lifetime_seconds: LIFETIME_SECONDS,
            fault: None,
        }
    }
}

impl Idp {
    /// An access token for the API, as the client of this provider would get it.
    ///
    /// # Errors
    /// It can't be signed.
    pub fn api_token(&self, token: ApiToken<'_>) -> io::Result<String> {
        let (client, now) = (&self.0.client, self.now());
        let keys = &self.state().keys;
        let spoiled = match token.fault.map(|fault| fault.spoils(token.profile, &client.id, now)) {
            Some(None) => {
                let claims = self.id_token_claims(token, now);
                return jws::sign(keys, &client.secret, Some("JWT"), claims, None);
            }
            Some(spoiled) => spoiled,
            None => None,
        };
        let mut claims = json!({
            "iss": self.0.issuer,
            "sub": token.subject,
            "aud": token.audience,
            "iat": now,
            "exp": now + token.lifetime_seconds,
            "jti": random_text(),
        });
        replace(&mut claims, token.profile.client_claim(), Some(json!(client.id)));
        let (typ, name, scopes) = match token.profile {
            ApiTokenProfile::Rfc9068 => (Some("at+jwt"), "scope", json!(token.scopes.join(" "))),
            ApiTokenProfile::Okta => (None, "scp", json!(token.scopes)),
        };
        replace(&mut claims, name, Some(scopes));
        jws::sign(keys, &client.secret, typ, claims, spoiled)
    }

    fn id_token_claims(&self, token: ApiToken<'_>, now: i64) -> Value {
        json!({
            "iss": self.0.issuer,
            "sub": token.subject,
            "aud": self.0.client.id,
            "iat": now,
            "exp": now + token.lifetime_seconds,
            "auth_time": now,
            "nonce": random_text(),
        })
    }
}

/// `GET /api-token`: whose, and for what?
pub(super) async fn show(req: HttpRequest, idp: Data<Idp>) -> HttpResponse {
    pages::api_token(&idp, site::lang(&req), &pages::Chosen::default())
}

/// `POST /api-token`: the token, below the form that made it.
pub(super) async fn create(req: HttpRequest, body: Bytes, idp: Data<Idp>) -> HttpResponse {
    let (fields, lang) = (Fields::read(&body), site::lang(&req));
    if site::is_foreign(&req) {
        return pages::refused(lang, "the form comes from another site");
    }
    let subject = fields.one("subject").unwrap_or_default();
    if idp.state().person(subject).is_none() {
        return pages::refused(lang, "subject is not known");
    }
    let has = |scope: &&str| fields.iter().any(|(name, value)| name == "scope" && value == scope);
    let scopes: Vec<&str> = API_SCOPES.into_iter().filter(has).collect();
    let token = match idp.api_token(ApiToken::new(subject, &scopes)) {
        Ok(token) => token,
        Err(error) => {
            tracing::error!(error = ?error, "sandbox access token not signed");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let chosen = pages::Chosen { subject, scopes, token: Some(token) };
    pages::api_token(&idp, lang, &chosen)
}
