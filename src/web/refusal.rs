//! What helps who was refused: whom to ask, by name, and a request that is ready to send.

use actix_web::dev::ServiceResponse;
use actix_web::web::Data;

use super::app::App;
use crate::auth::helpers::{Helpers, administrators, helpers};
use crate::auth::{MerchantRole, session};
use crate::db::Tenants;
use crate::kernel::{Error, Right};

/// Where somebody goes on from a refusal.
pub enum Way {
    /// To those of the merchant who give the right.
    Ask { merchant: String, right: Right, helpers: Helpers, may_open_ticket: bool },
    /// For people of the platform: to those who give its roles. Not for what no role of it may do.
    Platform { right: Right, administrators: Vec<String> },
    /// Into a team: who is signed in works for nobody.
    Join { email: String, support_email: Option<String> },
}

/// `None`: it is no refusal, or nobody whom the reader knows of could lift it.
pub async fn way<B>(response: &ServiceResponse<B>) -> Option<Way> {
    let Error::Forbidden(right) = response.response().error()?.as_error::<Error>()? else {
        return None;
    };
    let req = response.request();
    let app = req.app_data::<Data<App>>()?;
    let principal = session::principal(req).ok().flatten()?;
    if principal.staff.is_some() {
        let right = (*right)?;
        return told(app.db.run(Tenants::none(), administrators).await)
            .map(|administrators| Way::Platform { right, administrators });
    }
    let Some(current) = principal.current() else {
        let support_email = app.support_email.as_ref().map(|email| email.as_str().to_owned());
        return Some(Way::Join { email: principal.email.clone(), support_email });
    };
    let right = right.filter(|right| MerchantRole::ALL.iter().any(|role| role.may(*right)))?;
    let id = current.merchant_id;
    let helpers = app.db.run(Tenants::one(id), move |conn| helpers(conn, id)).await;
    told(helpers).map(|helpers| Way::Ask {
        merchant: current.merchant_name.clone(),
        right,
        helpers,
        may_open_ticket: principal.may(Right::UseTickets),
    })
}

/// A refusal stands without the names, too.
fn told<T>(read: Result<T, Error>) -> Option<T> {
    read.inspect_err(|error| tracing::error!(?error, "whom to ask could not be read")).ok()
}

/// The form for a ticket, filled in.
#[must_use]
pub fn ticket_address(category: &str, subject: &str, text: &str) -> String {
    let fields = [("category", category), ("subject", subject), ("text", text)];
    let query = serde_urlencoded::to_string(fields).unwrap_or_default();
    format!("/support/tickets/new?{query}")
}
