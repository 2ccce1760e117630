//! Who is told what. A success manager permits it, user by user and kind by kind, in a ledger that both
//! sides read; what happens then goes to the users' primary e-mail addresses.

mod commands;
mod display;
mod form;
mod mails;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use commands::notify;
pub use mails::NoticeLetters;
pub use model::Event;

const PLATFORM: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice.
#[rustfmt::skip]
pub fn routes(r: &mut Routes) {
    r.get("/notifications", Audience::MerchantUser, pages::mine::show);
    r.post("/notifications/requests", Audience::MerchantUser, pages::mine::ask);
    r.post("/notifications/test", Audience::MerchantUser, pages::mine::test);
    r.get("/notifications/deliveries", Audience::MerchantUser, pages::deliveries::mine);
    r.get("/merchants/{id}/permissions", PLATFORM, pages::permissions::show);
    r.post("/merchants/{id}/permissions", PLATFORM, pages::permissions::grant);
    r.get("/merchants/{id}/permissions/deliveries", PLATFORM, pages::deliveries::of_merchant);
    r.get("/merchants/{id}/permissions/{permission}/withdrawal", PLATFORM, pages::ending::ask_withdrawal);
    r.post("/merchants/{id}/permissions/{permission}/withdrawal", PLATFORM, pages::ending::withdraw);
    r.get("/merchants/{id}/permissions/requests/{request}/refusal", PLATFORM, pages::ending::ask_refusal);
    r.post("/merchants/{id}/permissions/requests/{request}/refusal", PLATFORM, pages::ending::refuse);
}
