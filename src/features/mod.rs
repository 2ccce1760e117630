//! What a success manager puts at a merchant's disposal: email payments, and the payment methods of the
//! payment page. Each change stands in a ledger that both sides read. What is on is read from it where it
//! counts, at each request: a change needs no restart, and one from a date on needs no job.

mod commands;
mod display;
mod form;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use display::OffNotice;
pub use model::{Feature, Features};
pub use queries::{features, whom_to_ask};

const PLATFORM: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/{id}/features", PLATFORM, pages::switches::show);
    r.post("/merchants/{id}/features", PLATFORM, pages::switches::turn);
    r.post("/merchants/{id}/features/{switch}/undo", PLATFORM, pages::switches::undo);
    r.get(
        "/settings/payment-methods",
        Audience::Merchant(Right::ViewPageSettings),
        pages::mine::show,
    );
}
