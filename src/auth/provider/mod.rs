//! The identity provider, by OpenID Connect: authorization code flow with PKCE. The ID token proves
//! who signed in; the access token is not kept and never read for identity (SEC-6 to SEC-10).
//!
//! One file per question: where the provider is and which keys it has (`discovery.rs`), whether a
//! token is signed by one of them (`jws.rs`), and what each kind of token has to say.

mod access_token;
mod discovery;
mod http;
mod id_token;
mod jws;
mod logout_token;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreTokenResponse, CoreTokenType,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use self::discovery::{Discovery, Door, Metadata};
use self::http::Http;
use self::id_token::Expected;
use self::jws::Keys;
use crate::config::{ApiConfig, OidcConfig};
use crate::crypto;
use crate::kernel::{Clock, Error};

pub use self::access_token::AccessToken;
pub use self::jws::Rejection;
pub use self::logout_token::Logout;

/// Eight hours: the longest a session lives where the provider names no end of its token.
const SESSION_LIFE: Duration = Duration::from_secs(8 * 60 * 60);

/// The client side of the configured provider.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    oidc: OidcConfig,
    api: ApiConfig,
    redirect_url: String,
    clock: Clock,
    http: Http,
    discovery: Discovery,
}

/// A sign-in that has begun: where to send the browser, and what to remember until it returns.
pub struct Started {
    pub url: Url,
    pub state: String,
    pub nonce: String,
    pub pkce_verifier: String,
}

/// A browser that came back with a code, and what the sign-in has to agree with.
pub struct Returned {
    pub code: String,
    pub pkce_verifier: String,
    pub nonce: String,
    /// Where the sign-in asked for a fresh proof: how old it may be.
    pub max_age_seconds: Option<i64>,
    /// Asks the provider for the e-mail address too, where the ID token does not name it.
    pub needs_email: bool,
}

/// What a good ID token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub id_token: String,
    /// The provider's name for its own session (`sid`).
    pub provider_session: Option<String>,
    /// `acr` and `amr`: how the user proved who they are.
    pub factors: Vec<String>,
    pub issued_at: DateTime<Utc>,
    /// When the user did (`auth_time`), if the provider says so.
    pub authenticated_at: Option<DateTime<Utc>>,
    pub access_expires_at: DateTime<Utc>,
    /// To show, never to find an account by.
    pub name: Option<String>,
    pub email: Option<String>,
    pub is_email_verified: bool,
}

/// Why a sign-in failed. The words go to the log and the audit; the user reads a plain page.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the provider is out of reach: {0}")]
    Unavailable(String),
    #[error("the provider refused the code: {0}")]
    CodeRefused(String),
    #[error("the ID token is not good: {0}")]
    BadToken(Rejection),
}

/// Why a token that others sent is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the provider is out of reach: {0}")]
    Unavailable(String),
    #[error("{0}")]
    Refused(Rejection),
}

impl Provider {
    /// # Errors
    /// When the system gives no TLS.
    pub fn new(
        oidc: OidcConfig,
        api: ApiConfig,
        redirect_url: String,
        clock: Clock,
    ) -> Result<Self, Error> {
        let http = Http::new(oidc.issuer.starts_with("https://"))?;
        let discovery = Discovery::new(oidc.issuer.clone(), clock.clone(), http.clone());
        Ok(Self(Arc::new(Inner { oidc, api, redirect_url, clock, http, discovery })))
    }

