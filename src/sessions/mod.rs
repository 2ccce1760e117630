//! Settings > Sessions: the browsers in which one is signed in, and how to end them.

mod commands;
mod pages;

use crate::web::{Audience, Routes};

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/settings/sessions", Audience::SignedIn, pages::list);
    r.post("/settings/sessions/end-others", Audience::SignedIn, pages::end_others);
    r.post("/settings/sessions/{id}/end", Audience::SignedIn, pages::end_one);
}
