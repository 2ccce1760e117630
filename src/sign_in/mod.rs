//! Signing in at the identity provider, and out again.

mod commands;
mod journey;
mod pages;
mod pending;
mod sign_out;

use crate::web::{Audience, Routes};

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/sign-in", Audience::Public, pages::show);
    r.post("/sign-in", Audience::Public, journey::start);
    r.get("/sign-in/again", Audience::Public, journey::again);
    r.get("/sign-in/callback", Audience::Public, journey::callback);
    r.post("/sign-in/back-channel-logout", Audience::Peer, sign_out::back_channel_logout);
    r.post("/sign-out", Audience::SignedIn, sign_out::sign_out);
    r.get("/signed-out", Audience::Public, pages::signed_out);
}

/// Job: sign-ins, sessions and what belongs to them, when their time is over.
pub use commands::sweep;
/// Binds a user to the provider's name for them; for `central user add` and the demo.
pub use commands::{NewUser, add_user, staff_role_of, switch_user};
/// Who came back from the provider with an invitation, and is not yet bound to it.
pub use pending::{Pending, pending, welcome_bound};
