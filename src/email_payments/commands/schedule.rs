//! Requests that leave at a set time.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Timestamptz};
use serde_json::json;

use super::create::state_of;
use super::end::Due;
use super::remind::reminders_of;
use super::send::submit;
use super::{Acted, Author, Stop, Writer, acted};
use crate::auth::audit::Actor;
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto::Keyring;
use crate::db::Tenants;
use crate::db::schema::email_payments;
use crate::email_payments::history::{Happening, audit_act, audit_payment, record, row};
use crate::email_payments::model::{EmailPayment, Event, Hindrance, Status};
use crate::email_payments::plan::SendHindrance;
use crate::email_payments::prepare::Parts;
use crate::email_payments::queries::{self, EventKind};
use crate::kernel::{EmailPaymentId, Error};

/// A draft will leave at `send_at`; a scheduled request gets another time.
pub fn schedule(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    current: &EmailPayment,
    send_at: DateTime<Utc>,
) -> Result<(), Stop> {
    let merchant_id = scope.merchant_id();
    let is_new = current.status != Status::Scheduled;
    if !is_new && current.send_at == Some(send_at) {
        return Ok(());
    }
    let hindered = || Stop::Hindered(Hindrance::Status(current.status));
    let next = if is_new {
        current.status.after(Event::Scheduled).ok_or_else(hindered)?
    } else {
        current.status
    };
    diesel::update(row(merchant_id, current.id))
        .set((email_payments::status.eq(next), email_payments::send_at.eq(send_at)))
        .execute(conn)?;
    let facts = json!({ "send_at": send_at });
    let happening = Happening::by_user(merchant_id, current.id, EventKind::Scheduled, writer)
        .with(facts.clone());
    let (from, to) = if is_new { (Some(current.status), Some(next)) } else { (None, None) };
    record(conn, &happening, from, to)?;
    let action = "email_payment.schedule";
    audit_payment(conn, writer, merchant_id, current.id, action, None, Some(facts))?;
    Ok(())
}

/// A scheduled request is a draft again; its time stays noted for the next try.
pub fn unschedule(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
) -> Acted<EmailPayment> {
    let current = queries::lock(conn, scope, id)?;
    acted(back_to_draft(conn, scope, writer, &current).map(|()| current))
}

pub fn back_to_draft(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    current: &EmailPayment,
) -> Result<(), Stop> {
    let merchant_id = scope.merchant_id();
    let hindered = || Stop::Hindered(Hindrance::Status(current.status));
    let next = current.status.after(Event::Unscheduled).ok_or_else(hindered)?;
    diesel::update(row(merchant_id, current.id))
        .set((
            email_payments::status.eq(next),
            email_payments::send_hindrance.eq(None::<SendHindrance>),
        ))
        .execute(conn)?;
    let happening = Happening::by_user(merchant_id, current.id, EventKind::Unscheduled, writer);
    record(conn, &happening, Some(current.status), Some(next))?;
    let action = "email_payment.unschedule";
    audit_payment(conn, writer, merchant_id, current.id, action, None, None)?;
    Ok(())
}

/// Sends a draft or a scheduled request now, as it stood on the page: `seen` is its [`state_of`] there.
pub fn send_now(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    seen: &str,
) -> Acted<EmailPayment> {
    let current = queries::lock(conn, scope, id)?;
    if current.status.is_editable() && state_of(&current, &reminders_of(conn, scope, id)?) != seen {
        return Ok(Err(Hindrance::Changed));
    }
    acted(submit(conn, keys, scope, Author::Person(writer), id, true))
}

/// Job: scheduled requests whose time has come leave. Returns how many left or were held up.
pub async fn send_due(parts: &Parts) -> Result<usize, Error> {
    let now = parts.clock.now();
    let claim = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM email_payments_to_send($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(100)
            .load(conn)?)
    };
    let mut done = 0;
    for Due { merchant_id, email_payment_id } in parts.db.run(Tenants::none(), claim).await? {
        let (scope, keys) = (SystemScope::found(merchant_id), parts.keys.clone());
        let work =
            move |conn: &mut PgConnection| let_leave(conn, &keys, scope, email_payment_id, now);
        // One that fails never keeps the others waiting.
        match parts.db.run(scope.tenants(), work).await {
            Ok(()) => done += 1,
            Err(error) => {
                tracing::error!(payment.id = %email_payment_id, error = ?error, "a scheduled request could not be sent");
            }
        }
    }
    Ok(done)
}

fn let_leave(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let current = queries::lock(conn, scope.into(), id)?;
    let is_due = current.send_at.is_some_and(|send_at| send_at <= now);
    if current.status != Status::Scheduled || !is_due {
        // Another process, or a person, was faster.
        return Ok(());
    }
    match submit(conn, keys, scope.into(), Author::Clock(now), id, true) {
        Ok(_) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Hindered(hindrance)) => hold_up(conn, scope, &current, hindrance, now),
    }
}

/// A limit passes by itself: the request waits. What only a person can mend makes it a draft again.
fn hold_up(
    conn: &mut PgConnection,
    scope: SystemScope,
    current: &EmailPayment,
    hindrance: Hindrance,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (why, pause) = match hindrance {
        Hindrance::TooManyToAddress => (SendHindrance::TooManyToAddress, Some(Duration::hours(1))),
        Hindrance::TooManyOfMerchant => {
            (SendHindrance::TooManyOfMerchant, Some(Duration::minutes(15)))
        }
        Hindrance::NoOriginator => (SendHindrance::Originator, None),
        Hindrance::SwitchedOff => (SendHindrance::SwitchedOff, None),
        Hindrance::Expiry => (SendHindrance::Expiry, None),
        Hindrance::OrderIdTaken
        | Hindrance::Status(_)
        | Hindrance::TooManySends
        | Hindrance::TooSoon(_)
        | Hindrance::OnItsWay
        | Hindrance::NeverSent
        | Hindrance::NotDelivered
        | Hindrance::RemindersStopped
        | Hindrance::NotLater
        | Hindrance::TooManyReminders
        | Hindrance::Changed => {
            return Err(Error::internal(format!("a first mail is not hindered by {hindrance:?}")));
        }
    };
    let merchant_id = scope.merchant_id();
    let (next, send_at) = if let Some(pause) = pause {
        (current.status, Some(now + pause))
    } else {
        (current.status.after(Event::Unscheduled).ok_or(Error::Conflict)?, current.send_at)
    };
    diesel::update(row(merchant_id, current.id))
        .set((
            email_payments::status.eq(next),
            email_payments::send_at.eq(send_at),
            email_payments::send_hindrance.eq(why),
        ))
        .execute(conn)?;
    if current.send_hindrance == Some(why) && pause.is_some() {
        // It waits on for the same reason: told once.
        return Ok(());
    }
    let moved = next != current.status;
    let facts = json!({ "reason": why.as_str(), "send_at": send_at.filter(|_| !moved) });
    let happening =
        Happening::by(merchant_id, current.id, EventKind::SendHindered, Actor::Clock, now)
            .with(facts.clone());
    let (from, to) = if moved { (Some(current.status), Some(next)) } else { (None, None) };
    record(conn, &happening, from, to)?;
    let action = "email_payment.send_hindered";
    audit_act(conn, Author::Clock(now), merchant_id, current.id, action, Some(facts))
}
