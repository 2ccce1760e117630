//! Sign-in, callback, sign-out.

use actix_session::Session;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::commands::{self, NewSignIn, Recognised};
use crate::auth::SignedIn;
use crate::auth::audit::Actor;
use crate::auth::provider::{Identity, SignInError};
use crate::auth::session::{self, NewSession};
use crate::crypto;
use crate::db::Tenants;
use crate::kernel::{Error, Lang, SignInId, Texts};
use crate::web::ui::Icon;
use crate::web::{App, Client, Form, Html, PublicShell, Query, Ui, html, html_with, see_other};

/// The cookie that binds a sign-in to one browser, for its ten minutes.
const LOGIN_COOKIE: &str = "__Host-login";

#[derive(Template)]
#[template(path = "sign_in/show.html")]
struct SignInPage {
    ui_of: Ui,
    t: &'static Texts,
    return_to: String,
    path: String,
}

/// `GET /sign-in`: the page with the button. Who is signed in already goes on.
pub async fn show(req: HttpRequest, shell: PublicShell, query: Query) -> Html {
    let return_to = safe_path(query.one("return_to").unwrap_or("/"));
    if session::principal(&req)?.is_some() {
        return Ok(see_other(return_to));
    }
    html(&SignInPage { ui_of: shell.ui, t: shell.t, return_to, path: shell.path })
}

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
    app.limits.sign_in_start.take(&client.ip)?;
    let started = match app.provider.start().await {
        Ok(started) => started,
        Err(error) => return failed(&app, &client, &shell, error).await,
    };
    let cookie = crypto::token::<32>()?;
    let new = NewSignIn {
        id: SignInId::new(),
        cookie_hash: crypto::hash(&cookie),
        state: started.state,
        nonce: started.nonce,
        pkce_verifier: started.pkce_verifier,
        return_to: safe_path(&form.return_to),
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
    app.limits.sign_in_callback.take(&client.ip)?;
    let once = ["code", "state", "iss", "error"].iter().all(|name| query.all(name).count() <= 1);
    let cookie = req.cookie(LOGIN_COOKIE).map(|cookie| cookie.value().to_owned());
    let (Some(cookie), true) = (cookie, once) else {
        return refused(&app, &client, &shell, "no sign-in of this browser").await;
    };
    let taken = app
        .db
        .run(Tenants::none(), move |conn: &mut PgConnection| commands::take(conn, &cookie))
        .await?;
    let Some(begun) = taken else {
        return refused(&app, &client, &shell, "used before, or older than ten minutes").await;
    };
    let state = query.one("state").unwrap_or_default();
    if !crypto::equal(state.as_bytes(), begun.state.as_bytes()) {
        return refused(&app, &client, &shell, "another state").await;
    }
    match app.provider.accepts_issuer(query.one("iss")).await {
        Ok(true) => {}
        Ok(false) => return refused(&app, &client, &shell, "another issuer").await,
        Err(error) => return failed(&app, &client, &shell, error).await,
    }
    let Some(code) = query.one("code") else {
        // The provider's own words are not repeated: they come through the browser.
        return refused(&app, &client, &shell, "the provider reports an error").await;
    };
    match app.provider.finish(code.to_owned(), begun.pkce_verifier, begun.nonce).await {
        Ok(identity) => welcome(&app, &client, &shell, &session, identity, &begun.return_to).await,
        Err(error) => failed(&app, &client, &shell, error).await,
    }
}

/// A good ID token: a session, if we know who it is.
async fn welcome(
    app: &Data<App>,
    client: &Client,
    shell: &PublicShell,
    session: &Session,
    identity: Identity,
    return_to: &str,
) -> Html {
    let by = client.anonymous(Actor::User);
    let asked = Identity { id_token: String::new(), ..identity_copy(&identity) };
    let is_strong = is_strong(app, &identity);
    let recognise =
        move |conn: &mut PgConnection| commands::recognise(conn, &by, &asked, is_strong);
    let user_id = match app.db.run(Tenants::none(), recognise).await? {
        Recognised::User(user_id) => user_id,
        Recognised::Unknown => return message(StatusCode::FORBIDDEN, shell, Message::NoAccess),
        Recognised::TooWeak => {
            tracing::warn!("a sign-in was refused: staff without a second factor");
            return message(StatusCode::BAD_REQUEST, shell, Message::Failed);
        }
    };
    let new = NewSession {
        user_id,
        id_token: identity.id_token,
        provider_session: identity.provider_session,
        access_expires_at: identity.access_expires_at,
    };
    session::begin(session, &new)?;
    let mut response = see_other(return_to);
    response.add_cookie(&login_cookie(String::new(), Duration::ZERO)).map_err(Error::internal)?;
    Ok(response)
}

fn identity_copy(identity: &Identity) -> Identity {
    Identity {
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        id_token: String::new(),
        provider_session: None,
        factors: Vec::new(),
        access_expires_at: identity.access_expires_at,
    }
}

