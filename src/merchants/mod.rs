//! Merchants: the switch between one's own, and a success manager's portfolio.

mod commands;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use queries::currency_of;

/// For `central merchant add`, `central originator add`, `central user add` and the demo.
pub use commands::{NewMerchant, NewOriginator, add_merchant, add_originator, assign, join};

const PORTFOLIO: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/choose", Audience::MerchantUser, pages::choose);
    r.post("/merchants/choose", Audience::MerchantUser, pages::set_chosen);
    r.get("/merchants", PORTFOLIO, pages::list);
    r.get("/merchants/{id}", PORTFOLIO, pages::show);
}
