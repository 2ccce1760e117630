//! Conditions, what a period came to under them, and how it is summed up. Pure; integers only.
//!
//! Rounding: a percentage is taken of the sum of its line, never of single transactions, and rounded to
//! the minor unit, halves up. Tax is taken once, of the sum of the fees, and rounded the same way.

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::schema::{conditions, providers};
use crate::kernel::{ConditionsId, Currency, Error, Money};
use crate::settlement::{Operation, Period, Way};

/// What a financial provider takes for a merchant's transactions in one currency. Amounts in minor
/// units, percentages in basis points (a hundredth of a percent).
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = conditions)]
pub struct Conditions {
    pub id: ConditionsId,
    pub provider: String,
    #[diesel(column_name = currency)]
    pub currency_code: String,
    /// A day in the merchant's zone.
    pub valid_from: NaiveDate,
    /// Of what customers paid.
    pub percent_bp: i32,
    pub per_sale_minor: i64,
    pub per_refund_minor: i64,
    pub per_chargeback_minor: i64,
    /// Of the sum of the fees.
    pub tax_bp: i32,
    /// Kept of what customers paid, and given back after so many days.
    pub holdback_bp: i32,
    pub holdback_days: i32,
    /// From the invoice's day to the day on which it is due.
    pub due_days: i32,
}

impl Conditions {
    #[must_use]
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.currency_code).unwrap_or(Currency::EUR)
    }

    /// The ones that a period is summed up by, of those of one provider and currency: what held on its
    /// first day, so that a merchant knows beforehand; for a new merchant what began within it.
    #[must_use]
    pub fn of_period(all: &[Self], period: Period) -> Option<&Self> {
        let before = all.iter().filter(|one| one.valid_from <= period.from);
        let within = || {
            all.iter().filter(|one| one.valid_from <= period.until).min_by_key(|one| one.valid_from)
        };
        before.max_by_key(|one| one.valid_from).or_else(within)
    }

    /// The day on which a holdback of a period is given back.
    #[must_use]
    pub fn release_on(&self, period: Period) -> NaiveDate {
        days_after(period.until, self.holdback_days)
    }

    #[must_use]
    pub fn due_on(&self, period: Period) -> NaiveDate {
        days_after(period.next_day(), self.due_days)
    }
}

fn days_after(day: NaiveDate, days: i32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or(day)
}

/// Who stands on an invoice: its issuer, or the merchant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = providers)]
pub struct Party {
    pub legal_name: String,
    pub address: String,
    /// Empty: none is known.
    pub tax_number: String,
}

/// A financial provider, as it stands on invoices.
#[derive(Clone, Debug, Insertable, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = providers)]
pub struct Provider {
    /// By which conditions and originators name it; never changed.
    pub name: String,
    pub legal_name: String,
    /// As many lines as it needs; may be empty.
    pub address: String,
    pub tax_number: String,
}

/// The transactions of an originator that did the same, in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub originator: String,
    pub operation: Operation,
    pub count: i64,
    /// Never negative; the operation says which way it went.
    pub amount_minor: i64,
}

impl Movement {
    /// What it adds to the merchant's money.
    #[must_use]
    pub fn signed_minor(&self) -> i64 {
        match self.operation.way() {
            Way::In => self.amount_minor,
            Way::Out => -self.amount_minor,
            Way::Nowhere => 0,
        }
    }
}

/// Kept of the period's sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub rate_bp: i32,
    pub amount_minor: i64,
    pub release_on: NaiveDate,
}

/// Kept of an earlier period, and given back in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    pub period_from: NaiveDate,
    pub period_until: NaiveDate,
    pub amount_minor: i64,
}

/// What a fee is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    Percent,
    PerSale,
    PerRefund,
    PerChargeback,
}

impl FeeKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::PerSale => "per_sale",
            Self::PerRefund => "per_refund",
            Self::PerChargeback => "per_chargeback",
        }
    }
}

/// A line of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    pub kind: FeeKind,
    pub count: i64,
    /// What the percentage was taken of; 0 for fees by the piece.
    pub base_minor: i64,
    pub rate_bp: i32,
    /// The price of one piece; 0 for percentages.
    pub each_minor: i64,
    pub amount_minor: i64,
}

