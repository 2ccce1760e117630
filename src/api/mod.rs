//! The API as a whole: its description, for programs (`OpenAPI` 3.1) and, made of the same, for people.

mod description;
mod pages;

use crate::web::{Audience, Routes};

pub use description::describe;

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    r.get("/api", Audience::Public, pages::show);
    r.get("/api/v1/openapi.json", Audience::Public, pages::openapi);
}
