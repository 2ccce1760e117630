//! Sign-out: started by the client (RP-Initiated Logout 1.0) or here, and told to the client behind
//! the browser's back (Back-Channel Logout 1.0).

use std::io;

use actix_web::cookie::Cookie;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use openidconnect::reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use url::Url;

use super::fault::replace;
use super::state::Session;
use super::{COOKIE, EndSessionFault, Fault, Idp, LogoutFault, jws, pages, random_text};
use crate::sandbox::site::{self, Fields};

/// The one event of a logout token, by its name.
pub(super) const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const TOKEN_LIFETIME_SECONDS: i64 = 2 * 60;

/// Whose session a logout token ends.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// All of somebody's: `sub`.
    Subject(&'a str),
    /// One: `sid`.
    Session(&'a str),
    Both {
        subject: &'a str,
        session: &'a str,
    },
}

/// `GET /end-session`
pub(super) async fn by_link(req: HttpRequest, idp: Data<Idp>) -> HttpResponse {
    end(&req, &Fields::read(req.query_string().as_bytes()), &idp).await
}

/// `POST /end-session`: by the specification, the client's page may send it as a form. Without
/// fields it is our own page that does.
pub(super) async fn by_form(req: HttpRequest, body: Bytes, idp: Data<Idp>) -> HttpResponse {
    end(&req, &Fields::read(&body), &idp).await
}

async fn end(req: &HttpRequest, fields: &Fields, idp: &Idp) -> HttpResponse {
    let hint = fields.one("id_token_hint").map(|token| idp.state().keys.claims(token));
    let sid = hint.as_ref().and_then(|claims| claims.as_ref()?.get("sid")?.as_str());
    for ended in end_sessions(req, sid, idp) {
        idp.tell_client(&ended).await;
    }
    let mut response = match way_back(fields, hint.as_ref(), idp) {
        Some(url) => site::see_other(url.as_str()),
        None => pages::signed_out(site::lang(req)),
    };
    let mut cookie = Cookie::build(COOKIE, "").path("/").finish();
    cookie.make_removal();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(error = ?error, "sandbox session cookie not removed");
    }
    response
}

/// Ends the browser's session, and the one that the client names.
fn end_sessions(req: &HttpRequest, sid: Option<&str>, idp: &Idp) -> Vec<Session> {
    let cookie = req.cookie(COOKIE);
    let cookie = cookie.as_ref().map(Cookie::value);
    let mut state = idp.state();
    let (ended, rest) = std::mem::take(&mut state.sessions).into_iter().partition(|session| {
        Some(session.cookie.as_str()) == cookie || Some(session.sid.as_str()) == sid
    });
    state.sessions = rest;
    ended
}

/// Where to send the browser: only to the registered address, and only for the registered client.
fn way_back(fields: &Fields, hint: Option<&Option<Value>>, idp: &Idp) -> Option<Url> {
    let client = &idp.0.client;
    // A hint that is not ours, or not for this client, is worse than none.
    if let Some(claims) = hint
        && claims.as_ref()?.get("aud")?.as_str()? != client.id
    {
        return None;
    }
    if fields.one("client_id").is_some_and(|id| id != client.id) {
        return None;
    }
    let wanted = fields.one("post_logout_redirect_uri")?;
    if wanted != client.post_logout_redirect_uri {
        return None;
    }
    let mut url = Url::parse(wanted).ok()?;
    let state = match idp.fault() {
        Some(Fault::EndSession(EndSessionFault::OtherState)) => Some("of-another-sign-out"),
        Some(Fault::EndSession(EndSessionFault::NoState)) => None,
        _ => fields.one("state"),
    };
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Some(url)
}

impl Idp {
    /// Sends a logout token to an address, as at the end of a session; spoiled, if so wished. The
    /// status and the body of the answer.
    ///
    /// # Errors
    /// The token can't be signed, or nobody answers.
    pub async fn send_logout(
        &self,
        to: &str,
        whose: Whose<'_>,
        fault: Option<LogoutFault>,
    ) -> io::Result<(u16, String)> {
        let token = self.logout_token(whose, fault)?;
        let body = serde_urlencoded::to_string([("logout_token", token)]);
        let answer = self
            .0
            .http
            .post(to)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.map_err(io::Error::other)?)
            .send()
            .await
            .map_err(io::Error::other)?;
        let status = answer.status().as_u16();
        Ok((status, answer.text().await.map_err(io::Error::other)?))
    }

    /// A logout token, for [`Self::send_logout`] or to be sent by other means.
    ///
    /// # Errors
    /// It can't be signed.
    pub fn logout_token(&self, whose: Whose<'_>, fault: Option<LogoutFault>) -> io::Result<String> {
        let (now, jti) = (self.now(), random_text());
        let mut claims = json!({
            "iss": self.0.issuer,
            "aud": self.0.client.id,
            "iat": now,
            "exp": now + TOKEN_LIFETIME_SECONDS,
            "jti": jti,
            "events": { EVENT: {} },
        });
        let (subject, session) = match whose {
            Whose::Subject(subject) => (Some(subject), None),
            Whose::Session(session) => (None, Some(session)),
            Whose::Both { subject, session } => (Some(subject), Some(session)),
        };
        replace(&mut claims, "sub", subject.map(Value::from));
        replace(&mut claims, "sid", session.map(Value::from));
        let mut state = self.state();
        let spoiled = fault.map(|fault| fault.spoils(&state.jti_before, now));
        if fault != Some(LogoutFault::ReplayedJti) {
            state.jti_before = jti;
        }
        jws::sign(&state.keys, &self.0.client.secret, Some("logout+jwt"), claims, spoiled)
    }

    /// Tells the client that a session is over, where it has an address for that.
    async fn tell_client(&self, ended: &Session) {
        let Some(to) = self.0.client.backchannel_logout_uri.as_deref() else { return };
        let whose = Whose::Both { subject: &ended.subject, session: &ended.sid };
        match self.send_logout(to, whose, None).await {
            Ok((200 | 204, _)) => {}
            Ok((status, body)) => {
                tracing::warn!(status, body, "the client did not accept a logout token");
            }
            Err(error) => tracing::warn!(error = ?error, "the client was not told of a logout"),
        }
    }
}
