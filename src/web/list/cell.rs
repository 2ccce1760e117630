//! What stands in one place of a list's file.

use chrono::{DateTime, Utc};

use crate::kernel::Money;

/// One value, typed: each kind of file writes it its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// What somebody else has chosen: never a formula (SEC-18).
    Text(String),
    /// A word, an id or a code of ours.
    Word(String),
    Money(Money),
    Number(i64),
    Instant(DateTime<Utc>),
    Empty,
}
