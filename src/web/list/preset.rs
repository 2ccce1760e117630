//! Spans of days that are one click away, and move with the calendar: a saved view that says "last
//! month" means another month each month.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::Texts;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Today,
    Yesterday,
    SevenDays,
    ThirtyDays,
    ThisWeek,
    LastWeek,
    ThisMonth,
    LastMonth,
    ThisQuarter,
    ThisYear,
}

impl Preset {
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Yesterday,
        Self::SevenDays,
        Self::ThirtyDays,
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::ThisYear,
    ];

    /// The word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::SevenDays => "last_7_days",
            Self::ThirtyDays => "last_30_days",
            Self::ThisWeek => "this_week",
            Self::LastWeek => "last_week",
            Self::ThisMonth => "this_month",
            Self::LastMonth => "last_month",
            Self::ThisQuarter => "this_quarter",
            Self::ThisYear => "this_year",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == word)
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::Today => t.msg_days_today(),
            Self::Yesterday => t.msg_days_yesterday(),
            Self::SevenDays => t.msg_days_seven(),
            Self::ThirtyDays => t.msg_days_thirty(),
            Self::ThisWeek => t.msg_days_this_week(),
            Self::LastWeek => t.msg_days_last_week(),
            Self::ThisMonth => t.msg_days_this_month(),
            Self::LastMonth => t.msg_days_last_month(),
            Self::ThisQuarter => t.msg_days_this_quarter(),
            Self::ThisYear => t.msg_days_this_year(),
        }
    }

    /// First and last day, both included, as the reader's calendar has them. Weeks begin on Monday
    /// (ISO 8601). What has begun and is not over goes up to today.
    #[must_use]
    pub fn days(self, now: DateTime<Utc>, zone: Tz) -> (NaiveDate, NaiveDate) {
        let today = now.with_timezone(&zone).date_naive();
        let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        let month = today.with_day(1).unwrap_or(today);
        match self {
            Self::Today => (today, today),
            Self::Yesterday => (today - Days::new(1), today - Days::new(1)),
            Self::SevenDays => (today - Days::new(6), today),
            Self::ThirtyDays => (today - Days::new(29), today),
            Self::ThisWeek => (monday, today),
            Self::LastWeek => (monday - Days::new(7), monday - Days::new(1)),
            Self::ThisMonth => (month, today),
            Self::LastMonth => (month - Months::new(1), month - Days::new(1)),
            Self::ThisQuarter => (month - Months::new(today.month0() % 3), today),
            Self::ThisYear => (month - Months::new(today.month0()), today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_those_of_the_readers_calendar() {
        // A Sunday evening in London is Monday in Tokyo.
        let now = "2026-11-29T20:00:00Z".parse().unwrap();
        let days = |preset: Preset, zone| {
            let (from, to) = preset.days(now, zone);
            format!("{from} {to}")
        };
        let tokyo = chrono_tz::Asia::Tokyo;
        for (preset, expected) in [
            (Preset::Today, "2026-11-30 2026-11-30"),
            (Preset::Yesterday, "2026-11-29 2026-11-29"),
            (Preset::SevenDays, "2026-11-24 2026-11-30"),
            (Preset::ThirtyDays, "2026-11-01 2026-11-30"),
            (Preset::ThisWeek, "2026-11-30 2026-11-30"),
            (Preset::LastWeek, "2026-11-23 2026-11-29"),
            (Preset::ThisMonth, "2026-11-01 2026-11-30"),
            (Preset::LastMonth, "2026-10-01 2026-10-31"),
            (Preset::ThisQuarter, "2026-10-01 2026-11-30"),
            (Preset::ThisYear, "2026-01-01 2026-11-30"),
        ] {
            assert_eq!(days(preset, tokyo), expected, "{preset:?}");
            assert_eq!(Preset::parse(preset.as_str()), Some(preset));
        }
        assert_eq!(days(Preset::ThisWeek, chrono_tz::Europe::London), "2026-11-23 2026-11-29");
    }

    #[test]
    fn a_month_is_as_long_as_it_is() {
        // Already the first of March in Rome.
        let now = "2026-02-28T23:30:00Z".parse().unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (preset, from, to) in [
            (Preset::ThirtyDays, "2026-01-31", "2026-03-01"),
            (Preset::ThisMonth, "2026-03-01", "2026-03-01"),
            (Preset::LastMonth, "2026-02-01", "2026-02-28"),
        ] {
            assert_eq!(preset.days(now, chrono_tz::Europe::Rome), (day(from), day(to)));
        }
    }
}
