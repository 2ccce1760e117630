//! The list's question: query string ⇄ filter form ⇄ WHERE.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};

use super::model::{Delivery, Status};
use crate::auth::MerchantScope;
use crate::db::schema::email_payments;
use crate::kernel::{Currency, Cursor, Direction, Money, MoneyError, PageSize, Texts, dates};
use crate::web::{Faults, Query};

/// Which of the two tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    #[default]
    All,
    Current,
    Past,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::All, Self::Current, Self::Past];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Current => "current",
            Self::Past => "past",
        }
    }

    fn statuses(self) -> Vec<Status> {
        let of = |is_current| {
            Status::ALL.iter().copied().filter(|s| s.is_current() == is_current).collect()
        };
        match self {
            Self::All => Vec::new(),
            Self::Current => of(true),
            Self::Past => of(false),
        }
    }
}

/// What was asked, and what of it could be read. A value that can't be read narrows nothing and is
/// told at its field.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub group: Group,
    pub search: Option<String>,
    pub statuses: Vec<Status>,
    pub deliveries: Vec<Delivery>,
    pub created_from: Option<NaiveDate>,
    pub created_to: Option<NaiveDate>,
    pub amount_min: Option<String>,
    pub amount_max: Option<String>,
    pub currency: Option<Currency>,
    pub size: PageSize,
    pub direction: Option<Direction>,
    minor_min: Option<i64>,
    minor_max: Option<i64>,
    zone: Option<Tz>,
}

type Condition = Box<dyn BoxableExpression<email_payments::table, Pg, SqlType = Bool>>;

/// Below this many characters a trigram index does not help: only order IDs are searched, from
/// their beginning.
pub const SEARCH_ANYWHERE_FROM: usize = 3;

/// What is searched for: one line, without characters that no column holds.
fn searched(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(100).collect()
}

impl Filter {
    /// Reads a query string; `zone` says when a day begins.
    pub fn read(query: &Query, zone: Tz, t: &Texts) -> (Self, Faults) {
        let mut faults = Faults::default();
        let mut filter = Self {
            zone: Some(zone),
            search: query.one("q").map(searched).filter(|text| !text.is_empty()),
            amount_min: query.one("amount_min").map(str::to_owned),
            amount_max: query.one("amount_max").map(str::to_owned),
            ..Self::default()
        };
        filter.group = match query.one("group") {
            Some("current") => Group::Current,
            Some("past") => Group::Past,
            None => Group::All,
            Some(other) => {
                faults.keep("group", Err(t.msg_filter_unknown_value(other))).unwrap_or_default()
            }
        };
        for word in query.all("status") {
            filter.statuses.extend(faults.keep(
                "status",
                Status::parse(word).ok_or_else(|| t.msg_filter_unknown_value(word)),
            ));
        }
        for word in query.all("delivery") {
            filter.deliveries.extend(faults.keep(
                "delivery",
                Delivery::parse(word).ok_or_else(|| t.msg_filter_unknown_value(word)),
            ));
        }
        filter.created_from = day(query, "created_from", t, &mut faults);
        filter.created_to = day(query, "created_to", t, &mut faults);
        filter.currency = query.one("currency").and_then(|code| {
            faults.keep(
                "currency",
                Currency::parse(code).ok_or_else(|| t.msg_filter_unknown_value(code)),
            )
        });
        filter.minor_min = filter.minor("amount_min", t, &mut faults);
        filter.minor_max = filter.minor("amount_max", t, &mut faults);
        if let Some(size) = query.one("size") {
            filter.size = faults
                .keep("size", PageSize::parse(size).ok_or_else(|| t.msg_filter_unknown_value(size)))
                .unwrap_or_default();
        }
        filter.direction = direction(query, t, &mut faults);
        (filter, faults)
    }

