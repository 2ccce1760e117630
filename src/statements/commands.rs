//! Writes: periods that end, which statements have their document, and conditions.

mod close;
mod conditions;
mod documents;

pub use close::{begin_due, close_due};
pub use conditions::{NewConditions, add_conditions};
pub use documents::{Claimed, claim, lock_unpublished, note_document};
