//! A new end for an open payment.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use super::remind::set_instants;
use super::send::retire_sessions;
use super::{Acted, Writer};
use crate::auth::MerchantScope;
use crate::db::schema::email_payments;
use crate::email_payments::history::{Happening, audit_payment, record, row};
use crate::email_payments::model::{EmailPayment, Hindrance, VALIDITY_MAX, VALIDITY_MIN};
use crate::email_payments::queries::{self, EventKind};
use crate::kernel::EmailPaymentId;

/// Gives an open payment a later end: between an hour and ninety days from now. The gateway's page
/// has the old end, so that nobody is sent there any more: the next one has the new. The same end
/// twice is once.
pub fn extend(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: EmailPaymentId,
    expires_at: DateTime<Utc>,
) -> Acted<EmailPayment> {
    let merchant_id = scope.merchant_id();
    let current = queries::lock(conn, scope, id)?;
    if let Some(hindrance) = current.not_open(writer.now) {
        return Ok(Err(hindrance));
    }
    if expires_at == current.expires_at {
        return Ok(Ok(current));
    }
    if let Err(hindrance) = check_end(expires_at, writer.now) {
        return Ok(Err(hindrance));
    }
    if expires_at < current.expires_at {
        return Ok(Err(Hindrance::NotLater));
    }
    diesel::update(row(merchant_id, id))
        .set(email_payments::expires_at.eq(expires_at))
        .execute(conn)?;
    retire_sessions(conn, merchant_id, id)?;
    set_instants(conn, scope, id, (None, expires_at), writer.now)?;
    let facts = json!({ "expires_at": expires_at });
    let happening =
        Happening::by_user(merchant_id, id, EventKind::Extended, writer).with(facts.clone());
    record(conn, &happening, None, None)?;
    let before = Some(json!({ "expires_at": current.expires_at }));
    audit_payment(conn, writer, merchant_id, id, "email_payment.extend", before, Some(facts))?;
    Ok(Ok(EmailPayment { expires_at, ..current }))
}

/// A link is valid for an hour at least and for ninety days at most.
pub fn check_end(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Hindrance> {
    let left = expires_at - now;
    if left < VALIDITY_MIN || left > VALIDITY_MAX { Err(Hindrance::Expiry) } else { Ok(()) }
}
