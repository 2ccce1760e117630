//! A code becomes an ID token and an access token.

use std::io;

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::fault::{KeysFault, TokenAnswerFault, replace};
use super::state::Grant;
use super::{Client, Fault, Idp, Person, jws, metadata, random_text};
use crate::sandbox::site::{Fields, text};

const ID_TOKEN_LIFETIME_SECONDS: i64 = 5 * 60;

/// `POST /token`
pub(super) async fn exchange(req: HttpRequest, body: Bytes, idp: Data<Idp>) -> HttpResponse {
    if !is_client(&req, &idp.0.client) {
        let mut response = refused(StatusCode::UNAUTHORIZED, "invalid_client");
        let challenge = HeaderValue::from_static("Basic realm=\"token\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    }
    let fields = Fields::read(&body);
    if fields.one("grant_type") != Some("authorization_code") {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let Some((grant, person)) = redeem(&idp, &fields) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    match tokens(&idp, &grant, &person) {
        Ok(tokens) => answer(&idp, tokens).await,
        Err(error) => {
            tracing::error!(error = ?error, "sandbox tokens not signed");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
    }
}

/// The tokens as JSON, unless the answer is spoiled.
async fn answer(idp: &Idp, mut tokens: Value) -> HttpResponse {
    use TokenAnswerFault as Wrong;
    let fault = match idp.fault() {
        Some(Fault::TokenAnswer(fault)) => Some(fault),
        _ => None,
    };
    match fault {
        None => {}
        Some(Wrong::NoIdToken) => replace(&mut tokens, "id_token", None),
        Some(Wrong::WrongTokenType) => replace(&mut tokens, "token_type", Some(json!("mac"))),
        Some(Wrong::LowerCaseTokenType) => {
            replace(&mut tokens, "token_type", Some(json!("bearer")));
        }
        Some(Wrong::NoExpiresIn) => replace(&mut tokens, "expires_in", None),
        Some(Wrong::TooLarge) => metadata::pad(&mut tokens),
        Some(Wrong::Slow) => metadata::late().await,
        Some(Wrong::NotJson) => return metadata::not_json(),
        Some(Wrong::Redirect) => return metadata::elsewhere("/token"),
        Some(Wrong::Refused) => return refused(StatusCode::BAD_REQUEST, "invalid_grant"),
        Some(Wrong::ServerError) => return HttpResponse::InternalServerError().finish(),
    }
    HttpResponse::Ok().json(tokens)
}

fn refused(status: StatusCode, error: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "error": error }))
}

/// `client_secret_basic`: id and secret are form-encoded before they are joined (RFC 6749 2.3.1).
fn is_client(req: &HttpRequest, client: &Client) -> bool {
    let credentials = || {
        let encoded = text(req.headers(), &AUTHORIZATION)?.strip_prefix("Basic ")?;
        let joined = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = joined.split_once(':')?;
        Some((form_decoded(id)?, form_decoded(secret)?))
    };
    credentials().is_some_and(|(id, secret)| {
        (id.as_bytes().ct_eq(client.id.as_bytes())
            & secret.as_bytes().ct_eq(client.secret.as_bytes()))
        .into()
    })
}

fn form_decoded(value: &str) -> Option<String> {
    url::form_urlencoded::parse(format!("v={value}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
}

/// Spends the code, and looks whether it was for this caller.
fn redeem(idp: &Idp, fields: &Fields) -> Option<(Grant, Person)> {
    let mut state = idp.state();
    let grant = state.redeem(fields.one("code")?, idp.now())?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(fields.one("code_verifier")?));
    let is_verified: bool = challenge.as_bytes().ct_eq(grant.code_challenge.as_bytes()).into();
    if !is_verified || fields.one("redirect_uri") != Some(&idp.0.client.redirect_uri) {
        return None;
    }
    let person = state.person(&grant.session.subject)?.clone();
    Some((grant, person))
}

fn tokens(idp: &Idp, grant: &Grant, person: &Person) -> io::Result<Value> {
    let lifetime = idp.state().access_token_lifetime_seconds;
    let access_token = access_token(idp, grant, lifetime)?;
    Ok(json!({
        "id_token": id_token(idp, grant, person, &access_token)?,
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": grant.scope,
    }))
}

/// By the profile of RFC 9068.
fn access_token(idp: &Idp, grant: &Grant, lifetime_seconds: u64) -> io::Result<String> {
    let now = idp.now();
    let claims = json!({
        "iss": idp.0.issuer,
        "sub": grant.session.subject,
        "aud": idp.0.issuer,
        "client_id": idp.0.client.id,
        "iat": now,
        "exp": now.saturating_add_unsigned(lifetime_seconds),
        "jti": random_text(),
        "scope": grant.scope,
        "sid": grant.session.sid,
    });
    jws::sign(&idp.state().keys, &idp.0.client.secret, Some("at+jwt"), claims, None)
}

fn id_token(idp: &Idp, grant: &Grant, person: &Person, access_token: &str) -> io::Result<String> {
    let fault = idp.fault();
    if fault == Some(Fault::Keys(KeysFault::RotatedBeforeSigning)) {
        idp.rotate_key()?;
    }
    let claims = id_claims(idp, grant, person, access_token);
    let mut state = idp.state();
    let nonce_before = std::mem::replace(&mut state.nonce_before, grant.nonce.clone());
    let client = &idp.0.client;
    let spoiled =
        fault.and_then(|fault| fault.spoils_id_token(&client.id, &nonce_before, idp.now()));
    jws::sign(&state.keys, &client.secret, Some("JWT"), claims, spoiled)
}

fn id_claims(idp: &Idp, grant: &Grant, person: &Person, access_token: &str) -> Value {
    let now = idp.now();
    let mut claims = json!({
        "iss": idp.0.issuer,
        "aud": idp.0.client.id,
        "iat": now,
        "exp": now + ID_TOKEN_LIFETIME_SECONDS,
        "auth_time": grant.session.authenticated_at,
        "nonce": grant.nonce,
        "at_hash": access_token_hash(access_token),
        "sid": grant.session.sid,
        // A click stands for a password and a second factor (RFC 8176).
        "amr": ["pwd", "otp", "mfa"],
    });
    for (name, value) in person_claims(person, &grant.scope) {
        replace(&mut claims, name, Some(value));
    }
    claims
}

/// What is told about a person, by the scope that was granted.
pub(super) fn person_claims(person: &Person, scope: &str) -> Vec<(&'static str, Value)> {
    let has = |word| scope.split(' ').any(|granted| granted == word);
    let mut claims = vec![("sub", json!(person.subject))];
    if has("profile") {
        claims.push(("name", json!(person.name)));
        claims.push(("locale", json!(person.locale.code())));
    }
    if has("email") {
        claims.push(("email", json!(person.email)));
        claims.push(("email_verified", json!(true)));
    }
    claims
}

/// The left half of the token's SHA-256 (OIDC Core 3.1.3.6).
fn access_token_hash(access_token: &str) -> String {
    let hash = Sha256::digest(access_token);
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
}
