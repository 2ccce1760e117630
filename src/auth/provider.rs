//! The identity provider, by OpenID Connect: authorization code flow with PKCE. The ID token proves
//! who signed in; the access token is not kept and never read (SEC-6 to SEC-8).

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGrantType, CoreIdTokenClaims, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthorizationCode, ClaimsVerificationError,
    ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _, reqwest,
};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::OidcConfig;
use crate::crypto;
use crate::kernel::{Clock, Error};

/// How long what the provider says about itself, keys included, is believed.
const METADATA_LIFE: chrono::Duration = chrono::Duration::hours(1);
/// Keys are fetched out of turn, for an unknown key id, this often at once; one more each minute.
const FORCED_FETCHES: u32 = 5;
const TOKEN_LENGTH_MAX: usize = 16 * 1024;
/// Eight hours: the longest a session lives where the provider names no end of its token.
const SESSION_LIFE: Duration = Duration::from_secs(8 * 60 * 60);

/// What we read of the provider's metadata beyond the standard's core.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Extra {
    end_session_endpoint: Option<Url>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for Extra {}

type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

struct Known {
    metadata: Metadata,
    fetched_at: DateTime<Utc>,
}

/// The client side of the configured provider. It is asked when it is first needed: the product
/// starts without it.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    config: OidcConfig,
    redirect_url: String,
    clock: Clock,
    http: reqwest::Client,
    known: Mutex<Option<Arc<Known>>>,
    forced_fetches: DefaultDirectRateLimiter,
}

/// A sign-in that has begun: where to send the browser, and what to remember until it returns.
pub struct Started {
    pub url: Url,
    pub state: String,
    pub nonce: String,
    pub pkce_verifier: String,
}

/// What a good ID token says.
#[derive(Debug)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub id_token: String,
    /// The provider's name for its own session (`sid`).
    pub provider_session: Option<String>,
    /// `acr` and `amr`: how the user proved who they are.
    pub factors: Vec<String>,
    pub access_expires_at: DateTime<Utc>,
}

/// Why a sign-in failed. The words go to the log and the audit; the user reads a plain page.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the provider is out of reach: {0}")]
    Unavailable(String),
    #[error("the provider refused the code: {0}")]
    CodeRefused(String),
    #[error("the ID token is not good: {0}")]
    BadToken(String),
}

