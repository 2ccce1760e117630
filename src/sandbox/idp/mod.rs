//! An OIDC provider with one-click accounts and no passwords: authorization code flow with PKCE,
//! single sign-on, userinfo, sign-out started by the client or here, access tokens for the client's
//! API. One client, kept in memory.
//!
//! Tests can spoil its answers, one [`Fault`] at a time, to see that the client refuses them.
//!
//! Sources: OIDC Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0, Back-Channel Logout 1.0; RFC 6749,
//! 7636, 9068, 9207.

mod api_token;
mod authorize;
mod fault;
mod jws;
mod keys;
mod logout;
mod metadata;
mod pages;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::reqwest;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::keys::{Key, Keys};
use self::state::{Session, State};
use super::site;
use crate::kernel::{Clock, Lang};

pub use self::api_token::{API_AUDIENCE, API_SCOPES, ApiToken, ApiTokenProfile};
pub use self::fault::{
    ApiTokenFault, CallbackFault, EndSessionFault, Fault, IdTokenFault, KeysFault, LogoutFault,
    MetadataFault, TokenAnswerFault, UserinfoFault,
};
pub use self::logout::Whose;

/// Holds the id of a [`Session`]. Cookies do not know ports, so the name is this server's own.
const COOKIE: &str = "sandbox_idp_session";

/// Somebody who can sign in here.
#[derive(Clone, Debug)]
pub struct Person {
    /// The `sub` claim.
    pub subject: String,
    pub name: String,
    pub email: String,
    /// What the button says under the name: `Owner, Ceramiche Bellini`.
    pub hint: String,
    pub locale: Lang,
}

/// The one application that may send people here.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: String,
    pub secret: String,
    pub redirect_uri: String,
    pub post_logout_redirect_uri: String,
    /// Where to tell of a session that is over, if the client wants to know.
    pub backchannel_logout_uri: Option<String>,
}

/// How the provider starts.
pub struct Options {
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub issuer: String,
    pub client: Client,
    pub people: Vec<Person>,
    /// Keeps the signing key between starts, as PEM. Without it each start makes a new one, which
    /// takes some tenths of a second.
    pub key_file: Option<PathBuf>,
    pub clock: Clock,
}

/// The running provider; copies are the same one.
#[derive(Clone)]
pub struct Idp(Arc<Inner>);

struct Inner {
    issuer: String,
    client: Client,
    redirect_uri: Url,
    key_file: Option<PathBuf>,
    clock: Clock,
    http: reqwest::Client,
    state: Mutex<State>,
}

/// Makes a signing key and keeps it in a file, for [`Options::key_file`].
///
/// # Errors
/// The file can't be written.
pub fn make_key_file(file: &std::path::Path) -> std::io::Result<()> {
    keys::Key::create(Some(file)).map(|_| ())
}

impl Idp {
    /// Starts to answer on `listener`, until `stop`.
    ///
    /// # Errors
    /// The listener or the key file can't be used, or the client's `redirect_uri` is no URL.
    pub async fn start(
        listener: TcpListener,
        options: Options,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let Options { issuer, client, people, key_file, clock } = options;
        let redirect_uri = Url::parse(&client.redirect_uri)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let file = key_file.clone();
        let key = tokio::task::spawn_blocking(move || Key::load_or_create(file.as_deref()))
            .await
            .map_err(io::Error::other)??;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(5))
            .no_proxy()
            .build()
            .map_err(io::Error::other)?;
        let state = Mutex::new(State::new(Keys::new(key), people));
        let idp =
            Self(Arc::new(Inner { issuer, client, redirect_uri, key_file, clock, http, state }));
        let served = idp.clone();
        site::serve(listener, stop, move |config| served.routes(config))?;
        Ok(idp)
    }

    /// Spoils the answers from now on, in this one way.
    pub fn spoil(&self, fault: impl Into<Fault>) {
        self.state().fault = Some(fault.into());
    }

    /// Answers as it should again.
    pub fn mend(&self) {
        self.state().fault = None;
    }

    /// How long the next access tokens live. 8 hours unless told.
    pub fn set_access_token_lifetime(&self, seconds: u64) {
        self.state().access_token_lifetime_seconds = seconds;
    }

    /// Adds a button to the page, or changes the one of the same subject.
    pub fn add_person(&self, person: Person) {
        let mut state = self.state();
        state.people.retain(|known| known.subject != person.subject);
        state.people.push(person);
    }

    /// How long `/jwks` may be kept, by its `Cache-Control`: `public, max-age=300` unless told.
    pub fn set_keys_cache_control(&self, value: &str) {
        value.clone_into(&mut self.state().keys_cache_control);
    }

    /// How often each address was asked for since the start, by its path.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.state().requests.clone()
    }

    /// The `sid` of somebody's sessions, the oldest first.
    #[must_use]
    pub fn sessions_of(&self, subject: &str) -> Vec<String> {
        let state = self.state();
        let theirs = state.sessions.iter().filter(|session| session.subject == subject);
        theirs.map(|session| session.sid.clone()).collect()
    }

    /// Knows nobody any more, as after a restart: the client is not told.
    pub fn forget_sessions(&self) {
        self.state().sessions.clear();
    }

    /// Signs with a fresh key from now on. The one before stays published, the ones before that go.
    /// Takes some tenths of a second.
    ///
    /// # Errors
    /// No key could be made, or the key file can't be written; the old key then stays.
    pub fn rotate_key(&self) -> io::Result<()> {
        let key = Key::create(self.0.key_file.as_deref())?;
        self.state().keys.rotate(key);
        Ok(())
    }

    /// While down, everything answers 503.
    pub fn set_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.0.clock.now().timestamp()
    }

    fn fault(&self) -> Option<Fault> {
        self.state().fault
    }

    /// The session of the browser that asks.
    fn session(&self, req: &HttpRequest) -> Option<Session> {
        let cookie = req.cookie(COOKIE)?;
        let state = self.state();
        state.sessions.iter().find(|session| session.cookie == cookie.value()).cloned()
    }

    fn routes(&self, config: &mut ServiceConfig) {
        let scope = web::scope("")
            .wrap(from_fn(at_the_door))
            .configure(site::assets)
            .route("/.well-known/openid-configuration", web::get().to(metadata::configuration))
            .route(
                "/elsewhere/openid-configuration",
                web::get().to(metadata::configuration_elsewhere),
            )
            .route("/jwks", web::get().to(metadata::jwks))
            .route("/elsewhere/jwks", web::get().to(metadata::jwks_elsewhere))
            .service(web::resource("/authorize").get(authorize::show).post(authorize::choose))
            .route("/token", web::post().to(token::exchange))
            .service(web::resource("/userinfo").get(userinfo::show).post(userinfo::show))
            .service(web::resource("/end-session").get(logout::by_link).post(logout::by_form))
            .service(web::resource("/api-token").get(api_token::show).post(api_token::create));
        config.app_data(Data::new(self.clone())).service(scope);
    }
}

/// Counts each request, and refuses it while down.
async fn at_the_door<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_down = req.app_data::<Data<Idp>>().is_some_and(|idp| {
        let mut state = idp.state();
        *state.requests.entry(req.path().to_owned()).or_default() += 1;
        state.is_down
    });
    if is_down {
        return Ok(req.into_response(HttpResponse::ServiceUnavailable().finish()));
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

/// 256 random bits, as text for URLs and cookies.
fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
