//! Access tokens at our API (SEC-9). They open resources and say nothing of who signed in: an ID
//! token is refused here, an access token is refused there.
//!
//! Sources: RFC 9068 section 4; Okta's access tokens, which follow no standard.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::id_token::is_subject;
use super::jws::{self, Keys, Rejection, Rules, is_there};
use crate::config::{ApiConfig, OidcConfig, TokenProfile};

/// How far ahead `iat` and `nbf` may be, in seconds.
const LEEWAY_SECONDS: i64 = 60;

/// What a good access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    pub issuer: String,
    /// The provider's name for the user in whose stead a program calls.
    pub subject: String,
    pub client_id: String,
    pub scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<i64>,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: Option<String>,
    client_id: Option<String>,
    scope: Option<String>,
    /// Okta's client and scopes.
    cid: Option<String>,
    scp: Option<Vec<String>>,
    #[serde(default, deserialize_with = "is_there")]
    nonce: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub fn contains(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Several(audiences) => audiences.iter().any(|audience| audience == wanted),
        }
    }
}

pub(super) fn check(
    token: &str,
    keys: &Keys,
    oidc: &OidcConfig,
    api: &ApiConfig,
    now: DateTime<Utc>,
) -> Result<AccessToken, Rejection> {
    use Rejection::Because;
    let (types, may_lack_type): (&[&str], bool) = match api.profile {
        TokenProfile::Rfc9068 => (&["at+jwt"], false),
        TokenProfile::Okta => (&["jwt"], true),
    };
    let rules = Rules { algs: &oidc.allowed_algs, types, may_lack_type };
    let claims: Claims = jws::verify(token, keys, &rules)?.claims()?;
    if claims.iss.as_deref() != Some(&oidc.issuer) {
        return Err(Because("iss is another provider"));
    }
    let audience = claims.aud.as_ref().ok_or(Because("aud is missing"))?;
    if !audience.contains(&api.audience) {
        return Err(Because("aud is not our API"));
    }
    if audience.contains(&oidc.client_id) {
        return Err(Because("aud is the client: an ID token is no access token"));
    }
    let now = now.timestamp();
    if claims.exp.ok_or(Because("exp is missing"))? <= now {
        return Err(Because("exp is over"));
    }
    if claims.iat.ok_or(Because("iat is missing"))? > now + LEEWAY_SECONDS {
        return Err(Because("iat is in the future"));
    }
    if claims.nbf.is_some_and(|not_before| not_before > now + LEEWAY_SECONDS) {
        return Err(Because("nbf is in the future"));
    }
    let subject = claims.sub.filter(|sub| is_subject(sub)).ok_or(Because("sub is missing"))?;
    let (client_id, scopes) = match api.profile {
        TokenProfile::Rfc9068 => {
            if claims.jti.is_none_or(|jti| jti.is_empty()) {
                return Err(Because("jti is missing"));
            }
            let scope = claims.scope.unwrap_or_default();
            (claims.client_id, scope.split_whitespace().map(str::to_owned).collect())
        }
        TokenProfile::Okta if claims.nonce => {
            return Err(Because("a nonce: an ID token is no access token"));
        }
        TokenProfile::Okta => {
            let allowed = claims.cid.filter(|cid| api.clients.contains(cid));
            if allowed.is_none() {
                return Err(Because("cid is not an allowed client"));
            }
            (allowed, claims.scp.unwrap_or_default())
        }
    };
    let client_id = client_id.filter(|id| !id.is_empty()).ok_or(Because("client_id is missing"))?;
    Ok(AccessToken { issuer: oidc.issuer.clone(), subject, client_id, scopes })
}
