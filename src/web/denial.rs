//! Refusals are kept in the audit (SEC-23): somebody who is known asked for what is not theirs, or a
//! form came without this session's token.

use actix_web::HttpRequest;
use actix_web::dev::ServiceResponse;
use actix_web::web::Data;
use serde_json::{Value, json};

use super::api::Problem;
use super::app::App;
use super::client::Client;
use crate::auth::api::{ApiClient, Refusal, StaffClient};
use crate::auth::audit::{self, By, Entry};
use crate::auth::session;
use crate::db::Tenants;
use crate::kernel::{Error, MerchantId};

/// Notes a refusal, in a transaction of its own. What was asked for stands there as a route.
pub async fn note<B>(response: &ServiceResponse<B>) {
    let Some(reason) = response.response().error().and_then(why) else { return };
    let req = response.request();
    let Some(app) = req.app_data::<Data<App>>() else { return };
    let Some((by, merchant_id, program)) = who(req) else { return };
    let route = req.match_pattern();
    let method = req.method().to_string();
    let tenants = merchant_id.map_or_else(Tenants::none, Tenants::one);
    let after = match program {
        None => json!({ "method": method, "route": route, "reason": reason }),
        Some(program) => {
            json!({ "method": method, "route": route, "reason": reason, "program": program })
        }
    };
    let write = move |conn: &mut diesel::PgConnection| {
        let entry = Entry {
            merchant_id,
            action: "access.refuse",
            object_id: None,
            is_done: false,
            before: None,
            after: Some(after),
        };
        audit::record(conn, &by, entry)
    };
    if let Err(error) = app.db.run(tenants, write).await {
        tracing::error!(error = ?error, "a refusal could not be noted in the audit");
    }
}

/// Who was refused, and through which program if not in a browser.
fn who(req: &HttpRequest) -> Option<(By, Option<MerchantId>, Option<Value>)> {
    if let Some(program) = ApiClient::of(req) {
        let by = Client::of(req).program(&program);
        return Some((by, Some(program.merchant_id()), Some(program.credential().facts())));
    }
    if let Some(program) = StaffClient::of(req) {
        let by = Client::of(req).platforms_program(&program);
        return Some((by, None, Some(program.credential().facts())));
    }
    let principal = session::principal(req).ok().flatten()?;
    let merchant_id = principal.current().map(|current| current.merchant_id);
    Some((Client::of(req).user(&principal), merchant_id, None))
}

fn why(error: &actix_web::Error) -> Option<&'static str> {
    match error.as_error::<Problem>() {
        Some(Problem::Refused(Refusal::LacksScope(_))) => Some("the token lacks the scope"),
        Some(problem) => problem.error().and_then(reason),
        None => error.as_error::<Error>().and_then(reason),
    }
}

const fn reason(error: &Error) -> Option<&'static str> {
    match error {
        Error::Forbidden(_) => Some("the role lacks the right"),
        Error::ForeignForm => Some("the form is not one of this session's"),
        Error::SignInRequired
        | Error::FreshSignInRequired
        | Error::NotFound
        | Error::Conflict
        | Error::Malformed(_)
        | Error::UnsupportedMedia
        | Error::TooLarge
        | Error::TooManyRequests { .. }
        | Error::Unavailable(..)
        | Error::Internal(_) => None,
    }
}
