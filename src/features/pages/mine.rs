//! `/settings/payment-methods`: what the merchant has, and who decided it.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::auth::helpers::{Helpers, helpers};
use crate::features::display::{self, Row};
use crate::features::model::Features;
use crate::features::queries::{self, Change, MerchantView};
use crate::kernel::{Right, Texts};
use crate::web::ui::Entry;
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "features/mine.html")]
struct MinePage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    features: Features,
    changes: Vec<Change>,
    helpers: Helpers,
}

impl MinePage {
    fn rows(&self) -> Vec<Row> {
        display::rows(&self.features, &self.changes, &self.shell, self.merchant.zone)
    }

    fn who(&self) -> String {
        display::who_switches(&self.helpers, self.t)
    }

    fn ask(&self) -> Option<String> {
        display::ask(&self.t.msg_feature_mine_title(), &self.shell)
    }

    fn ledger(&self) -> Vec<Entry> {
        display::ledger(&self.changes, &self.shell, self.merchant.zone)
    }
}

/// `GET /settings/payment-methods`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let (scope, now) = (user.scope(Right::ViewPageSettings)?, shell.now);
    let id = scope.merchant_id();
    let read = move |conn: &mut PgConnection| {
        let merchant = queries::merchant(conn, scope)?;
        let features = queries::features(conn, id, now)?;
        Ok((merchant, features, queries::changes(conn, scope)?, helpers(conn, id)?))
    };
    let (merchant, features, changes, helpers) = app.db.run(scope.tenants(), read).await?;
    html(&MinePage { t: shell.t, shell, merchant, features, changes, helpers })
}
