//! What a client reads first: where things are, and the public keys.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use serde_json::json;

use super::Idp;
use crate::kernel::Lang;

/// `GET /.well-known/openid-configuration`
pub(super) async fn configuration(idp: Data<Idp>) -> HttpResponse {
    let issuer = &idp.0.issuer;
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end-session"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
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
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": false,
    }))
}

/// `GET /jwks`
pub(super) async fn jwks(idp: Data<Idp>) -> HttpResponse {
    let keys = idp.state().keys.jwks();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys)
}
