//! Rows as the create form would take them: its own validation, in its own words; and what only shows
//! when all rows lie side by side.

use std::collections::{BTreeMap, HashSet};

use chrono::{Duration, NaiveDate};

use super::columns::{Cells, Column};
use super::model::{Reason, Settings};
use crate::email_payments::making::{Context, CreateForm, Draft};
use crate::kernel::{Currency, Lang, Money, Texts};

/// One row, looked at.
#[derive(Debug)]
pub struct Checked {
    pub number: i32,
    pub cells: Cells,
    /// What would be made of it.
    pub draft: Option<Draft>,
    /// What is wrong with its cells: column and words.
    pub faults: Vec<(Column, String)>,
    /// Set where it is left out.
    pub reason: Option<Reason>,
    /// It has the address and amount of another one.
    pub is_repeated: bool,
}

/// Payments that are there already, as far as rows may repeat them.
#[derive(Debug, Default)]
pub struct Known {
    pub order_ids: HashSet<String>,
    /// Address in small letters, amount, currency.
    pub recent: HashSet<(String, i64, String)>,
}

/// What all rows come to.
#[derive(Debug, Default)]
pub struct Report {
    pub rows: Vec<Checked>,
}

impl Checked {
    /// The amount as typed, in whichever column.
    #[must_use]
    pub fn shown_amount(&self) -> String {
        let amount = self.cells.shown(Column::Amount);
        if amount.is_empty() { self.cells.shown(Column::AmountMinor) } else { amount }
    }
}

impl Report {
    /// What would be made.
    pub fn good(&self) -> impl Iterator<Item = (&Checked, &Draft)> {
        let good = self.rows.iter().filter(|row| row.reason.is_none());
        good.filter_map(|row| row.draft.as_ref().map(|draft| (row, draft)))
    }

    /// What would be left out.
    pub fn left_out(&self) -> impl Iterator<Item = (&Checked, Reason)> {
        self.rows.iter().filter_map(|row| row.reason.map(|reason| (row, reason)))
    }

    pub fn count_of(&self, wanted: Reason) -> usize {
        self.left_out().filter(|(_, reason)| *reason == wanted).count()
    }

    /// The sums of what would be made, one for each currency, with their counts.
    #[must_use]
    pub fn totals(&self) -> Vec<(Money, usize)> {
        let mut totals: BTreeMap<&str, (Money, usize)> = BTreeMap::new();
        for (_, draft) in self.good() {
            let currency = draft.amount.currency;
            let (sum, count) =
                totals.entry(currency.code()).or_insert((Money::new(0, currency), 0));
            sum.minor += draft.amount.minor;
            *count += 1;
        }
        totals.into_values().collect()
    }
}

/// Each row by itself.
pub fn each(rows: Vec<(i32, Cells)>, settings: &Settings, context: &Context<'_>) -> Vec<Checked> {
    rows.into_iter().map(|(number, cells)| one(number, cells, settings, context)).collect()
}

/// All rows side by side: order IDs given twice or taken, addresses and amounts that repeat.
pub fn side_by_side(mut rows: Vec<Checked>, known: &Known, settings: &Settings) -> Report {
    let (mut order_ids, mut seen) = (HashSet::new(), HashSet::new());
    for row in &mut rows {
        let Some(draft) = &row.draft else { continue };
        let money = (draft.amount.minor, draft.amount.currency.code().to_owned());
        let key = (draft.customer_email.as_str().to_lowercase(), money.0, money.1);
        if !draft.is_proposal && known.order_ids.contains(&draft.order_id) {
            row.reason = Some(Reason::OrderIdTaken);
        } else if !draft.is_proposal && order_ids.contains(&draft.order_id) {
            row.reason = Some(Reason::OrderIdTwice);
        } else {
            row.is_repeated = known.recent.contains(&key) || seen.contains(&key);
            if row.is_repeated && !settings.with_repeats {
                row.reason = Some(Reason::Repeated);
            }
        }
        if row.reason.is_none() {
            order_ids.insert(draft.order_id.clone());
            seen.insert(key);
        }
    }
    Report { rows }
}

/// One row, through the form.
pub fn one(number: i32, cells: Cells, settings: &Settings, context: &Context<'_>) -> Checked {
    let t = context.lang.texts();
    let mut faults = Vec::new();
    let mut draft = None;
    match form(&cells, settings, context).validate(context) {
        Ok(good) => draft = Some(good),
        Err(found) => {
            for (field, words) in found.each() {
                let column = Column::of_field(field).unwrap_or(Column::CustomerEmail);
                faults.push((column, in_a_file(column, &cells, words, t)));
            }
        }
    }
    if cells.is_longer {
        // Most likely a separator inside a cell: what the other cells say can't be trusted.
        faults = vec![(Column::CustomerEmail, t.msg_imports_row_is_longer())];
        draft = None;
    }
    let reason = draft.is_none().then_some(Reason::Faulty);
    Checked { number, cells, draft, faults, reason, is_repeated: false }
}

