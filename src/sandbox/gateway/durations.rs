//! ISO 8601 durations, as `timeOut` has them: `P30D`, `PT1H`, `P2DT3H`, `P1M`.

use chrono::{DateTime, Duration, Months, Utc};

/// A length of time on the calendar: months keep their day, days are 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    months: u32,
    seconds: i64,
}

impl Span {
    pub const DAYS_30: Self = Self { months: 0, seconds: 30 * 86_400 };

    /// Whole numbers only, each unit once and in order; `None` for zero and for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('P')?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        let [years, months, weeks, days] = units(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds, _] = units(time, ['H', 'M', 'S', '\0'])?;
        let span = Self {
            months: years * 12 + months,
            seconds: i64::from(weeks * 7 + days) * 86_400
                + i64::from(hours) * 3600
                + i64::from(minutes) * 60
                + i64::from(seconds),
        };
        (span.months > 0 || span.seconds > 0).then_some(span)
    }

    /// The instant this long after `at`; `None` beyond the calendar.
    pub fn after(self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        at.checked_add_months(Months::new(self.months))?
            .checked_add_signed(Duration::seconds(self.seconds))
    }
}

/// The numbers before the given letters, at most six digits each; 0 where a letter is absent.
fn units(mut text: &str, letters: [char; 4]) -> Option<[u32; 4]> {
    let mut found = [0; 4];
    for (slot, letter) in found.iter_mut().zip(letters) {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, tail) = text.split_at(end);
        if let Some(tail) = tail.strip_prefix(letter) {
            *slot = (1..=6).contains(&digits.len()).then_some(digits)?.parse().ok()?;
            text = tail;
        }
    }
    text.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        let at: DateTime<Utc> = "2026-01-31T10:00:00Z".parse().unwrap();
        for (text, end) in [
            ("P30D", "2026-03-02T10:00:00Z"),
            ("PT1H", "2026-01-31T11:00:00Z"),
            ("P2DT3H", "2026-02-02T13:00:00Z"),
            ("P1M", "2026-02-28T10:00:00Z"),
            ("PT5M", "2026-01-31T10:05:00Z"),
            ("P1Y2M1W", "2027-04-07T10:00:00Z"),
        ] {
            let span = Span::parse(text).unwrap();
            assert_eq!(span.after(at), Some(end.parse().unwrap()), "{text}");
        }
        assert_eq!(Span::parse("P30D"), Some(Span::DAYS_30));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "P", "PT", "P0D", "30D", "P-1D", "P1", "PD", "P1H", "P1DT", "P1D2M", "p1d"]
        {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
