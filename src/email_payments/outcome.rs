//! The answer comes home. A callback, the customer's return and the clock are hints: each makes us
//! ask the gateway, compare, and apply what it says, once, under the row lock (SEC-13).

mod asking;
mod attempts;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;

use self::asking::{Said, plan_next_check};
pub use self::attempts::wallet_total;
use self::attempts::{Refusal, details, insert_attempt};
use super::commands::skip_reminders;
use super::confirmations::FAILURE_PAUSE;
use super::history::{Happening, audit_event, queue_declined, queue_mail, record, row, tell};
use super::lookups::{self, FoundSession, GatewaySession};
use super::model::{CAPTURE_WITHIN, EmailPayment, EndReason, Event, Status};
use super::plan::ReminderReason;
use super::prepare::{CUSTOM_DATA, Parts};
use super::queries::{self, EventKind, Originator};
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::crypto;
use crate::db::Tenants;
use crate::db::schema::{email_payments, gateway_sessions};
use crate::gateway::{self, Attempt, AttemptStatus, PaymentState, Report, callback_token};
use crate::jobs;
use crate::kernel::{EmailPaymentId, Error, GatewaySessionId, Money};
use crate::mail::MailKind;
use crate::metrics::{self, Alarm};
use crate::notifications::PaymentEvent;
use crate::settlement::Operation;

/// What asking led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The gateway answered and its word is applied.
    Applied,
    /// The gateway did not answer: the state is unknown.
    Unknown,
}

/// Checks a callback's two proofs: the key in its address and our signature in its body. Returns
/// the session that it speaks of.
///
/// # Errors
/// [`Error::NotFound`] where one is missing or wrong: in the same words for all.
pub async fn verify_callback(
    parts: &Parts,
    key: &str,
    body: &[u8],
) -> Result<(SystemScope, GatewaySessionId), Error> {
    let (merchant_token, custom_data) = callback_token(body).ok_or(Error::NotFound)?;
    let (scope, id) = lookups::by_merchant_token(&parts.db, &merchant_token).await?;
    let (named, signature) = custom_data.split_once('.').ok_or(Error::NotFound)?;
    let is_signed = parts.keys.verify(CUSTOM_DATA, named, signature) && named == id.to_string();
    let session =
        parts.db.run(scope.tenants(), move |conn| lookups::session(conn, scope, id)).await?;
    if is_signed && crypto::equal(&crypto::hash(key), &session.callback_key_hash) {
        Ok((scope, id))
    } else {
        Err(Error::NotFound)
    }
}

/// Asks the gateway about one of its sessions and applies the answer.
pub async fn ask_and_apply(
    parts: &Parts,
    scope: SystemScope,
    id: GatewaySessionId,
) -> Result<Asked, Error> {
    let keys = parts.keys.clone();
    let read = move |conn: &mut PgConnection| {
        let session = lookups::session(conn, scope, id)?;
        let payment = queries::get(conn, scope.into(), session.email_payment_id)?;
        let credentials =
            gateway::credentials(conn, &keys, scope.merchant_id(), payment.originator_id)?;
        let token = keys.open(session.id.as_uuid(), &session.merchant_token_encrypted)?;
        Ok((session, credentials, token))
    };
    let (session, credentials, token) = parts.db.run(scope.tenants(), read).await?;
    let now = parts.clock.now();
    match parts.gateway.status(&credentials, &token).await {
        Ok(report) => {
            let write = move |conn: &mut PgConnection| apply(conn, scope, &session, &report, now);
            parts.db.run(scope.tenants(), write).await?;
            Ok(Asked::Applied)
        }
        Err(error) => {
            tracing::warn!(gateway_session.id = %id, error = ?error, "the gateway did not say what became of a payment");
            let write = move |conn: &mut PgConnection| {
                plan_next_check(conn, scope, &session, Said::Nothing, now)
            };
            parts.db.run(scope.tenants(), write).await?;
            Ok(Asked::Unknown)
        }
    }
}

/// Asks about every session of a payment that may bring news. Whether all were answered.
pub async fn ask_about(
    parts: &Parts,
    scope: SystemScope,
    id: EmailPaymentId,
) -> Result<Asked, Error> {
    let sessions = parts
        .db
        .run(scope.tenants(), move |conn| lookups::live_sessions(conn, scope.into(), id))
        .await?;
    let mut all = Asked::Applied;
    for session in sessions {
        if ask_and_apply(parts, scope, session.id).await? == Asked::Unknown {
            all = Asked::Unknown;
        }
    }
    Ok(all)
}

