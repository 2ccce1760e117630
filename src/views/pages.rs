//! The pages on which a list is arranged.

mod columns;
mod views;

pub use columns::{columns, save_columns};
pub use views::{change, create, new, views};