    /// Makes state, nonce and PKCE verifier (256 bits each) and the address to send the browser to.
    /// With `max_age_seconds` the provider asks the user for a fresh proof where theirs is older; with
    /// `is_silent` it shows no page.
    pub async fn start(
        &self,
        max_age_seconds: Option<i64>,
        is_silent: bool,
    ) -> Result<Started, SignInError> {
        let metadata = self.metadata().await?;
        let secret =
            || crypto::token::<32>().map_err(|error| SignInError::Unavailable(error.to_string()));
        let (state, nonce) = (secret()?, secret()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(48);
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let client = self.client(&metadata)?;
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(given_state),
                move || Nonce::new(given_nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge);
        if let Some(seconds) = max_age_seconds {
            let seconds = Duration::from_secs(seconds.try_into().unwrap_or_default());
            request = request.set_max_age(seconds);
        }
        if is_silent {
            request = request.add_prompt(CoreAuthPrompt::None);
        }
        let (url, ..) = request.url();
        Ok(Started { url, state, nonce, pkce_verifier: verifier.secret().clone() })
    }

    /// Whether the provider's `iss` in the answer is as it has to be (RFC 9207).
    pub async fn accepts_issuer(&self, issuer: Option<&str>) -> Result<bool, SignInError> {
        let metadata = self.metadata().await?;
        let announced =
            metadata.additional_metadata().authorization_response_iss_parameter_supported;
        Ok(issuer.map_or(announced != Some(true), |issuer| issuer == self.0.oidc.issuer))
    }

    /// Changes the code for tokens and checks the ID token, every claim of it. With an unknown key
    /// the provider's keys are fetched anew, once.
    pub async fn finish(&self, returned: Returned) -> Result<Identity, SignInError> {
        let metadata = self.metadata().await?;
        let http = |request| self.0.http.send(request);
        let response = self
            .client(&metadata)?
            .exchange_code(AuthorizationCode::new(returned.code.clone()))
            .map_err(|error| SignInError::Unavailable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(returned.pkce_verifier.clone()))
            .request_async(&http)
            .await
            .map_err(code_refused)?;
        let refused = |reason| SignInError::BadToken(Rejection::Because(reason));
        if *response.token_type() != CoreTokenType::Bearer {
            return Err(refused("the access token's type is not bearer"));
        }
        let id_token = response.id_token().ok_or_else(|| refused("there is none"))?.to_string();
        let claims = self.checked(&id_token, &response, &returned).await?;
        let life = response.expires_in().unwrap_or(SESSION_LIFE).min(SESSION_LIFE);
        let life = TimeDelta::from_std(life).unwrap_or(TimeDelta::zero());
        let mut identity = Identity {
            issuer: self.0.oidc.issuer.clone(),
            subject: claims.subject,
            id_token,
            provider_session: claims.provider_session,
            factors: claims.factors,
            issued_at: claims.issued_at,
            authenticated_at: claims.authenticated_at,
            access_expires_at: self.0.clock.now() + life,
            name: claims.name,
            email: claims.email,
            is_email_verified: claims.is_email_verified,
        };
        if returned.needs_email && identity.email.is_none() {
            self.ask_for_email(&metadata, &response, &mut identity).await?;
        }
        Ok(identity)
    }

    /// Checks an access token that came to our API (SEC-9).
    pub async fn access_token(&self, token: &str) -> Result<AccessToken, TokenError> {
        self.with_keys(Door::Outside, |keys| {
            access_token::check(token, keys, &self.0.oidc, &self.0.api, self.0.clock.now())
        })
        .await
    }

    /// Checks a logout token that came to our back channel (SEC-10).
    pub async fn logout_token(&self, token: &str) -> Result<Logout, TokenError> {
        self.with_keys(Door::Outside, |keys| {
            logout_token::check(token, keys, &self.0.oidc, self.0.clock.now())
        })
        .await
    }

    /// Where to sign out at the provider, if it has such a place.
    pub async fn end_session_url(
        &self,
        id_token: &str,
        return_to: &str,
        state: &str,
    ) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let mut url = metadata.additional_metadata().end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token)
            .append_pair("client_id", &self.0.oidc.client_id)
            .append_pair("post_logout_redirect_uri", return_to)
            .append_pair("state", state);
        Some(url)
    }

    /// What the provider calls itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.oidc.issuer
    }

    /// Whether the provider answers with metadata and keys: for `central check-config`.
    pub async fn check(&self) -> Result<(), String> {
        self.0.discovery.keys().await.map(|_| ())
    }

    /// Job: renews metadata and keys before they are old; how many.
    pub async fn renew_due(&self) -> usize {
        self.0.discovery.renew_due().await
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, SignInError> {
        self.0.discovery.metadata().await.map_err(SignInError::Unavailable)
    }

    async fn checked(
        &self,
        id_token: &str,
        response: &CoreTokenResponse,
        returned: &Returned,
    ) -> Result<id_token::Claims, SignInError> {
        let expected = Expected {
            nonce: &returned.nonce,
            access_token: response.access_token(),
            max_age_seconds: returned.max_age_seconds,
            now: self.0.clock.now(),
        };
        self.with_keys(Door::SignIn, |keys| {
            id_token::check(id_token, keys, &self.0.oidc, &expected)
        })
        .await
        .map_err(|error| match error {
            TokenError::Unavailable(words) => SignInError::Unavailable(words),
            TokenError::Refused(rejection) => SignInError::BadToken(rejection),
        })
    }

    /// Checks with the keys that are known; where they lack one, once more with keys fetched anew.
    async fn with_keys<T>(
        &self,
        door: Door,
        check: impl Fn(&Keys) -> Result<T, Rejection>,
    ) -> Result<T, TokenError> {
        let keys = self.0.discovery.keys().await.map_err(TokenError::Unavailable)?;
        match check(&keys) {
            Err(Rejection::UnknownKey) => {
                let fetched = self.0.discovery.keys_again(&keys, door).await;
                let fetched = fetched.map_err(TokenError::Unavailable)?;
                fetched.map_or(Err(Rejection::UnknownKey), |keys| check(&keys))
            }
            outcome => outcome,
        }
        .map_err(TokenError::Refused)
    }

    /// The user information, which has to be about the same user (OpenID Connect Core 1.0, 5.3.2).
    async fn ask_for_email(
        &self,
        metadata: &Metadata,
        response: &CoreTokenResponse,
        identity: &mut Identity,
    ) -> Result<(), SignInError> {
        #[derive(Deserialize)]
        struct UserInfo {
            sub: String,
            name: Option<String>,
            email: Option<String>,
            email_verified: Option<bool>,
        }
        let Some(endpoint) = metadata.userinfo_endpoint() else { return Ok(()) };
        let token = response.access_token().secret();
        let body = self
            .0
            .http
            .get_with_token(endpoint.url(), token)
            .await
            .map_err(|error| SignInError::Unavailable(chain(&error)))?;
        let refused = |reason| SignInError::BadToken(Rejection::Because(reason));
        let info: UserInfo = serde_json::from_slice(&body)
            .map_err(|_| refused("the user information can't be read"))?;
        if info.sub != identity.subject {
            return Err(refused("the user information is about somebody else"));
        }
        identity.name = identity.name.take().or(info.name);
        identity.email = info.email;
        identity.is_email_verified = info.email_verified == Some(true);
        Ok(())
    }

    fn client(&self, metadata: &Metadata) -> Result<Client, SignInError> {
        let redirect_url = RedirectUrl::new(self.0.redirect_url.clone())
            .map_err(|error| SignInError::Unavailable(error.to_string()))?;
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.0.oidc.client_id.clone()),
            Some(ClientSecret::new(self.0.oidc.client_secret.expose_secret().to_owned())),
        );
        Ok(client.set_redirect_uri(redirect_url))
    }
}

