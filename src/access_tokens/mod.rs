//! Settings > Access tokens: the keys with which a user's own programs call the API.

mod commands;
mod form;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

/// A token without a page: for what runs without a browser.
pub use commands::{NewToken, insert, revoke_all_of};

const API_USER: Audience = Audience::Merchant(Right::UseApi);

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/settings/access-tokens", API_USER, pages::list);
    r.post("/settings/access-tokens", API_USER, pages::create);
    r.get("/settings/access-tokens/new", API_USER, pages::new);
    r.get("/settings/access-tokens/{id}/revocation", API_USER, pages::ask_revoke);
    r.post("/settings/access-tokens/{id}/revocation", API_USER, pages::revoke);
}
