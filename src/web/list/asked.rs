//! What somebody asked about one column.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::amount::{AmountOperator, AmountRange};
use super::column::Asks;
use super::preset::Preset;
use super::question::{Reader, SEARCH_ANYWHERE_FROM};
use crate::db::keyset::Condition;
use crate::db::words::Words;
use crate::kernel::{Currency, Texts, dates};
use crate::web::{Faults, Query};

/// How a text is compared. Case and accents make no difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextOperator {
    #[default]
    Contains,
    Is,
    Starts,
    /// Rows with nothing there fit.
    ContainsNot,
    Empty,
    Filled,
}

impl TextOperator {
    pub const ALL: [Self; 6] =
        [Self::Contains, Self::Is, Self::Starts, Self::ContainsNot, Self::Empty, Self::Filled];

    /// The word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::Is => "is",
            Self::Starts => "starts",
            Self::ContainsNot => "not",
            Self::Empty => "empty",
            Self::Filled => "filled",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.as_str() == word)
    }

    /// The rows whose words compare so with a text.
    fn condition<QS: 'static>(self, words: &Words, text: &str) -> Condition<QS> {
        match self {
            Self::Contains => words.contain(text),
            Self::Is => words.are(text),
            Self::Starts => words.begin(text),
            Self::ContainsNot => Box::new(diesel::dsl::not(words.contain::<QS>(text))),
            Self::Empty => words.are_empty(true),
            Self::Filled => words.are_empty(false),
        }
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::Contains => t.msg_text_contains(),
            Self::Is => t.msg_text_is(),
            Self::Starts => t.msg_text_starts(),
            Self::ContainsNot => t.msg_text_contains_not(),
            Self::Empty => t.msg_text_empty(),
            Self::Filled => t.msg_text_filled(),
        }
    }

    /// Whether it needs no text.
    #[must_use]
    pub const fn is_alone(self) -> bool {
        matches!(self, Self::Empty | Self::Filled)
    }
}

/// What was asked about one column, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Text {
        operator: TextOperator,
        text: String,
    },
    /// `since` is the first instant that fits, `until` the first that fits no more.
    Days {
        span: Span,
        since: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    },
    Amount(AmountRange),
    Choices {
        words: Vec<String>,
        is_none_of: bool,
    },
    Tab {
        word: String,
    },
    /// At most [`ROWS_MAX`].
    Rows(Vec<Uuid>),
}

/// How many rows may be picked by their ids: those of the longest page.
pub const ROWS_MAX: usize = 100;

/// How days were asked for: it is told as it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Named(Preset),
    Days {
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    },
    /// From now on, for so many days.
    Within(u16),
}

/// Longest span of [`Span::Within`].
const WITHIN_MAX: u16 = 366;

impl Asked {
    /// The rows whose words compare so. `None`: texts are not what is asked about.
    #[must_use]
    pub fn compares<QS: 'static>(&self, words: &Words) -> Option<Condition<QS>> {
        match self {
            Self::Text { operator, text } => Some(operator.condition(words, text)),
            Self::Choices { .. }
            | Self::Days { .. }
            | Self::Amount(_)
            | Self::Tab { .. }
            | Self::Rows(_) => None,
        }
    }

    /// What a query asks about a column; `None`: nothing, or nothing that can be read, which
    /// `faults` then tells.
    pub fn read(
        asks: Asks,
        knows: impl Fn(&str) -> bool,
        query: &Query,
        reader: &Reader,
        faults: &mut Faults,
    ) -> Option<Self> {
        match asks {
            Asks::Nothing => None,
            Asks::Text { word, operator } => text(word, operator, query, reader.t, faults),
            Asks::Days { named, from, to, within } => {
                let span = span((named, from, to, within), query, reader, faults)?;
                Some(span.asked(reader.now, reader.zone))
            }
            Asks::Amount { operator, min, max, currency } => {
                let how = choice(operator, query, reader.t, faults, AmountOperator::parse);
                let typed = (query.one(min), query.one(max));
                let mut currencies = query.all(currency).filter_map(Currency::parse);
                let currency = currencies.next().filter(|_| currencies.next().is_none());
                match AmountRange::read(how.unwrap_or_default(), typed, currency, reader.t) {
                    Ok(range) => range.map(Self::Amount),
                    Err((is_max, words)) => {
                        faults.add(if is_max { max } else { min }, words);
                        None
                    }
                }
            }
            Asks::Choices { word, operator } => {
                let is_none_of = choice(operator, query, reader.t, faults, |given| {
                    (given == "not").then_some(true)
                });
                let mut words: Vec<String> = Vec::new();
                for given in query.all(word) {
                    let read = Some(given).filter(|given| knows(given));
                    let read = read.ok_or_else(|| reader.t.msg_filter_unknown_value(given));
                    let read = faults.keep(word, read).map(str::to_owned);
                    words.extend(read.filter(|read| !words.contains(read)));
                }
                let is_none_of = is_none_of.unwrap_or_default();
                (!words.is_empty()).then_some(Self::Choices { words, is_none_of })
            }
            Asks::Tab { word } => {
                let read = choice(word, query, reader.t, faults, |given| {
                    knows(given).then(|| given.to_owned())
                });
                read.map(|word| Self::Tab { word })
            }
            Asks::Rows { word } => {
                let mut ids: Vec<Uuid> = Vec::new();
                for given in query.all(word) {
                    let read =
                        given.parse::<Uuid>().map_err(|_| reader.t.msg_filter_unknown_value(given));
                    ids.extend(faults.keep(word, read).filter(|id| !ids.contains(id)));
                }
                if ids.len() > ROWS_MAX {
                    faults.add(word, reader.t.msg_picked_too_many(ROWS_MAX));
                    return None;
                }
                (!ids.is_empty()).then_some(Self::Rows(ids))
            }
        }
    }
}

