//! The gateway's callback.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};

use crate::email_payments::{self, Asked, parts};
use crate::kernel::Error;
use crate::metrics;
use crate::web::{App, Client, Html, Query};

/// A status of the gateway is a few kilobytes.
const BODY_MAX: usize = 64 * 1024;

/// `POST /gateway/connect2pay/callback?key=…`: a hint that something changed. Both proofs are
/// checked, then the gateway is asked; only what it says then is applied.
pub async fn callback(app: Data<App>, client: Client, query: Query, payload: Payload) -> Html {
    let Ok(body) = crate::web::collect_body(payload.into_inner(), BODY_MAX).await else {
        metrics::called_back("unreadable");
        return Ok(acknowledge(StatusCode::PAYLOAD_TOO_LARGE, "KO", "the body can't be read"));
    };
    let parts = parts(&app);
    let key = query.one("key").unwrap_or_default();
    match email_payments::verify_callback(&parts, key, &body).await {
        Ok((scope, id)) => match email_payments::ask_and_apply(&parts, scope, id).await {
            Ok(Asked::Applied) => {
                metrics::called_back("applied");
                Ok(acknowledge(StatusCode::OK, "OK", "status recorded"))
            }
            Ok(Asked::Unknown) => {
                metrics::called_back("not_known");
                Ok(acknowledge(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "KO",
                    "the status call failed: send again",
                ))
            }
            Err(error) => {
                metrics::called_back("failed");
                tracing::error!(error = ?error, "a callback could not be applied");
                Ok(acknowledge(StatusCode::SERVICE_UNAVAILABLE, "KO", "not recorded: send again"))
            }
        },
        Err(Error::NotFound) => {
            metrics::called_back("not_proven");
            app.limits.unverified_callback.take(&client.neighbours())?;
            tracing::warn!("a callback was not ours or not proven: nothing changed");
            Ok(acknowledge(StatusCode::NOT_FOUND, "KO", "unknown"))
        }
        Err(error) => {
            metrics::called_back("failed");
            tracing::error!(error = ?error, "a callback could not be checked");
            Ok(acknowledge(StatusCode::SERVICE_UNAVAILABLE, "KO", "not recorded: send again"))
        }
    }
}

fn acknowledge(status: StatusCode, word: &str, message: &str) -> HttpResponse {
    let body = serde_json::json!({ "status": word, "message": message }).to_string();
    HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body)
}
