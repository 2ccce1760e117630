//! What is typed about tickets.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{Category, Priority, Subject, Visibility};
use crate::kernel::text::{self, TextError};
use crate::kernel::{Error, Texts};
use crate::web::checked_files::{self, CheckedFile};
use crate::web::{Faults, Upload, UploadedFile};

/// Files of one message.
pub const FILES_MAX: usize = 5;
const SUBJECT_CHARS_MAX: usize = 150;
pub const TEXT_CHARS_MAX: usize = 10_000;
const PHONE_CHARS_MAX: usize = 40;
const TITLE_CHARS_MAX: usize = 100;

/// A new ticket as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TicketForm {
    pub category: String,
    pub priority: String,
    pub subject: String,
    pub text: String,
    pub phone: String,
    pub visibility: String,
    /// What it is about: the id of an email payment, a document, a notice or a transaction.
    pub payment: String,
    pub document: String,
    pub notice: String,
    pub transaction: String,
    /// The number of the closed ticket that it goes on from.
    pub follows: String,
    pub form_id: String,
}

/// A new ticket that can be made.
pub struct NewTicket {
    pub category: Category,
    pub priority: Priority,
    pub subject: String,
    pub text: String,
    pub phone: String,
    pub visibility: Visibility,
    pub form_id: Uuid,
}

impl TicketForm {
    pub fn of(upload: &Upload) -> Self {
        let text = |name: &str| upload.text(name).to_owned();
        Self {
            category: text("category"),
            priority: text("priority"),
            subject: text("subject"),
            text: text("text"),
            phone: text("phone"),
            visibility: text("visibility"),
            payment: text("payment"),
            document: text("document"),
            notice: text("notice"),
            transaction: text("transaction"),
            follows: text("follows"),
            form_id: text("form_id"),
        }
    }

    /// What the form says that the ticket is about.
    ///
    /// # Errors
    /// [`Error::NotFound`]: nothing has such an id, or it names several things.
    pub fn about(&self) -> Result<Option<Subject>, Error> {
        let unknown = |_| Error::NotFound;
        let named = [&self.payment, &self.document, &self.notice, &self.transaction];
        match named.map(String::as_str) {
            ["", "", "", ""] => Ok(None),
            [id, "", "", ""] => Ok(Some(Subject::EmailPayment(id.parse().map_err(unknown)?))),
            ["", id, "", ""] => Ok(Some(Subject::Document(id.parse().map_err(unknown)?))),
            ["", "", id, ""] => Ok(Some(Subject::Notice(id.parse().map_err(unknown)?))),
            ["", "", "", id] => Ok(Some(Subject::Transaction(id.parse().map_err(unknown)?))),
            _ => Err(Error::NotFound),
        }
    }

    /// # Errors
    /// [`Error::Malformed`]: not made by our page. Inside: what is wrong, at its field.
    pub fn validate(&self, t: &Texts) -> Result<Result<NewTicket, Faults>, Error> {
        let mut faults = Faults::default();
        let form_id = form_id(&self.form_id)?;
        let category = Category::parse(&self.category).ok_or_else(|| t.msg_ticket_fault_category());
        let category = faults.keep("category", category);
        let priority = Priority::parse(&self.priority);
        let priority =
            faults.keep("priority", priority.ok_or_else(|| t.msg_ticket_fault_priority()));
        let visibility = Visibility::parse(&self.visibility).unwrap_or(Visibility::Company);
        let subject = text::mask_card_numbers(&self.subject);
        let subject = text::line(&subject, SUBJECT_CHARS_MAX).map_err(|error| words(error, t));
        let subject = faults.keep("subject", subject);
        let phone =
            text::optional_line(&self.phone, PHONE_CHARS_MAX).map_err(|error| words(error, t));
        let phone = faults.keep("phone", phone);
        if priority == Some(Priority::Urgent) && phone.as_ref().is_some_and(String::is_empty) {
            faults.add("phone", t.msg_ticket_fault_phone());
        }
        let text = message(&self.text, t, &mut faults);
        Ok(match (category, priority, subject, text, phone) {
            (Some(category), Some(priority), Some(subject), Some(text), Some(phone))
                if faults.is_empty() =>
            {
                Ok(NewTicket { category, priority, subject, text, phone, visibility, form_id })
            }
            _ => Err(faults),
        })
    }
}