impl Span {
    fn asked(self, now: DateTime<Utc>, zone: Tz) -> Asked {
        let (since, until) = match self {
            Self::Within(days) => (Some(now), now.checked_add_days(Days::new(u64::from(days)))),
            Self::Named(preset) => {
                let (from, to) = preset.days(now, zone);
                (Some(dates::start_of(from, zone)), Some(dates::end_of(to, zone)))
            }
            Self::Days { from, to } => {
                (from.map(|day| dates::start_of(day, zone)), to.map(|day| dates::end_of(day, zone)))
            }
        };
        Asked::Days { span: self, since, until }
    }
}

fn text(
    word: &'static str,
    operator: &'static str,
    query: &Query,
    t: &Texts,
    faults: &mut Faults,
) -> Option<Asked> {
    let how = choice(operator, query, t, faults, TextOperator::parse).unwrap_or_default();
    if how.is_alone() {
        return Some(Asked::Text { operator: how, text: String::new() });
    }
    let text = one_line(query.one(word)?);
    if text.is_empty() {
        return None;
    }
    if how == TextOperator::Contains && text.chars().count() < SEARCH_ANYWHERE_FROM {
        faults.add(word, t.msg_text_too_short());
        return None;
    }
    Some(Asked::Text { operator: how, text })
}

fn span(
    (named, from, to, within): (&'static str, &'static str, &'static str, Option<&'static str>),
    query: &Query,
    reader: &Reader,
    faults: &mut Faults,
) -> Option<Span> {
    let t = reader.t;
    let from_day = day(from, query, t, faults);
    let to_day = day(to, query, t, faults);
    let preset = choice(named, query, t, faults, Preset::parse);
    let days = within.and_then(|within| {
        let typed = query.one(within)?;
        let days = typed.trim().parse().ok().filter(|days| (1..=WITHIN_MAX).contains(days));
        faults.keep(within, days.ok_or_else(|| t.msg_days_within_unreadable(WITHIN_MAX)))
    });
    if from_day.zip(to_day).is_some_and(|(first, last)| first > last) {
        faults.add(to, t.msg_days_reversed());
        return None;
    }
    // Days that were chosen in the calendar say more than a name.
    if from_day.is_some() || to_day.is_some() {
        return Some(Span::Days { from: from_day, to: to_day });
    }
    preset.map(Span::Named).or(days.map(Span::Within))
}

/// A day of the calendar.
pub fn day(
    field: &'static str,
    query: &Query,
    t: &Texts,
    faults: &mut Faults,
) -> Option<NaiveDate> {
    let text = query.one(field)?;
    // Before 1970 and after 2199 no zone's rules are known, and no payment is.
    let parsed = text.parse::<NaiveDate>().ok().filter(|day| {
        (NaiveDate::from_ymd_opt(1970, 1, 1)..=NaiveDate::from_ymd_opt(2199, 12, 31))
            .contains(&Some(*day))
    });
    faults.keep(field, parsed.ok_or_else(|| t.msg_filter_day_unreadable(text)))
}

/// A word that has to be one of a few.
pub fn choice<T>(
    field: &'static str,
    query: &Query,
    t: &Texts,
    faults: &mut Faults,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let word = query.one(field)?;
    faults.keep(field, parse(word).ok_or_else(|| t.msg_filter_unknown_value(word)))
}

/// What is searched for: one line, without characters that no column holds.
pub(super) fn one_line(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(100).collect()
}
