//! `/settings/confirmations`: what a merchant's customers are told, who decided it, and in which words.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::confirmations::display;
use crate::confirmations::queries::{self, Originator, Turn, Written};
use crate::email_payments::confirming::{Confirmation, MerchantView, merchant};
use crate::kernel::{Right, Texts};
use crate::web::ui::{Badge, Entry};
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "confirmations/mine.html")]
struct MinePage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    originators: Vec<Originator>,
    turns: Vec<Turn>,
    written: Vec<Written>,
}

impl MinePage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn name(&self, confirmation: &Confirmation) -> String {
        display::confirmation(*confirmation, self.t)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn state(&self, originator: &Originator, confirmation: &Confirmation) -> Badge {
        display::state(originator.confirms().of(*confirmation), self.t)
    }

    /// The languages in which somebody has written words for it.
    fn languages(&self, originator: &Originator) -> String {
        let of_it = self.written.iter().filter(|one| one.originator_id == originator.id);
        let names: Vec<&str> = of_it.map(|one| one.language.name()).collect();
        if names.is_empty() { self.t.msg_confirm_our_words() } else { names.join(", ") }
    }

    fn ledger(&self) -> Vec<Entry> {
        display::ledger(&self.turns, &self.shell, self.merchant.zone())
    }
}

/// `GET /settings/confirmations`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ViewPageSettings)?;
    let read = move |conn: &mut PgConnection| {
        let merchant = merchant(conn, scope.merchant_id())?;
        let originators = queries::originators(conn, scope)?;
        Ok((merchant, originators, queries::turns(conn, scope)?, queries::written(conn, scope)?))
    };
    let (merchant, originators, turns, written) = app.db.run(scope.tenants(), read).await?;
    html(&MinePage { t: shell.t, shell, merchant, originators, turns, written })
}