    /// The amount of a field in minor units. Amounts are compared in one currency's minor units, so
    /// that without a chosen currency the one with two decimals is meant.
    fn minor(&self, field: &'static str, t: &Texts, faults: &mut Faults) -> Option<i64> {
        let typed = if field == "amount_min" {
            self.amount_min.as_deref()
        } else {
            self.amount_max.as_deref()
        }?;
        let currency = self.currency.unwrap_or(Currency::EUR);
        let parsed = match Money::parse(typed, currency) {
            Ok(money) => Ok(money.minor),
            Err(MoneyError::NotPositive) => Ok(0),
            Err(MoneyError::Ambiguous) => Err(t.msg_amount_ambiguous()),
            Err(MoneyError::TooLarge) => Ok(Money::MINOR_MAX),
            Err(MoneyError::NotAnAmount | MoneyError::TooManyDecimals) => {
                Err(t.msg_filter_amount_unreadable())
            }
        };
        faults.keep(field, parsed)
    }

    /// Whether anything but the tab narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.search.is_some() || self.is_filtered()
    }

    /// Whether one of the fields behind the filter button does.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.statuses.is_empty()
            || !self.deliveries.is_empty()
            || self.created_from.is_some()
            || self.created_to.is_some()
            || self.minor_min.is_some()
            || self.minor_max.is_some()
            || self.currency.is_some()
    }

    #[must_use]
    pub fn has_status(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    #[must_use]
    pub fn has_delivery(&self, delivery: Delivery) -> bool {
        self.deliveries.contains(&delivery)
    }

    /// The rows that the page and its count agree on.
    pub fn condition(&self, scope: MerchantScope) -> Condition {
        let merchant_id = scope.merchant_id();
        let mut all: Condition = Box::new(email_payments::merchant_id.eq(merchant_id));
        if let Some(user_id) = scope.only_created_by() {
            all = Box::new(all.and(email_payments::created_by.eq(user_id)));
        }
        let statuses =
            if self.statuses.is_empty() { self.group.statuses() } else { self.statuses.clone() };
        if !statuses.is_empty() {
            all = Box::new(all.and(email_payments::status.eq_any(statuses)));
        }
        if !self.deliveries.is_empty() {
            let deliveries = self.deliveries.clone();
            all = Box::new(all.and(email_payments::delivery.eq_any(deliveries).assume_not_null()));
        }
        if let (Some(day), Some(zone)) = (self.created_from, self.zone) {
            all = Box::new(all.and(email_payments::created_at.ge(dates::start_of(day, zone))));
        }
        if let (Some(day), Some(zone)) = (self.created_to, self.zone) {
            all = Box::new(all.and(email_payments::created_at.lt(dates::end_of(day, zone))));
        }
        if let Some(currency) = self.currency {
            all = Box::new(all.and(email_payments::currency.eq(currency.code())));
        }
        if let Some(minor) = self.minor_min {
            all = Box::new(all.and(email_payments::amount_minor.ge(minor)));
        }
        if let Some(minor) = self.minor_max {
            all = Box::new(all.and(email_payments::amount_minor.le(minor)));
        }
        if let Some(search) = &self.search {
            let is_prefix = search.chars().count() < SEARCH_ANYWHERE_FROM;
            let pattern = if is_prefix {
                format!("{}%", literally(search))
            } else {
                format!("%{}%", literally(&search.to_lowercase()))
            };
            // The reviewed look-up: under row-level security `LIKE` would use no index.
            let found =
                diesel::dsl::sql::<Bool>("email_payments.id IN (SELECT email_payments_search(")
                    .bind::<SqlUuid, _>(merchant_id)
                    .sql(", ")
                    .bind::<Text, _>(pattern)
                    .sql(", ")
                    .bind::<Bool, _>(is_prefix)
                    .sql("))");
            all = Box::new(all.and(found));
        }
        all
    }

    /// The query string of this filter, with some parameters changed: `None` takes one out. The
    /// place in the list is always taken out: another question starts at the top.
    #[must_use]
    pub fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.url_at(super::pages::LIST, changes)
    }

    /// The same below another path.
    #[must_use]
    pub fn url_at(&self, path: &str, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self
            .pairs()
            .into_iter()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let added = changes
            .iter()
            .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
        let pairs: Vec<(String, String)> =
            kept.chain(added).filter(|(_, value)| !value.is_empty()).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        add("group", self.group.as_str().to_owned());
        self.search.iter().for_each(|text| add("q", text.clone()));
        self.statuses.iter().for_each(|status| add("status", status.as_str().to_owned()));
        self.deliveries.iter().for_each(|delivery| add("delivery", delivery.as_str().to_owned()));
        self.created_from.iter().for_each(|day| add("created_from", day.to_string()));
        self.created_to.iter().for_each(|day| add("created_to", day.to_string()));
        self.amount_min.iter().for_each(|amount| add("amount_min", amount.clone()));
        self.amount_max.iter().for_each(|amount| add("amount_max", amount.clone()));
        self.currency.iter().for_each(|currency| add("currency", currency.code().to_owned()));
        if self.size != PageSize::default() {
            add("size", self.size.rows().to_string());
        }
        pairs
    }
}

