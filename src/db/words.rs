//! Texts that people look for, in SQL: case makes no difference, nor do accents where they are taken away.

use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};

use super::keyset::Condition;

/// A column of texts, and the function that makes what is compared of it and of what was typed.
#[derive(Clone, Debug)]
pub struct Words {
    column: String,
    fold: &'static str,
    has_index: bool,
}

impl Words {
    /// Without case and accents. `column` with the name of its table.
    #[must_use]
    pub fn folded(column: &str) -> Self {
        Self { column: column.to_owned(), fold: "folded", has_index: false }
    }

    /// Without case: a tenth of the work, for what is letters and digits.
    #[must_use]
    pub fn lowered(column: &str) -> Self {
        Self { fold: "lower", ..Self::folded(column) }
    }

    /// An index of the folded column (`text_pattern_ops`) serves what it begins with.
    #[must_use]
    pub fn with_index(self) -> Self {
        Self { has_index: true, ..self }
    }

    /// Somewhere in it. By a function, not by `LIKE`: so that no index offers itself.
    #[must_use]
    pub fn contain<QS>(&self, text: &str) -> Condition<QS> {
        contains(&self.itself(), self.fold, text)
    }

    /// At its beginning. Where an index serves it, as a range from the text to the last that begins so: for
    /// `LIKE` each text that the index has found would be folded once more, five times the work.
    #[must_use]
    pub fn begin<QS>(&self, text: &str) -> Condition<QS> {
        let (itself, fold) = (self.itself(), self.fold);
        if !self.has_index {
            return typed(&format!("starts_with({itself}, {fold}("), text, "))");
        }
        let last = format!("{text}{}", char::MAX);
        let range =
            sql::<Bool>(&format!("({itself} ~>=~ {fold}(")).bind::<Text, _>(text.to_owned());
        let range = range.sql(&format!(") AND {itself} ~<~ {fold}(")).bind::<Text, _>(last);
        Box::new(range.sql("))"))
    }

    /// The whole of it.
    #[must_use]
    pub fn are<QS>(&self, text: &str) -> Condition<QS> {
        typed(&format!("{} = {}(", self.itself(), self.fold), text, ")")
    }

    /// Whether anything stands there.
    #[must_use]
    pub fn are_empty<QS>(&self, is_so: bool) -> Condition<QS> {
        let sign = if is_so { "=" } else { "<>" };
        Box::new(sql::<Bool>(&format!("{} {sign} ''", self.column)))
    }

    fn itself(&self) -> String {
        format!("{}({})", self.fold, self.column)
    }
}

/// Somewhere in an expression whose value is folded already.
#[must_use]
pub fn contains<QS>(expression: &str, fold: &str, text: &str) -> Condition<QS> {
    typed(&format!("strpos({expression}, {fold}("), text, ")) > 0")
}

/// What was typed between two pieces of SQL, which are ours.
#[must_use]
pub fn typed<QS>(before: &str, text: &str, after: &str) -> Condition<QS> {
    Box::new(sql::<Bool>(before).bind::<Text, _>(text.to_owned()).sql(after))
}
