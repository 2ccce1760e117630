//! Categories, priorities, states and deadlines in words.

use chrono::{DateTime, Duration, Utc};

use super::model::{Category, Priority, Ticket, TicketState};
use crate::kernel::Texts;
use crate::web::ui::{Badge, Icon};

pub fn category(category: Category, t: &Texts) -> String {
    match category {
        Category::Technical => t.msg_ticket_category_technical(),
        Category::EmailPayments => t.msg_ticket_category_email_payments(),
        Category::Transactions => t.msg_ticket_category_transactions(),
        Category::Risk => t.msg_ticket_category_risk(),
        Category::Accounting => t.msg_ticket_category_accounting(),
        Category::Access => t.msg_ticket_category_access(),
        Category::Commercial => t.msg_ticket_category_commercial(),
        Category::SuccessManager => t.msg_ticket_category_success_manager(),
    }
}

pub fn priority(priority: Priority, t: &Texts) -> String {
    match priority {
        Priority::Low => t.msg_ticket_priority_low(),
        Priority::Normal => t.msg_ticket_priority_normal(),
        Priority::High => t.msg_ticket_priority_high(),
        Priority::Urgent => t.msg_ticket_priority_urgent(),
    }
}

pub fn state(state: TicketState, t: &Texts) -> String {
    match state {
        TicketState::Open => t.msg_ticket_state_open(),
        TicketState::WaitingSupport => t.msg_ticket_state_waiting_support(),
        TicketState::WaitingMerchant => t.msg_ticket_state_waiting_merchant(),
        TicketState::Solved => t.msg_ticket_state_solved(),
        TicketState::Closed => t.msg_ticket_state_closed(),
    }
}

pub fn badge(of: TicketState, t: &Texts) -> Badge {
    let (icon, tone) = match of {
        TicketState::Open => ("mail", "wait"),
        TicketState::WaitingSupport => ("clock", "wait"),
        TicketState::WaitingMerchant => ("alert-circle", "warn"),
        TicketState::Solved => ("circle-check", "pos"),
        TicketState::Closed => ("lock", "neu"),
    };
    Badge { icon: Icon(icon), words: state(of, t), tone }
}

/// Hours before a deadline in which it is about to be late.
const SOON: Duration = Duration::hours(2);

/// How the next deadline stands; `None` where support owes nothing.
pub fn due(ticket: &Ticket, now: DateTime<Utc>, t: &Texts) -> Option<Badge> {
    if !ticket.state.is_owed() {
        return None;
    }
    let (icon, tone, words) = if ticket.due_at < now {
        ("alert-triangle", "neg", t.msg_ticket_due_late())
    } else if ticket.due_at < now + SOON {
        ("hourglass", "warn", t.msg_ticket_due_soon())
    } else {
        ("clock", "neu", t.msg_ticket_due_in_time())
    };
    Some(Badge { icon: Icon(icon), words, tone })
}
