//! What was typed about a document → what was meant: the same for the page, the command and the API.

use chrono::NaiveDate;
use diesel::PgConnection;

use super::commands::{Published, Writer, publish};
use super::model::{Kind, NewDocument, Refusal, Source};
use super::queries;
use crate::auth::MerchantScope;
use crate::kernel::text::{self, TextError};
use crate::kernel::{Currency, Error, Money, MoneyError, Texts};
use crate::store::{Kept, OBJECT_BYTES_MAX};
use crate::web::{Faults, text_fault};

/// Characters of a number, and of a provider's name.
pub const NAME_CHARS_MAX: usize = 60;

/// What a total was given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// As people write amounts.
    #[default]
    Words,
    /// Minor units: programs.
    Minor,
}

/// A document as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct PublishForm {
    pub kind: String,
    pub provider: String,
    pub number: String,
    pub period_from: String,
    pub period_until: String,
    pub issued_on: String,
    pub due_on: String,
    pub currency: String,
    pub total: String,
    pub unit: Unit,
    /// The number of the document that this one corrects.
    pub corrects: String,
}

/// A document as it was meant.
#[derive(Clone, Debug)]
pub struct Meant {
    new: NewDocument,
    corrects: String,
}

impl PublishForm {
    /// Reads what was typed; `today` is when it is issued where nothing is said.
    ///
    /// # Errors
    /// Words for each field that is wrong.
    pub fn validate(&self, source: Source, today: NaiveDate, t: &Texts) -> Result<Meant, Faults> {
        let mut faults = Faults::default();
        let kind = Kind::parse(self.kind.trim()).ok_or_else(|| t.msg_doc_fault_kind());
        let kind = faults.keep("kind", kind);
        let provider = text::optional_line(&self.provider, NAME_CHARS_MAX);
        let provider = faults.keep("provider", provider.map_err(|error| worded(&error, t)));
        let number = text::line(&self.number, NAME_CHARS_MAX);
        let number = faults.keep("number", number.map_err(|error| worded(&error, t)));
        let mut day = |field, typed: &str, default| match typed.trim() {
            "" => match default {
                Some(default) => Some(default),
                None => faults.keep(field, Err(t.msg_doc_fault_day_missing())),
            },
            typed => faults.keep(field, read_day(typed).ok_or_else(|| t.msg_fault_day())),
        };
        let period_from = day("period_from", &self.period_from, None);
        let period_until = day("period_until", &self.period_until, None);
        let issued_on = day("issued_on", &self.issued_on, Some(today));
        let due_on = match self.due_on.trim() {
            "" => None,
            typed => day("due_on", typed, None),
        };
        let currency = Currency::parse(self.currency.trim());
        let currency = faults.keep("currency", currency.ok_or_else(|| t.msg_fault_currency()));
        let total = currency.and_then(|currency| faults.keep("total", self.money(currency, t)));
        match (kind, provider, number, period_from, period_until, issued_on, total) {
            (
                Some(kind),
                Some(provider),
                Some(number),
                Some(period_from),
                Some(period_until),
                Some(issued_on),
                Some(total),
            ) if faults.is_empty() => Ok(Meant {
                new: NewDocument {
                    kind,
                    provider,
                    number,
                    period_from,
                    period_until,
                    issued_on,
                    due_on,
                    total,
                    corrects: None,
                    source,
                },
                corrects: self.corrects.trim().to_owned(),
            }),
            _ => Err(faults),
        }
    }

    fn money(&self, currency: Currency, t: &Texts) -> Result<Money, String> {
        if self.unit == Unit::Minor {
            let minor = self.total.trim().parse().map_err(|_| t.msg_doc_fault_total_minor())?;
            return Ok(Money::new(minor, currency));
        }
        Money::parse_signed(&self.total, currency, NewDocument::TOTAL_MINOR_MAX).map_err(|error| {
            match error {
                MoneyError::Ambiguous => t.msg_amount_ambiguous(),
                MoneyError::TooManyDecimals => t.msg_doc_fault_total_decimals(currency.code()),
                MoneyError::TooLarge => t.msg_doc_fault_total_large(),
                MoneyError::NotAnAmount | MoneyError::NotPositive => t.msg_doc_fault_total(),
            }
        })
    }
}