impl Provider {
    /// # Errors
    /// When the system gives no TLS.
    pub fn new(config: OidcConfig, redirect_url: String, clock: Clock) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(5))
            .build()
            .map_err(Error::internal)?;
        let burst = NonZeroU32::new(FORCED_FETCHES).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(NonZeroU32::MIN).allow_burst(burst);
        Ok(Self(Arc::new(Inner {
            config,
            redirect_url,
            clock,
            http,
            known: Mutex::new(None),
            forced_fetches: RateLimiter::direct(quota),
        })))
    }

    /// Makes state, nonce and PKCE verifier (256 bits each) and the address to send the browser to.
    pub async fn start(&self) -> Result<Started, SignInError> {
        let known = self.known(false).await?;
        let secret =
            || crypto::token::<32>().map_err(|error| SignInError::Unavailable(error.to_string()));
        let (state, nonce) = (secret()?, secret()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(48);
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let client = client(&self.0, &known)?;
        let (url, ..) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(given_state),
                move || Nonce::new(given_nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Started { url, state, nonce, pkce_verifier: verifier.secret().clone() })
    }

    /// Whether the provider's `iss` in the answer is as it has to be (RFC 9207).
    pub async fn accepts_issuer(&self, issuer: Option<&str>) -> Result<bool, SignInError> {
        let known = self.known(false).await?;
        let announced =
            known.metadata.additional_metadata().authorization_response_iss_parameter_supported;
        Ok(issuer.map_or(announced != Some(true), |issuer| issuer == self.0.config.issuer))
    }

    /// Changes the code for tokens and checks the ID token, every claim of it. With an unknown key
    /// the provider's keys are fetched anew, once.
    pub async fn finish(
        &self,
        code: String,
        pkce_verifier: String,
        nonce: String,
    ) -> Result<Identity, SignInError> {
        let known = self.known(false).await?;
        let response = client(&self.0, &known)?
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| SignInError::Unavailable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.0.http)
            .await
            .map_err(code_refused)?;
        let nonce = Nonce::new(nonce);
        match self.check(&known, &response, &nonce) {
            Err(Rejection::UnknownKey) => {
                let known = self.known(true).await?;
                self.check(&known, &response, &nonce)
            }
            outcome => outcome,
        }
        .map_err(|rejection| SignInError::BadToken(rejection.to_string()))
    }

    /// Where to sign out at the provider, if it has such a place.
    pub async fn end_session_url(
        &self,
        id_token: &str,
        return_to: &str,
        state: &str,
    ) -> Option<Url> {
        let known = self.known(false).await.ok()?;
        let mut url = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token)
            .append_pair("client_id", &self.0.config.client_id)
            .append_pair("post_logout_redirect_uri", return_to)
            .append_pair("state", state);
        Some(url)
    }

    /// What is known of the provider; fetched when it is missing, old, or `is_forced`. The last good
    /// copy stays when a fetch fails.
    async fn known(&self, is_forced: bool) -> Result<Arc<Known>, SignInError> {
        let now = self.0.clock.now();
        let current = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &current
            && now - known.fetched_at < METADATA_LIFE
            && !(is_forced && self.0.forced_fetches.check().is_ok())
        {
            return Ok(known.clone());
        }
        match self.discover(now).await {
            Ok(known) => {
                let known = Arc::new(known);
                *self.0.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
                Ok(known)
            }
            Err(error) => match current {
                Some(known) if now - known.fetched_at < chrono::Duration::hours(24) => {
                    tracing::warn!(%error, "the provider's metadata could not be refreshed: the last good copy stays");
                    Ok(known)
                }
                _ => Err(error),
            },
        }
    }

    async fn discover(&self, now: DateTime<Utc>) -> Result<Known, SignInError> {
        let issuer = IssuerUrl::new(self.0.config.issuer.clone())
            .map_err(|error| SignInError::Unavailable(error.to_string()))?;
        let metadata = Metadata::discover_async(issuer, &self.0.http)
            .await
            .map_err(|error| SignInError::Unavailable(chain(&error)))?;
        Ok(Known { metadata, fetched_at: now })
    }

    fn check(
        &self,
        known: &Known,
        response: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<Identity, Rejection> {
        let token = response.id_token().ok_or(Rejection::Claim("there is none"))?;
        let raw = token.to_string();
        if raw.len() > TOKEN_LENGTH_MAX {
            return Err(Rejection::Claim("longer than 16 KiB"));
        }
        let now = self.0.clock.now();
        let algs: Vec<CoreJwsSigningAlgorithm> =
            self.0.config.allowed_algs.iter().filter_map(|alg| algorithm(alg)).collect();
        let client =
            client(&self.0, known).map_err(|error| Rejection::Verification(error.to_string()))?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(algs)
            .set_time_fn(move || now)
            .set_other_audience_verifier_fn(|_| false)
            .set_issue_time_verifier_fn(move |issued_at| issued_recently(issued_at, now));
        let claims = token.claims(&verifier, nonce).map_err(Rejection::from)?;
        self.check_rest(claims, &raw, now)?;
        if let Some(expected) = claims.access_token_hash() {
            let key = token
                .signing_key(&verifier)
                .map_err(|error| Rejection::Verification(error.to_string()))?;
            let alg =
                token.signing_alg().map_err(|error| Rejection::Verification(error.to_string()))?;
            let actual = AccessTokenHash::from_token(response.access_token(), alg, key)
                .map_err(|error| Rejection::Verification(error.to_string()))?;
            if actual != *expected {
                return Err(Rejection::Claim("at_hash is of another access token"));
            }
        }
        let life = response.expires_in().unwrap_or(SESSION_LIFE).min(SESSION_LIFE);
        let payload = payload(&raw).ok_or(Rejection::Claim("the payload is no JSON"))?;
        let amr = claims.auth_method_refs().into_iter().flatten().map(|method| method.to_string());
        let acr = claims.auth_context_ref().map(|context| context.to_string());
        Ok(Identity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            provider_session: payload.get("sid").and_then(|sid| sid.as_str()).map(str::to_owned),
            factors: amr.chain(acr).collect(),
            access_expires_at: now
                + chrono::Duration::from_std(life).unwrap_or(chrono::Duration::zero()),
            id_token: raw,
        })
    }

    /// What the library leaves to its user.
    fn check_rest(
        &self,
        claims: &CoreIdTokenClaims,
        raw: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Rejection> {
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.0.config.client_id)
        {
            return Err(Rejection::Claim("azp is another client"));
        }
        let subject = claims.subject().as_str();
        if subject.is_empty()
            || subject.len() > 255
            || !subject.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        {
            return Err(Rejection::Claim("sub is not 1 to 255 printable ASCII characters"));
        }
        let payload = payload(raw).ok_or(Rejection::Claim("the payload is no JSON"))?;
        let not_before = payload.get("nbf").and_then(serde_json::Value::as_i64);
        if not_before.is_some_and(|not_before| not_before > now.timestamp() + 60) {
            return Err(Rejection::Claim("nbf is in the future"));
        }
        Ok(())
    }
}

