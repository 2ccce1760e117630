//! What was typed about conditions and providers → what was meant.

use chrono::NaiveDate;
use serde::Deserialize;

use super::commands::NewConditions;
use super::model::Provider;
use crate::kernel::text::{self, TextError};
use crate::kernel::{Currency, Lang, Money, Texts, dates};
use crate::web::{Faults, long_reason, text_fault};

/// What one piece may cost, in minor units.
const EACH_MINOR_MAX: i64 = 99_999_999;
const HOLDBACK_DAYS_MAX: i32 = 730;
const DUE_DAYS_MAX: i32 = 90;
const PROVIDER_NAME_CHARS_MAX: usize = 60;
const LEGAL_NAME_CHARS_MAX: usize = 200;
const ADDRESS_CHARS_MAX: usize = 300;
const TAX_NUMBER_CHARS_MAX: usize = 40;

/// Conditions as somebody typed them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConditionsForm {
    pub provider: String,
    pub currency: String,
    pub valid_from: String,
    pub percent: String,
    pub per_sale: String,
    pub per_refund: String,
    pub per_chargeback: String,
    pub tax: String,
    pub holdback: String,
    pub holdback_days: String,
    pub due_days: String,
    pub reason: String,
}

/// What is known about the merchant and the providers.
pub struct Ground<'a> {
    pub providers: &'a [String],
    /// The first day that is not summed up yet.
    pub first_day: Option<NaiveDate>,
    pub lang: Lang,
}

impl ConditionsForm {
    /// # Errors
    /// Words for each field that is wrong.
    pub fn validate(&self, ground: &Ground<'_>) -> Result<NewConditions, Faults> {
        let t = ground.lang.texts();
        let mut faults = Faults::default();
        let provider = ground.providers.iter().find(|name| **name == self.provider);
        let provider = faults.keep("provider", provider.ok_or_else(|| t.msg_cond_fault_provider()));
        let currency = Currency::parse(self.currency.trim());
        let currency = faults.keep("currency", currency.ok_or_else(|| t.msg_fault_currency()));
        let valid_from = faults.keep("valid_from", self.first_day(ground));
        let mut percent = |field, typed: &str| {
            faults.keep(field, read_percent(typed).ok_or_else(|| t.msg_cond_fault_percent()))
        };
        let percent_bp = percent("percent", &self.percent);
        let tax_bp = percent("tax", &self.tax);
        let holdback_bp = percent("holdback", &self.holdback);
        let mut amount = |field, typed: &str| {
            // Without a currency its decimals are not known: the field above says so.
            let money = Money::parse_signed(typed, currency?, EACH_MINOR_MAX);
            let minor = money.ok().map(|money| money.minor).filter(|minor| *minor >= 0);
            faults.keep(field, minor.ok_or_else(|| t.msg_cond_fault_amount()))
        };
        let per_sale_minor = amount("per_sale", &self.per_sale);
        let per_refund_minor = amount("per_refund", &self.per_refund);
        let per_chargeback_minor = amount("per_chargeback", &self.per_chargeback);
        let mut days = |field, typed: &str, most: i32| {
            let days = typed.trim().parse().ok().filter(|days| (0..=most).contains(days));
            faults.keep(field, days.ok_or_else(|| t.msg_cond_fault_days(most.to_string())))
        };
        let holdback_days = days("holdback_days", &self.holdback_days, HOLDBACK_DAYS_MAX);
        let due_days = days("due_days", &self.due_days, DUE_DAYS_MAX);
        let reason = faults.keep("reason", long_reason(&self.reason, t));
        let meant = || {
            Some(NewConditions {
                provider: provider?.clone(),
                currency: currency?,
                valid_from: valid_from?,
                percent_bp: percent_bp?,
                per_sale_minor: per_sale_minor?,
                per_refund_minor: per_refund_minor?,
                per_chargeback_minor: per_chargeback_minor?,
                tax_bp: tax_bp?,
                holdback_bp: holdback_bp?,
                holdback_days: holdback_days?,
                due_days: due_days?,
                reason: reason?,
            })
        };
        meant().ok_or(faults)
    }

    /// The day from which they hold: nothing that is summed up already is told otherwise afterwards.
    fn first_day(&self, ground: &Ground<'_>) -> Result<NaiveDate, String> {
        let t = ground.lang.texts();
        let typed = self.valid_from.trim();
        let day: NaiveDate = typed.parse().map_err(|_| t.msg_fault_day())?;
        match ground.first_day {
            Some(first) if day < first => {
                Err(t.msg_cond_fault_early(dates::plain_day(first, ground.lang)))
            }
            _ => Ok(day),
        }
    }
}

