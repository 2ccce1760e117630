//! What an email payment is, and the moves it may make. Pure.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::plan::SendHindrance;
use crate::db::columns::text_column;
use crate::db::schema::email_payments;
use crate::kernel::{
    Currency, EmailPaymentId, Error, Lang, MerchantId, Money, OriginatorId, UserId,
};

text_column! {
    /// Is money due or received. Stored; changed only through [`Status::after`], under the row lock.
    Status {
        Draft = "draft",
        Scheduled = "scheduled",
        Open = "open",
        Processing = "processing",
        Authorised = "authorised",
        Paid = "paid",
        Expired = "expired",
        Cancelled = "cancelled",
        Failed = "failed",
    }
}

text_column! {
    /// Why a payment ended without money.
    EndReason {
        DateReached = "date_reached",
        ByMerchant = "by_merchant",
        ByStaff = "by_staff",
        Replaced = "replaced",
        Voided = "voided",
        AttemptsExhausted = "attempts_exhausted",
        BlockedByRisk = "blocked_by_risk",
    }
}

text_column! {
    /// What became of the latest mail with the link.
    Delivery {
        Queued = "queued",
        Sent = "sent",
        Deferred = "deferred",
        Bounced = "bounced",
        Suppressed = "suppressed",
        Failed = "failed",
        NotSent = "not_sent",
    }
}

/// Something that may move a payment to another status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Submitted,
    /// It will be submitted at a set time.
    Scheduled,
    /// It will not: a draft again.
    Unscheduled,
    AttemptStarted,
    /// The money is taken; `in_time` when the attempt began before the end.
    Captured {
        in_time: bool,
    },
    Authorised,
    Declined {
        attempts_left: bool,
        in_time: bool,
    },
    DeadlinePassed,
    Cancelled,
    /// An expired payment gets new time and is sent again.
    Renewed,
    /// Another payment takes its place.
    Replaced,
    /// What was authorised is set free, or has lapsed.
    Voided,
}

impl Status {
    /// Those in which money is waited for.
    pub const WAITING: [Self; 3] = [Self::Open, Self::Processing, Self::Authorised];
    /// Those that have ended without money: asking for the same again is no repeat.
    pub const UNPAID: [Self; 3] = [Self::Expired, Self::Cancelled, Self::Failed];

