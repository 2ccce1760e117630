//! What was sent, and the mail servers' words, on both sides.

use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::{managed, readable};
use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::kernel::{Error, Right, Texts};
use crate::notifications::display::{Line, Reader};
use crate::notifications::queries::{self, Delivery, Merchant};
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "notifications/deliveries.html")]
struct DeliveriesPage {
    shell: Shell,
    t: &'static Texts,
    merchant: Merchant,
    deliveries: Vec<Delivery>,
    /// The success manager's page of the merchant; empty on the merchant's own side.
    portfolio: String,
    /// Where the reader finds documents; empty where they don't see them.
    documents: String,
}

impl DeliveriesPage {
    async fn new(
        scope: MerchantScope,
        shell: Shell,
        app: &App,
        portfolio: String,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| {
            Ok((queries::merchant(conn, scope)?, queries::deliveries(conn, scope)?))
        };
        let (merchant, deliveries) = app.db.run(scope.tenants(), read).await?;
        let documents = match portfolio.as_str() {
            _ if !shell.may(Right::ViewDocuments) => String::new(),
            "" => "/accounting/documents".to_owned(),
            portfolio => format!("{portfolio}/documents"),
        };
        Ok(Self { t: shell.t, shell, merchant, deliveries, portfolio, documents })
    }

    fn lines(&self) -> Vec<Line> {
        let reader = Reader { shell: &self.shell, merchant: &self.merchant };
        reader.lines(&self.deliveries, &self.documents)
    }

    /// Mails that were given up: somebody has to look at the address.
    fn failed(&self) -> usize {
        self.lines().iter().filter(|line| line.is_failed).count()
    }
}

/// `GET /notifications/deliveries`
pub async fn mine(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    html(&DeliveriesPage::new(readable(&user)?, shell, &app, String::new()).await?)
}

/// `GET /merchants/{id}/permissions/deliveries`
pub async fn of_merchant(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = managed(&user, &path)?;
    let portfolio = format!("/merchants/{}", scope.merchant_id());
    html(&DeliveriesPage::new(scope, shell, &app, portfolio).await?)
}
