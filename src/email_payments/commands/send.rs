//! Sending a request, the first time and again, within limits.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::end::expire;
use super::extend::check_end;
use super::remind::set_instants;
use super::{Acted, Author, Stop, Writer};
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto::{self, Keyring};
use crate::db::schema::{email_payments, gateway_sessions, mails};
use crate::email_payments::history::{
    Happening, audit_act, audit_payment, happening, queue_mail, record, row,
};
use crate::email_payments::model::{
    Delivery, EmailPayment, EndReason, Event, Hindrance, Status, VALIDITY_MAX,
};
use crate::email_payments::plan::SendHindrance;
use crate::email_payments::queries::{self, EventKind};
use crate::features::{Feature, features};
use crate::kernel::{EmailAddress, EmailPaymentId, Error, MerchantId};
use crate::mail::MailKind;

/// Mails to one address in a day: by one merchant, and by all of them.
const MAILS_TO_ADDRESS_BY_MERCHANT: i64 = 10;
const MAILS_TO_ADDRESS: i64 = 30;
/// Mails of one merchant in an hour.
pub(super) const MAILS_OF_MERCHANT: i64 = 500;

/// A draft, or a scheduled request, can be paid from now on: the link is made and, `with_mail`, the
/// mail queued, in this transaction.
pub fn submit(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    author: Author<'_>,
    id: EmailPaymentId,
    with_mail: bool,
) -> Result<EmailPayment, Stop> {
    let (merchant_id, now) = (scope.merchant_id(), author.now());
    let current = queries::lock(conn, scope, id)?;
    let hindered = || Stop::Hindered(Hindrance::Status(current.status));
    let next = current.status.after(Event::Submitted).ok_or_else(hindered)?;
    if let Some(hindrance) = submit_hindrance(conn, scope, &current, with_mail, now)? {
        return Err(Stop::Hindered(hindrance));
    }
    let token = crypto::token::<24>()?;
    diesel::update(row(merchant_id, id))
        .set((
            email_payments::status.eq(next),
            email_payments::pay_token_hash.eq(crypto::hash(&token)),
            email_payments::pay_token_encrypted.eq(keys.seal(id.as_uuid(), &token)?),
            email_payments::send_hindrance.eq(None::<SendHindrance>),
        ))
        .execute(conn)?;
    let (kind, action) = if with_mail {
        note_mail(conn, merchant_id, id, now)?;
        queue_mail(conn, &current, MailKind::Request, now)?;
        (EventKind::Submitted, "email_payment.send")
    } else {
        diesel::update(row(merchant_id, id))
            .set(email_payments::delivery.eq(Delivery::NotSent))
            .execute(conn)?;
        (EventKind::LinkMade, "email_payment.make_link")
    };
    set_instants(conn, scope, id, (Some(now), current.expires_at), now)?;
    let line = happening(author, merchant_id, id, kind);
    record(conn, &line, Some(current.status), Some(next))?;
    audit_act(conn, author, merchant_id, id, action, None)?;
    Ok(current)
}

/// Why a request may not go out now. A draft may be older than its end; a request that was to leave
/// later may be valid for too long today.
fn submit_hindrance(
    conn: &mut PgConnection,
    scope: MerchantScope,
    current: &EmailPayment,
    with_mail: bool,
    now: DateTime<Utc>,
) -> Result<Option<Hindrance>, Error> {
    if !features(conn, scope.merchant_id(), now)?.is_on(Feature::EmailPayments) {
        return Ok(Some(Hindrance::SwitchedOff));
    }
    if current.expires_at <= now || current.expires_at - now > VALIDITY_MAX {
        return Ok(Some(Hindrance::Expiry));
    }
    let active = queries::originators_of(conn, scope.merchant_id())?;
    if active.iter().all(|originator| originator.id != current.originator_id) {
        return Ok(Some(Hindrance::NoOriginator));
    }
    if with_mail {
        return too_many_mails(conn, scope, &current.customer_email, now);
    }
    Ok(None)
}

