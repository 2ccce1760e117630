//! Accounting > Documents: invoices, credit notes and statements of a merchant. They are published by
//! one command, whichever door they come through, and never change; a correction is a new one.

mod commands;
mod model;
mod queries;

/// What publishes documents otherwise than by the page, by the same rules, needs of it.
pub mod publishing {
    pub use super::commands::{Pdf, Published, Writer, publish};
    pub use super::model::{Document, Kind, NewDocument, Refusal, Source, State};
}
