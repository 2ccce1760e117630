//! Instants and validities as people type them.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::form::last_possible_day;
use super::model::{VALIDITY_MAX, VALIDITY_MIN};
use super::page_settings::DAYS_USUAL;
use super::plan::{AHEAD_MAX, Instant, instant};
use crate::kernel::{Lang, Texts, dates};

/// Whose clock, and whose words.
#[derive(Clone, Copy)]
pub struct Clockwork {
    pub now: DateTime<Utc>,
    pub zone: Tz,
    pub lang: Lang,
}

impl Clockwork {
    fn t(self) -> &'static Texts {
        self.lang.texts()
    }

    /// A day and a time in the zone, after now and at most ninety days ahead. A time that the clocks
    /// jump over is refused; of one that comes twice the first is meant.
    pub fn instant(self, day: &str, time: &str) -> Result<DateTime<Utc>, String> {
        let t = self.t();
        let (day, time) = (day.trim(), time.trim());
        if day.is_empty() || time.is_empty() {
            return Err(t.msg_when_missing());
        }
        let read: Option<(NaiveDate, NaiveTime)> = day
            .parse()
            .ok()
            .zip(NaiveTime::parse_from_str(time, "%H:%M").or_else(|_| time.parse()).ok());
        let (day, time) = read.ok_or_else(|| t.msg_when_unreadable())?;
        match instant(day, time, self.zone) {
            Instant::Once(at) | Instant::Twice(at) => self.check(at),
            Instant::Never => Err(t.msg_when_never(
                time.format("%H:%M").to_string(),
                dates::plain_day(day, self.lang),
            )),
        }
    }

    /// After now, and at most ninety days ahead.
    pub fn check(self, at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let t = self.t();
        if at <= self.now {
            let now = dates::full(self.now, self.zone, self.lang);
            return Err(t.msg_when_past(now, self.zone.name()));
        }
        if at - self.now > AHEAD_MAX {
            let last = dates::full(self.now + AHEAD_MAX, self.zone, self.lang);
            return Err(t.msg_when_too_far(AHEAD_MAX.num_days(), last));
        }
        Ok(at)
    }

    /// 23:59:59 of a day in the zone: between an hour and ninety days after `starts_at`.
    pub fn end(self, day: &str, starts_at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let t = self.t();
        let typed = day.trim();
        if typed.is_empty() {
            return Err(t.msg_form_expiry_missing());
        }
        let day: NaiveDate = typed.parse().map_err(|_| t.msg_form_expiry_unreadable())?;
        let expires_at = dates::last_second_of(day, self.zone);
        let last = last_possible_day(starts_at, self.zone);
        if expires_at - starts_at < VALIDITY_MIN {
            if starts_at > self.now {
                return Err(t.msg_form_expiry_before_sending());
            }
            let today = self.now.with_timezone(&self.zone).date_naive();
            return Err(t.msg_form_expiry_past(dates::plain_day(today, self.lang)));
        }
        if day > last {
            return Err(t.msg_form_expiry_too_late(
                VALIDITY_MAX.num_days(),
                dates::plain_day(last, self.lang),
            ));
        }
        Ok(expires_at)
    }

    /// The end that was chosen: after a length of [`Validity::OFFERED`], or with a day.
    pub fn validity(self, choice: &str, day: &str) -> Result<DateTime<Utc>, String> {
        match Validity::parse(choice) {
            Some(Validity::For(length)) => Ok(self.now + length),
            Some(Validity::UntilDay) => self.end(day, self.now),
            None => Err(self.t().msg_validity_choose()),
        }
    }
}

/// How long a link is to be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    For(Duration),
    /// Until the end of a day that is typed beside it.
    UntilDay,
}

impl Validity {
    /// What forms offer, in their order.
    pub const OFFERED: [Self; 9] = [
        Self::For(VALIDITY_MIN),
        Self::For(Duration::days(1)),
        Self::For(Duration::days(3)),
        Self::For(Duration::days(7)),
        Self::For(Duration::days(14)),
        Self::USUAL,
        Self::For(Duration::days(60)),
        Self::For(VALIDITY_MAX),
        Self::UntilDay,
    ];

    /// What is proposed where nobody has chosen, and meant where nothing is typed.
    pub const USUAL: Self = Self::For(Duration::days(DAYS_USUAL as i64));

    /// The word in forms: hours, or `day`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::For(length) => length.num_hours().to_string(),
            Self::UntilDay => "day".to_owned(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        if word.is_empty() {
            return Some(Self::USUAL);
        }
        Self::OFFERED.into_iter().find(|offered| offered.word() == word)
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::For(length) if length < Duration::days(1) => {
                t.msg_validity_hours(length.num_hours())
            }
            Self::For(length) => t.msg_validity_days(length.num_days()),
            Self::UntilDay => t.msg_validity_until_day(),
        }
    }
}
