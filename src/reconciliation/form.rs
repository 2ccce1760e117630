//! What is typed to settle a difference.

use serde::Deserialize;

use crate::kernel::Texts;
use crate::web::{Faults, reason};

/// A note.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleForm {
    #[serde(default)]
    pub note: String,
}

impl SettleForm {
    /// The note, or what is wrong with it.
    pub fn validate(&self, t: &Texts) -> Result<String, Faults> {
        let mut faults = Faults::default();
        faults.keep("note", reason(&self.note, t)).ok_or(faults)
    }
}