/// The key of a form that our page made.
pub fn form_id(typed: &str) -> Result<Uuid, Error> {
    typed.parse().map_err(|_| Error::Malformed("form_id"))
}

/// What is said: card numbers in it are masked.
pub fn message(typed: &str, t: &Texts, faults: &mut Faults) -> Option<String> {
    let read = text::lines(&text::mask_card_numbers(typed), TEXT_CHARS_MAX);
    let read = read.and_then(|text| if text.is_empty() { Err(TextError::Empty) } else { Ok(text) });
    faults.keep("text", read.map_err(|error| words(error, t)))
}

/// Files of a message, looked at. On a thread that may wait.
pub fn checked(uploaded: &[UploadedFile], t: &Texts, faults: &mut Faults) -> Vec<CheckedFile> {
    if uploaded.len() > FILES_MAX {
        faults.add("files", t.msg_ticket_fault_files_many(FILES_MAX));
        return Vec::new();
    }
    let mut kept = Vec::new();
    for file in uploaded {
        let shown = checked_files::shown(&file.name);
        match checked_files::check(&file.name, &file.bytes) {
            Ok(file) => kept.push(file),
            Err(refusal) => faults.add("files", refusal.words(&shown, t)),
        }
    }
    kept
}

fn words(error: TextError, t: &Texts) -> String {
    match error {
        TextError::Empty => t.msg_ticket_fault_empty(),
        TextError::TooLong(most) => t.msg_ticket_fault_long(most),
        TextError::Controls => t.msg_ticket_fault_characters(),
        TextError::CardNumber => t.msg_form_card_number(),
    }
}

/// The fields that a canned answer may hold.
pub const FIELDS: [&str; 4] = ["name", "number", "merchant", "agent"];

/// A canned answer's title and text, or what is wrong with them. Unknown fields are refused.
pub fn canned(title: &str, body: &str, t: &Texts) -> Result<(String, String), Faults> {
    let mut faults = Faults::default();
    let title = text::line(title, TITLE_CHARS_MAX).map_err(|error| words(error, t));
    let title = faults.keep("title", title);
    let body = message(body, t, &mut faults);
    if let Some(unknown) = body.as_deref().and_then(unknown_field) {
        faults.add("text", t.msg_ticket_fault_field(unknown));
    }
    match (title, body) {
        (Some(title), Some(body)) if faults.is_empty() => Ok((title, body)),
        _ => Err(faults),
    }
}

/// The first word in braces that is none of the fields.
fn unknown_field(body: &str) -> Option<String> {
    body.split('{').skip(1).find_map(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        let is_known = rest.contains('}') && FIELDS.contains(&name);
        (!is_known).then(|| name.chars().take(30).collect())
    })
}

/// A canned answer with its fields filled. What is filled in is not looked at again.
#[must_use]
pub fn filled(body: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = body.split('{');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) if FIELDS.contains(&name) => {
                whole.push_str(&value(name));
                whole.push_str(rest);
            }
            Some(_) | None => {
                whole.push('{');
                whole.push_str(part);
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_once_and_unknown_ones_are_found() {
        let value =
            |name: &str| if name == "name" { "{number}".to_owned() } else { "17".to_owned() };
        assert_eq!(
            filled("Dear {name}, ticket {number}: {x}", value),
            "Dear {number}, ticket 17: {x}"
        );
        assert_eq!(unknown_field("Dear {name}"), None);
        assert_eq!(unknown_field("Dear {nome}"), Some("nome".to_owned()));
        assert_eq!(unknown_field("Dear {name"), Some("name".to_owned()));
    }
}
