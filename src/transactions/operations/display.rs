//! Wishes and what hinders them in words.

use chrono::{DateTime, Utc};

use super::model::{Act, Hindrance, OperationRequest, OperationState};
use super::queries::Named;
use crate::kernel::{Lang, Texts, UserId};
use crate::transactions::model::{Transaction, number};
use crate::web::Shell;
use crate::web::ui::{Badge, Icon};

/// What the form is called and what its button does.
pub fn act(act: Act, t: &Texts) -> String {
    match act {
        Act::Refund => t.msg_op_refund(),
        Act::Capture => t.msg_op_capture(),
        Act::Cancel => t.msg_op_cancel(),
    }
}

pub fn state(state: OperationState, t: &Texts) -> Badge {
    let (icon, words, tone) = match state {
        OperationState::Waiting => ("clock", t.msg_op_state_waiting(), "wait"),
        OperationState::Sending => ("refresh", t.msg_op_state_sending(), "wait"),
        OperationState::Unknown => ("alert-triangle", t.msg_op_state_unknown(), "warn"),
        OperationState::Requested => ("hourglass", t.msg_op_state_requested(), "wait"),
        OperationState::Done => ("circle-check", t.msg_op_state_done(), "pos"),
        OperationState::Declined => ("circle-x", t.msg_op_state_declined(), "neg"),
        OperationState::NotDone => ("circle-x", t.msg_op_state_not_done(), "neg"),
        OperationState::Rejected => ("ban", t.msg_op_state_rejected(), "neu"),
        OperationState::Withdrawn => ("ban", t.msg_op_state_withdrawn(), "neu"),
    };
    Badge { icon: Icon(icon), words, tone }
}

/// What a state means for who waits; empty where the word says it all.
fn meaning(request: &OperationRequest, t: &Texts) -> String {
    match request.state {
        OperationState::Declined => {
            crate::transactions::display::explained(&request.result_code, t)
        }
        OperationState::Unknown => t.msg_op_means_unknown(),
        OperationState::Requested => t.msg_op_means_requested(),
        OperationState::NotDone => t.msg_op_means_not_done(),
        OperationState::Sending => t.msg_op_means_sending(),
        OperationState::Waiting
        | OperationState::Done
        | OperationState::Rejected
        | OperationState::Withdrawn => String::new(),
    }
}

/// Why it may not be, and what may.
pub fn hindrance(why: Hindrance, transaction: &Transaction, lang: Lang) -> String {
    let t = lang.texts();
    match why {
        Hindrance::DoesNotFit => t.msg_op_no_fit(),
        Hindrance::NothingLeft => t.msg_op_no_nothing_left(),
        Hindrance::Disputed => t.msg_op_no_disputed(),
        Hindrance::TooMuch { left_minor } => {
            let currency = &transaction.currency;
            t.msg_op_no_too_much(format!("{}\u{a0}{currency}", number(left_minor, currency, lang)))
        }
        Hindrance::IsOver => t.msg_op_no_over(),
        Hindrance::Lapsed => t.msg_op_no_lapsed(),
        Hindrance::OnlyWhole => t.msg_op_no_only_whole(),
        Hindrance::Decided => t.msg_op_no_decided(),
        Hindrance::OwnWish => t.msg_op_no_own(),
    }
}

/// A wish, as a table shows it.
pub struct Row {
    pub id: String,
    pub title: String,
    pub amount: String,
    pub badge: Badge,
    /// Who had a part in it.
    pub people: String,
    pub reason: String,
    /// Asked for although a chargeback stands on the money.
    pub is_disputed: bool,
    pub meaning: String,
    pub at: DateTime<Utc>,
    /// Whether the reader may allow or refuse it.
    pub may_decide: bool,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
}

impl Row {
    pub fn of(named: &Named, reader: UserId, may_approve: bool, shell: &Shell) -> Self {
        let (t, request) = (shell.t, &named.request);
        let waits = request.state == OperationState::Waiting;
        let is_own = request.asked_by == reader;
        let asked = t.msg_op_asked_by(named.asked_by.as_str());
        let decided = named.decided_by.as_ref().map(|name| match request.state {
            OperationState::Rejected => t.msg_op_rejected_by(name),
            OperationState::Waiting
            | OperationState::Sending
            | OperationState::Unknown
            | OperationState::Requested
            | OperationState::Done
            | OperationState::Declined
            | OperationState::NotDone
            | OperationState::Withdrawn => t.msg_op_approved_by(name),
        });
        Self {
            id: request.id.to_string(),
            title: act(request.operation, t),
            amount: format!(
                "{}\u{a0}{}",
                number(request.amount_minor, &request.currency, shell.lang),
                request.currency
            ),
            badge: state(request.state, t),
            people: [Some(asked), decided].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            reason: request.reason.clone(),
            is_disputed: request.is_disputed,
            meaning: meaning(request, t),
            at: request.asked_at,
            may_decide: waits && may_approve && !is_own,
            may_withdraw: waits && is_own,
        }
    }
}

/// Several.
pub fn rows(all: &[Named], reader: UserId, may_approve: bool, shell: &Shell) -> Vec<Row> {
    all.iter().map(|named| Row::of(named, reader, may_approve, shell)).collect()
}
