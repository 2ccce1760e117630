//! `/settings/payment-page/{originator}/gateway-account`: asks the gateway now.

use std::time::Duration;

use actix_session::Session;
use actix_web::web::{Data, Path};
use tokio::time::timeout;

use super::commands::{self, Asker};
use crate::auth::MerchantUser;
use crate::kernel::{Error, OriginatorId, Right};
use crate::web::{App, Flash, Html, see_other, set_flash};

/// How long a page waits for the gateway.
const ASK_WAIT: Duration = Duration::from_secs(8);

/// `POST`
pub async fn ask(user: MerchantUser, app: Data<App>, session: Session, path: Path<String>) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let id: OriginatorId = path.parse().map_err(|_| Error::NotFound)?;
    let asker = Asker {
        db: app.db.clone(),
        keys: app.keys.clone(),
        gateway: app.gateway.clone(),
        clock: app.clock.clone(),
    };
    let is_answered = match timeout(ASK_WAIT, commands::ask(&asker, scope, id)).await {
        Ok(is_answered) => is_answered?,
        Err(_) => false,
    };
    set_flash(&session, &Flash::GatewayAsked { is_answered })?;
    Ok(see_other(format!("/settings/payment-page/{id}#gateway")))
}