    /// Where `event` leads from here; `None` when it may not happen. The database lists the same
    /// pairs in the trigger `email_payments_status`.
    #[must_use]
    pub const fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Draft | Self::Scheduled, Event::Submitted)
            | (Self::Processing, Event::Declined { attempts_left: true, in_time: true })
            | (Self::Expired, Event::Renewed) => Some(Self::Open),
            (Self::Draft, Event::Scheduled) => Some(Self::Scheduled),
            (Self::Scheduled, Event::Unscheduled) => Some(Self::Draft),
            (Self::Open, Event::AttemptStarted) => Some(Self::Processing),
            (Self::Processing | Self::Authorised, Event::Captured { .. })
            // Late money is still money: the attempt began before the deadline.
            | (Self::Expired | Self::Failed, Event::Captured { in_time: true }) => Some(Self::Paid),
            (Self::Processing, Event::Authorised) => Some(Self::Authorised),
            (Self::Processing, Event::Declined { attempts_left: false, in_time: true }) => Some(Self::Failed),
            (Self::Processing, Event::Declined { in_time: false, .. })
            | (Self::Open, Event::DeadlinePassed) => Some(Self::Expired),
            (Self::Draft | Self::Scheduled | Self::Open, Event::Cancelled)
            | (Self::Open | Self::Expired | Self::Failed, Event::Replaced)
            | (Self::Authorised, Event::Voided) => Some(Self::Cancelled),
            (
                Self::Draft | Self::Scheduled,
                Event::AttemptStarted
                | Event::Captured { .. }
                | Event::Authorised
                | Event::Declined { .. }
                | Event::DeadlinePassed
                | Event::Renewed
                | Event::Replaced
                | Event::Voided,
            )
            | (Self::Draft, Event::Unscheduled)
            | (Self::Scheduled, Event::Scheduled)
            | (
                Self::Open,
                Event::Submitted
                | Event::Scheduled
                | Event::Unscheduled
                | Event::Captured { .. }
                | Event::Authorised
                | Event::Declined { .. }
                | Event::Renewed
                | Event::Voided,
            )
            | (
                Self::Processing,
                Event::Submitted
                | Event::Scheduled
                | Event::Unscheduled
                | Event::AttemptStarted
                | Event::DeadlinePassed
                | Event::Cancelled
                | Event::Renewed
                | Event::Replaced
                | Event::Voided,
            )
            | (
                Self::Authorised,
                Event::Submitted
                | Event::Scheduled
                | Event::Unscheduled
                | Event::AttemptStarted
                | Event::Authorised
                | Event::Declined { .. }
                | Event::DeadlinePassed
                | Event::Cancelled
                | Event::Renewed
                | Event::Replaced,
            )
            | (
                Self::Expired,
                Event::Submitted
                | Event::Scheduled
                | Event::Unscheduled
                | Event::AttemptStarted
                | Event::Captured { in_time: false }
                | Event::Authorised
                | Event::Declined { .. }
                | Event::DeadlinePassed
                | Event::Cancelled
                | Event::Voided,
            )
            | (
                Self::Failed,
                Event::Submitted
                | Event::Scheduled
                | Event::Unscheduled
                | Event::AttemptStarted
                | Event::Captured { in_time: false }
                | Event::Authorised
                | Event::Declined { .. }
                | Event::DeadlinePassed
                | Event::Cancelled
                | Event::Renewed
                | Event::Voided,
            )
            | (Self::Paid | Self::Cancelled, _) => None,
        }
    }

    /// Whether it still may bring money: the list's tab "current".
    #[must_use]
    pub const fn is_current(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Scheduled | Self::Open | Self::Processing | Self::Authorised
        )
    }

    /// Whether amount, currency and order ID may still be changed.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Scheduled)
    }

    #[must_use]
    pub const fn is_cancellable(self) -> bool {
        self.after(Event::Cancelled).is_some()
    }
}

/// How long after a mail the next one may follow.
pub const RESEND_PAUSE: Duration = Duration::minutes(10);
/// Mails with the link that one payment may cause.
pub const SENDS_MAX: i32 = 10;
/// How long an authorisation can be captured (PayXpert's guide for shops).
pub const CAPTURE_WITHIN: Duration = Duration::days(7);
/// Link validity: shortest and longest.
pub const VALIDITY_MIN: Duration = Duration::hours(1);
pub const VALIDITY_MAX: Duration = Duration::days(90);

/// One row. Amounts in minor units.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = email_payments)]
pub struct EmailPayment {
    pub merchant_id: MerchantId,
    pub id: EmailPaymentId,
    pub originator_id: OriginatorId,
    pub created_by: UserId,
    pub order_id: String,
    pub amount_minor: i64,
    pub currency: String,
    pub customer_email: String,
    pub customer_name: String,
    pub description: String,
    pub message: String,
    pub language: Lang,
    pub status: Status,
    pub end_reason: Option<EndReason>,
    pub is_late: bool,
    pub delivery: Option<Delivery>,
    pub last_result_code: Option<String>,
    pub payment_method: Option<String>,
    pub attempts: i32,
    pub sends: i32,
    pub last_sent_at: Option<DateTime<Utc>>,
    pub first_opened_at: Option<DateTime<Utc>>,
    pub pay_token_encrypted: Option<Vec<u8>>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// What the mail server said to the latest mail that did not arrive; empty: it was not asked.
    pub delivery_answer: Option<String>,
    /// Visits of the link by people. Those from before they were counted are one, see
    /// [`EmailPayment::openings`].
    pub opens: i32,
    pub last_opened_at: Option<DateTime<Utc>>,
    /// Visits by programs, and those that may be either's.
    pub scanner_visits: i32,
    /// When it leaves, or was to leave, by itself.
    pub send_at: Option<DateTime<Utc>>,
    pub send_hindrance: Option<SendHindrance>,
    pub replaced_by: Option<EmailPaymentId>,
    /// Until when authorised money may be taken. `None`: it was never authorised.
    pub capture_before: Option<DateTime<Utc>>,
    /// What was given back of it.
    pub refunded_minor: i64,
    /// Of a draft: only its link is to be made.
    pub is_link_only: bool,
}

