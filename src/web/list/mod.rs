//! Lists: what a column is, what may be asked about it, and how the question travels in the URL.
//!
//! A list's columns are an enum that implements [`Column`]. That one definition makes the head, the
//! sort links, the filter panel, the chips, the parameters of the URL and of the API, the export's
//! columns and the help; the slice adds the `WHERE` for each column in an exhaustive `match`.

mod amount;
mod asked;
mod column;
mod page;
mod panel;
mod preset;
mod question;

pub use amount::{AmountOperator, AmountRange, MinorRange};
pub use asked::{Asked, ROWS_MAX, Span, TextOperator, choice, day};
pub use column::{Asks, Choice, Column, Parameter, Spec};
pub(crate) use column::{amount, choices, days, text};
pub use page::{Head, Pages, Slice, asked_place, direction_of};
pub use panel::{Chip, Field, FieldKind, Pick};
pub use preset::Preset;
pub use question::{Question, Reader, SEARCH_ANYWHERE_FROM, Sort};
