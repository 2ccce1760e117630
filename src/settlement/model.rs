//! Operations, which way their money goes, and periods. Pure.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::db::columns::text_column;
use crate::kernel::dates;

text_column! {
    /// The way by which a customer was asked to pay.
    Channel {
        Email = "email",
        Ecommerce = "ecommerce",
        InStore = "in_store",
        VirtualTerminal = "virtual_terminal",
    }
}

text_column! {
    /// What a transaction does; from `chargeback` on, bank or scheme did it.
    Operation {
        Authorize = "authorize",
        Capture = "capture",
        Cancel = "cancel",
        Sale = "sale",
        Rebill = "rebill",
        Refund = "refund",
        Submission = "submission",
        Collection = "collection",
        Chargeback = "chargeback",
        Reversal = "reversal",
        Representment = "representment",
    }
}

/// A brand or a wallet as the gateway spells it, in one spelling: small letters and digits.
#[must_use]
pub fn network_word(spelled: &str) -> String {
    let letters = spelled.chars().filter(char::is_ascii_alphanumeric).take(32);
    let word: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    match word.as_str() {
        // The gateway's short word for it.
        "mcrd" => "mastercard".to_owned(),
        "americanexpress" => "amex".to_owned(),
        // The catalogue's words for them.
        "alipaycn" => "alipay".to_owned(),
        "touchngoewallet" => "touchngo".to_owned(),
        _ => word,
    }
}

/// Which way money goes by an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the merchant.
    In,
    /// Away from it.
    Out,
    /// Nowhere: a promise, or the end of one.
    Nowhere,
}

impl Operation {
    #[must_use]
    pub const fn way(self) -> Way {
        match self {
            Self::Capture
            | Self::Sale
            | Self::Rebill
            | Self::Collection
            // A chargeback that was won: the money comes back.
            | Self::Representment => Way::In,
            Self::Refund | Self::Chargeback | Self::Reversal => Way::Out,
            Self::Authorize | Self::Cancel | Self::Submission => Way::Nowhere,
        }
    }

    /// Whether a customer pays by it: what percentages and holdbacks are taken of.
    #[must_use]
    pub const fn is_sale(self) -> bool {
        matches!(self, Self::Capture | Self::Sale | Self::Rebill | Self::Collection)
    }

    /// In which order a statement tells of those that money moves by.
    pub const ORDER: [Self; 8] = [
        Self::Sale,
        Self::Capture,
        Self::Rebill,
        Self::Collection,
        Self::Refund,
        Self::Chargeback,
        Self::Representment,
        Self::Reversal,
    ];
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| de::Error::custom(format!("{word:?} is no operation")))
    }
}

text_column! {
    /// How often a merchant's transactions are summed up.
    Rhythm {
        /// From Monday to Sunday.
        Weekly = "weekly",
        /// By calendar months.
        Monthly = "monthly",
    }
}

/// Whole days in the merchant's zone, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Period {
    /// The whole week or month that a day lies in.
    #[must_use]
    pub fn around(day: NaiveDate, rhythm: Rhythm) -> Self {
        let from = match rhythm {
            Rhythm::Weekly => day.week(Weekday::Mon).first_day(),
            Rhythm::Monthly => day.with_day(1).unwrap_or(day),
        };
        Self::beginning(from, rhythm)
    }

    /// From a day to the end of its week or month. Where a rhythm changes, that is how the first period
    /// of the new one begins: no day is left out, none comes twice.
    #[must_use]
    pub fn beginning(from: NaiveDate, rhythm: Rhythm) -> Self {
        let until = match rhythm {
            Rhythm::Weekly => from.week(Weekday::Mon).last_day(),
            Rhythm::Monthly => from
                .with_day(1)
                .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
                .and_then(|next| next.pred_opt())
                .unwrap_or(from),
        };
        Self { from, until }
    }

    /// The one that follows.
    #[must_use]
    pub fn next(self, rhythm: Rhythm) -> Self {
        Self::beginning(self.next_day(), rhythm)
    }

    /// The day after it: its documents bear this date.
    #[must_use]
    pub fn next_day(self) -> NaiveDate {
        self.until.checked_add_days(Days::new(1)).unwrap_or(self.until)
    }

    /// The first instant after it. Days have 23 or 25 hours where the clocks change.
    #[must_use]
    pub fn ends_at(self, zone: Tz) -> DateTime<Utc> {
        dates::end_of(self.until, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_brand_has_one_spelling() {
        let spelled =
            ["VISA", "Mcrd", "MasterCard", "Touch 'n Go", "Kakao Pay", "<b>"].map(network_word);
        assert_eq!(spelled, ["visa", "mastercard", "mastercard", "touchngo", "kakaopay", "b"]);
        assert_eq!(network_word(&"x".repeat(40)).len(), 32);
    }

    #[test]
    fn weeks_run_from_monday_to_sunday_and_months_by_the_calendar() {
        for (inside, rhythm, from, until) in [
            ("2026-06-01", Rhythm::Weekly, "2026-06-01", "2026-06-07"),
            ("2026-06-07", Rhythm::Weekly, "2026-06-01", "2026-06-07"),
            ("2027-01-01", Rhythm::Weekly, "2026-12-28", "2027-01-03"),
            ("2026-12-31", Rhythm::Monthly, "2026-12-01", "2026-12-31"),
            ("2024-02-29", Rhythm::Monthly, "2024-02-01", "2024-02-29"),
            ("2026-02-01", Rhythm::Monthly, "2026-02-01", "2026-02-28"),
        ] {
            let period = Period::around(day(inside), rhythm);
            assert_eq!(period, Period { from: day(from), until: day(until) }, "{inside}");
        }
    }

    #[test]
    fn periods_leave_no_day_out_even_when_the_rhythm_changes() {
        let october = Period::around(day("2026-10-10"), Rhythm::Monthly);
        let rest_of_week = october.next(Rhythm::Weekly);
        assert_eq!(rest_of_week.from, day("2026-11-01"), "a Sunday");
        assert_eq!(rest_of_week.until, day("2026-11-01"));
        let week = rest_of_week.next(Rhythm::Weekly);
        assert_eq!((week.from, week.until), (day("2026-11-02"), day("2026-11-08")));
        let rest_of_month = week.next(Rhythm::Monthly);
        assert_eq!(rest_of_month.from, day("2026-11-09"));
        assert_eq!(rest_of_month.until, day("2026-11-30"));
        let december = rest_of_month.next(Rhythm::Monthly).next(Rhythm::Monthly);
        assert_eq!((december.from, december.until), (day("2027-01-01"), day("2027-01-31")));
    }

    #[test]
    fn a_period_ends_with_its_last_day_in_the_merchants_zone() {
        let rome = chrono_tz::Europe::Rome;
        let october = Period::around(day("2026-10-01"), Rhythm::Monthly);
        assert_eq!(october.ends_at(rome), at("2026-10-31T23:00:00Z"));
        // The week in which summer time ends has 169 hours, the one in which it begins 167.
        for (sunday, hours) in [("2026-10-25", 169), ("2026-03-29", 167), ("2026-06-07", 168)] {
            let week = Period::around(day(sunday), Rhythm::Weekly);
            let length = week.ends_at(rome) - dates::start_of(week.from, rome);
            assert_eq!(length.num_hours(), hours, "{sunday}");
        }
        let year = Period::around(day("2026-12-31"), Rhythm::Monthly);
        assert_eq!(year.ends_at(chrono_tz::Asia::Tokyo), at("2026-12-31T15:00:00Z"));
    }
}
