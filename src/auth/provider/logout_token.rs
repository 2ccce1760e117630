//! Logout tokens: the provider ends a session of its own and tells us (SEC-10).
//!
//! Source: OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::access_token::Audience;
use super::jws::{self, Keys, Rejection, Rules, is_there};
use crate::config::OidcConfig;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const AGE_MAX_SECONDS: i64 = 2 * 60;
const LEEWAY_SECONDS: i64 = 60;

/// What a good logout token names: a session of the provider, all of a user's, or both, which then
/// both have to fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    pub jti: String,
    pub subject: Option<String>,
    pub provider_session: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    iat: Option<i64>,
    exp: Option<i64>,
    jti: Option<String>,
    sub: Option<String>,
    sid: Option<String>,
    events: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "is_there")]
    nonce: bool,
}

pub(super) fn check(
    token: &str,
    keys: &Keys,
    config: &OidcConfig,
    now: DateTime<Utc>,
) -> Result<Logout, Rejection> {
    use Rejection::Because;
    let is_lenient = config.is_logout_typ_lenient;
    let types: &[&str] = if is_lenient { &["logout+jwt", "jwt"] } else { &["logout+jwt"] };
    let rules = Rules { algs: &config.allowed_algs, types, may_lack_type: is_lenient };
    let claims: Claims = jws::verify(token, keys, &rules)?.claims()?;
    if claims.iss.as_deref() != Some(&config.issuer) {
        return Err(Because("iss is another provider"));
    }
    if !claims.aud.is_some_and(|audience| audience.contains(&config.client_id)) {
        return Err(Because("aud is another client"));
    }
    let now = now.timestamp();
    let issued_at = claims.iat.ok_or(Because("iat is missing"))?;
    if issued_at > now + LEEWAY_SECONDS || issued_at < now - AGE_MAX_SECONDS {
        return Err(Because("iat is not of the last two minutes"));
    }
    if claims.exp.is_some_and(|ends_at| ends_at <= now) {
        return Err(Because("exp is over"));
    }
    let is_event = |event: &Value| event.is_object();
    if !claims.events.is_some_and(|events| events.get(EVENT).is_some_and(is_event)) {
        return Err(Because("events does not name a back-channel logout"));
    }
    if claims.nonce {
        return Err(Because("a nonce, which only ID tokens have"));
    }
    let named = |name: Option<String>| name.filter(|text| (1..=255).contains(&text.len()));
    let jti = named(claims.jti).ok_or(Because("jti is missing"))?;
    let (subject, provider_session) = (named(claims.sub), named(claims.sid));
    if subject.is_none() && provider_session.is_none() {
        return Err(Because("neither sub nor sid"));
    }
    Ok(Logout { jti, subject, provider_session })
}