fn day(query: &Query, field: &'static str, t: &Texts, faults: &mut Faults) -> Option<NaiveDate> {
    let text = query.one(field)?;
    // Before 1970 and after 2199 no zone's rules are known, and no payment is.
    let parsed = text.parse::<NaiveDate>().ok().filter(|day| {
        (NaiveDate::from_ymd_opt(1970, 1, 1)..=NaiveDate::from_ymd_opt(2199, 12, 31))
            .contains(&Some(*day))
    });
    faults.keep(field, parsed.ok_or_else(|| t.msg_filter_day_unreadable(text)))
}

fn direction(query: &Query, t: &Texts, faults: &mut Faults) -> Option<Direction> {
    let mut cursor = |field: &'static str, text: &str| {
        faults.keep(field, Cursor::decode(text).ok_or_else(|| t.msg_filter_unknown_value(text)))
    };
    match (query.one("after"), query.one("before")) {
        (Some("oldest"), _) => Some(Direction::Oldest),
        (Some(text), _) => cursor("after", text).map(Direction::After),
        (None, Some(text)) => cursor("before", text).map(Direction::Before),
        (None, None) => None,
    }
}

/// A text for `LIKE` in which nothing is a pattern.
fn literally(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    fn read(query: &[(&str, &str)]) -> (Filter, Faults) {
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Filter::read(&Query(pairs.collect()), chrono_tz::Europe::Rome, Lang::En.texts())
    }

    #[test]
    fn a_filter_survives_the_url() {
        let query = [
            ("group", "past"),
            ("q", "CB-2026"),
            ("status", "paid"),
            ("status", "failed"),
            ("currency", "EUR"),
            ("created_from", "2026-10-25"),
            ("amount_min", "1.830,00"),
        ];
        let (filter, faults) = read(&query);
        assert!(faults.is_empty());
        assert_eq!(filter.minor_min, Some(183_000));
        let url = filter.url(&[]);
        assert_eq!(
            url,
            "/processing/email-payments?group=past&q=CB-2026&status=paid&status=failed&created_from=2026-10-25&amount_min=1.830%2C00&currency=EUR"
        );
        assert_eq!(
            filter.url(&[
                ("q", None),
                ("status", None),
                ("group", None),
                ("amount_min", None),
                ("created_from", None),
                ("currency", None)
            ]),
            "/processing/email-payments"
        );
    }

    #[test]
    fn what_cant_be_read_is_told_and_narrows_nothing() {
        let (filter, faults) = read(&[
            ("status", "nonsense"),
            ("created_to", "31/12/2026"),
            ("amount_max", "12x"),
            ("after", "?"),
            ("size", "7"),
        ]);
        assert_eq!(faults.count(), 5);
        assert!(!filter.is_narrowed());
    }

    #[test]
    fn patterns_are_taken_literally() {
        assert_eq!(literally(r"50%_\"), r"50\%\_\\");
    }
}