/// Whether the proof is good enough for staff: a second factor where the settings name what counts
/// as one.
fn is_strong(app: &App, identity: &Identity) -> bool {
    let wanted = &app.staff_factors;
    wanted.is_empty() || identity.factors.iter().any(|factor| wanted.contains(factor))
}

/// `POST /sign-out`: the session ends first, then the provider's.
pub async fn sign_out(user: SignedIn, app: Data<App>, client: Client, session: Session) -> Html {
    let id_token = session::id_token(&app.db, &app.keys, user.0.session_id).await;
    let by = client.user(&user.0);
    app.db
        .run(Tenants::none(), move |conn: &mut PgConnection| commands::note_sign_out(conn, &by))
        .await?;
    session::end(&session);
    let back = app.url("/signed-out");
    let url = match id_token {
        Ok(token) => app.provider.end_session_url(&token, &back, &crypto::token::<16>()?).await,
        Err(error) => {
            tracing::warn!(error = ?error, "the provider is not told of a sign-out");
            None
        }
    };
    let location = url.map_or(back, |url| url.to_string());
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .insert_header(("Clear-Site-Data", "\"cache\", \"storage\""))
        .finish())
}

/// `GET /signed-out`
pub async fn signed_out(shell: PublicShell) -> Html {
    message(StatusCode::OK, &shell, Message::SignedOut)
}

/// A page that says how it went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Message {
    Failed,
    Unavailable,
    NoAccess,
    SignedOut,
}

#[derive(Template)]
#[template(path = "sign_in/message.html")]
struct MessagePage {
    ui_of: Ui,
    t: &'static Texts,
    message: Message,
}

impl MessagePage {
    fn icon(&self) -> Icon {
        Icon(match self.message {
            Message::Failed => "circle-x",
            Message::Unavailable => "cloud-off",
            Message::NoAccess => "lock",
            Message::SignedOut => "logout",
        })
    }

    fn title(&self) -> String {
        match self.message {
            Message::Failed => self.t.msg_sign_in_failed_title(),
            Message::Unavailable => self.t.msg_sign_in_unavailable_title(),
            Message::NoAccess => self.t.msg_no_access_title(),
            Message::SignedOut => self.t.msg_signed_out_title(),
        }
    }

    fn words(&self) -> String {
        match self.message {
            Message::Failed => self.t.msg_sign_in_failed_words(),
            Message::Unavailable => self.t.msg_sign_in_unavailable_words(),
            Message::NoAccess => self.t.msg_no_access_words(),
            Message::SignedOut => self.t.msg_signed_out_words(),
        }
    }
}

fn message(status: StatusCode, shell: &PublicShell, message: Message) -> Html {
    html_with(status, &MessagePage { ui_of: shell.ui, t: shell.t, message })
}

/// The answer is not good: one audit row with the reason, a plain page for the user.
async fn refused(
    app: &Data<App>,
    client: &Client,
    shell: &PublicShell,
    reason: &'static str,
) -> Html {
    tracing::warn!(reason, "a sign-in was refused");
    note(app, client, reason.to_owned()).await?;
    message(StatusCode::BAD_REQUEST, shell, Message::Failed)
}

async fn failed(app: &Data<App>, client: &Client, shell: &PublicShell, error: SignInError) -> Html {
    tracing::warn!(%error, "a sign-in failed");
    match error {
        SignInError::Unavailable(_) => {
            message(StatusCode::SERVICE_UNAVAILABLE, shell, Message::Unavailable)
        }
        SignInError::CodeRefused(_) | SignInError::BadToken(_) => {
            note(app, client, error.to_string()).await?;
            message(StatusCode::BAD_REQUEST, shell, Message::Failed)
        }
    }
}

async fn note(app: &Data<App>, client: &Client, reason: String) -> Result<(), Error> {
    let by = client.anonymous(Actor::User);
    app.db
        .run(Tenants::none(), move |conn: &mut PgConnection| {
            commands::note_failure(conn, &by, &reason)
        })
        .await
}

fn login_cookie(value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(LOGIN_COOKIE, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}

/// A path of ours, or `/`: one slash, no second slash or backslash, nothing unprintable.
fn safe_path(wanted: &str) -> String {
    let mut bytes = wanted.bytes();
    let begins = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    let is_clean = wanted.len() <= 512
        && wanted.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    let is_loop = wanted.starts_with("/sign-in") || wanted.starts_with("/signed-out");
    if begins && is_clean && !is_loop { wanted.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn sec_06_only_our_own_paths_are_returned_to() {
        for good in ["/", "/processing/email-payments?q=a&status=paid"] {
            assert_eq!(safe_path(good), good);
        }
        let long = format!("/{}", "x".repeat(600));
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/a b",
            "/sign-in",
            "/a\\b",
            &long,
        ] {
            assert_eq!(safe_path(bad), "/", "{bad:?}");
        }
    }
}
