//! The switch between merchants, and the portfolio.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::queries::{self, Confirms, Managed};
use crate::auth::{MerchantUser, Staff, session};
use crate::kernel::{Error, MerchantId, Right, Texts};
use crate::web::ui::{Badge, Icon};
use crate::web::{App, Flash, Form, Html, Shell, html, see_other, set_flash};

#[derive(Template)]
#[template(path = "merchants/choose.html")]
struct ChoosePage {
    shell: Shell,
    t: &'static Texts,
}

impl ChoosePage {
    fn is_current(&self, id: &MerchantId) -> bool {
        self.shell.current().is_some_and(|current| current.merchant_id == *id)
    }
}

/// `GET /merchants/choose`: which of one's merchants to work for.
pub async fn choose(_: MerchantUser, shell: Shell) -> Html {
    html(&ChoosePage { t: shell.t, shell })
}

/// What the buttons send.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseForm {
    merchant: String,
}

/// `POST /merchants/choose`
pub async fn set_chosen(
    user: MerchantUser,
    session: Session,
    Form(form): Form<ChooseForm>,
) -> Html {
    let wanted: MerchantId = form.merchant.parse().map_err(|_| Error::NotFound)?;
    let mine =
        user.principal().merchants.iter().find(|membership| membership.merchant_id == wanted);
    let membership = mine.ok_or(Error::NotFound)?;
    session::choose_merchant(&session, wanted)?;
    set_flash(&session, &Flash::MerchantChosen { name: membership.merchant_name.clone() })?;
    Ok(see_other("/"))
}

#[derive(Template)]
#[template(path = "merchants/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    merchants: Vec<(Managed, Confirms)>,
}

impl ListPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn badge(&self, confirms: &Confirms) -> Badge {
        confirms_badge(*confirms, self.t)
    }
}

/// `GET /merchants`: the portfolio.
pub async fn list(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ManageMerchants)?;
    let tenants = scope.tenants();
    let merchants =
        app.db.run(tenants, move |conn: &mut PgConnection| queries::list(conn, &scope)).await?;
    html(&ListPage { t: shell.t, shell, merchants })
}

#[derive(Template)]
#[template(path = "merchants/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    merchant: Managed,
    confirms: Confirms,
}

impl ShowPage {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn badge(&self, confirms: &Confirms) -> Badge {
        confirms_badge(*confirms, self.t)
    }
}

/// How the switches of a merchant's originators stand, taken together.
fn confirms_badge(confirms: Confirms, t: &Texts) -> Badge {
    let (icon, words, tone) = match confirms {
        Confirms::All => ("circle-check", t.msg_confirm_on(), "pos"),
        Confirms::Some => ("circle-check", t.msg_confirm_partly(), "warn"),
        Confirms::None => ("ban", t.msg_confirm_off(), "neu"),
    };
    Badge { icon: Icon(icon), words, tone }
}

/// `GET /merchants/{id}`
pub async fn show(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let id: MerchantId = path.parse().map_err(|_| Error::NotFound)?;
    let scope = user.scope(Right::ManageMerchants)?;
    let tenants = scope.tenants();
    let read = move |conn: &mut PgConnection| queries::get(conn, &scope, id);
    let (merchant, confirms) = app.db.run(tenants, read).await?;
    html(&ShowPage { t: shell.t, shell, merchant, confirms })
}
