//! Signing in at the identity provider, and out again.

mod commands;
mod pages;

use crate::web::{Audience, Routes};

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/sign-in", Audience::Public, pages::show);
    r.post("/sign-in", Audience::Public, pages::start);
    r.get("/sign-in/callback", Audience::Public, pages::callback);
    r.post("/sign-out", Audience::SignedIn, pages::sign_out);
    r.get("/signed-out", Audience::Public, pages::signed_out);
}

/// Job: sign-ins that nobody finished and sessions that ended a day ago.
pub use commands::sweep;
/// Binds a user to the provider's name for them; for `central user add` and the demo.
pub use commands::{NewUser, add_user};
