//! What becomes of a payment's money later: given back, captured, set free, lapsed. The transactions that
//! are noted for it tell; here the payment is brought in line with them, however often that is asked.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Timestamptz};
use serde_json::{Value, json};

use super::super::history::{Happening, audit_event, record, row};
use super::super::model::money;
use super::super::model::{EmailPayment, EndReason, Event, Status};
use super::super::outcome::{Taken, pay, unexpected_money};
use super::super::queries::{self, EventKind};
use super::Due;
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::db::schema::{email_payment_events, email_payments, operation_requests, transactions};
use crate::db::{Db, Tenants};
use crate::gateway::AttemptStatus;
use crate::jobs;
use crate::kernel::{EmailPaymentId, Error, UserId};
use crate::settlement::Operation;

/// A transaction that follows the payment's own.
#[derive(Queryable)]
struct Following {
    operation: Operation,
    amount_minor: i64,
    method: String,
    gateway_transaction_id: String,
    occurred_at: DateTime<Utc>,
}

/// Brings a payment in line with the transactions that are noted for it. Asked again it changes nothing.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such payment.
pub fn follow_up(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let payment = queries::lock(conn, scope.into(), id)?;
    let following = following(conn, &payment)?;
    note_refunds(conn, scope, &payment, &following, now)?;
    let is = |operation| move |one: &&Following| one.operation == operation;
    if let Some(capture) = following.iter().find(is(Operation::Capture)) {
        return capture_payment(conn, scope, payment, capture, now);
    }
    match following.iter().find(is(Operation::Cancel)) {
        Some(cancel) => {
            let facts = json!({ "gateway_transaction_id": cancel.gateway_transaction_id });
            void(conn, scope, &payment, Actor::Gateway, &facts, now)
        }
        None => Ok(()),
    }
}

fn following(conn: &mut PgConnection, payment: &EmailPayment) -> Result<Vec<Following>, Error> {
    Ok(transactions::table
        .filter(transactions::merchant_id.eq(payment.merchant_id))
        .filter(transactions::email_payment_id.eq(payment.id))
        .filter(transactions::status.eq(AttemptStatus::Authorised))
        .filter(transactions::currency.eq(&payment.currency))
        .filter(transactions::operation.eq_any([
            Operation::Refund,
            Operation::Capture,
            Operation::Cancel,
        ]))
        .order((transactions::occurred_at, transactions::id))
        .select((
            transactions::operation,
            transactions::amount_minor,
            transactions::method,
            transactions::gateway_transaction_id,
            transactions::occurred_at,
        ))
        .load(conn)?)
}

/// What was given back, as far as it was not known: never more than was asked for, whatever is told.
fn note_refunds(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    following: &[Following],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let refunds = following.iter().filter(|one| one.operation == Operation::Refund);
    let told = refunds.map(|one| one.amount_minor).fold(0, i64::saturating_add);
    let refunded_minor = told.min(payment.amount_minor);
    if refunded_minor <= payment.refunded_minor {
        return Ok(());
    }
    diesel::update(row(scope.merchant_id(), payment.id))
        .set(email_payments::refunded_minor.eq(refunded_minor))
        .execute(conn)?;
    let facts = json!({
        "amount_minor": refunded_minor - payment.refunded_minor,
        "total_minor": refunded_minor,
        "currency": payment.currency,
    });
    tell_of(conn, scope, payment, EventKind::Refunded, Actor::Gateway, &facts, now)?;
    audit_event(
        conn,
        &By::other(Actor::Gateway),
        scope.merchant_id(),
        payment.id,
        "email_payment.refund",
        Some(json!({ "refunded_minor": payment.refunded_minor, "currency": payment.currency })),
        Some(json!({ "refunded_minor": refunded_minor, "currency": payment.currency })),
    )
}

/// The authorised money is taken. Of a part of it the payment is not paid: that is a difference, which
/// the transactions show. Money that is taken of a payment that has ended is told once.
fn capture_payment(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: EmailPayment,
    capture: &Following,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let facts = json!({
        "method": capture.method,
        "gateway_transaction_id": capture.gateway_transaction_id,
    });
    let is_whole = capture.amount_minor == payment.amount_minor;
    let Some(next) = payment.status.after(Event::Captured { in_time: true }) else {
        if payment.status == Status::Paid || is_told(conn, &payment, capture)? {
            return Ok(());
        }
        let amount = money(capture.amount_minor, &payment.currency)?;
        return unexpected_money(conn, scope, &payment, amount, facts, now);
    };
    if !is_whole {
        return Ok(());
    }
    let originator = queries::originator(conn, scope.merchant_id(), payment.originator_id)?;
    let taken = Taken { method: &capture.method, at: capture.occurred_at, facts };
    pay(conn, scope, payment, next, &taken, &originator, now)?;
    Ok(())
}

