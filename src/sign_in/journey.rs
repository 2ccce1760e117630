//! To the provider and back.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use diesel::PgConnection;
use serde::Deserialize;

use super::commands::{self, NewSignIn, Recognised, SignIn};
use super::pages::{self, Message};
use super::pending::Waiting;
use crate::auth::audit::Actor;
use crate::auth::provider::{Identity, Returned, SignInError};
use crate::auth::session::{self, Lapsed, NewSession};
use crate::crypto;
use crate::db::Tenants;
use crate::kernel::{Error, SignInId, UserId};
use crate::metrics;
use crate::web::{
    App, Client, FRESH_SECONDS, Form, Html, PublicShell, Query, return_to, see_other,
};

/// The cookie that binds a sign-in to one browser, for its ten minutes.
pub(super) const LOGIN_COOKIE: &str = "__Host-login";

/// What a provider answers that was asked without a page and needs one (OpenID Connect Core 1.0,
/// 3.1.2.6).
const NEEDS_A_PAGE: [&str; 4] =
    ["login_required", "interaction_required", "account_selection_required", "consent_required"];

/// What the page with the button sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartForm {
    #[serde(default)]
    return_to: String,
}

/// `POST /sign-in`: off to the provider.
pub async fn start(
    shell: PublicShell,
    app: Data<App>,
    client: Client,
    Form(form): Form<StartForm>,
) -> Html {
    depart(&app, &client, &shell, Trip { return_to: &form.return_to, ..Trip::default() }).await
}

/// `GET /sign-in/again`: off to the provider without a button, for somebody who was signed in here:
/// their access token ran out, or an act asks for a fresh proof. The first is asked for without a
/// page of the provider's, and with one where the provider no longer knows the user. Only the same
/// user comes back, so that no other site gains by starting it. Everybody else gets the page with
/// the button.
pub async fn again(
    req: HttpRequest,
    shell: PublicShell,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    let wanted = query.one("return_to").unwrap_or("/");
    let max_age_seconds = query.one("fresh").map(|_| FRESH_SECONDS);
    let expected = match (session::principal(&req)?, session::lapsed(&req)) {
        (Some(principal), _) if max_age_seconds.is_some() => principal.user_id,
        (Some(_), _) => return Ok(see_other(return_to::safe(wanted, &app.routes))),
        (None, Some(lapsed)) if lapsed.is_silent => lapsed.user_id,
        (None, _) => {
            let query = serde_urlencoded::to_string([("return_to", wanted)]).unwrap_or_default();
            return Ok(see_other(format!("/sign-in?{query}")));
        }
    };
    let trip = Trip {
        return_to: wanted,
        expected_user_id: Some(expected),
        max_age_seconds,
        is_silent: max_age_seconds.is_none(),
    };
    depart(&app, &client, &shell, trip).await
}

/// What one way to the provider is for.
#[derive(Default)]
struct Trip<'a> {
    return_to: &'a str,
    /// The user who has to come back.
    expected_user_id: Option<UserId>,
    /// How old the user's proof may be.
    max_age_seconds: Option<i64>,
    /// Without a page of the provider's: it answers at once, if need be that it can't.
    is_silent: bool,
}

async fn depart(app: &App, client: &Client, shell: &PublicShell, trip: Trip<'_>) -> Html {
    app.limits.sign_in_start.take(&client.neighbours())?;
    let started = match app.provider.start(trip.max_age_seconds, trip.is_silent).await {
        Ok(started) => started,
        Err(error) => return failed(app, client, shell, error).await,
    };
    let cookie = crypto::token::<32>()?;
    let new = NewSignIn {
        id: SignInId::new(),
        cookie_hash: crypto::hash(&cookie),
        state: started.state,
        nonce: started.nonce,
        pkce_verifier: started.pkce_verifier,
        return_to: return_to::safe(trip.return_to, &app.routes),
        expected_user_id: trip.expected_user_id,
        max_age_seconds: trip.max_age_seconds.and_then(|seconds| seconds.try_into().ok()),
        is_silent: trip.is_silent,
    };
    app.db.run(Tenants::none(), move |conn: &mut PgConnection| commands::begin(conn, &new)).await?;
    let mut response = see_other(started.url);
    response.add_cookie(&login_cookie(cookie, Duration::minutes(10))).map_err(Error::internal)?;
    Ok(response)
}

