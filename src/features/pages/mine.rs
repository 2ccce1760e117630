//! `/settings/payment-methods`: what the merchant has, and who decided it.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::auth::helpers::{Helpers, helpers};
use crate::features::display::{self, Row};
use crate::features::model::{Feature, Features};
use crate::features::queries::{self, Change, MerchantView};
use crate::kernel::{Right, Texts};
use crate::wallets::{self, Wallet};
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
    wallets: Vec<Wallet>,
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

    fn has_alipay_plus(&self) -> bool {
        self.features.is_on(Feature::AlipayPlus)
    }

    fn countries(&self) -> usize {
        let mut codes: Vec<_> = self.wallets.iter().map(|wallet| wallet.country.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.len()
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
        let changes = queries::changes(conn, scope)?;
        Ok((merchant, features, changes, helpers(conn, id)?, wallets::wallets(conn)?))
    };
    let (merchant, features, changes, helpers, wallets) = app.db.run(scope.tenants(), read).await?;
    html(&MinePage { t: shell.t, shell, merchant, features, changes, helpers, wallets })
}
