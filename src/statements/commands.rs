//! Writes: periods that end, which statements have their document, conditions, and providers.

mod close;
mod conditions;
mod documents;
mod providers;

pub use close::{begin_due, close_due};
pub use conditions::{NewConditions, add_conditions, set_rhythm};
pub use documents::{Claimed, claim, lock_unpublished, note_document};
pub use providers::{add_provider, change_provider};
