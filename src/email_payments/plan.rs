//! What is to happen later: a request that leaves at a set time, reminders. Pure.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::model::{Hindrance, Status};
use crate::db::columns::text_column;
use crate::db::schema::email_payment_reminders;
use crate::kernel::ReminderId;

/// How far ahead something may be planned.
pub const AHEAD_MAX: Duration = Duration::days(90);
/// Planned reminders that a payment may have at a time.
pub const REMINDERS_MAX: usize = 3;
/// The hour, in the merchant's zone, at which reminders leave that hang on a day.
const REMINDER_HOUR: u32 = 9;

/// What becomes of a good form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    Now,
    At(DateTime<Utc>),
    /// The link is made, and no mail goes out.
    LinkOnly,
}

text_column! {
    /// Why a scheduled request could not leave at its time.
    SendHindrance {
        Expiry = "expiry",
        Originator = "originator",
        SwitchedOff = "switched_off",
        TooManyToAddress = "too_many_to_address",
        TooManyOfMerchant = "too_many_of_merchant",
    }
}

text_column! {
    /// What the instant of a reminder hangs on.
    ReminderKind {
        AfterSending = "after_sending",
        BeforeEnd = "before_end",
        At = "at",
        ByHand = "by_hand",
    }
}

text_column! {
    ReminderState {
        Planned = "planned",
        Sent = "sent",
        /// Its time came, and nobody needed it, or it could not be sent.
        Skipped = "skipped",
        /// Somebody did not want it.
        Stopped = "stopped",
    }
}

text_column! {
    /// Why a reminder is not sent.
    ReminderReason {
        Paid = "paid",
        Cancelled = "cancelled",
        Replaced = "replaced",
        Expired = "expired",
        Failed = "failed",
        OutOfTime = "out_of_time",
        NotDelivered = "not_delivered",
        TooManySends = "too_many_sends",
        ByMerchant = "by_merchant",
        ByCustomer = "by_customer",
    }
}

/// A reminder of a payment.
#[derive(Clone, Copy, Debug, Queryable, Selectable)]
#[diesel(table_name = email_payment_reminders)]
pub struct Reminder {
    pub id: ReminderId,
    pub kind: ReminderKind,
    pub days: Option<i32>,
    pub due_at: Option<DateTime<Utc>>,
    pub state: ReminderState,
    pub reason: Option<ReminderReason>,
    pub settled_at: Option<DateTime<Utc>>,
}

/// A reminder as a form offers it: some days after the sending, or before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderRule {
    pub kind: ReminderKind,
    pub days: i32,
}

impl ReminderRule {
    /// What forms offer, in their order.
    pub const OFFERED: [Self; 6] = [
        Self::new(ReminderKind::AfterSending, 3),
        Self::new(ReminderKind::AfterSending, 7),
        Self::new(ReminderKind::AfterSending, 14),
        Self::new(ReminderKind::BeforeEnd, 7),
        Self::new(ReminderKind::BeforeEnd, 3),
        Self::new(ReminderKind::BeforeEnd, 1),
    ];

    const fn new(kind: ReminderKind, days: i32) -> Self {
        Self { kind, days }
    }

    /// `after_sending_7`: the word in forms and on the wire.
    #[must_use]
    pub fn word(self) -> String {
        format!("{}_{}", self.kind.as_str(), self.days)
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::OFFERED.into_iter().find(|rule| rule.word() == word)
    }

    /// When it is due for a request that leaves at `sent_at` and ends at `expires_at`.
    #[must_use]
    pub fn due_at(
        self,
        sent_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        zone: Tz,
    ) -> DateTime<Utc> {
        let days = Duration::days(i64::from(self.days));
        let day_of = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let day = match self.kind {
            ReminderKind::BeforeEnd => day_of(expires_at) - days,
            ReminderKind::AfterSending | ReminderKind::At | ReminderKind::ByHand => {
                day_of(sent_at) + days
            }
        };
        let at_nine = NaiveTime::from_hms_opt(REMINDER_HOUR, 0, 0).unwrap_or(NaiveTime::MIN);
        match instant(day, at_nine, zone) {
            Instant::Once(at) | Instant::Twice(at) => at,
            Instant::Never => crate::kernel::dates::start_of(day, zone),
        }
    }
}

impl Reminder {
    /// The rule that it was made by; `None` where somebody chose the instant.
    #[must_use]
    pub fn rule(&self) -> Option<ReminderRule> {
        self.days.map(|days| ReminderRule { kind: self.kind, days })
    }
}

