//! Order confirmations: whether an originator's customers are told by e-mail that a payment went well, or
//! did not, which the success manager switches; and in whose words, which the merchant writes.

mod commands;
mod display;
mod form;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

const PLATFORM: Audience = Audience::Staff(Right::ManageMerchants);
const VIEW: Audience = Audience::Merchant(Right::ViewPageSettings);
const WRITE: Audience = Audience::Merchant(Right::WritePageSettings);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/{id}/features/confirmations", PLATFORM, pages::switches::show);
    r.post("/merchants/{id}/features/confirmations", PLATFORM, pages::switches::turn);
    r.get("/settings/confirmations", VIEW, pages::mine::show);
    r.get("/settings/confirmations/{originator}", VIEW, pages::texts::show);
    r.post("/settings/confirmations/{originator}", WRITE, pages::texts::write);
}
