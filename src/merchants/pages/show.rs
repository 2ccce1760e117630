//! One merchant of the portfolio: what needs somebody, who looks after it, its facts.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::{Needed, confirms_badge, needed};
use crate::auth::Staff;
use crate::kernel::{Error, MerchantId, Right, Texts, dates};
use crate::merchants::queries::{self, Confirms, HandOver, Managed, Manager, Originator};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "merchants/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    merchant: Managed,
    confirms: Confirms,
    needed: Vec<Needed>,
    managers: Vec<Manager>,
    hand_overs: Vec<HandOver>,
    originators: Vec<Originator>,
}

impl ShowPage {
    fn confirms(&self) -> Badge {
        confirms_badge(self.confirms, self.t)
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
        let (merchant, confirms) = queries::get(conn, &scope, id)?;
        let attention = queries::attention(conn, &[id], now)?.pop().ok_or(Error::NotFound)?;
        let managers = queries::managers(conn, one)?;
        let hand_overs = queries::hand_overs(conn, one)?;
        Ok((merchant, confirms, attention, managers, hand_overs, queries::originators(conn, one)?))
    };
    let (merchant, confirms, attention, managers, hand_overs, originators) =
        app.db.run(tenants, read).await?;
    let needed = needed(&attention, id, &shell);
    html(&ShowPage {
        t: shell.t,
        shell,
        merchant,
        confirms,
        needed,
        managers,
        hand_overs,
        originators,
    })
}
