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
pub use mails::{NoticeLetters, stop_link};
pub use model::{Event, NoticeKind, PaymentEvent, Stop};
pub use queries::told::want_answers;

/// What tells about one notice elsewhere needs of it.
pub mod telling {
    pub use super::display::{fared, told_of};
    pub use super::queries::told::{Delivery, Notice, delivery, notice};
}

/// The jobs of this slice, each run by [`crate::jobs::repeat`].
pub mod jobs {
    pub use super::commands::send_digests;
}

const PLATFORM: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice.
#[rustfmt::skip]
pub fn routes(r: &mut Routes) {
    r.get("/notifications", Audience::MerchantUser, pages::mine::show);
    r.post("/notifications", Audience::MerchantUser, pages::mine::choose);
    r.get("/notifications/inbox", Audience::MerchantUser, pages::inbox::show);
    r.post("/notifications/inbox/read", Audience::MerchantUser, pages::inbox::read_all);
    r.post("/notifications/inbox/{notice}", Audience::MerchantUser, pages::inbox::open);
    r.post("/notifications/requests", Audience::MerchantUser, pages::mine::ask);
    r.post("/notifications/test", Audience::MerchantUser, pages::mine::test);
    r.get("/notifications/deliveries", Audience::MerchantUser, pages::deliveries::mine);
    r.post("/notifications/deliveries/{notice}/again", Audience::MerchantUser, pages::deliveries::send_mine);
    r.get("/unsubscribe/{token}", Audience::Public, pages::stop::ask);
    r.post("/unsubscribe/{token}", Audience::Public, pages::stop::stop);
    r.post("/unsubscribe/{token}/undo", Audience::Public, pages::stop::resume);
    r.get("/merchants/{id}/permissions", PLATFORM, pages::permissions::show);
    r.post("/merchants/{id}/permissions", PLATFORM, pages::permissions::grant);
    r.get("/merchants/{id}/permissions/deliveries", PLATFORM, pages::deliveries::of_merchant);
    r.post("/merchants/{id}/permissions/deliveries/{notice}/again", PLATFORM, pages::deliveries::send_of_merchant);
    r.get("/merchants/{id}/permissions/{permission}/withdrawal", PLATFORM, pages::ending::ask_withdrawal);
    r.post("/merchants/{id}/permissions/{permission}/withdrawal", PLATFORM, pages::ending::withdraw);
    r.get("/merchants/{id}/permissions/requests/{request}/refusal", PLATFORM, pages::ending::ask_refusal);
    r.post("/merchants/{id}/permissions/requests/{request}/refusal", PLATFORM, pages::ending::refuse);
}
