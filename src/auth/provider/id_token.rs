//! ID tokens: the proof of who signed in (SEC-7). `jws.rs` has checked the signature; here
//! follow the claims, first those that the library checks, then those that it leaves to its user.
//!
//! Source: OpenID Connect Core 1.0 section 3.1.3.7.

use std::str::FromStr as _;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, ClientId, ClientSecret, IssuerUrl, JsonWebKey, Nonce,
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::jws::{self, Keys, Rejection, Rules, Signed};
use crate::config::OidcConfig;

/// How far clocks may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// An ID token that was made longer ago does not come from this sign-in.
const AGE_MAX: TimeDelta = TimeDelta::minutes(10);

/// What a token has to agree with.
pub(super) struct Expected<'a> {
    pub nonce: &'a str,
    pub access_token: &'a AccessToken,
    /// The user has to have proved who they are within so many seconds, where that was asked for.
    pub max_age_seconds: Option<i64>,
    pub now: DateTime<Utc>,
}

/// What a good ID token says.
#[derive(Debug)]
pub(super) struct Claims {
    pub subject: String,
    pub issued_at: DateTime<Utc>,
    pub authenticated_at: Option<DateTime<Utc>>,
    pub provider_session: Option<String>,
    /// `amr` and `acr`.
    pub factors: Vec<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub is_email_verified: bool,
}

/// What the library's claims leave out.
#[derive(Deserialize)]
struct Rest {
    nbf: Option<i64>,
    sid: Option<String>,
}

pub(super) fn check(
    token: &str,
    keys: &Keys,
    config: &OidcConfig,
    expected: &Expected<'_>,
) -> Result<Claims, Rejection> {
    let rules = Rules { algs: &config.allowed_algs, types: &["jwt"], may_lack_type: true };
    let signed = jws::verify(token, keys, &rules)?;
    let parsed =
        CoreIdToken::from_str(token).map_err(|_| Rejection::Because("the claims can't be read"))?;
    let claims = verified(&parsed, &signed, config, expected)?;
    check_rest(claims, &signed, config, expected)?;
    let rest: Rest = signed.claims()?;
    let amr = claims.auth_method_refs().into_iter().flatten().map(|method| method.to_string());
    let acr = claims.auth_context_ref().map(|context| context.to_string());
    Ok(Claims {
        subject: claims.subject().to_string(),
        issued_at: claims.issue_time(),
        authenticated_at: claims.auth_time(),
        provider_session: rest.sid,
        factors: amr.chain(acr).collect(),
        name: claims.name().and_then(|names| names.get(None)).map(|name| name.to_string()),
        email: claims.email().map(|email| email.to_string()),
        is_email_verified: claims.email_verified() == Some(true),
    })
}

/// `iss`, `aud`, `exp`, `iat`, `nonce`, and the signature once more, by the library.
fn verified<'a>(
    parsed: &'a CoreIdToken,
    signed: &Signed<'_>,
    config: &OidcConfig,
    expected: &Expected<'_>,
) -> Result<&'a CoreIdTokenClaims, Rejection> {
    let library = |error: &dyn std::error::Error| Rejection::Library(super::chain(error));
    let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|error| library(&error))?;
    let now = expected.now;
    let verifier = CoreIdTokenVerifier::new_confidential_client(
        ClientId::new(config.client_id.clone()),
        ClientSecret::new(config.client_secret.expose_secret().to_owned()),
        issuer,
        CoreJsonWebKeySet::new(vec![signed.key.clone()]),
    )
    .set_allowed_algs([signed.alg.clone()])
    .set_time_fn(move || now)
    .set_other_audience_verifier_fn(|_| false)
    .set_issue_time_verifier_fn(move |issued_at| issued_recently(issued_at, now));
    let nonce = Nonce::new(expected.nonce.to_owned());
    parsed.claims(&verifier, &nonce).map_err(|error| library(&error))
}

fn issued_recently(issued_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    let age = now - issued_at;
    if age < -LEEWAY {
        Err("iat is in the future".to_owned())
    } else if age > AGE_MAX {
        Err("iat is more than ten minutes ago".to_owned())
    } else {
        Ok(())
    }
}

/// What the library leaves to its user.
fn check_rest(
    claims: &CoreIdTokenClaims,
    signed: &Signed<'_>,
    config: &OidcConfig,
    expected: &Expected<'_>,
) -> Result<(), Rejection> {
    use Rejection::Because;
    let rest: Rest = signed.claims()?;
    if claims.authorized_party().is_some_and(|party| party.as_str() != config.client_id) {
        return Err(Because("azp is another client"));
    }
    let latest = (expected.now + LEEWAY).timestamp();
    if rest.nbf.is_some_and(|not_before| not_before > latest) {
        return Err(Because("nbf is in the future"));
    }
    if !is_subject(claims.subject().as_str()) {
        return Err(Because("sub is not 1 to 255 printable ASCII characters"));
    }
    if let Some(hash) = claims.access_token_hash()
        && *hash != access_token_hash(expected.access_token, &signed.alg, signed.key)?
    {
        return Err(Because("at_hash is of another access token"));
    }
    if let Some(seconds) = expected.max_age_seconds {
        let at = claims.auth_time().ok_or(Because("auth_time is missing"))?;
        if expected.now - at > TimeDelta::seconds(seconds) + LEEWAY {
            return Err(Because("the user has not proved anew who they are"));
        }
    }
    Ok(())
}

/// SEC-7, step 10.
pub(super) fn is_subject(subject: &str) -> bool {
    (1..=255).contains(&subject.len()) && subject.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

fn access_token_hash<K>(
    token: &AccessToken,
    alg: &CoreJwsSigningAlgorithm,
    key: &K,
) -> Result<AccessTokenHash, Rejection>
where
    K: JsonWebKey<SigningAlgorithm = CoreJwsSigningAlgorithm>,
{
    AccessTokenHash::from_token(token, alg, key)
        .map_err(|error| Rejection::Library(super::chain(&error)))
}
