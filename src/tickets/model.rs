//! What a ticket is: its words, its states, its two clocks.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::auth::MerchantRole;
use crate::db::columns::text_column;
use crate::db::schema::tickets;
use crate::kernel::{
    BusinessHours, DocumentId, EmailPaymentId, MerchantId, NoticeId, TicketId, TransactionId,
    UserId,
};

text_column! {
    /// What a ticket is about, in the large.
    Category {
        Technical = "technical",
        EmailPayments = "email_payments",
        Transactions = "transactions",
        Risk = "risk",
        Accounting = "accounting",
        Access = "access",
        Commercial = "commercial",
        /// Who looks after the merchant; of one that has nobody, every success manager hears.
        SuccessManager = "success_manager",
    }
}

text_column! {
    /// How much it presses.
    Priority {
        Low = "low",
        Normal = "normal",
        High = "high",
        /// Payments are down.
        Urgent = "urgent",
    }
}

text_column! {
    /// Who of the merchant's people sees it, besides its author and its watchers.
    Visibility {
        Private = "private",
        /// Whoever sees the whole merchant's tickets of the category.
        Company = "company",
    }
}

text_column! {
    /// Who is to act.
    TicketState {
        /// Nobody of support has taken it yet.
        Open = "open",
        WaitingSupport = "waiting_support",
        WaitingMerchant = "waiting_merchant",
        Solved = "solved",
        Closed = "closed",
    }
}

/// What moves a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketEvent {
    /// Somebody of support takes it, or is given it.
    Taken,
    AnsweredByMerchant,
    AnsweredBySupport,
    Solved,
    /// Fourteen days without a word since it was solved.
    TimePassed,
}

/// How long a solved ticket may be answered.
pub const REOPENS_FOR: Duration = Duration::days(14);

impl TicketState {
    /// Those in which support owes something: the clock of the solution runs.
    pub const OWED: [Self; 2] = [Self::Open, Self::WaitingSupport];

    /// Where `event` leads from here; `None` when it may not happen.
    #[must_use]
    pub const fn after(self, event: TicketEvent) -> Option<Self> {
        match (self, event) {
            (Self::WaitingSupport | Self::WaitingMerchant | Self::Solved, TicketEvent::Taken) => {
                Some(self)
            }
            (Self::Open, TicketEvent::AnsweredByMerchant) => Some(Self::Open),
            (Self::Open, TicketEvent::Taken)
            | (
                Self::WaitingSupport | Self::WaitingMerchant | Self::Solved,
                TicketEvent::AnsweredByMerchant,
            ) => Some(Self::WaitingSupport),
            (
                Self::Open | Self::WaitingSupport | Self::WaitingMerchant | Self::Solved,
                TicketEvent::AnsweredBySupport,
            ) => Some(Self::WaitingMerchant),
            (
                Self::Open | Self::WaitingSupport | Self::WaitingMerchant | Self::Solved,
                TicketEvent::Solved,
            ) => Some(Self::Solved),
            (Self::Solved, TicketEvent::TimePassed) => Some(Self::Closed),
            (
                Self::Open | Self::WaitingSupport | Self::WaitingMerchant | Self::Closed,
                TicketEvent::TimePassed,
            )
            | (Self::Closed, _) => None,
        }
    }

    /// Whether support owes something.
    #[must_use]
    pub fn is_owed(self) -> bool {
        Self::OWED.contains(&self)
    }
}

impl Priority {
    /// Hours of work until the first answer.
    #[must_use]
    pub const fn first_answer_within(self) -> Duration {
        Duration::hours(match self {
            Self::Urgent => 1,
            Self::High => 4,
            Self::Normal => 9,
            Self::Low => 18,
        })
    }

    /// Hours of work until the solution, those in which support waits for the merchant left out.
    #[must_use]
    pub const fn solution_within(self) -> Duration {
        Duration::hours(match self {
            Self::Urgent => 9,
            Self::High => 18,
            Self::Normal => 45,
            Self::Low => 90,
        })
    }
}

