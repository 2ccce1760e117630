//! The page's question: query string ⇄ filter form ⇄ the arguments of the look-up.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::actions::Group;
use crate::kernel::{Cursor, Direction, Texts, UserId, dates};
use crate::web::list::{Preset, asked_place, choice, day};
use crate::web::{Faults, Query};

/// What was asked, and what of it could be read. A value that can't be read narrows nothing and is
/// told at its field.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub group: Option<Group>,
    pub person: Option<UserId>,
    /// Only what was done, or only what was refused.
    pub is_done: Option<bool>,
    pub direction: Option<Direction>,
    zone: Tz,
}

/// The spans that the page offers.
pub const PRESETS: [Preset; 5] =
    [Preset::Today, Preset::SevenDays, Preset::ThirtyDays, Preset::ThisMonth, Preset::LastMonth];

impl Filter {
    /// Reads a query string; `zone` says when a day begins.
    pub fn read(query: &Query, zone: Tz, t: &Texts) -> (Self, Faults) {
        let mut faults = Faults::default();
        let mut filter = Self { zone, ..Self::default() };
        filter.from = day("from", query, t, &mut faults);
        filter.to = day("to", query, t, &mut faults);
        if filter.from.zip(filter.to).is_some_and(|(from, to)| from > to) {
            faults.add("to", t.msg_activity_days_reversed());
            (filter.from, filter.to) = (None, None);
        }
        filter.group = choice("kind", query, t, &mut faults, Group::parse);
        filter.person = choice("person", query, t, &mut faults, |word| word.parse().ok());
        filter.is_done = choice("outcome", query, t, &mut faults, |word| match word {
            "done" => Some(true),
            "refused" => Some(false),
            _ => None,
        });
        // A place that can't be read is told; it has no field.
        filter.direction = asked_place(query, |_| true).unwrap_or_else(|name| {
            faults.add(name, t.msg_filter_unknown_value(query.one(name).unwrap_or_default()));
            None
        });
        (filter, faults)
    }

    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.from.is_some()
            || self.to.is_some()
            || self.group.is_some()
            || self.person.is_some()
            || self.is_done.is_some()
    }

    /// The first instant that fits.
    #[must_use]
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.from.map(|day| dates::start_of(day, self.zone))
    }

    /// The first instant that fits no more.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        self.to.map(|day| dates::end_of(day, self.zone))
    }

    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self.is_done {
            None => "",
            Some(true) => "done",
            Some(false) => "refused",
        }
    }

    /// The query string of this filter, with some parameters changed; empty takes one out. The place
    /// in the list is always taken out: another question starts at the top.
    #[must_use]
    pub fn query(&self, changes: &[(&str, &str)]) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut pairs = vec![
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("kind", self.group.map(Group::as_str).unwrap_or_default().to_owned()),
            ("person", self.person.map(|id| id.to_string()).unwrap_or_default()),
            ("outcome", self.outcome().to_owned()),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, (*value).to_owned()));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }
}

/// A place in the list. The audit's rows have numbers where others have UUIDs.
#[must_use]
pub fn cursor(at: DateTime<Utc>, id: i64) -> Cursor {
    Cursor { at, id: Uuid::from_u64_pair(0, id.unsigned_abs()) }
}

/// The number in a cursor.
#[must_use]
pub fn row_id(cursor: Cursor) -> i64 {
    i64::try_from(cursor.id.as_u64_pair().1).unwrap_or(i64::MAX)
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
    fn a_filter_survives_the_url_and_days_are_the_readers() {
        let person = "01932f5e-0000-7000-8000-000000000001";
        let query = [
            ("from", "2026-10-25"),
            ("to", "2026-10-25"),
            ("kind", "email_payments"),
            ("person", person),
            ("outcome", "refused"),
        ];
        let (filter, faults) = read(&query);
        assert!(faults.is_empty());
        assert_eq!(filter.since().unwrap().to_rfc3339(), "2026-10-24T22:00:00+00:00");
        assert_eq!(filter.until().unwrap().to_rfc3339(), "2026-10-25T23:00:00+00:00");
        assert_eq!(
            filter.query(&[]),
            format!(
                "from=2026-10-25&to=2026-10-25&kind=email_payments&person={person}&outcome=refused"
            )
        );
        assert_eq!(
            filter.query(&[("from", ""), ("to", ""), ("person", ""), ("outcome", "")]),
            "kind=email_payments"
        );
    }

    #[test]
    fn what_cant_be_read_is_told_and_narrows_nothing() {
        for query in [
            ("from", "yesterday"),
            ("to", "2026-02-30"),
            ("from", "0001-01-01"),
            ("kind", "everything"),
            ("person", "anna"),
            ("outcome", "perhaps"),
            ("after", "?"),
            ("before", "AAAA"),
        ] {
            let (filter, faults) = read(&[query]);
            assert_eq!(faults.count(), 1, "{query:?}");
            assert!(!filter.is_narrowed() && filter.direction.is_none(), "{query:?}");
        }
        let (filter, faults) = read(&[("from", "2026-11-02"), ("to", "2026-11-01")]);
        assert!(faults.of("to").is_some() && !filter.is_narrowed());
    }

    #[test]
    fn a_row_number_survives_the_cursor() {
        let at = "2026-11-27T10:00:00.123456Z".parse().unwrap();
        let there = Cursor::decode(&cursor(at, 1_234_567).encode()).unwrap();
        assert_eq!((there.at, row_id(there)), (at, 1_234_567));
    }
}
