//! Merchants: the switch between one's own, and a success manager's portfolio.

mod commands;
mod pages;
mod queries;

use crate::web::{Audience, Routes};

pub use queries::currency_of;

/// For `central merchant add`, `central originator add`, `central user add` and the demo.
pub use commands::{NewMerchant, NewOriginator, add_merchant, add_originator, assign, join};

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/choose", Audience::MerchantView, pages::choose);
    r.post("/merchants/choose", Audience::MerchantView, pages::set_chosen);
    r.get("/merchants", Audience::SuccessManager, pages::list);
    r.get("/merchants/{id}", Audience::SuccessManager, pages::show);
    r.post(
        "/merchants/{id}/order-confirmations",
        Audience::SuccessManager,
        pages::set_order_confirmations,
    );
}
