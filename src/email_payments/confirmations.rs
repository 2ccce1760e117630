//! Order confirmations: what an originator's customers are told when a payment went well, or did not,
//! and in whose words.

use chrono::Duration;

use crate::db::columns::text_column;
use crate::kernel::{Texts, text};
use crate::web::text_fault;

text_column! {
    /// What a customer is told about.
    Confirmation {
        /// The payment has arrived.
        Success = "success",
        /// The payment was declined.
        Failure = "failure",
    }
}

/// Who was declined and tries again at once is told what came of it, and nothing of what came before.
pub const FAILURE_PAUSE: Duration = Duration::minutes(10);

/// Characters of the name that stands as the sender.
pub const SENDER_MAX: usize = 60;
/// Characters of a text.
pub const TEXT_MAX: usize = 1000;

/// The success manager's switches of one originator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    pub success: bool,
    pub failure: bool,
}

impl Switches {
    #[must_use]
    pub const fn of(self, confirmation: Confirmation) -> bool {
        match confirmation {
            Confirmation::Success => self.success,
            Confirmation::Failure => self.failure,
        }
    }
}

/// An originator's own words in one language. Empty: the product's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    pub sender_name: String,
    pub success_text: String,
    pub failure_text: String,
}

impl Wording {
    #[must_use]
    pub fn text(&self, confirmation: Confirmation) -> &str {
        match confirmation {
            Confirmation::Success => &self.success_text,
            Confirmation::Failure => &self.failure_text,
        }
    }
}

/// A name, and nothing that reads like an address: it stands where readers look for who writes.
///
/// # Errors
/// What is wrong with it, in words.
pub fn sender(typed: &str, t: &Texts) -> Result<String, String> {
    let name = text::optional_line(typed, SENDER_MAX).map_err(|error| text_fault(&error, t))?;
    if name.contains(['@', '<', '>', '/', '"', '\\']) {
        return Err(t.msg_confirm_fault_sender());
    }
    Ok(name)
}

/// Words of an originator's own, of at most `length_max` characters, that name known fields only.
///
/// # Errors
/// What is wrong with them, in words.
pub fn own_words(typed: &str, length_max: usize, t: &Texts) -> Result<String, String> {
    let text = text::lines(typed, length_max).map_err(|error| text_fault(&error, t))?;
    match unknown_field(&text) {
        Some(field) => Err(t.msg_confirm_fault_field(field)),
        None => Ok(text),
    }
}

/// What a text may name in braces: `{order}`.
pub const FIELDS: [&str; 5] = ["customer", "merchant", "amount", "order", "description"];

/// The first thing in braces that is none of [`FIELDS`], with its braces; one that is left open too.
#[must_use]
pub fn unknown_field(text: &str) -> Option<String> {
    pieces(text).find_map(|piece| match piece {
        Piece::Field(name) if !FIELDS.contains(&name) => Some(format!("{{{name}}}")),
        Piece::Open(rest) => Some(format!("{{{}", rest.lines().next().unwrap_or_default())),
        Piece::Field(_) | Piece::Words(_) => None,
    })
}

/// What the fields of a text stand for, for one payment.
pub struct FieldValues<'a> {
    pub customer: &'a str,
    pub merchant: &'a str,
    pub amount: &'a str,
    pub order: &'a str,
    pub description: &'a str,
}

impl FieldValues<'_> {
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        fill(text, |field| match field {
            "customer" => Some(self.customer),
            "merchant" => Some(self.merchant),
            "amount" => Some(self.amount),
            "order" => Some(self.order),
            "description" => Some(self.description),
            _ => None,
        })
    }
}

/// The text with what its fields stand for; what is none stays as it is. What was filled in is not
/// read again for fields.
fn fill<'a>(text: &'a str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Field(name) => match value(name) {
                Some(words) => filled.push_str(words),
                None => filled.extend(["{", name, "}"]),
            },
            Piece::Open(rest) => filled.extend(["{", rest]),
        }
    }
    filled
}

enum Piece<'a> {
    Words(&'a str),
    Field(&'a str),
    /// What follows a brace that nothing closes.
    Open(&'a str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split('{')
        .enumerate()
        .flat_map(|(place, part)| {
            if place == 0 {
                return [Some(Piece::Words(part)), None];
            }
            match part.split_once('}') {
                Some((name, words)) => [Some(Piece::Field(name)), Some(Piece::Words(words))],
                None => [Some(Piece::Open(part)), None],
            }
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_15_fields_are_filled_once_and_others_are_named() {
        let value = |name: &str| match name {
            "customer" => Some("{order}"),
            "order" => Some("A-1"),
            _ => None,
        };
        for (text, filled) in [
            ("", ""),
            ("Thanks, {customer}: {order}.", "Thanks, {order}: A-1."),
            ("{order}{order}", "A-1A-1"),
            ("100 } off", "100 } off"),
        ] {
            assert_eq!(fill(text, value), filled);
            assert_eq!(unknown_field(text), None, "{text}");
        }
        for (text, unknown) in [
            ("{link}", "{link}"),
            ("{order} {", "{"),
            ("Pay {amount", "{amount"),
            ("{Order}", "{Order}"),
            ("{{order}}", "{"),
        ] {
            assert_eq!(unknown_field(text), Some(unknown.to_owned()), "{text}");
        }
    }
}