/// A wall clock's time as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    Once(DateTime<Utc>),
    /// The clocks go back: the hour comes twice, and this is the first.
    Twice(DateTime<Utc>),
    /// The clocks go forward over it.
    Never,
}

#[must_use]
pub fn instant(day: NaiveDate, time: NaiveTime, zone: Tz) -> Instant {
    match zone.from_local_datetime(&day.and_time(time)) {
        MappedLocalTime::Single(at) => Instant::Once(at.with_timezone(&Utc)),
        MappedLocalTime::Ambiguous(first, second) => {
            Instant::Twice(first.min(second).with_timezone(&Utc))
        }
        MappedLocalTime::None => Instant::Never,
    }
}

/// Whether the wall clock shows this time a second time, an hour later.
#[must_use]
pub fn comes_twice(at: DateTime<Utc>, zone: Tz) -> bool {
    let local = at.with_timezone(&zone).naive_local();
    instant(local.date(), local.time(), zone) == Instant::Twice(at)
}

/// What to do with a reminder whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Skip(ReminderReason),
    /// Perhaps later.
    PutOff(Duration),
}

/// What a hindrance means for a planned reminder.
#[must_use]
pub fn when_hindered(hindrance: Hindrance) -> Due {
    match hindrance {
        Hindrance::Status(Status::Paid) => Due::Skip(ReminderReason::Paid),
        Hindrance::Status(Status::Expired) => Due::Skip(ReminderReason::Expired),
        Hindrance::Status(Status::Failed) => Due::Skip(ReminderReason::Failed),
        Hindrance::Status(Status::Cancelled) => Due::Skip(ReminderReason::Cancelled),
        // Somebody is paying right now: an answer is near.
        Hindrance::Status(
            Status::Draft
            | Status::Scheduled
            | Status::Open
            | Status::Processing
            | Status::Authorised,
        )
        | Hindrance::OnItsWay
        | Hindrance::TooManyToAddress => Due::PutOff(Duration::hours(1)),
        // A mail has just left: not two of one morning.
        Hindrance::TooSoon(_) => Due::PutOff(Duration::days(1)),
        Hindrance::TooManyOfMerchant => Due::PutOff(Duration::minutes(15)),
        Hindrance::TooManySends => Due::Skip(ReminderReason::TooManySends),
        Hindrance::NotDelivered => Due::Skip(ReminderReason::NotDelivered),
        Hindrance::RemindersStopped => Due::Skip(ReminderReason::ByCustomer),
        Hindrance::OrderIdTaken
        | Hindrance::NoOriginator
        | Hindrance::SwitchedOff
        | Hindrance::NeverSent
        | Hindrance::Expiry
        | Hindrance::NotLater
        | Hindrance::TooManyReminders
        | Hindrance::Changed => Due::Skip(ReminderReason::OutOfTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROME: Tz = chrono_tz::Europe::Rome;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn local(day: &str, time: &str) -> Instant {
        instant(day.parse().unwrap(), time.parse().unwrap(), ROME)
    }

    #[test]
    fn a_clock_that_jumps_makes_times_that_never_come_and_times_that_come_twice() {
        assert_eq!(local("2027-03-28", "01:59:00"), Instant::Once(at("2027-03-28T00:59:00Z")));
        assert_eq!(local("2027-03-28", "02:30:00"), Instant::Never);
        assert_eq!(local("2027-03-28", "03:00:00"), Instant::Once(at("2027-03-28T01:00:00Z")));
        assert_eq!(local("2026-10-25", "02:30:00"), Instant::Twice(at("2026-10-25T00:30:00Z")));
        assert!(comes_twice(at("2026-10-25T00:30:00Z"), ROME));
        assert!(!comes_twice(at("2026-10-25T01:30:00Z"), ROME), "the second time is the last");
    }

    #[test]
    fn reminders_leave_at_nine_in_summer_and_in_winter() {
        let (sent, end) = (at("2026-10-20T15:00:00Z"), at("2026-11-19T22:59:59Z"));
        let due = |word: &str| ReminderRule::parse(word).unwrap().due_at(sent, end, ROME);
        assert_eq!(due("after_sending_3"), at("2026-10-23T07:00:00Z"));
        assert_eq!(due("after_sending_7"), at("2026-10-27T08:00:00Z"));
        assert_eq!(due("before_end_3"), at("2026-11-16T08:00:00Z"));
        assert_eq!(ReminderRule::parse("before_end_2"), None);
    }
}