/// Why an ID token was refused.
#[derive(Debug, thiserror::Error)]
enum Rejection {
    #[error("signed with a key that the provider does not publish")]
    UnknownKey,
    #[error("{0}")]
    Verification(String),
    #[error("{0}")]
    Claim(&'static str),
}

impl From<ClaimsVerificationError> for Rejection {
    fn from(error: ClaimsVerificationError) -> Self {
        if matches!(
            error,
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
            )
        ) {
            Self::UnknownKey
        } else {
            Self::Verification(chain(&error))
        }
    }
}

fn issued_recently(issued_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    let age = now - issued_at;
    if age < chrono::Duration::seconds(-60) {
        Err("iat is in the future".to_owned())
    } else if age > chrono::Duration::minutes(10) {
        Err("iat is more than ten minutes ago".to_owned())
    } else {
        Ok(())
    }
}

fn algorithm(name: &str) -> Option<CoreJwsSigningAlgorithm> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn payload(token: &str) -> Option<serde_json::Value> {
    let part = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

fn client(inner: &Inner, known: &Known) -> Result<Client, SignInError> {
    let redirect_url = RedirectUrl::new(inner.redirect_url.clone())
        .map_err(|error| SignInError::Unavailable(error.to_string()))?;
    let client = CoreClient::from_provider_metadata(
        known.metadata.clone(),
        ClientId::new(inner.config.client_id.clone()),
        Some(ClientSecret::new(inner.config.client_secret.expose_secret().to_owned())),
    );
    Ok(client.set_redirect_uri(redirect_url))
}

fn code_refused<RE: std::error::Error + 'static, T: openidconnect::ErrorResponse + 'static>(
    error: openidconnect::RequestTokenError<RE, T>,
) -> SignInError {
    match error {
        openidconnect::RequestTokenError::ServerResponse(_) => {
            SignInError::CodeRefused("the token endpoint answered with an error".to_owned())
        }
        openidconnect::RequestTokenError::Parse(..) => {
            SignInError::CodeRefused("the token endpoint's answer can't be read".to_owned())
        }
        openidconnect::RequestTokenError::Request(cause) => SignInError::Unavailable(chain(&cause)),
        // A failure without OAuth's words: not the code is at fault but the provider.
        openidconnect::RequestTokenError::Other(words) => SignInError::Unavailable(words),
    }
}

/// An error and its reasons in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