/// Whether this money was told to be unexpected before.
fn is_told(
    conn: &mut PgConnection,
    payment: &EmailPayment,
    capture: &Following,
) -> Result<bool, Error> {
    let number = email_payment_events::details.retrieve_as_text("gateway_transaction_id");
    let told = email_payment_events::table
        .filter(email_payment_events::merchant_id.eq(payment.merchant_id))
        .filter(email_payment_events::email_payment_id.eq(payment.id))
        .filter(email_payment_events::kind.eq(EventKind::UnexpectedMoney))
        .filter(number.eq(&capture.gateway_transaction_id));
    Ok(diesel::select(exists(told)).get_result(conn)?)
}

/// Whether the gateway is being asked to take a payment's money, and has not answered yet.
fn is_being_captured(conn: &mut PgConnection, payment: &EmailPayment) -> Result<bool, Error> {
    let asked = operation_requests::table
        .inner_join(
            transactions::table.on(transactions::merchant_id
                .eq(operation_requests::merchant_id)
                .and(transactions::id.eq(operation_requests::transaction_id))),
        )
        .filter(transactions::merchant_id.eq(payment.merchant_id))
        .filter(transactions::email_payment_id.eq(payment.id))
        .filter(operation_requests::operation.eq(Operation::Capture.as_str()))
        .filter(operation_requests::next_check_at.is_not_null());
    Ok(diesel::select(exists(asked)).get_result(conn)?)
}

/// Ends a payment whose authorised money is not taken.
fn void(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    actor: Actor,
    facts: &Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(next) = payment.status.after(Event::Voided) else { return Ok(()) };
    diesel::update(row(scope.merchant_id(), payment.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::Voided),
            email_payments::ended_at.eq(now),
        ))
        .execute(conn)?;
    let happening = Happening::by(scope.merchant_id(), payment.id, EventKind::Voided, actor, now)
        .with(facts.clone());
    record(conn, &happening, Some(payment.status), Some(next))?;
    audit_event(
        conn,
        &By::other(actor),
        scope.merchant_id(),
        payment.id,
        "email_payment.void",
        Some(json!({ "status": payment.status.as_str() })),
        Some(json!({ "status": next.as_str() })),
    )
}

/// Job: authorisations that were not captured in time have lapsed; what became of a capture that is under
/// way is waited for.
pub async fn lapse_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let claim = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM email_payments_lapsing($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(100)
            .load(conn)?)
    };
    let due = db.run(Tenants::none(), claim).await?;
    let end = async |&Due { merchant_id, email_payment_id }: &Due| {
        let scope = SystemScope::found(merchant_id);
        let lapse = move |conn: &mut PgConnection| {
            let payment = queries::lock(conn, scope.into(), email_payment_id)?;
            // Captured meanwhile: what is noted counts.
            follow_up(conn, scope, email_payment_id, now)?;
            let is_over = payment.capture_before.is_some_and(|end| end <= now);
            let payment = queries::get(conn, scope.into(), email_payment_id)?;
            if is_over && !is_being_captured(conn, &payment)? {
                void(conn, scope, &payment, Actor::Clock, &json!({}), now)
            } else {
                Ok(())
            }
        };
        db.run(scope.tenants(), lapse).await
    };
    Ok(jobs::each("an authorisation could not lapse", &due, end).await)
}

/// A line of the timeline about a refund that a colleague asked for.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn note_refund_asked(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    by: UserId,
    facts: Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let happening =
        Happening::of_user(scope.merchant_id(), id, EventKind::RefundAsked, by, now).with(facts);
    record(conn, &happening, None, None)
}

/// A line of the timeline about a refund that the gateway did not make.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn note_refund_declined(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    facts: Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let kind = EventKind::RefundDeclined;
    let happening = Happening::by(scope.merchant_id(), id, kind, Actor::Gateway, now).with(facts);
    record(conn, &happening, None, None)
}

fn tell_of(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
    kind: EventKind,
    actor: Actor,
    facts: &Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let happening = Happening::by(scope.merchant_id(), payment.id, kind, actor, now);
    record(conn, &happening.with(facts.clone()), None, None)
}
