//! The switch between one's own merchants.

use actix_session::Session;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::auth::{MerchantUser, session};
use crate::kernel::{Error, MerchantId, Texts};
use crate::web::{App, Flash, Form, Html, Shell, html, return_to, see_other, set_flash};

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
    /// The page that it was chosen for; empty: the start page.
    #[serde(default)]
    return_to: String,
}

/// `POST /merchants/choose`
pub async fn set_chosen(
    user: MerchantUser,
    app: Data<App>,
    session: Session,
    Form(form): Form<ChooseForm>,
) -> Html {
    let wanted: MerchantId = form.merchant.parse().map_err(|_| Error::NotFound)?;
    let mine =
        user.principal().merchants.iter().find(|membership| membership.merchant_id == wanted);
    let membership = mine.ok_or(Error::NotFound)?;
    session::choose_merchant(&session, wanted)?;
    set_flash(&session, &Flash::MerchantChosen { name: membership.merchant_name.clone() })?;
    Ok(see_other(return_to::safe(&form.return_to, &app.routes)))
}
