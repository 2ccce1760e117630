//! Small things that templates show in many places.

use chrono::{DateTime, Utc};

use super::asset;

/// An icon of the sprite, by name; always beside a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(pub &'static str);

impl Icon {
    #[must_use]
    pub fn href(self) -> String {
        icon(self.0)
    }
}

/// The address of one icon.
#[must_use]
pub fn icon(name: &str) -> String {
    format!("{}#{name}", asset("icons.svg"))
}

/// Counts that stand for "look there" end here: beyond, "99+" is told.
pub const COUNTED_MAX: i64 = 100;

/// A count that ended at [`COUNTED_MAX`], as it is shown.
#[must_use]
pub fn counted(count: i64) -> String {
    if count < COUNTED_MAX { count.to_string() } else { format!("{}+", COUNTED_MAX - 1) }
}

/// A status as it is shown: icon, word and colour.
#[derive(Clone, Debug)]
pub struct Badge {
    pub icon: Icon,
    pub words: String,
    /// `pos`, `wait`, `warn`, `neg`, `neu`.
    pub tone: &'static str,
}

/// One line of a ledger that both sides read.
pub struct Entry {
    pub at: DateTime<Utc>,
    pub title: String,
    /// What, until when, and why.
    pub words: String,
    pub icon: Icon,
    pub tone: &'static str,
    pub moment: String,
    pub machine: String,
}
