//! Settings > Profile: how somebody is called and reads, and the address that mails go to.

mod commands;
mod lookups;
mod mails;
mod model;
mod pages;
mod queries;

use crate::web::{Audience, Routes};

pub use mails::ChangeLetters;

/// Where everybody finds their own.
const AT: &str = "/settings/profile";

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/settings/profile", Audience::SignedIn, pages::profile::show);
    r.post("/settings/profile", Audience::SignedIn, pages::profile::save);
    r.post("/settings/profile/email", Audience::SignedIn, pages::profile::ask_change);
    r.post("/settings/profile/email/cancellation", Audience::SignedIn, pages::profile::cancel);
    r.get("/email-changes/{token}", Audience::Public, pages::confirm::show);
    r.post("/email-changes/{token}", Audience::Public, pages::confirm::confirm);
    r.post("/email-changes/{token}/cancellation", Audience::Public, pages::confirm::cancel);
}
