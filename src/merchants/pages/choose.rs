//! The switch between one's own merchants.

use actix_session::Session;
use askama::Template;
use serde::Deserialize;

use crate::auth::{MerchantUser, session};
use crate::kernel::{Error, MerchantId, Texts};
use crate::web::{Flash, Form, Html, Shell, html, see_other, set_flash};

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
