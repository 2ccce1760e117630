//! `GET /accounting/merchants`: the merchants whose documents somebody of the platform looks after.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::Staff;
use crate::documents::queries::{self, MerchantRow};
use crate::kernel::{Right, Texts, dates};
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "documents/merchants.html")]
struct MerchantsPage {
    shell: Shell,
    t: &'static Texts,
    merchants: Vec<MerchantRow>,
}

impl MerchantsPage {
    /// Empty where there is none.
    fn newest(&self, merchant: &MerchantRow) -> String {
        let newest_on = merchant.newest_on.map(|day| dates::short_day(day, self.shell.lang));
        newest_on.unwrap_or_default()
    }

    fn may_publish(&self) -> bool {
        self.shell.may(Right::PublishDocuments)
    }
}

pub async fn list(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ViewDocuments)?;
    let tenants = scope.tenants();
    let read = move |conn: &mut PgConnection| queries::merchants(conn, &scope);
    let merchants = app.db.run(tenants, read).await?;
    html(&MerchantsPage { t: shell.t, shell, merchants })
}