/// A provider as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderForm {
    /// The one that is changed; empty: a new one.
    pub known: String,
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub tax_number: String,
}

impl ProviderForm {
    /// What is to be changed, as it stands.
    pub fn of(provider: &Provider) -> Self {
        let Provider { name, legal_name, address, tax_number } = provider.clone();
        Self { known: name.clone(), name, legal_name, address, tax_number }
    }

    /// # Errors
    /// Words for each field that is wrong.
    pub fn validate(&self, t: &Texts) -> Result<Provider, Faults> {
        let mut faults = Faults::default();
        let typed = if self.known.is_empty() { &self.name } else { &self.known };
        let mut needed = |field, typed: &str, most, missing: String| {
            let read = text::line(typed, most).map_err(|error| {
                if error == TextError::Empty { missing } else { text_fault(&error, t) }
            });
            faults.keep(field, read)
        };
        let name = needed("name", typed, PROVIDER_NAME_CHARS_MAX, t.msg_prov_fault_name());
        let legal = t.msg_prov_fault_legal_name();
        let legal_name = needed("legal_name", &self.legal_name, LEGAL_NAME_CHARS_MAX, legal);
        let address = text::lines(&self.address, ADDRESS_CHARS_MAX);
        let address = faults.keep("address", address.map_err(|error| text_fault(&error, t)));
        let number = text::optional_line(&self.tax_number, TAX_NUMBER_CHARS_MAX);
        let tax_number = faults.keep("tax_number", number.map_err(|error| text_fault(&error, t)));
        let meant = || {
            Some(Provider {
                name: name?,
                legal_name: legal_name?,
                address: address?,
                tax_number: tax_number?,
            })
        };
        meant().ok_or(faults)
    }
}

/// Per cent with at most two decimals, as basis points: `1,4`, `1.40`, `20`, `0.25 %`.
fn read_percent(typed: &str) -> Option<i32> {
    let typed = typed.trim().trim_end_matches('%').trim_end();
    let (whole, rest) = typed.split_once(['.', ',']).unwrap_or((typed, "0"));
    let digits = |text: &str, most| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(rest, 2) {
        return None;
    }
    let basis_points: i32 = format!("{whole}{rest:0<2}").parse().ok()?;
    (basis_points <= 10_000).then_some(basis_points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> ConditionsForm {
        let text = str::to_owned;
        ConditionsForm {
            provider: text("PayXpert"),
            currency: text("EUR"),
            valid_from: text("2026-12-01"),
            percent: text("1,4"),
            per_sale: text("0,20"),
            per_refund: text("0.50"),
            per_chargeback: text("25"),
            tax: text("20 %"),
            holdback: text("0"),
            holdback_days: text("0"),
            due_days: text("10"),
            reason: text("As agreed"),
        }
    }

    fn validate(form: &ConditionsForm) -> Result<NewConditions, Vec<&'static str>> {
        let providers = ["PayXpert".to_owned()];
        let first_day = NaiveDate::from_ymd_opt(2026, 11, 1);
        let ground = Ground { providers: &providers, first_day, lang: Lang::En };
        form.validate(&ground).map_err(|faults| faults.each().map(|(field, _)| field).collect())
    }

    #[test]
    fn what_was_typed_is_what_was_meant() {
        let new = validate(&good()).unwrap();
        assert_eq!((new.percent_bp, new.tax_bp, new.holdback_bp), (140, 2_000, 0));
        assert_eq!(
            (new.per_sale_minor, new.per_refund_minor, new.per_chargeback_minor),
            (20, 50, 2_500)
        );
    }

    #[test]
    fn each_field_that_is_wrong_is_named() {
        type Spoil = fn(&mut ConditionsForm);
        let wrong: [(&str, Spoil); 9] = [
            ("provider", |form| form.provider = "Other".to_owned()),
            ("currency", |form| form.currency = "XXX".to_owned()),
            ("valid_from", |form| form.valid_from = "2026-10-31".to_owned()),
            ("percent", |form| form.percent = "1.405".to_owned()),
            ("tax", |form| form.tax = "100,01".to_owned()),
            ("per_sale", |form| form.per_sale = "-1".to_owned()),
            ("holdback_days", |form| form.holdback_days = "731".to_owned()),
            ("due_days", |form| form.due_days = "soon".to_owned()),
            ("reason", |form| form.reason = " ".to_owned()),
        ];
        for (field, spoil) in wrong {
            let mut form = good();
            spoil(&mut form);
            assert_eq!(validate(&form).unwrap_err(), [field]);
        }
    }
}
