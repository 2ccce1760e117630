//! Hours in which somebody works: deadlines that count them alone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use super::dates;

/// The same hours on some days of each week, by the clock of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessHours {
    /// From Monday on.
    days: [bool; 7],
    from: NaiveTime,
    until: NaiveTime,
    zone: Tz,
}

/// Days that are looked at for a deadline: some years, after which none is found.
const DAYS_MAX: u64 = 2_000;

impl BusinessHours {
    /// The instant at which `worked` hours of work have passed since `start`.
    #[must_use]
    pub fn after(&self, start: DateTime<Utc>, worked: Duration) -> DateTime<Utc> {
        let mut left = worked;
        for (from, until) in self.spans(start) {
            let span = until - from;
            if left <= span {
                return from + left;
            }
            left -= span;
        }
        start + worked
    }

    /// The hours of work between two instants; none where the second comes first.
    #[must_use]
    pub fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> Duration {
        self.spans(start)
            .take_while(|(from, _)| *from < end)
            .fold(Duration::zero(), |sum, (from, until)| sum + (until.min(end) - from))
    }

    /// Whether it is the usual week.
    #[must_use]
    pub fn is_monday_to_friday(&self) -> bool {
        self.days == [true, true, true, true, true, false, false]
    }

    /// `09:00`
    #[must_use]
    pub fn from(&self) -> String {
        self.from.format("%H:%M").to_string()
    }

    /// `18:00`
    #[must_use]
    pub fn until(&self) -> String {
        self.until.format("%H:%M").to_string()
    }

    /// `Europe/Paris`
    #[must_use]
    pub fn zone(&self) -> &'static str {
        self.zone.name()
    }

    /// Spans of work from an instant on, one a day at most.
    fn spans(
        &self,
        start: DateTime<Utc>,
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> + '_ {
        let first = start.with_timezone(&self.zone).date_naive();
        (0..DAYS_MAX)
            .filter_map(move |day| first.checked_add_days(Days::new(day)))
            .filter(|day| self.is_worked(*day))
            .map(move |day| {
                let at = |time| dates::at_time(day, time, self.zone);
                (at(self.from).max(start), at(self.until))
            })
            .filter(|(from, until)| from < until)
    }

    fn is_worked(&self, day: NaiveDate) -> bool {
        let place = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        self.days.get(place).copied().unwrap_or_default()
    }
}

/// Why hours could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursError;

impl fmt::Display for HoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it has to be days, hours and a zone, such as mon-fri 09:00-18:00 Europe/Rome")
    }
}

impl FromStr for BusinessHours {
    type Err = HoursError;

    /// `mon-fri 09:00-18:00 Europe/Rome`
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let mut words = text.split_whitespace();
        let (Some(days), Some(hours), Some(zone), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(HoursError);
        };
        let day = |word: &str| {
            let day: Weekday = word.parse().map_err(|_| HoursError)?;
            Ok(day.num_days_from_monday())
        };
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (first, last) = (day(first)?, day(last)?);
        let time = |word: &str| NaiveTime::parse_from_str(word, "%H:%M").map_err(|_| HoursError);
        let (from, until) = hours.split_once('-').ok_or(HoursError)?;
        let (from, until) = (time(from)?, time(until)?);
        if first > last || from >= until {
            return Err(HoursError);
        }
        let mut worked = [false; 7];
        for (place, is_worked) in (0_u32..).zip(&mut worked) {
            *is_worked = (first..=last).contains(&place);
        }
        let zone = zone.parse().map_err(|_| HoursError)?;
        Ok(Self { days: worked, from, until, zone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn deadlines_count_hours_of_work_alone() {
        let hours: BusinessHours = "mon-fri 09:00-18:00 Europe/Rome".parse().unwrap();
        // Friday 27 November 2026, 17:00 in Rome; two hours later it is Monday, 10:00.
        assert_eq!(
            hours.after(at("2026-11-27T16:00:00Z"), Duration::hours(2)),
            at("2026-11-30T09:00:00Z")
        );
        // At night, the work begins in the morning.
        assert_eq!(
            hours.after(at("2026-11-25T22:00:00Z"), Duration::hours(1)),
            at("2026-11-26T09:00:00Z")
        );
        // To the last minute of the day, and no further.
        assert_eq!(
            hours.after(at("2026-11-27T08:00:00Z"), Duration::hours(9)),
            at("2026-11-27T17:00:00Z")
        );
        // The clocks go back on Sunday 25 October: nine hours stay nine hours.
        assert_eq!(
            hours.between(at("2026-10-23T07:00:00Z"), at("2026-10-26T17:00:00Z")),
            Duration::hours(18)
        );
        assert_eq!(
            hours.between(at("2026-11-28T00:00:00Z"), at("2026-11-29T00:00:00Z")),
            Duration::zero()
        );
        assert_eq!(
            hours.between(at("2026-11-26T12:00:00Z"), at("2026-11-26T11:00:00Z")),
            Duration::zero()
        );
    }

    #[test]
    fn hours_that_make_no_sense_are_refused() {
        for text in [
            "",
            "mon-fri",
            "mon-fri 09:00-18:00",
            "mon-fri 18:00-09:00 UTC",
            "fri-mon 09:00-18:00 UTC",
            "mon-fri 9-18 UTC",
            "mon-fri 09:00-18:00 Mars/Base",
            "mon-fri 09:00-18:00 UTC and more",
        ] {
            assert_eq!(text.parse::<BusinessHours>(), Err(HoursError), "{text}");
        }
        assert!("sat 10:00-12:00 UTC".parse::<BusinessHours>().is_ok());
    }
}
