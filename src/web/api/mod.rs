//! What every address below `/api` needs: who may come in and how often, bodies, answers that are
//! given once, problems. Nothing here reads a cookie or a session.

mod body;
mod limits;
mod once;
pub mod parameters;
mod problem;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;
use uuid::Uuid;

pub use body::{Body, Field, FilePost, Post};
pub use limits::ApiLimits;
pub use once::{Done, once};
pub use problem::{
    FieldFault, Kind as ProblemKind, Problem, ProblemJson, Reader as ProblemReader, Unreadable,
};

use super::app::App;
use super::client::Client;
use super::limits::Place;
use crate::auth::api::{ApiClient, Scope, StaffClient};
use crate::kernel::Error;

/// What handlers of the API give back.
pub type ApiAnswer = Result<HttpResponse, Problem>;

/// Whether a request is one of the API's: its errors are problems (RFC 9457), its cookies are not
/// read. The path is what routes are matched with, so that no spelling is taken for another.
#[must_use]
pub fn is_api(req: &HttpRequest) -> bool {
    let path = req.match_info().get_ref().path();
    path == "/api" || path.starts_with("/api/")
}

/// Lets in who has a token for `scope`, within the limits. The place is given back when the
/// request has been answered.
pub async fn admit(
    req: &HttpRequest,
    scope: Scope,
    is_staffs: bool,
) -> Result<Place<Uuid>, Problem> {
    let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
    app.limits.api.of_address.take(&Client::of(req).neighbours())?;
    if is_staffs {
        let client = StaffClient::identify(req.headers(), &app.db, &app.provider).await?;
        req.extensions_mut().insert(client.clone());
        app.limits.api.requests.take(&client.bucket())?;
        let place = app.limits.api.at_once.take(&client.user_id().as_uuid())?;
        client.scope(scope)?;
        return Ok(place);
    }
    let client =
        ApiClient::identify(req.headers(), &app.db, &app.provider, app.clock.now()).await?;
    req.extensions_mut().insert(client.clone());
    app.limits.api.requests.take(&client.bucket())?;
    let place = app.limits.api.at_once.take(&client.merchant_id().as_uuid())?;
    client.scope(scope)?;
    Ok(place)
}

/// An answer with a body.
pub fn json(status: StatusCode, body: &impl Serialize) -> ApiAnswer {
    let body = serde_json::to_string(body).map_err(Error::internal)?;
    Ok(HttpResponse::build(status).content_type(JSON).body(body))
}

const JSON: &str = "application/json; charset=utf-8";
