//! What the gateway says of each originator's account: methods with their currencies, how often a
//! customer may try, whom the gateway writes to by itself. A job asks every hour, people ask when they
//! like; the pages of settings show it beside what is set here.

mod commands;
mod display;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use commands::Asker;
pub use display::AccountView;
pub use model::{AccountOf, Told};
pub use queries::{account, accounts};

const WRITE: Audience = Audience::Merchant(Right::WritePageSettings);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.post("/settings/payment-page/{originator}/gateway-account", WRITE, pages::ask);
}

/// The job of this slice, run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::ask_due;
}