impl Category {
    /// The categories of which a role sees the whole merchant's tickets, where they are not private.
    #[must_use]
    pub const fn seen_by(role: MerchantRole) -> &'static [Self] {
        match role {
            MerchantRole::Owner | MerchantRole::Manager => Self::ALL,
            MerchantRole::Accountant => &[Self::Accounting],
            MerchantRole::Developer => &[Self::Technical],
            MerchantRole::CustomerCare | MerchantRole::Clerk | MerchantRole::ReadOnly => &[],
        }
    }
}

/// What a ticket is about. One variant per kind of thing, each with a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    EmailPayment(EmailPaymentId),
    Document(DocumentId),
    /// What somebody was told.
    Notice(NoticeId),
    Transaction(TransactionId),
}

/// A ticket, as its row says.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tickets)]
pub struct Ticket {
    pub merchant_id: MerchantId,
    pub id: TicketId,
    pub number: i64,
    pub category: Category,
    pub priority: Priority,
    pub subject: String,
    pub phone: String,
    pub visibility: Visibility,
    pub state: TicketState,
    pub state_at: DateTime<Utc>,
    pub author_id: UserId,
    pub assignee_id: Option<UserId>,
    email_payment_id: Option<EmailPaymentId>,
    document_id: Option<DocumentId>,
    notice_id: Option<NoticeId>,
    transaction_id: Option<TransactionId>,
    pub follows: Option<TicketId>,
    pub created_at: DateTime<Utc>,
    pub answered_at: DateTime<Utc>,
    pub first_answer_due_at: DateTime<Utc>,
    pub first_answered_at: Option<DateTime<Utc>>,
    pub solution_due_at: Option<DateTime<Utc>>,
    pub solution_left_seconds: Option<i32>,
    pub due_at: DateTime<Utc>,
}

impl Ticket {
    #[must_use]
    pub fn about(&self) -> Option<Subject> {
        let payment = self.email_payment_id.map(Subject::EmailPayment);
        let document = self.document_id.map(Subject::Document);
        let notice = self.notice_id.map(Subject::Notice);
        payment.or(document).or(notice).or(self.transaction_id.map(Subject::Transaction))
    }

    /// The clock of the solution in another state: it runs on, or stands with what is left of it.
    #[must_use]
    pub fn clock_in(&self, next: TicketState, hours: &BusinessHours, now: DateTime<Utc>) -> Clock {
        match (self.solution_due_at, next.is_owed()) {
            (Some(due_at), true) => Clock::Runs(due_at),
            (Some(due_at), false) => Clock::stopped(hours.between(now, due_at)),
            (None, true) => {
                let left = Duration::seconds(i64::from(self.solution_left_seconds.unwrap_or(0)));
                Clock::Runs(hours.after(now, left))
            }
            (None, false) => Clock::Stands(self.solution_left_seconds.unwrap_or(0)),
        }
    }
}

/// The clock of the solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It ends then.
    Runs(DateTime<Utc>),
    /// So many seconds of work are left of it.
    Stands(i32),
}

impl Clock {
    fn stopped(left: Duration) -> Self {
        Self::Stands(i32::try_from(left.num_seconds()).unwrap_or(i32::MAX))
    }

    #[must_use]
    pub const fn due_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Runs(due_at) => Some(due_at),
            Self::Stands(_) => None,
        }
    }

    #[must_use]
    pub const fn left_seconds(self) -> Option<i32> {
        match self {
            Self::Runs(_) => None,
            Self::Stands(seconds) => Some(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_ticket_stays_closed_and_a_solved_one_opens_again() {
        use TicketEvent::{AnsweredByMerchant, AnsweredBySupport, Solved, Taken, TimePassed};
        for event in [Taken, AnsweredByMerchant, AnsweredBySupport, Solved, TimePassed] {
            assert_eq!(TicketState::Closed.after(event), None);
        }
        let solved = TicketState::Solved;
        assert_eq!(solved.after(AnsweredByMerchant), Some(TicketState::WaitingSupport));
        assert_eq!(solved.after(AnsweredBySupport), Some(TicketState::WaitingMerchant));
        assert_eq!(TicketState::WaitingMerchant.after(TimePassed), None);
    }
}