/// `GET /sign-in/callback`: the browser comes back from the provider.
pub async fn callback(
    req: HttpRequest,
    shell: PublicShell,
    app: Data<App>,
    client: Client,
    session: Session,
    query: Query,
) -> Html {
    app.limits.sign_in_callback.take(&client.neighbours())?;
    let begun = match recall(&req, &app, &query).await? {
        Ok(begun) => begun,
        Err(reason) => return refused(&app, &client, &shell, reason).await,
    };
    match app.provider.accepts_issuer(query.one("iss")).await {
        Ok(true) => {}
        Ok(false) => return refused(&app, &client, &shell, "another issuer").await,
        Err(error) => return failed(&app, &client, &shell, error).await,
    }
    if begun.is_silent && query.one("error").is_some_and(|error| NEEDS_A_PAGE.contains(&error)) {
        let trip = Trip {
            return_to: &begun.return_to,
            expected_user_id: begun.expected_user_id,
            ..Trip::default()
        };
        return depart(&app, &client, &shell, trip).await;
    }
    let (Some(code), None) = (query.one("code"), query.one("error")) else {
        // The provider's own words are not repeated: they come through the browser.
        return refused(&app, &client, &shell, "the provider reports an error").await;
    };
    let returned = Returned {
        code: code.to_owned(),
        pkce_verifier: begun.pkce_verifier.clone(),
        nonce: begun.nonce.clone(),
        max_age_seconds: begun.max_age_seconds.map(Into::into),
        needs_email: begun.is_for_invitation(),
    };
    match app.provider.finish(returned).await {
        Ok(identity) => {
            let before = session::lapsed(&req);
            welcome(&app, &client, &shell, &session, identity, &begun, before).await
        }
        Err(error) => failed(&app, &client, &shell, error).await,
    }
}

/// The sign-in that this browser began, taken once; or why there is none.
async fn recall(
    req: &HttpRequest,
    app: &App,
    query: &Query,
) -> Result<Result<SignIn, &'static str>, Error> {
    let once = ["code", "state", "iss", "error"].iter().all(|name| query.all(name).count() <= 1);
    let cookie = req.cookie(LOGIN_COOKIE).map(|cookie| cookie.value().to_owned());
    let (Some(cookie), true) = (cookie, once) else { return Ok(Err("no sign-in of this browser")) };
    let take = move |conn: &mut PgConnection| commands::take(conn, &cookie);
    let Some(begun) = app.db.run(Tenants::none(), take).await? else {
        return Ok(Err("used before, or older than ten minutes"));
    };
    let state = query.one("state").unwrap_or_default();
    let is_same = crypto::equal(state.as_bytes(), begun.state.as_bytes());
    Ok(if is_same { Ok(begun) } else { Err("another state") })
}