/// The customer's own visits of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Openings {
    pub count: i32,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

impl EmailPayment {
    /// Who is asked: the name, else the address.
    #[must_use]
    pub fn customer(&self) -> &str {
        if self.customer_name.is_empty() { &self.customer_email } else { &self.customer_name }
    }

    /// The mail server's own words about the latest mail, where it did not take it.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        self.delivery_answer.as_deref().filter(|answer| !answer.is_empty())
    }

    /// How often people opened the link, and when; `None`: nobody has.
    #[must_use]
    pub fn openings(&self) -> Option<Openings> {
        let first_at = self.first_opened_at?;
        let last_at = self.last_opened_at.unwrap_or(first_at);
        Some(Openings { count: self.opens.max(1), first_at, last_at })
    }

    /// # Errors
    /// [`Error::Internal`] where the table holds a currency that is none.
    pub fn amount(&self) -> Result<Money, Error> {
        money(self.amount_minor, &self.currency)
    }

    /// Why it may not be sent again now; `None`: it may.
    #[must_use]
    pub fn resend_hindrance(&self, now: DateTime<Utc>) -> Option<Hindrance> {
        if !matches!(self.status, Status::Open | Status::Expired) {
            return Some(Hindrance::Status(self.status));
        }
        self.mail_hindrance(now)
    }

    /// Why the customer may not be reminded now, as far as the payment itself tells.
    #[must_use]
    pub fn remind_hindrance(&self, now: DateTime<Utc>) -> Option<Hindrance> {
        if let Some(hindrance) = self.not_open(now) {
            return Some(hindrance);
        }
        match self.delivery {
            _ if self.sends == 0 => return Some(Hindrance::NeverSent),
            Some(Delivery::Bounced | Delivery::Failed | Delivery::Suppressed) => {
                return Some(Hindrance::NotDelivered);
            }
            Some(Delivery::Queued | Delivery::Sent | Delivery::Deferred | Delivery::NotSent)
            | None => {}
        }
        self.mail_hindrance(now).or(self.is_on_its_way().then_some(Hindrance::OnItsWay))
    }

    /// Why it may not be cancelled; `None`: it may.
    #[must_use]
    pub fn cancel_hindrance(&self) -> Option<Hindrance> {
        (!self.status.is_cancellable()).then_some(Hindrance::Status(self.status))
    }

    /// Why it does not wait for payment; `None`: it does.
    #[must_use]
    pub fn not_open(&self, now: DateTime<Utc>) -> Option<Hindrance> {
        if self.status != Status::Open {
            return Some(Hindrance::Status(self.status));
        }
        // Its time is over and the job has not come by yet.
        (self.expires_at <= now).then_some(Hindrance::Status(Status::Expired))
    }

    /// Whether a mail with the link has not left yet, and will be tried again by itself.
    #[must_use]
    pub const fn is_on_its_way(&self) -> bool {
        matches!(self.delivery, Some(Delivery::Queued | Delivery::Deferred))
    }

    fn mail_hindrance(&self, now: DateTime<Utc>) -> Option<Hindrance> {
        if self.sends >= SENDS_MAX {
            return Some(Hindrance::TooManySends);
        }
        if self.delivery == Some(Delivery::Bounced) {
            // The pause spares the reader; a refused mail had none.
            return None;
        }
        let again_at = self.last_sent_at.map(|sent_at| sent_at + RESEND_PAUSE);
        again_at.filter(|again_at| *again_at > now).map(Hindrance::TooSoon)
    }
}