/// One more mail with the link is on its way.
pub fn note_mail(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(row(merchant_id, id))
        .set((
            email_payments::delivery.eq(Delivery::Queued),
            email_payments::delivery_answer.eq(None::<String>),
            email_payments::sends.eq(email_payments::sends + 1),
            email_payments::last_sent_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sends the mail again, perhaps to a corrected address: then the old link dies. An expired payment
/// gets the new end `renewed_until`, without which it stays expired; an open one keeps its own.
pub fn resend(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    address: &EmailAddress,
    renewed_until: Option<DateTime<Utc>>,
) -> Acted<EmailPayment> {
    let mut current = queries::lock(conn, scope, id)?;
    if current.status == Status::Open && current.expires_at <= writer.now {
        // Its time is over and the job has not come by yet.
        expire(conn, SystemScope::found(scope.merchant_id()), id, writer.now)?;
        current = queries::lock(conn, scope, id)?;
    }
    let is_same_reader = address.as_str() == current.customer_email;
    if current.status == Status::Open && current.is_on_its_way() && is_same_reader {
        // The mail before is tried again by itself: one more would make two.
        return Ok(Err(Hindrance::OnItsWay));
    }
    if let Some(hindrance) = current.resend_hindrance(writer.now) {
        return Ok(Err(hindrance));
    }
    if let Some(hindrance) = too_many_mails(conn, scope, address.as_str(), writer.now)? {
        return Ok(Err(hindrance));
    }
    let is_renewed = current.status == Status::Expired;
    if is_renewed {
        let Some(until) = renewed_until else {
            return Ok(Err(Hindrance::Status(Status::Expired)));
        };
        if let Err(hindrance) = check_end(until, writer.now) {
            return Ok(Err(hindrance));
        }
        renew(conn, scope, &current, writer, until)?;
    }
    let is_corrected = !is_same_reader;
    if is_renewed || is_corrected {
        // The gateway's page was for the old time or the old reader: the mail job prepares anew.
        retire_sessions(conn, scope.merchant_id(), id)?;
    }
    if is_corrected {
        correct_address(conn, keys, scope, writer, id, address)?;
    }
    note_mail(conn, scope.merchant_id(), id, writer.now)?;
    let current = queries::get(conn, scope, id)?;
    queue_mail(conn, &current, MailKind::Request, writer.now)?;
    record(
        conn,
        &Happening::by_user(scope.merchant_id(), id, EventKind::Resent, writer),
        None,
        None,
    )?;
    audit_payment(
        conn,
        writer,
        scope.merchant_id(),
        id,
        "email_payment.resend",
        None,
        Some(json!({ "is_address_corrected": is_corrected, "is_renewed": is_renewed })),
    )?;
    Ok(Ok(current))
}

fn renew(
    conn: &mut PgConnection,
    scope: MerchantScope,
    current: &EmailPayment,
    writer: &Writer,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    let next = current.status.after(Event::Renewed).ok_or(Error::Conflict)?;
    diesel::update(row(scope.merchant_id(), current.id))
        .set((
            email_payments::status.eq(next),
            email_payments::end_reason.eq(None::<EndReason>),
            email_payments::ended_at.eq(None::<DateTime<Utc>>),
            email_payments::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    let happening = Happening::by_user(scope.merchant_id(), current.id, EventKind::Renewed, writer)
        .with(json!({ "expires_at": expires_at }));
    record(conn, &happening, Some(current.status), Some(next))
}

fn correct_address(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    address: &EmailAddress,
) -> Result<(), Error> {
    let token = crypto::token::<24>()?;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            email_payments::customer_email.eq(address.as_str()),
            email_payments::pay_token_hash.eq(crypto::hash(&token)),
            email_payments::pay_token_encrypted.eq(keys.seal(id.as_uuid(), &token)?),
        ))
        .execute(conn)?;
    record(
        conn,
        &Happening::by_user(scope.merchant_id(), id, EventKind::AddressCorrected, writer),
        None,
        None,
    )
}

/// Customers are no longer sent to the gateway's pages of a payment; they are still asked about.
pub fn retire_sessions(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: EmailPaymentId,
) -> Result<(), Error> {
    diesel::update(
        gateway_sessions::table
            .filter(gateway_sessions::merchant_id.eq(merchant_id))
            .filter(gateway_sessions::email_payment_id.eq(id))
            .filter(gateway_sessions::is_current),
    )
    .set(gateway_sessions::is_current.eq(false))
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct MailCount {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub fn too_many_mails(
    conn: &mut PgConnection,
    scope: MerchantScope,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<Hindrance>, Error> {
    let day_ago = now - Duration::days(1);
    let all: MailCount = sql_query("SELECT mails_to($1, $2) AS count")
        .bind::<Text, _>(address)
        .bind::<Timestamptz, _>(day_ago)
        .get_result(conn)?;
    let of_merchant = mails::table.filter(mails::merchant_id.eq(scope.merchant_id()));
    let ours: i64 = of_merchant
        .filter(mails::recipient.eq(address))
        .filter(mails::kind.eq_any(MailKind::WITH_LINK))
        .filter(mails::created_at.gt(day_ago))
        .count()
        .get_result(conn)?;
    if ours >= MAILS_TO_ADDRESS_BY_MERCHANT || all.count >= MAILS_TO_ADDRESS {
        return Ok(Some(Hindrance::TooManyToAddress));
    }
    let in_hour: i64 = of_merchant
        .filter(mails::kind.eq_any(MailKind::WITH_LINK))
        .filter(mails::created_at.gt(now - Duration::hours(1)))
        .count()
        .get_result(conn)?;
    Ok((in_hour >= MAILS_OF_MERCHANT).then_some(Hindrance::TooManyOfMerchant))
}
