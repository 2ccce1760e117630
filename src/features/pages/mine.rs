//! `/settings/payment-methods`: what the merchant has, and who decided it.

use actix_web::web::Data;
use askama::Template;
use chrono::Duration;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::auth::helpers::{Helpers, helpers};
use crate::features::display::{self, Row};
use crate::features::model::{Feature, Features};
use crate::features::queries::{self, Change, MerchantView};
use crate::gateway::method_name;
use crate::gateway_accounts::{self, AccountOf};
use crate::kernel::{Currency, Money, Right, Texts, dates, money_grouped};
use crate::settlement::{self, OfWallet};
use crate::wallets::{self, Wallet};
use crate::web::ui::Entry;
use crate::web::{App, Html, Shell, html};

/// How far back it is told what each wallet brought.
const DAYS: i64 = 30;

/// How long that may take to be counted.
const WAIT: std::time::Duration = std::time::Duration::from_millis(300);

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
    /// Of the last [`DAYS`] days; `None`: it could not be counted in time.
    collected: Option<Vec<OfWallet>>,
    /// What the gateway says of each originator.
    accounts: Vec<AccountOf>,
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

    /// Whether Alipay+ is on here, while the gateway has answered and offers it for no originator.
    fn lacks_alipay_plus(&self) -> bool {
        let mut told = self.accounts.iter().filter_map(|of| of.told.as_ref()).peekable();
        self.has_alipay_plus()
            && told.peek().is_some()
            && !told.any(|(told, _)| told.offers("Alipay"))
    }

    /// `Card: EUR, GBP`, one line for each method.
    fn offered(&self, of: &AccountOf) -> Vec<String> {
        let told = of.told.iter().flat_map(|(told, _)| &told.methods);
        told.map(|one| {
            format!("{}: {}", method_name(&one.method, self.t), one.currencies.join(", "))
        })
        .collect()
    }

    fn answered(&self, of: &AccountOf) -> String {
        let Some((_, answered)) = &of.told else { return self.t.msg_gwacc_never() };
        let moment =
            |at| dates::moment_within(at, self.shell.now, self.shell.zone, self.shell.lang);
        self.t.msg_gwacc_asked(moment(answered.at), moment(answered.since))
    }

    fn countries(&self) -> usize {
        let mut codes: Vec<_> = self.wallets.iter().map(|wallet| wallet.country.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.len()
    }

    /// The wallet as the catalogue calls it, else as the gateway does.
    fn wallet(&self, of: &OfWallet) -> String {
        let is_it = |wallet: &&Wallet| settlement::network_word(&wallet.name) == of.network;
        let known = self.wallets.iter().find(is_it).map(|wallet| wallet.name.clone());
        let unnamed = || self.t.msg_wallet_unnamed();
        known.unwrap_or_else(|| if of.network.is_empty() { unnamed() } else { of.network.clone() })
    }

    fn sum(&self, of: &OfWallet) -> String {
        let currency = Currency::parse(&of.currency);
        let money = currency.map(|currency| Money::new(of.amount_minor, currency));
        money.map(|money| money.with_code(self.shell.lang)).unwrap_or_default()
    }

    fn count(&self, of: &OfWallet) -> String {
        money_grouped(of.count.unsigned_abs(), self.shell.lang)
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
        let since = now - Duration::days(DAYS);
        let collected = settlement::collected_by_wallet(conn, scope, since, WAIT)?;
        let wallets = wallets::wallets(conn)?;
        let accounts = gateway_accounts::accounts(conn, scope)?;
        let helpers = helpers(conn, id)?;
        Ok((merchant, features, changes, helpers, wallets, collected, accounts))
    };
    let (merchant, features, changes, helpers, wallets, collected, accounts) =
        app.db.run(scope.tenants(), read).await?;
    html(&MinePage {
        t: shell.t,
        shell,
        merchant,
        features,
        changes,
        helpers,
        wallets,
        collected,
        accounts,
    })
}
