//! Merchants: the switch between one's own; a success manager's portfolio and how it changes hands;
//! and for a merchant's people, whom to ask.

mod commands;
mod mails;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use mails::HandOverLetters;
pub use queries::currency_of;

/// For `central merchant add`, `central originator add`, `central user add` and the demo.
pub use commands::{
    NewMerchant, NewOriginator, add_merchant, add_originator, assign, join, set_card,
};

/// What the start page tells of a portfolio.
pub mod overview {
    pub use super::pages::{Needed, needed};
    pub use super::queries::{EXPIRES_WITHIN_DAYS, Managed, Portfolio, portfolio};
}

/// Where a success manager's merchants are.
const PORTFOLIO_URL: &str = "/merchants";

const PORTFOLIO: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/choose", Audience::MerchantUser, pages::choose);
    r.post("/merchants/choose", Audience::MerchantUser, pages::set_chosen);
    r.get("/support/contacts", Audience::MerchantUser, pages::contacts);
    r.get("/merchants", PORTFOLIO, pages::list);
    r.get("/merchants/card", PORTFOLIO, pages::card);
    r.post("/merchants/card", PORTFOLIO, pages::set_card);
    r.get("/merchants/hand-over", PORTFOLIO, pages::ask_hand_over);
    r.post("/merchants/hand-over", PORTFOLIO, pages::hand_over);
    r.post("/merchants/take-over", PORTFOLIO, pages::take_over);
    r.get("/merchants/{id}", PORTFOLIO, pages::show);
}
