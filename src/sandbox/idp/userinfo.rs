//! Who an access token speaks for.

use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::token::person_claims;
use super::{Fault, IdTokenFault, Idp, UserinfoFault};
use crate::sandbox::site::text;

/// `GET` and `POST /userinfo`
pub(super) async fn show(req: HttpRequest, idp: Data<Idp>) -> HttpResponse {
    let token = text(req.headers(), &AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| claims(&idp, token)) {
        Some(claims) => HttpResponse::Ok().json(claims),
        None => HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            .finish(),
    }
}

fn claims(idp: &Idp, token: &str) -> Option<Map<String, Value>> {
    let state = idp.state();
    let token = state.keys.claims(token)?;
    let (subject, scope) = (token.get("sub")?.as_str()?, token.get("scope")?.as_str()?);
    if token.get("exp")?.as_i64()? <= idp.now() {
        return None;
    }
    let claims = person_claims(state.person(subject)?, scope);
    let mut claims: Map<_, _> =
        claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if state.fault == Some(Fault::Userinfo(UserinfoFault::OtherSubject)) {
        claims.insert("sub".to_owned(), json!("somebody-else"));
    }
    if state.fault == Some(Fault::IdToken(IdTokenFault::UnverifiedEmail)) {
        claims.insert("email_verified".to_owned(), json!(false));
    }
    Some(claims)
}
