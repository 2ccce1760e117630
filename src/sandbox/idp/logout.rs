//! Sign-out started by the client (RP-Initiated Logout 1.0).

use actix_web::cookie::Cookie;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use url::Url;

use super::{COOKIE, Idp, pages};
use crate::sandbox::site::{self, Fields};

/// `GET /end-session`
pub(super) async fn by_link(req: HttpRequest, idp: Data<Idp>) -> HttpResponse {
    end(&req, &Fields::read(req.query_string().as_bytes()), &idp)
}

/// `POST /end-session`: by the specification, the client's page may send it as a form.
pub(super) async fn by_form(req: HttpRequest, body: Bytes, idp: Data<Idp>) -> HttpResponse {
    end(&req, &Fields::read(&body), &idp)
}

fn end(req: &HttpRequest, fields: &Fields, idp: &Idp) -> HttpResponse {
    let hint = fields.one("id_token_hint").map(|token| idp.state().keys.claims(token));
    let sid = hint.as_ref().and_then(|claims| claims.as_ref()?.get("sid")?.as_str());
    {
        let mut state = idp.state();
        if let Some(cookie) = req.cookie(COOKIE) {
            state.sessions.remove(cookie.value());
        }
        state.sessions.retain(|_, session| Some(session.sid.as_str()) != sid);
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
    if let Some(state) = fields.one("state") {
        url.query_pairs_mut().append_pair("state", state);
    }
    Some(url)
}
