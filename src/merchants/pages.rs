//! The switch between merchants, and the portfolio.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::commands;
use super::queries::{self, Managed};
use crate::auth::{MerchantUser, Staff, session};
use crate::kernel::{Error, MerchantId, Right, Texts, dates};
use crate::web::{App, Client, Flash, Form, Html, Shell, html, see_other, set_flash};

#[derive(Template)]
#[template(path = "merchants/choose.html")]
struct ChoosePage {
    shell: Shell,
    t: &'static Texts,
}

impl ChoosePage {
    fn is_current(&self, id: &MerchantId) -> bool {
        self.shell.current().is_some_and(|current| current.merchant_id == *id)
    }
}

/// `GET /merchants/choose`: which of one's merchants to work for.
pub async fn choose(_: MerchantUser, shell: Shell) -> Html {
    html(&ChoosePage { t: shell.t, shell })
}

/// What the buttons send.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseForm {
    merchant: String,
}

/// `POST /merchants/choose`
pub async fn set_chosen(
    user: MerchantUser,
    session: Session,
    Form(form): Form<ChooseForm>,
) -> Html {
    let wanted: MerchantId = form.merchant.parse().map_err(|_| Error::NotFound)?;
    let mine =
        user.principal().merchants.iter().find(|membership| membership.merchant_id == wanted);
    let membership = mine.ok_or(Error::NotFound)?;
    session::choose_merchant(&session, wanted)?;
    set_flash(&session, &Flash::MerchantChosen { name: membership.merchant_name.clone() })?;
    Ok(see_other("/"))
}

#[derive(Template)]
#[template(path = "merchants/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    merchants: Vec<Managed>,
}

/// `GET /merchants`: the portfolio.
pub async fn list(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ManageMerchants)?;
    let tenants = scope.tenants();
    let merchants =
        app.db.run(tenants, move |conn: &mut PgConnection| queries::list(conn, &scope)).await?;
    html(&ListPage { t: shell.t, shell, merchants })
}

#[derive(Template)]
#[template(path = "merchants/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    merchant: Managed,
    changed_by: Option<String>,
}

impl ShowPage {
    fn changed(&self) -> String {
        match (&self.changed_by, self.merchant.order_confirmations_changed_at) {
            (Some(name), Some(at)) => {
                let moment = dates::moment(at, self.shell.now, self.shell.zone, self.shell.lang);
                self.t.msg_merchant_changed(name, moment)
            }
            _ => self.t.msg_merchant_never_changed(),
        }
    }
}

/// `GET /merchants/{id}`
pub async fn show(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let id: MerchantId = path.parse().map_err(|_| Error::NotFound)?;
    let scope = user.scope(Right::ManageMerchants)?;
    let tenants = scope.tenants();
    let read = move |conn: &mut PgConnection| queries::get(conn, &scope, id);
    let (merchant, changed_by) = app.db.run(tenants, read).await?;
    html(&ShowPage { t: shell.t, shell, merchant, changed_by })
}

/// What the switch sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchForm {
    is_on: String,
}

/// `POST /merchants/{id}/order-confirmations`
pub async fn set_order_confirmations(
    user: Staff,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<SwitchForm>,
) -> Html {
    let id: MerchantId = path.parse().map_err(|_| Error::NotFound)?;
    let is_on = match form.is_on.as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Error::Malformed("is_on is neither true nor false")),
    };
    let (scope, by, user_id, now) = (
        user.scope(Right::ManageMerchants)?,
        client.user(user.principal()),
        user.user_id(),
        app.clock.now(),
    );
    let tenants = scope.tenants();
    let write = move |conn: &mut PgConnection| {
        commands::set_order_confirmations(conn, &scope, &by, user_id, id, is_on, now)
    };
    let merchant = app.db.run(tenants, write).await?;
    let flash = if is_on {
        Flash::OrderConfirmationsOn { merchant }
    } else {
        Flash::OrderConfirmationsOff { merchant }
    };
    set_flash(&session, &flash)?;
    Ok(see_other(format!("/merchants/{id}")))
}