/// The cells as if they had been typed into the form, with what counts where they are empty.
fn form(cells: &Cells, settings: &Settings, context: &Context<'_>) -> CreateForm {
    let merchant = context.merchant;
    let or = |column, default: String| match cells.get(column) {
        "" => default,
        typed => typed.to_owned(),
    };
    let currency = or(Column::Currency, settings.currency.clone()).to_uppercase();
    let originator = originator(cells, settings, context);
    let last_day = if settings.usual_validity {
        context.usual_last_day(&originator)
    } else {
        (context.now + Duration::days(settings.valid_days.into()))
            .with_timezone(&merchant.zone())
            .date_naive()
    };
    let (order_id, proposed_order_id) = match cells.get(Column::OrderId) {
        "" => {
            let next = merchant.order_id(merchant.next_order_number, context.now);
            (next.clone(), next)
        }
        typed => (typed.to_owned(), String::new()),
    };
    CreateForm {
        originator,
        customer_name: cells.get(Column::CustomerName).to_owned(),
        customer_email: cells.get(Column::CustomerEmail).to_owned(),
        language: language(&or(Column::Language, settings.language.code().to_owned())),
        amount: amount(cells, &currency),
        currency,
        order_id,
        proposed_order_id,
        description: cells.get(Column::Description).to_owned(),
        message: cells.get(Column::Message).to_owned(),
        expires_on: day(&or(Column::ExpiresOn, last_day.to_string())),
        ..CreateForm::default()
    }
}

/// An originator by its name, or by its id as in the API.
fn originator(cells: &Cells, settings: &Settings, context: &Context<'_>) -> String {
    let typed = cells.get(Column::Originator);
    if typed.is_empty() {
        return settings.originator_id.map(|id| id.to_string()).unwrap_or_default();
    }
    let (mut originators, id) = (context.originators.iter(), typed.parse().ok());
    let named = originators
        .find(|one| one.name.to_lowercase() == typed.to_lowercase() || Some(one.id) == id);
    named.map_or_else(|| typed.to_owned(), |one| one.id.to_string())
}

/// A language by its code, or by its own name for itself.
fn language(typed: &str) -> String {
    let wanted = typed.to_lowercase();
    let named = Lang::ALL.into_iter().find(|lang| lang.name().to_lowercase() == wanted);
    named.map_or_else(|| typed.to_owned(), |lang| lang.code().to_owned())
}

/// The amount as typed; minor units as the form would want them.
fn amount(cells: &Cells, currency: &str) -> String {
    let minor = cells.get(Column::AmountMinor);
    if minor.is_empty() {
        return cells.get(Column::Amount).to_owned();
    }
    let money = minor.parse().ok().zip(Currency::parse(currency));
    money.map_or_else(
        || minor.to_owned(),
        |(minor, currency)| Money::new(minor, currency).for_field(Lang::En),
    )
}

/// A day as 2026-12-31; spreadsheets save it as 31/12/2026 or 31.12.2026 in each of our languages.
fn day(typed: &str) -> String {
    let parts: Vec<&str> = typed.split(['/', '.']).collect();
    let [day, month, year] = parts[..] else { return typed.to_owned() };
    let numbers = (day.parse().ok(), month.parse().ok(), year.parse().ok());
    let (Some(day), Some(month), Some(year), 4) = (numbers.0, numbers.1, numbers.2, year.len())
    else {
        return typed.to_owned();
    };
    let day = NaiveDate::from_ymd_opt(year, month, day);
    day.map_or_else(|| typed.to_owned(), |day| day.to_string())
}

/// The form's words, but where they speak of choosing: in a file one writes.
fn in_a_file(column: Column, cells: &Cells, words: &str, t: &Texts) -> String {
    let is_typed = !cells.get(column).is_empty();
    match column {
        Column::ExpiresOn if day(cells.get(column)).parse::<NaiveDate>().is_err() => {
            t.msg_imports_day_unreadable()
        }
        Column::Language if is_typed => t.msg_imports_language_unknown(),
        Column::Originator if is_typed => t.msg_imports_originator_unknown(),
        Column::CustomerEmail
        | Column::CustomerName
        | Column::Amount
        | Column::AmountMinor
        | Column::Currency
        | Column::OrderId
        | Column::Description
        | Column::Message
        | Column::Language
        | Column::ExpiresOn
        | Column::Originator => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_spreadsheets_save_it() {
        for (typed, read) in [
            ("2026-12-31", "2026-12-31"),
            ("31/12/2026", "2026-12-31"),
            ("1.2.2027", "2027-02-01"),
            ("2026/12/31", "2026/12/31"),
            ("31/12/26", "31/12/26"),
            ("31/02/2027", "31/02/2027"),
            ("soon", "soon"),
        ] {
            assert_eq!(day(typed), read);
        }
    }

    #[test]
    fn a_language_is_known_by_code_and_by_name() {
        for (typed, code) in [("it", "it"), ("ITALIANO", "it"), ("Français", "fr"), ("de", "de")] {
            assert_eq!(language(typed), code);
        }
    }

    #[test]
    fn minor_units_become_what_the_form_reads_back_as_the_same_amount() {
        for (minor, currency, money) in
            [("183000", "EUR", 183_000), ("1830", "JPY", 1_830), ("1234567", "KWD", 1_234_567)]
        {
            let mut cells = Cells::default();
            cells.set(Column::AmountMinor, minor);
            let currency = Currency::parse(currency).unwrap();
            let read = Money::parse(&amount(&cells, currency.code()), currency).unwrap();
            assert_eq!(read.minor, money);
        }
    }
}
