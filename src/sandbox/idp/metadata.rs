//! What a client reads first: where things are, and the public keys.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::Data;
use serde_json::{Value, json};

use super::Idp;
use super::fault::{Alg, Fault, KeysFault, MetadataFault, replace};
use crate::kernel::Lang;

/// How late the slow answers are. The client gives up after 5 seconds.
const DELAY: Duration = Duration::from_secs(20);
/// More than the 256 KiB that the client reads.
const PADDING_BYTES: usize = 300 * 1024;

/// `GET /.well-known/openid-configuration`
pub(super) async fn configuration(idp: Data<Idp>) -> HttpResponse {
    let fault = match idp.fault() {
        Some(Fault::Metadata(fault)) => Some(fault),
        _ => None,
    };
    let mut metadata = metadata(&idp);
    match fault {
        Some(MetadataFault::WrongIssuer) => {
            replace(&mut metadata, "issuer", Some(json!("https://other.example")));
        }
        Some(MetadataFault::NotJson) => return not_json(),
        Some(MetadataFault::TooLarge) => pad(&mut metadata),
        Some(MetadataFault::Redirect) => return elsewhere("/elsewhere/openid-configuration"),
        Some(MetadataFault::Slow) => late().await,
        Some(MetadataFault::ServerError) => return HttpResponse::InternalServerError().finish(),
        Some(MetadataFault::PlainHttp) | None => {}
    }
    HttpResponse::Ok().json(metadata)
}

/// `GET /elsewhere/openid-configuration`: where a wrong answer redirects to.
pub(super) async fn configuration_elsewhere(idp: Data<Idp>) -> HttpResponse {
    HttpResponse::Ok().json(metadata(&idp))
}

fn metadata(idp: &Idp) -> Value {
    let issuer = &idp.0.issuer;
    let fault = idp.fault();
    let base = match fault {
        Some(Fault::Metadata(MetadataFault::PlainHttp)) => "http://other.example",
        _ => issuer,
    };
    let mut algs = vec!["RS256"];
    algs.extend(fault.and_then(Fault::alg).map(Alg::name));
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "jwks_uri": format!("{base}/jwks"),
        "end_session_endpoint": format!("{base}/end-session"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algs,
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email"],
        "prompt_values_supported": ["none", "login"],
        "ui_locales_supported": Lang::ALL.map(Lang::code),
        "claims_supported": [
            "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "amr",
            "sub", "name", "locale", "email", "email_verified",
        ],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
    })
}

/// `GET /jwks`
pub(super) async fn jwks(idp: Data<Idp>) -> HttpResponse {
    match idp.fault() {
        Some(Fault::Keys(KeysFault::NotJson)) => not_json(),
        Some(Fault::Keys(KeysFault::Redirect)) => elsewhere("/elsewhere/jwks"),
        Some(Fault::Keys(KeysFault::ServerError)) => HttpResponse::InternalServerError().finish(),
        Some(Fault::Keys(KeysFault::Slow)) => {
            late().await;
            published(&idp)
        }
        _ => published(&idp),
    }
}

/// `GET /elsewhere/jwks`: where a wrong answer redirects to.
pub(super) async fn jwks_elsewhere(idp: Data<Idp>) -> HttpResponse {
    published(&idp)
}

fn published(idp: &Idp) -> HttpResponse {
    let state = idp.state();
    let (keys_fault, alg) = match state.fault {
        Some(Fault::Keys(fault)) => (Some(fault), None),
        Some(fault) => (None, fault.alg()),
        None => (None, None),
    };
    let mut keys = match state.keys.jwks(keys_fault, alg) {
        Ok(keys) => keys,
        Err(error) => {
            tracing::error!(error = ?error, "sandbox keys not published");
            return HttpResponse::InternalServerError().finish();
        }
    };
    if keys_fault == Some(KeysFault::TooLarge) {
        pad(&mut keys);
    }
    HttpResponse::Ok().insert_header((CACHE_CONTROL, state.keys_cache_control.as_str())).json(keys)
}

/// A page, where JSON is due.
pub(super) fn not_json() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body("<!doctype html><p>Hello")
}

/// Makes an answer too long for the client.
pub(super) fn pad(answer: &mut Value) {
    replace(answer, "padding", Some(json!("x".repeat(PADDING_BYTES))));
}

pub(super) fn elsewhere(path: &'static str) -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, path)).finish()
}

/// Waits until the client has given up.
pub(super) async fn late() {
    tokio::time::sleep(DELAY).await;
}
