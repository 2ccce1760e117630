//! The columns of a file: what they are called, in four languages and in the API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::{Lang, Texts};

/// What a column may hold. Stored as the key of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    CustomerEmail,
    CustomerName,
    Amount,
    /// For programs: in minor units.
    AmountMinor,
    Currency,
    OrderId,
    Description,
    Message,
    Language,
    ExpiresOn,
    Originator,
}

impl Column {
    pub const ALL: [Self; 11] = [
        Self::CustomerEmail,
        Self::CustomerName,
        Self::Amount,
        Self::AmountMinor,
        Self::Currency,
        Self::OrderId,
        Self::Description,
        Self::Message,
        Self::Language,
        Self::ExpiresOn,
        Self::Originator,
    ];

    /// The name of the field in the API.
    #[must_use]
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::CustomerEmail => "customer_email",
            Self::CustomerName => "customer_name",
            Self::Amount => "amount",
            Self::AmountMinor => "amount_minor",
            Self::Currency => "currency",
            Self::OrderId => "order_id",
            Self::Description => "description",
            Self::Message => "message",
            Self::Language => "language",
            Self::ExpiresOn => "expires_on",
            Self::Originator => "originator_id",
        }
    }

    /// What the head of the template says.
    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::CustomerEmail => t.msg_imports_col_email(),
            Self::CustomerName => t.msg_imports_col_name(),
            Self::Amount => t.msg_imports_col_amount(),
            Self::AmountMinor => self.api_name().to_owned(),
            Self::Currency => t.msg_imports_col_currency(),
            Self::OrderId => t.msg_imports_col_order_id(),
            Self::Description => t.msg_imports_col_description(),
            Self::Message => t.msg_imports_col_message(),
            Self::Language => t.msg_imports_col_language(),
            Self::ExpiresOn => t.msg_imports_col_expires_on(),
            Self::Originator => t.msg_imports_col_originator(),
        }
    }

    /// The column that a head names, in any of the languages; capitals, blanks and hyphens don't count.
    #[must_use]
    pub fn named(head: &str) -> Option<Self> {
        let head = plain(head);
        Self::ALL.into_iter().find(|column| {
            plain(column.api_name()) == head
                || Lang::ALL.iter().any(|lang| plain(&column.words(lang.texts())) == head)
        })
    }

    /// The column behind a field of the form.
    #[must_use]
    pub fn of_field(field: &str) -> Option<Self> {
        match field {
            "originator" => Some(Self::Originator),
            other => Self::ALL.into_iter().find(|column| column.api_name() == other),
        }
    }
}

fn plain(head: &str) -> String {
    head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Characters of a cell that a page shows.
const SHOWN_CHARS: usize = 60;

/// The cells of one row that hold something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    #[serde(flatten)]
    values: BTreeMap<Column, String>,
    /// The row has more cells than the head.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "_is_longer")]
    pub is_longer: bool,
}

impl Cells {
    pub fn set(&mut self, column: Column, text: &str) {
        let text = undefused(text.trim());
        if !text.is_empty() {
            self.values.insert(column, text.to_owned());
        }
    }

    /// What stands there; empty where nothing does.
    #[must_use]
    pub fn get(&self, column: Column) -> &str {
        self.values.get(&column).map_or("", String::as_str)
    }

    /// What stands there, as far as a page shows it.
    #[must_use]
    pub fn shown(&self, column: Column) -> String {
        let text = self.get(column);
        let mut short: String = text.chars().take(SHOWN_CHARS).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && !self.is_longer
    }
}

/// Files of ours put a `'` before what looks like a formula (SEC-18); it is not part of the text.
fn undefused(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_known_in_every_language_and_by_the_name_of_the_api() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.api_name()), Some(column));
            assert_eq!(Column::named(&column.api_name().to_uppercase()), Some(column));
            for lang in Lang::ALL {
                let head = column.words(lang.texts());
                assert_eq!(Column::named(&format!(" {head} ")), Some(column), "{lang}: {head}");
            }
        }
        assert_eq!(Column::named("Colour"), None);
        assert_eq!(Column::named(""), None);
    }

    #[test]
    fn what_our_files_put_before_a_formula_is_taken_off_again() {
        let mut cells = Cells::default();
        for (typed, kept) in [("'=1+1", "=1+1"), ("'+39", "+39"), ("'tis", "'tis"), (" x ", "x")] {
            cells.set(Column::CustomerName, typed);
            assert_eq!(cells.get(Column::CustomerName), kept);
        }
    }
}
