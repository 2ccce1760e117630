//! `GET /merchants`: the portfolio, what needs somebody first; and merchants that look for a success
//! manager.

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::{Needed, confirms_badge, needed};
use crate::auth::{Staff, StaffRole};
use crate::kernel::{Right, Texts, dates};
use crate::merchants::queries::{self, Confirms, Managed, Seeking};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "merchants/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    /// By name, those that need somebody first.
    merchants: Vec<(Managed, Confirms, Vec<Needed>)>,
    seeking: Vec<Seeking>,
}

impl ListPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn confirms(&self, confirms: &Confirms) -> Badge {
        confirms_badge(*confirms, self.t)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

/// `GET /merchants`: the portfolio.
pub async fn list(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ManageMerchants)?;
    let (tenants, now) = (scope.tenants(), shell.now);
    let may_take = user.principal().staff == Some(StaffRole::SuccessManager);
    let read = move |conn: &mut PgConnection| {
        let merchants = queries::list(conn, &scope)?;
        let ids: Vec<_> = merchants.iter().map(|(merchant, _)| merchant.id).collect();
        let attention = queries::attention(conn, &ids, now)?;
        let seeking = if may_take { queries::seeking(conn, &scope)? } else { Vec::new() };
        Ok((merchants, attention, seeking))
    };
    let (merchants, attention, seeking) = app.db.run(tenants, read).await?;
    let with = |(merchant, confirms): (Managed, Confirms)| {
        let row = attention.iter().find(|row| row.merchant_id == merchant.id);
        let needed = row.map_or_else(Vec::new, |row| needed(row, merchant.id, &shell));
        (merchant, confirms, needed)
    };
    let mut merchants: Vec<_> = merchants.into_iter().map(with).collect();
    // Stable: by name within each half.
    merchants.sort_by_key(|(_, _, needed)| needed.is_empty());
    html(&ListPage { t: shell.t, shell, merchants, seeking })
}