/// Job: asks about what no callback told.
pub async fn reconcile_due(parts: &Parts) -> Result<usize, Error> {
    let now = parts.clock.now();
    let due = parts.db.run(Tenants::none(), move |conn| lookups::due_sessions(conn, now)).await?;
    let ask = async |session: &FoundSession| {
        let (scope, id) = (SystemScope::found(session.merchant_id), session.gateway_session_id);
        let asked = ask_and_apply(parts, scope, id).await;
        if asked.is_err() {
            // It comes first again otherwise, and fifty of its kind would keep all others waiting.
            let postpone = move |conn: &mut PgConnection| {
                let session = lookups::session(conn, scope, id)?;
                plan_next_check(conn, scope, &session, Said::Nothing, now)
            };
            parts.db.run(scope.tenants(), postpone).await?;
        }
        asked.map(drop)
    };
    Ok(jobs::each("a payment could not be reconciled", &due, ask).await)
}

/// Has the reconciler ask about sessions of which another list of the gateway's tells something new:
/// what it says there moves nothing.
pub fn ask_soon(
    conn: &mut PgConnection,
    scope: SystemScope,
    ids: &[GatewaySessionId],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let later =
        gateway_sessions::next_check_at.is_null().or(gateway_sessions::next_check_at.gt(now));
    diesel::update(gateway_sessions::table)
        .filter(gateway_sessions::merchant_id.eq(scope.merchant_id()))
        .filter(gateway_sessions::id.eq_any(ids))
        .filter(later)
        .set(gateway_sessions::next_check_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Applies the gateway's word: compare, then move, attempt by attempt, all in one transaction.
fn apply(
    conn: &mut PgConnection,
    scope: SystemScope,
    session: &GatewaySession,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id = session.email_payment_id;
    let payment = queries::lock(conn, scope.into(), id)?;
    let is_ours = report.order_id == payment.order_id && report.amount == payment.amount()?;
    if !is_ours {
        return report_mismatch(conn, scope, &payment, session, report, now);
    }
    let is_success = |attempt: &Attempt| attempt.status == AttemptStatus::Authorised;
    if report.state == PaymentState::Paid && !report.attempts.iter().any(is_success) {
        // What is told of the other tries moves nothing: who has paid would read to try again.
        metrics::alarm(Alarm::UnexpectedMoney);
        tracing::error!(payment.id = %id, gateway_session.id = %session.id, "the gateway says that a payment is paid, and no try that it tells of can be read as the one that paid it: it has to be looked at");
        return plan_next_check(conn, scope, session, Said::Nothing, now);
    }
    let originator = queries::originator(conn, scope.merchant_id(), payment.originator_id)?;
    let mut payment = payment;
    for attempt in &report.attempts {
        if insert_attempt(conn, scope, &payment, attempt, now)? {
            payment = apply_attempt(conn, scope, payment, attempt, &originator, report.state, now)?;
        }
    }
    let is_undecided =
        report.attempts.last().is_some_and(|attempt| attempt.status == AttemptStatus::Pending);
    let said = match report.state {
        _ if payment.status == Status::Processing && is_undecided => Said::Undecided,
        PaymentState::Paid | PaymentState::Refused | PaymentState::Expired => Said::End,
        PaymentState::Open | PaymentState::InProgress | PaymentState::Unknown => Said::Nothing,
    };
    plan_next_check(conn, scope, session, said, now)
}

/// Moves the payment by one attempt that was not known yet.
fn apply_attempt(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    attempt: &Attempt,
    originator: &Originator,
    state: PaymentState,
    now: DateTime<Utc>,
) -> Result<EmailPayment, Error> {
    let payment = begin_attempt(conn, scope, payment, attempt, now)?;
    let in_time = attempt.attempted_at < payment.expires_at;
    match attempt.status {
        AttemptStatus::Pending => Ok(payment),
        AttemptStatus::Authorised => {
            let is_whole = attempt.amount == payment.amount()?;
            let is_promise = attempt.operation == Operation::Authorize.as_str();
            let event = if is_promise { Event::Authorised } else { Event::Captured { in_time } };
            if let Some(next) = payment.status.after(event).filter(|_| is_whole) {
                if is_promise {
                    return authorise(conn, scope, payment, next, attempt, now);
                }
                let (method, at) = (attempt.method.as_str(), attempt.attempted_at);
                let taken = Taken { method, at, facts: details(attempt) };
                return pay(conn, scope, payment, next, &taken, originator, now);
            }
            unexpected_money(conn, scope, &payment, attempt.amount, details(attempt), now)?;
            Ok(payment)
        }
        AttemptStatus::Declined | AttemptStatus::Error | AttemptStatus::Expired => {
            let attempts_left =
                payment.attempts < originator.attempts_max && state != PaymentState::Refused;
            let event = Event::Declined { attempts_left, in_time };
            decline(conn, scope, payment, event, &Refusal::of(attempt), originator, now)
        }
    }
}

/// An attempt that we hear of when it is over has begun all the same.
fn begin_attempt(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<EmailPayment, Error> {
    let Some(next) = payment.status.after(Event::AttemptStarted) else { return Ok(payment) };
    diesel::update(row(scope.merchant_id(), payment.id))
        .set((
            email_payments::status.eq(next),
            email_payments::attempts.eq(email_payments::attempts + 1),
            email_payments::payment_method.eq(&attempt.method),
        ))
        .execute(conn)?;
    let kind = if attempt.status == AttemptStatus::Pending {
        EventKind::Pending
    } else {
        EventKind::AttemptStarted
    };
    // The end of an attempt tells more than its beginning: one line in the timeline is enough.
    if kind == EventKind::Pending {
        let happening = Happening::by(scope.merchant_id(), payment.id, kind, Actor::Gateway, now)
            .with(details(attempt));
        record(conn, &happening, Some(payment.status), Some(next))?;
    }
    Ok(EmailPayment { status: next, attempts: payment.attempts + 1, ..payment })
}

/// The money is promised: it has to be captured, or it lapses.
fn authorise(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    next: Status,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<EmailPayment, Error> {
    let capture_before = attempt.attempted_at + CAPTURE_WITHIN;
    diesel::update(row(scope.merchant_id(), payment.id))
        .set((
            email_payments::status.eq(next),
            email_payments::capture_before.eq(capture_before),
            email_payments::payment_method.eq(&attempt.method),
            email_payments::last_result_code.eq(None::<String>),
        ))
        .execute(conn)?;
    skip_reminders(conn, scope.merchant_id(), payment.id, ReminderReason::Paid, now)?;
    let mut facts = details(attempt);
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("capture_before".to_owned(), json!(capture_before));
    }
    let happening =
        Happening::by(scope.merchant_id(), payment.id, EventKind::Authorised, Actor::Gateway, now)
            .with(facts);
    record(conn, &happening, Some(payment.status), Some(next))?;
    audit_event(
        conn,
        &By::other(Actor::Gateway),
        scope.merchant_id(),
        payment.id,
        "email_payment.authorise",
        Some(json!({ "status": payment.status.as_str() })),
        Some(json!({ "status": next.as_str(), "gateway_transaction_id": attempt.transaction_id })),
    )?;
    Ok(EmailPayment { status: next, capture_before: Some(capture_before), ..payment })
}

/// The money that pays: by which method and when, by the gateway's clock, and what the timeline tells of it.
pub struct Taken<'a> {
    pub method: &'a str,
    pub at: DateTime<Utc>,
    pub facts: serde_json::Value,
}

/// The money is there.
pub fn pay(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    next: Status,
    taken: &Taken<'_>,
    originator: &Originator,
    now: DateTime<Utc>,
) -> Result<EmailPayment, Error> {
    let is_late =
        matches!(payment.status, Status::Expired | Status::Failed) || now > payment.expires_at;
    // No clock that is wrong pays before there is a request, or later than we hear of it.
    let paid_at = taken.at.max(payment.created_at).min(now);
    diesel::update(row(scope.merchant_id(), payment.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(None::<EndReason>),
            email_payments::paid_at.eq(paid_at),
            email_payments::ended_at.eq(now),
            email_payments::is_late.eq(is_late),
            email_payments::payment_method.eq(taken.method),
            email_payments::last_result_code.eq(None::<String>),
        ))
        .execute(conn)?;
    skip_reminders(conn, scope.merchant_id(), payment.id, ReminderReason::Paid, now)?;
    let happening =
        Happening::by(scope.merchant_id(), payment.id, EventKind::Paid, Actor::Gateway, now)
            .with(taken.facts.clone());
    record(conn, &happening, Some(payment.status), Some(next))?;
    audit_event(
        conn,
        &By::other(Actor::Gateway),
        scope.merchant_id(),
        payment.id,
        "email_payment.pay",
        Some(json!({ "status": payment.status.as_str() })),
        Some(
            json!({ "status": next.as_str(), "gateway_transaction_id": taken.facts.get("gateway_transaction_id") }),
        ),
    )?;
    tell(conn, scope, PaymentEvent::Paid, &payment, now)?;
    if originator.confirms().success {
        queue_mail(conn, &payment, MailKind::Receipt, now)?;
    }
    Ok(EmailPayment {
        status: next,
        paid_at: Some(paid_at),
        ended_at: Some(now),
        is_late,
        ..payment
    })
}

fn decline(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    event: Event,
    refusal: &Refusal,
    originator: &Originator,
    now: DateTime<Utc>,
) -> Result<EmailPayment, Error> {
    let Some(next) = payment.status.after(event) else { return Ok(payment) };
    let (end_reason, unneeded) = match next {
        Status::Failed => (Some(EndReason::AttemptsExhausted), Some(ReminderReason::Failed)),
        Status::Expired => (Some(EndReason::DateReached), Some(ReminderReason::Expired)),
        Status::Draft
        | Status::Scheduled
        | Status::Open
        | Status::Processing
        | Status::Authorised
        | Status::Paid
        | Status::Cancelled => (None, None),
    };
    let ended_at = end_reason.map(|_| now);
    diesel::update(row(scope.merchant_id(), payment.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(end_reason),
            email_payments::ended_at.eq(ended_at),
            email_payments::last_result_code.eq(&refusal.result_code),
        ))
        .execute(conn)?;
    let merchant_id = scope.merchant_id();
    if let Some(reason) = unneeded {
        skip_reminders(conn, merchant_id, payment.id, reason, now)?;
    }
    let happening =
        Happening::by(merchant_id, payment.id, EventKind::Declined, Actor::Gateway, now)
            .with(refusal.facts.clone());
    record(conn, &happening, Some(payment.status), Some(next))?;
    if next == Status::Failed {
        record(
            conn,
            &Happening::by(merchant_id, payment.id, EventKind::Failed, Actor::Gateway, now),
            None,
            None,
        )?;
    }
    audit_event(
        conn,
        &By::other(Actor::Gateway),
        merchant_id,
        payment.id,
        "email_payment.decline",
        Some(json!({ "status": payment.status.as_str() })),
        Some(json!({ "status": next.as_str(), "result_code": refusal.result_code })),
    )?;
    tell(conn, scope, PaymentEvent::Declined, &payment, now)?;
    if originator.confirms().failure {
        // With no attempt left, nothing better is to be told later.
        let pause = if next == Status::Open { FAILURE_PAUSE } else { Duration::zero() };
        queue_declined(conn, &payment, now + pause, now)?;
    }
    Ok(EmailPayment {
        status: next,
        end_reason,
        ended_at,
        last_result_code: Some(refusal.result_code.clone()),
        ..payment
    })
}

/// Money was taken and no move leads to "paid": cancelled in the meantime, paid twice, another
/// amount. Such money is never lost from sight. `facts` as [`details`] tells them.
pub fn unexpected_money(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    amount: Money,
    mut facts: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    metrics::alarm(Alarm::UnexpectedMoney);
    tracing::error!(
        payment.id = %payment.id, gateway_transaction.id = facts.get("gateway_transaction_id").and_then(serde_json::Value::as_str), status = payment.status.as_str(),
        "money was taken for a payment that is {}: it has to be looked at", payment.status.as_str(),
    );
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("amount_minor".to_owned(), json!(amount.minor));
        facts.insert("currency".to_owned(), json!(amount.currency.code()));
    }
    let happening = Happening::by(
        scope.merchant_id(),
        payment.id,
        EventKind::UnexpectedMoney,
        Actor::Gateway,
        now,
    )
    .with(facts.clone());
    record(conn, &happening, None, None)?;
    audit_event(
        conn,
        &By::other(Actor::Gateway),
        scope.merchant_id(),
        payment.id,
        "email_payment.unexpected_money",
        None,
        Some(facts),
    )
}

/// The gateway speaks of another order or amount: nothing is moved; money that it took is shown.
fn report_mismatch(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    session: &GatewaySession,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    metrics::alarm(Alarm::OtherAmount);
    tracing::error!(payment.id = %payment.id, gateway_session.id = %session.id, "the gateway's answer is about another amount or order: nothing is moved");
    for attempt in &report.attempts {
        let is_new = insert_attempt(conn, scope, payment, attempt, now)?;
        if is_new && attempt.status == AttemptStatus::Authorised {
            unexpected_money(conn, scope, payment, attempt.amount, details(attempt), now)?;
        }
    }
    plan_next_check(conn, scope, session, Said::Nothing, now)
}
