//! What a request that leaves later offers: leave now, or be a draft again.

use actix_session::Session;
use actix_web::web::{Data, Path};
use diesel::PgConnection;

use super::super::commands;
use super::super::model::{Hindrance, Status};
use super::ask::one;
use super::form::edit_again;
use super::{LIST, id, writer};
use crate::auth::MerchantUser;
use crate::kernel::{Error, Right};
use crate::web::{App, Client, Flash, Html, Shell, see_other, set_flash};

/// `POST /processing/email-payments/{id}/sending`: now, as it stands.
pub async fn send_now(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let (writer, keys) = (writer(&user, &client, &app), app.keys.clone());
    let work = move |conn: &mut PgConnection| commands::send_now(conn, &keys, scope, &writer, id);
    let payment = match app.db.run(scope.tenants(), work).await? {
        Ok(payment) => payment,
        // Pressed twice, or the clock was faster.
        Err(Hindrance::Status(Status::Open)) => one(&app, scope, id).await?,
        Err(Hindrance::Status(_)) => return Err(Error::Conflict),
        Err(hindrance) => return edit_again(&app, scope, shell, id, hindrance).await,
    };
    let flash = Flash::PaymentSent { order_id: payment.order_id, email: payment.customer_email };
    set_flash(&session, &flash)?;
    Ok(see_other(format!("{LIST}/{id}")))
}

/// `POST /processing/email-payments/{id}/unscheduling`: undo, a draft again.
pub async fn unschedule(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let writer = writer(&user, &client, &app);
    let work = move |conn: &mut PgConnection| commands::unschedule(conn, scope, &writer, id);
    let payment = match app.db.run(scope.tenants(), work).await? {
        Ok(payment) => payment,
        Err(Hindrance::Status(Status::Draft)) => one(&app, scope, id).await?,
        Err(_) => return Err(Error::Conflict),
    };
    set_flash(&session, &Flash::PaymentUnscheduled { order_id: payment.order_id })?;
    Ok(see_other(format!("{LIST}/{id}")))
}
