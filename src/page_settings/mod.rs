//! Settings > Payment page: how an originator's page and letters look, what they say besides, and what
//! they hold customers to. Whose page was never set up is led through it before the first request.

mod commands;
mod display;
mod form;
mod logo;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

const VIEW: Audience = Audience::Merchant(Right::ViewPageSettings);
const WRITE: Audience = Audience::Merchant(Right::WritePageSettings);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/settings/payment-page", VIEW, pages::list::show);
    r.get("/settings/payment-page/{originator}", VIEW, pages::edit::show);
    r.post("/settings/payment-page/{originator}", WRITE, pages::edit::save);
    r.post("/settings/payment-page/{originator}/taking-back", WRITE, pages::edit::take_back);
    r.get("/settings/payment-page/{originator}/first", WRITE, pages::first::ask);
    r.post("/settings/payment-page/{originator}/first", WRITE, pages::first::save);
    r.get("/settings/payment-page/{originator}/logo", WRITE, pages::logo::ask);
    r.upload(
        "/settings/payment-page/{originator}/logo",
        WRITE,
        pages::logo::BODY_BYTES_MAX,
        pages::logo::replace,
    );
    r.get("/settings/payment-page/{originator}/logo.png", VIEW, pages::logo::picture);
}