impl Meant {
    /// Publishes it with its bytes, inside a transaction. A number that it corrects is looked up among
    /// the documents of the same provider.
    pub fn publish(
        mut self,
        conn: &mut PgConnection,
        scope: MerchantScope,
        writer: &Writer,
        kept: &Kept,
    ) -> Result<Published, Error> {
        if !self.corrects.is_empty() {
            match queries::by_number(conn, scope, &self.new.provider, &self.corrects)? {
                Some(old) => self.new.corrects = Some(old.id),
                None => return Ok(Published::Refused(Refusal::CorrectsUnknown)),
            }
        }
        publish(conn, scope, writer, &self.new, kept)
    }

    /// What is wrong with it as far as it shows before its bytes are kept.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.new.refusal()
    }
}

/// Why a document can't be published: the field that it is about, and words.
pub fn refusal(refusal: Refusal, t: &Texts) -> (&'static str, String) {
    match refusal {
        Refusal::EmptyFile => ("file", t.msg_doc_fault_file_empty()),
        Refusal::TooLarge => ("file", t.msg_doc_fault_file_large(OBJECT_BYTES_MAX / 1024 / 1024)),
        Refusal::NotAPdf => ("file", t.msg_doc_fault_file_not_pdf()),
        Refusal::NumberTaken => ("number", t.msg_doc_fault_number_taken()),
        Refusal::PeriodReversed => ("period_until", t.msg_doc_fault_period_reversed()),
        Refusal::DueBeforeIssued => ("due_on", t.msg_doc_fault_due_before_issued()),
        Refusal::TotalTooLarge => ("total", t.msg_doc_fault_total_large()),
        Refusal::CorrectsUnknown => ("corrects", t.msg_doc_fault_corrects_unknown()),
        Refusal::CorrectsCancelled => ("corrects", t.msg_doc_fault_corrects_cancelled()),
    }
}

/// A day as ISO 8601 writes it, of an age that documents have.
fn read_day(typed: &str) -> Option<NaiveDate> {
    let known = NaiveDate::from_ymd_opt(1990, 1, 1)?..=NaiveDate::from_ymd_opt(2199, 12, 31)?;
    typed.parse().ok().filter(|day| typed.len() == 10 && known.contains(day))
}

fn worded(error: &TextError, t: &Texts) -> String {
    if *error == TextError::Empty { t.msg_doc_fault_number_missing() } else { text_fault(error, t) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    type Spoil = fn(&mut PublishForm);

    fn good() -> PublishForm {
        PublishForm {
            kind: "invoice".to_owned(),
            number: " FT-1 ".to_owned(),
            period_from: "2026-10-01".to_owned(),
            period_until: "2026-10-31".to_owned(),
            currency: "EUR".to_owned(),
            total: "-177,16".to_owned(),
            ..PublishForm::default()
        }
    }

    fn faults(form: &PublishForm) -> Vec<&'static str> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let faults = form.validate(Source::Page, today, Lang::En.texts()).unwrap_err();
        faults.each().map(|(field, _)| field).collect()
    }

    #[test]
    fn what_was_typed_is_what_was_meant() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let meant = good().validate(Source::Page, today, Lang::En.texts()).unwrap();
        assert_eq!(meant.new.number, "FT-1");
        assert_eq!((meant.new.total.minor, meant.new.issued_on), (-17_716, today));
        assert_eq!((meant.new.due_on, meant.refusal()), (None, None));
    }

    #[test]
    fn each_field_that_is_wrong_is_named() {
        assert_eq!(
            faults(&PublishForm::default()),
            ["kind", "number", "period_from", "period_until", "currency"]
        );
        let wrong: [(&str, Spoil); 7] = [
            ("kind", |form| form.kind = "bill".to_owned()),
            ("number", |form| form.number = "x".repeat(61)),
            ("period_from", |form| form.period_from = "2026-02-30".to_owned()),
            ("due_on", |form| form.due_on = "soon".to_owned()),
            ("currency", |form| form.currency = "XXX".to_owned()),
            ("total", |form| form.total = "1.234".to_owned()),
            ("provider", |form| form.provider = "a\u{202e}b".to_owned()),
        ];
        for (field, spoil) in wrong {
            let mut form = good();
            spoil(&mut form);
            assert_eq!(faults(&form), [field]);
        }
    }

    #[test]
    fn a_total_in_minor_units_is_a_whole_number() {
        let mut form = PublishForm { unit: Unit::Minor, total: "31244".to_owned(), ..good() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let meant = form.validate(Source::Api, today, Lang::En.texts()).unwrap();
        assert_eq!(meant.new.total.minor, 31_244);
        form.total = "312.44".to_owned();
        assert_eq!(faults(&form), ["total"]);
    }
}