/// Why something that was asked for is not done. Nothing has been changed then, so that who asks
/// for many at once goes on with the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Another payment of the merchant has this order ID.
    OrderIdTaken,
    /// This address got as many mails today as it may.
    TooManyToAddress,
    /// The merchant sent as many mails in this hour as it may.
    TooManyOfMerchant,
    /// The originator is not active (any more).
    NoOriginator,
    /// The merchant has no email payments (any more).
    SwitchedOff,
    /// What it is now does not allow it.
    Status(Status),
    /// It has been sent as often as it may.
    TooManySends,
    /// The last mail left a moment ago. From when on the next may.
    TooSoon(DateTime<Utc>),
    /// The last mail has not left yet.
    OnItsWay,
    /// There is nothing to remind of: only the link was made.
    NeverSent,
    /// The last mail did not arrive.
    NotDelivered,
    /// The customer wants no reminders of this payment.
    RemindersStopped,
    /// The end is less than an hour or more than ninety days away.
    Expiry,
    /// The new end is before the old one.
    NotLater,
    /// As many reminders are planned as may be.
    TooManyReminders,
    /// Somebody has changed it since it was read.
    Changed,
}

/// Minor units and a code of the table, as money.
pub fn money(minor: i64, currency: &str) -> Result<Money, Error> {
    let currency = Currency::parse(currency)
        .ok_or_else(|| Error::internal(format!("{currency:?} is no currency")))?;
    Ok(Money::new(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every event. Each names the one behind it, so that a new one is not forgotten here.
    fn events() -> impl Iterator<Item = Event> {
        std::iter::successors(Some(Event::Submitted), |event| match event {
            Event::Submitted => Some(Event::Scheduled),
            Event::Scheduled => Some(Event::Unscheduled),
            Event::Unscheduled => Some(Event::AttemptStarted),
            Event::AttemptStarted => Some(Event::Captured { in_time: true }),
            Event::Captured { in_time: true } => Some(Event::Captured { in_time: false }),
            Event::Captured { in_time: false } => Some(Event::Authorised),
            Event::Authorised => Some(Event::Declined { attempts_left: true, in_time: true }),
            Event::Declined { attempts_left: true, in_time } => {
                Some(Event::Declined { attempts_left: false, in_time: *in_time })
            }
            Event::Declined { attempts_left: false, in_time: true } => {
                Some(Event::Declined { attempts_left: true, in_time: false })
            }
            Event::Declined { attempts_left: false, in_time: false } => Some(Event::DeadlinePassed),
            Event::DeadlinePassed => Some(Event::Cancelled),
            Event::Cancelled => Some(Event::Renewed),
            Event::Renewed => Some(Event::Replaced),
            Event::Replaced => Some(Event::Voided),
            Event::Voided => None,
        })
    }

    #[test]
    fn sec_13_money_and_cancellation_are_final() {
        for event in events() {
            assert_eq!(Status::Paid.after(event), None, "{event:?}");
            assert_eq!(Status::Cancelled.after(event), None, "{event:?}");
        }
    }

    #[test]
    fn while_an_attempt_runs_nothing_else_happens() {
        assert_eq!(Status::Processing.after(Event::Cancelled), None);
        assert_eq!(Status::Processing.after(Event::AttemptStarted), None);
        assert_eq!(Status::Processing.after(Event::DeadlinePassed), None);
    }

    #[test]
    fn late_money_is_money_if_the_attempt_began_in_time() {
        for ended in [Status::Expired, Status::Failed] {
            assert_eq!(ended.after(Event::Captured { in_time: true }), Some(Status::Paid));
            assert_eq!(ended.after(Event::Captured { in_time: false }), None);
        }
    }

    /// Every move that the table allows is allowed by the database's trigger, whose list is in the
    /// migration.
    #[test]
    fn the_trigger_allows_every_move() {
        let migration =
            include_str!("../../migrations/2026-11-25-000004_create_email_payments/up.sql");
        for from in Status::ALL {
            for event in events() {
                if let Some(to) = from.after(event) {
                    let pair = format!("'{} {}'", from.as_str(), to.as_str());
                    assert!(migration.contains(&pair), "{pair} is missing in the trigger");
                }
            }
        }
    }

    #[test]
    fn the_list_of_current_payments_is_the_states_that_may_bring_money() {
        let current: Vec<&str> = Status::ALL
            .iter()
            .filter(|status| status.is_current())
            .map(|status| status.as_str())
            .collect();
        assert_eq!(current, ["draft", "scheduled", "open", "processing", "authorised"]);
    }
}
