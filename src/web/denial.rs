//! Refusals are kept in the audit (SEC-23): somebody who is known asked for what is not theirs, or a
//! form came without this session's token.

use actix_web::dev::ServiceResponse;
use actix_web::web::Data;
use serde_json::json;

use super::app::App;
use super::client::Client;
use crate::auth::audit::{self, Entry};
use crate::auth::session;
use crate::db::Tenants;
use crate::kernel::Error;

/// Notes a refusal, in a transaction of its own. What was asked for stands there as a route.
pub async fn note<B>(response: &ServiceResponse<B>) {
    let error = response.response().error().and_then(|error| error.as_error::<Error>());
    let Some(reason) = error.and_then(reason) else { return };
    let req = response.request();
    let Ok(Some(principal)) = session::principal(req) else { return };
    let Some(app) = req.app_data::<Data<App>>() else { return };
    let merchant_id = principal.current().map(|current| current.merchant_id);
    let by = Client::of(req).user(&principal);
    let route = req.match_pattern();
    let method = req.method().to_string();
    let tenants = merchant_id.map_or_else(Tenants::none, Tenants::one);
    let write = move |conn: &mut diesel::PgConnection| {
        let entry = Entry {
            merchant_id,
            action: "access.refuse",
            object_id: None,
            is_done: false,
            before: None,
            after: Some(json!({ "method": method, "route": route, "reason": reason })),
        };
        audit::record(conn, &by, entry)
    };
    if let Err(error) = app.db.run(tenants, write).await {
        tracing::error!(error = ?error, "a refusal could not be noted in the audit");
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