/// A good ID token: a session, if we know who it is.
async fn welcome(
    app: &App,
    client: &Client,
    shell: &PublicShell,
    session: &Session,
    identity: Identity,
    begun: &SignIn,
    before: Option<Lapsed>,
) -> Html {
    let by = client.anonymous(Actor::User);
    let question = commands::Question {
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        is_strong: is_strong(app, &identity),
        expected_user_id: begun.expected_user_id,
        is_for_invitation: begun.is_for_invitation(),
    };
    let recognise = move |conn: &mut PgConnection| commands::recognise(conn, &by, &question);
    let recognised = app.db.run(Tenants::none(), recognise).await?;
    metrics::sign_in_ended(recognised.name());
    let mut response = see_other(begun.return_to.as_str());
    match recognised {
        Recognised::User(user_id) => {
            if begun.is_for_invitation() {
                wait(app, begun.id, &identity, Some(user_id)).await?;
            }
            let began_at = before.filter(|_| begun.is_silent).map(|lapsed| lapsed.began_at);
            let new = NewSession { began_at, ..new_session(client, identity, user_id) };
            session::begin(session, &new)?;
        }
        Recognised::Invited => {
            wait(app, begun.id, &identity, None).await?;
            return Ok(response);
        }
        Recognised::Unknown => {
            return pages::message(StatusCode::FORBIDDEN, shell, Message::NoAccess);
        }
        Recognised::TooWeak => {
            tracing::warn!("a sign-in was refused: staff without a second factor");
            return pages::message(StatusCode::FORBIDDEN, shell, Message::TooWeak);
        }
        Recognised::Another => {
            tracing::warn!("a sign-in was refused: another user than before");
            return pages::message(StatusCode::FORBIDDEN, shell, Message::Another);
        }
    }
    if !begun.is_for_invitation() {
        let over = login_cookie(String::new(), Duration::ZERO);
        response.add_cookie(&over).map_err(Error::internal)?;
    }
    Ok(response)
}

/// Keeps who it is with the browser's sign-in, until they have said yes to their invitation.
async fn wait(
    app: &App,
    id: SignInId,
    identity: &Identity,
    user_id: Option<UserId>,
) -> Result<(), Error> {
    let waiting = Waiting { identity: identity.clone(), user_id };
    let text = serde_json::to_string(&waiting).map_err(Error::internal)?;
    let sealed = app.keys.seal(id.as_uuid(), &text)?;
    app.db
        .run(Tenants::none(), move |conn: &mut PgConnection| commands::wait(conn, id, &sealed))
        .await
}

/// What the session of a proven identity remembers.
pub(super) fn new_session(client: &Client, identity: Identity, user_id: UserId) -> NewSession {
    NewSession {
        user_id,
        subject: identity.subject,
        id_token: identity.id_token,
        provider_session: identity.provider_session,
        issued_at: identity.issued_at,
        authenticated_at: identity.authenticated_at,
        began_at: None,
        access_expires_at: identity.access_expires_at,
        device: client.device(),
        network: client.network(),
    }
}

/// Whether the proof is good enough for staff: a second factor where the settings name what counts
/// as one.
fn is_strong(app: &App, identity: &Identity) -> bool {
    let wanted = &app.staff_factors;
    wanted.is_empty() || identity.factors.iter().any(|factor| wanted.contains(factor))
}

/// The answer is not good: one audit row with the reason, a plain page for the user.
async fn refused(app: &App, client: &Client, shell: &PublicShell, reason: &'static str) -> Html {
    tracing::warn!(reason, "a sign-in was refused");
    metrics::sign_in_ended("refused");
    note(app, client, reason.to_owned()).await?;
    pages::message(StatusCode::BAD_REQUEST, shell, Message::Failed)
}

async fn failed(app: &App, client: &Client, shell: &PublicShell, error: SignInError) -> Html {
    tracing::warn!(%error, "a sign-in failed");
    match error {
        SignInError::Unavailable(_) => {
            metrics::sign_in_ended("unavailable");
            pages::message(StatusCode::SERVICE_UNAVAILABLE, shell, Message::Unavailable)
        }
        SignInError::CodeRefused(_) | SignInError::BadToken(_) => {
            metrics::sign_in_ended("refused");
            note(app, client, error.to_string()).await?;
            pages::message(StatusCode::BAD_REQUEST, shell, Message::Failed)
        }
    }
}

async fn note(app: &App, client: &Client, reason: String) -> Result<(), Error> {
    let by = client.anonymous(Actor::User);
    app.db
        .run(Tenants::none(), move |conn: &mut PgConnection| {
            commands::note_failure(conn, &by, &reason)
        })
        .await
}

pub(super) fn login_cookie(value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(LOGIN_COOKIE, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}