/// What a period came to, with one provider and in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub movements: Vec<Movement>,
    pub kept: Option<Kept>,
    pub released: Vec<Released>,
    pub fees: Vec<Fee>,
    pub tax_bp: i32,
    pub tax_minor: i64,
    /// *Total statement*: what moved, less what is kept, and what is given back.
    pub statement_minor: i64,
    /// *Total invoice*: fees and tax.
    pub invoice_minor: i64,
    /// *Total to receive*: statement less invoice; negative where the merchant pays.
    pub receive_minor: i64,
}

impl Figures {
    #[must_use]
    pub fn fees_minor(&self) -> i64 {
        self.fees.iter().map(|fee| fee.amount_minor).sum()
    }
}

/// Everything that a statement's document shows, as it was when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub issuer: Party,
    pub merchant: Party,
    pub figures: Figures,
}

/// A statement as it stands.
#[derive(Clone, Debug)]
pub struct Statement {
    pub number: String,
    pub provider: String,
    pub currency: Currency,
    pub period: Period,
    pub issued_on: NaiveDate,
    pub due_on: NaiveDate,
    pub content: Content,
}

impl Statement {
    #[must_use]
    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    #[must_use]
    pub const fn to_receive(&self) -> Money {
        self.money(self.content.figures.receive_minor)
    }
}

/// A share of an amount that is not negative, in basis points, halves up.
fn share(minor: i64, basis_points: i32) -> Result<i64, Error> {
    let exact = i128::from(minor) * i128::from(basis_points);
    i64::try_from((exact + 5_000).div_euclid(10_000)).map_err(Error::internal)
}

fn add(sum: i64, more: i64) -> Result<i64, Error> {
    sum.checked_add(more).ok_or_else(|| Error::internal("a sum is too large"))
}

fn total(amounts: impl Iterator<Item = i64>) -> Result<i64, Error> {
    let mut amounts = amounts;
    amounts.try_fold(0, add)
}

/// Sums up a period.
///
/// # Errors
/// [`Error::Internal`] where a sum leaves the range of 64 bits.
pub fn sum_up(
    movements: Vec<Movement>,
    released: Vec<Released>,
    conditions: &Conditions,
    period: Period,
) -> Result<Figures, Error> {
    let of = |wanted: fn(Operation) -> bool| -> Result<(i64, i64), Error> {
        let found = || movements.iter().filter(|movement| wanted(movement.operation));
        let count = total(found().map(|movement| movement.count))?;
        Ok((count, total(found().map(|movement| movement.amount_minor))?))
    };
    let (sales, sales_minor) = of(Operation::is_sale)?;
    let (refunds, _) = of(|operation| operation == Operation::Refund)?;
    let (chargebacks, _) = of(|operation| operation == Operation::Chargeback)?;
    let kept_minor = share(sales_minor, conditions.holdback_bp)?;
    let kept = (kept_minor > 0).then(|| Kept {
        rate_bp: conditions.holdback_bp,
        amount_minor: kept_minor,
        release_on: conditions.release_on(period),
    });
    let percent = Fee {
        kind: FeeKind::Percent,
        count: sales,
        base_minor: sales_minor,
        rate_bp: conditions.percent_bp,
        each_minor: 0,
        amount_minor: share(sales_minor, conditions.percent_bp)?,
    };
    let mut fees = vec![percent];
    for (kind, count, each_minor) in [
        (FeeKind::PerSale, sales, conditions.per_sale_minor),
        (FeeKind::PerRefund, refunds, conditions.per_refund_minor),
        (FeeKind::PerChargeback, chargebacks, conditions.per_chargeback_minor),
    ] {
        let amount_minor =
            count.checked_mul(each_minor).ok_or_else(|| Error::internal("a fee is too large"))?;
        fees.push(Fee { kind, count, base_minor: 0, rate_bp: 0, each_minor, amount_minor });
    }
    fees.retain(|fee| fee.amount_minor > 0);
    let net = total(fees.iter().map(|fee| fee.amount_minor))?;
    let tax_minor = share(net, conditions.tax_bp)?;
    let invoice_minor = add(net, tax_minor)?;
    let moved = total(movements.iter().map(Movement::signed_minor))?;
    let given_back = total(released.iter().map(|one| one.amount_minor))?;
    let statement_minor = add(add(moved, -kept_minor)?, given_back)?;
    let receive_minor = add(statement_minor, -invoice_minor)?;
    Ok(Figures {
        movements,
        kept,
        released,
        fees,
        tax_bp: conditions.tax_bp,
        tax_minor,
        statement_minor,
        invoice_minor,
        receive_minor,
    })
}

#[cfg(test)]
mod tests;
