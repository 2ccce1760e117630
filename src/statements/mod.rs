//! Statements: what a merchant's period came to, under the conditions that hold, and how its invoice
//! reads; who stands on it as its issuer. The figures stand when a period ends; the documents about them are made afterwards.

mod commands;
mod data;
mod form;
mod invoice;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

/// For what makes the documents, and the demo.
pub use commands::{
    Claimed, NewConditions, add_conditions, claim, lock_unpublished, note_document,
};
pub use data::Data;
pub use invoice::paper as invoice;
pub use model::Statement;
pub use queries::{of_document, to_publish};

/// The addresses of this slice.
pub fn routes(r: &mut Routes) {
    let conditions = "/merchants/{id}/conditions";
    r.get(conditions, Audience::Staff(Right::ViewDocuments), pages::show);
    r.post(conditions, Audience::Staff(Right::PublishDocuments), pages::create);
    let rhythm = "/merchants/{id}/conditions/rhythm";
    r.post(rhythm, Audience::Staff(Right::PublishDocuments), pages::set_rhythm);
    let providers = "/accounting/providers";
    r.get(providers, Audience::Staff(Right::PublishDocuments), pages::providers::show);
    r.post(providers, Audience::Staff(Right::PublishDocuments), pages::providers::save);
}

/// What happens at the end of a period.
pub mod jobs {
    pub use super::commands::{begin_due, close_due};
}
