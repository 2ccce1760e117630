//! One merchant of the portfolio: what needs somebody, who looks after it, its switches and facts.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::{Needed, needed};
use crate::auth::Staff;
use crate::kernel::{Error, MerchantId, Right, Texts, dates};
use crate::merchants::commands;
use crate::merchants::queries::{self, HandOver, Managed, Manager, Originator};
use crate::web::{App, Client, Flash, Form, Html, Shell, html, see_other, set_flash};

#[derive(Template)]
#[template(path = "merchants/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    merchant: Managed,
    changed_by: Option<String>,
    needed: Vec<Needed>,
    managers: Vec<Manager>,
    hand_overs: Vec<HandOver>,
    originators: Vec<Originator>,
}

impl ShowPage {
    fn changed(&self) -> String {
        match (&self.changed_by, self.merchant.order_confirmations_changed_at) {
            (Some(name), Some(at)) => self.t.msg_merchant_changed(name, self.moment(&at)),
            _ => self.t.msg_merchant_never_changed(),
        }
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

/// `GET /merchants/{id}`
pub async fn show(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let id: MerchantId = path.parse().map_err(|_| Error::NotFound)?;
    let scope = user.scope(Right::ManageMerchants)?;
    let (one, tenants, now) = (scope.merchant(id)?, scope.tenants(), shell.now);
    let read = move |conn: &mut PgConnection| {
        let (merchant, changed_by) = queries::get(conn, &scope, id)?;
        let attention = queries::attention(conn, &[id], now)?.pop().ok_or(Error::NotFound)?;
        let managers = queries::managers(conn, one)?;
        let hand_overs = queries::hand_overs(conn, one)?;
        Ok((
            merchant,
            changed_by,
            attention,
            managers,
            hand_overs,
            queries::originators(conn, one)?,
        ))
    };
    let (merchant, changed_by, attention, managers, hand_overs, originators) =
        app.db.run(tenants, read).await?;
    let needed = needed(&attention, id, &shell);
    html(&ShowPage {
        t: shell.t,
        shell,
        merchant,
        changed_by,
        needed,
        managers,
        hand_overs,
        originators,
    })
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
