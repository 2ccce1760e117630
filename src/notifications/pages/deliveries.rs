//! What was sent, and the mail servers' words, on both sides.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::readable;
use crate::auth::audit::Writer;
use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::kernel::{Error, NoticeId, Right, Texts};
use crate::notifications::commands;
use crate::notifications::display::{Line, Reader};
use crate::notifications::queries::told::{self, Delivery};
use crate::notifications::queries::{self, Merchant};
use crate::web::{App, Client, Flash, Html, Shell, html, see_other, set_flash};

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
            Ok((queries::merchant(conn, scope)?, told::deliveries(conn, scope)?))
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
        self.deliveries.iter().filter(|mail| mail.is_work()).count()
    }

    fn base(&self) -> String {
        if self.portfolio.is_empty() {
            "/notifications/deliveries".to_owned()
        } else {
            format!("{}/permissions/deliveries", self.portfolio)
        }
    }
}

/// `GET /notifications/deliveries`
pub async fn mine(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    html(&DeliveriesPage::new(readable(&user)?, shell, &app, String::new()).await?)
}

/// `GET /merchants/{id}/permissions/deliveries`
pub async fn of_merchant(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.managed(&path)?;
    let portfolio = format!("/merchants/{}", scope.merchant_id());
    html(&DeliveriesPage::new(scope, shell, &app, portfolio).await?)
}

/// `POST /notifications/deliveries/{notice}/again`
pub async fn send_mine(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, writer) = (readable(&user)?, client.writer(user.principal(), &app));
    send(scope, writer, &path, &app, &session).await?;
    Ok(see_other("/notifications/deliveries"))
}

/// `POST /merchants/{id}/permissions/deliveries/{notice}/again`
pub async fn send_of_merchant(
    user: Staff,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<(String, String)>,
) -> Html {
    let (scope, writer) = (user.managed(&path.0)?, client.writer(user.principal(), &app));
    send(scope, writer, &path.1, &app, &session).await?;
    Ok(see_other(format!("/merchants/{}/permissions/deliveries", scope.merchant_id())))
}

async fn send(
    scope: MerchantScope,
    writer: Writer,
    notice: &str,
    app: &App,
    session: &Session,
) -> Result<(), Error> {
    let id: NoticeId = notice.parse().map_err(|_| Error::NotFound)?;
    let work = move |conn: &mut PgConnection| commands::send_again(conn, scope, &writer, id);
    // Pressed twice: the first time has told.
    if app.db.run(scope.tenants(), work).await? {
        set_flash(session, &Flash::NoticeSentAgain)?;
    }
    Ok(())
}
