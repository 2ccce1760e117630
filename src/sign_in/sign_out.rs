//! Signing out: by the user, and by the provider behind the user's back.

use std::time::Duration;

use actix_session::Session;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, cookie};
use diesel::PgConnection;
use serde_json::json;

use super::commands;
use super::journey::{LOGIN_COOKIE, login_cookie};
use crate::auth::audit::Actor;
use crate::auth::provider::TokenError;
use crate::auth::{SignedIn, logout, session};
use crate::crypto;
use crate::db::Tenants;
use crate::kernel::Error;
use crate::web::{App, Client, FormBody, Html};

/// How long a sign-out waits for the provider's address, if that is not known yet.
const PROVIDER_WAIT: Duration = Duration::from_secs(2);

/// `POST /sign-out`: the session ends first, and whoever waits in this browser; then the provider's.
pub async fn sign_out(
    user: SignedIn,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
) -> Html {
    let id_token = session::id_token(&app.db, &app.keys, user.0.session_id).await;
    let by = client.user(&user.0);
    let login = req.cookie(LOGIN_COOKIE).map(|cookie| cookie.value().to_owned());
    let (user_id, session_id) = (user.0.user_id, user.0.session_id);
    let end = move |conn: &mut PgConnection| {
        session::end_one(conn, user_id, session_id)?;
        if let Some(login) = login {
            commands::stop_waiting_in(conn, &login)?;
        }
        commands::note_sign_out(conn, &by)
    };
    app.db.run(Tenants::none(), end).await?;
    session::end(&session);
    let back = app.url("/signed-out");
    let url = match id_token {
        Ok(token) => {
            let state = crypto::token::<16>()?;
            let asked = app.provider.end_session_url(&token, &back, &state);
            tokio::time::timeout(PROVIDER_WAIT, asked).await.ok().flatten()
        }
        Err(error) => {
            tracing::warn!(error = ?error, "the provider is not told of a sign-out");
            None
        }
    };
    let location = url.map_or(back, |url| url.to_string());
    let mut response = HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .insert_header(("Clear-Site-Data", "\"cache\", \"storage\""))
        .finish();
    let over = login_cookie(String::new(), cookie::time::Duration::ZERO);
    response.add_cookie(&over).map_err(Error::internal)?;
    Ok(response)
}

/// `POST /sign-in/back-channel-logout`: the provider ends a session of its own, or all of a user's
/// (SEC-10). Ours end before the answer: 200 for every good token, also where none was there; 400
/// for a token that is not good; 503 where the provider's keys are not to be had.
pub async fn back_channel_logout(app: Data<App>, client: Client, form: FormBody) -> Html {
    app.limits.back_channel_logout.take(&client.neighbours())?;
    let mut tokens = form.0.iter().filter(|(name, _)| name == "logout_token");
    let (Some((_, token)), None) = (tokens.next(), tokens.next()) else {
        return refused(&app, &client, "not one logout_token".to_owned()).await;
    };
    let logout = match app.provider.logout_token(token).await {
        Ok(logout) => logout,
        Err(TokenError::Unavailable(words)) => {
            return Err(Error::unavailable("identity provider", words));
        }
        Err(TokenError::Refused(reason)) => {
            return refused(&app, &client, reason.to_string()).await;
        }
    };
    let (issuer, by) = (app.provider.issuer().to_owned(), client.anonymous(Actor::System));
    let end = move |conn: &mut PgConnection| {
        let ended = logout::end_sessions(conn, &issuer, &logout)?;
        for user_id in ended.iter().flatten() {
            commands::note_provider_logout(conn, &by, *user_id)?;
        }
        Ok(ended)
    };
    match app.db.run(Tenants::none(), end).await? {
        Some(ended) => {
            tracing::info!(sessions = ended.len(), "the provider has ended sessions");
            Ok(HttpResponse::Ok().finish())
        }
        None => refused(&app, &client, "used before".to_owned()).await,
    }
}

async fn refused(app: &App, client: &Client, reason: String) -> Html {
    tracing::warn!(reason, "a logout token was refused");
    let by = client.anonymous(Actor::System);
    let note = move |conn: &mut PgConnection| commands::note_refused_logout(conn, &by, &reason);
    app.db.run(Tenants::none(), note).await?;
    Ok(HttpResponse::build(StatusCode::BAD_REQUEST).json(json!({ "error": "invalid_request" })))
}
