//! Another payment takes the place of one: another amount, currency or order ID.

use diesel::prelude::*;
use serde_json::json;

use super::create::{Created, FormKey, Made, make};
use super::end::was_written_to;
use super::remind::skip_reminders;
use super::send::retire_sessions;
use super::{Stop, Writer};
use crate::auth::MerchantScope;
use crate::crypto::Keyring;
use crate::db::schema::email_payments;
use crate::email_payments::form::Draft;
use crate::email_payments::history::{Happening, audit_payment, queue_mail, record, row};
use crate::email_payments::model::{EmailPayment, EndReason, Event, Hindrance, Status};
use crate::email_payments::plan::{ReminderReason, Sending};
use crate::email_payments::queries::{self, EventKind};
use crate::kernel::{EmailPaymentId, Error};
use crate::mail::MailKind;

/// Makes and sends a payment in the place of `id`, which is cancelled, all in one transaction. The
/// same form a second time finds what the first one made.
pub fn replace(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    draft: &Draft,
    form: FormKey,
) -> Result<Created, Error> {
    let outcome = conn.transaction(|conn| {
        let old = queries::lock(conn, scope, id)?;
        let new = make(conn, keys, scope, writer, draft, Some(form), true)?;
        if new.is_first {
            retire(conn, scope, writer, &old, &new, draft)?;
        }
        Ok(new)
    });
    Created::of(outcome)
}

fn retire(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    old: &EmailPayment,
    new: &Made,
    draft: &Draft,
) -> Result<(), Stop> {
    let merchant_id = scope.merchant_id();
    let hindered = || Stop::Hindered(Hindrance::Status(old.status));
    let next = old.status.after(Event::Replaced).ok_or_else(hindered)?;
    diesel::update(row(merchant_id, old.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(EndReason::Replaced),
            email_payments::ended_at.eq(writer.now),
            email_payments::replaced_by.eq(new.id),
        ))
        .execute(conn)?;
    retire_sessions(conn, merchant_id, old.id)?;
    skip_reminders(conn, merchant_id, old.id, ReminderReason::Replaced, writer.now)?;
    // Who gets the new request at once reads it there; somebody else is told that the old one is over.
    let is_told_by_the_new_one =
        draft.sending == Sending::Now && draft.customer_email.as_str() == old.customer_email;
    if old.status == Status::Open && !is_told_by_the_new_one && was_written_to(conn, old)? {
        queue_mail(conn, old, MailKind::Cancelled, writer.now)?;
    }
    let facts = json!({ "order_id": new.order_id });
    let happening =
        Happening::by_user(merchant_id, old.id, EventKind::Replaced, writer).with(facts.clone());
    record(conn, &happening, Some(old.status), Some(next))?;
    let before = Some(json!({ "order_id": old.order_id }));
    audit_payment(conn, writer, merchant_id, old.id, "email_payment.replace", before, Some(facts))?;
    Ok(())
}