type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

fn code_refused<RE: std::error::Error + 'static, T: openidconnect::ErrorResponse + 'static>(
    error: openidconnect::RequestTokenError<RE, T>,
) -> SignInError {
    match error {
        openidconnect::RequestTokenError::ServerResponse(_) => {
            SignInError::CodeRefused("the token endpoint answered with an error".to_owned())
        }
        openidconnect::RequestTokenError::Parse(cause, _) => SignInError::CodeRefused(format!(
            "the token endpoint's answer can't be read{}",
            unreadable(&chain(&cause))
        )),
        openidconnect::RequestTokenError::Request(cause) => SignInError::Unavailable(chain(&cause)),
        // A failure without OAuth's words: not the code is at fault but the provider.
        openidconnect::RequestTokenError::Other(words) => SignInError::Unavailable(words),
    }
}

/// What of the library's words about an answer may stand in the audit: which claim is missing, never
/// what stood in one.
fn unreadable(words: &str) -> String {
    let rest = words.split_once("missing field `").map(|(_, rest)| rest);
    let field = rest.and_then(|rest| rest.split('`').next());
    let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match field.filter(is_name) {
        Some(field) => format!(": {field} is missing"),
        None if words.contains("parts") => ": not three parts".to_owned(),
        None => String::new(),
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
