//! `/settings/payment-page`: the originators, and whose page is set up.

use std::collections::HashMap;

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::email_payments::page_setting::{MerchantView, PageSettings, merchant, page_settings_of};
use crate::kernel::{OriginatorId, Right, Texts};
use crate::page_settings::display;
use crate::page_settings::queries::{self, Originator};
use crate::web::ui::Badge;
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "page_settings/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    originators: Vec<Originator>,
    saved: HashMap<OriginatorId, (i32, PageSettings)>,
}

impl ListPage {
    fn state(&self, originator: &Originator) -> Badge {
        display::state(originator, self.t)
    }

    fn displayed_name(&self, originator: &Originator) -> &str {
        let saved = self.saved.get(&originator.id);
        saved.map_or(&self.merchant.name, |(_, settings)| &settings.displayed_name)
    }

    /// The languages in which something is said besides.
    fn languages(&self, originator: &Originator) -> String {
        let saved = self.saved.get(&originator.id);
        let texts = saved.map(|(_, settings)| settings.texts.as_slice()).unwrap_or_default();
        texts.iter().map(|(lang, _)| lang.name()).collect::<Vec<_>>().join(", ")
    }
}

/// `GET /settings/payment-page`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ViewPageSettings)?;
    let read = move |conn: &mut PgConnection| {
        let originators = queries::originators(conn, scope)?;
        let keys = originators.iter().map(|one| (scope.merchant_id(), one.id)).collect();
        let saved = page_settings_of(conn, &keys)?;
        Ok((merchant(conn, scope.merchant_id())?, originators, saved))
    };
    let (merchant, originators, saved) = app.db.run(scope.tenants(), read).await?;
    html(&ListPage { t: shell.t, shell, merchant, originators, saved })
}
