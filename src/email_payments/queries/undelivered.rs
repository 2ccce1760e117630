//! Payments that wait for money while their mail has not arrived: work for somebody.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{Own, own};
use crate::auth::MerchantScope;
use crate::db;
use crate::db::keyset::Keyset;
use crate::db::schema::{email_payments, mails};
use crate::email_payments::model::{Delivery, EmailPayment, Status};
use crate::kernel::{Direction, EmailPaymentId, Error};
use crate::mail::{MailKind, MailState};
use crate::web::list::Slice;

pub const PAGE_ROWS: usize = 25;
/// Above this many the count is not exact.
pub const COUNT_MAX: i64 = 999;

/// In the words of the index `email_payments_to_deliver`, so that it serves whatever is bound.
pub(super) const UNDELIVERED: &str = "email_payments.status = 'open' \
     AND email_payments.delivery IN ('deferred', 'bounced', 'suppressed', 'failed')";

/// The same for one row.
#[must_use]
pub fn is_undelivered(payment: &EmailPayment) -> bool {
    let is_missing = matches!(
        payment.delivery,
        Some(Delivery::Deferred | Delivery::Bounced | Delivery::Suppressed | Delivery::Failed)
    );
    payment.status == Status::Open && is_missing
}

/// The page around a place, the latest mail first.
pub fn page(
    conn: &mut PgConnection,
    scope: MerchantScope,
    direction: Direction,
) -> Result<Slice<EmailPayment>, Error> {
    let keyset = Keyset::new("email_payments.last_sent_at", "email_payments.id", true, &direction);
    let mut query = email_payments::table
        .filter(sql::<Bool>(UNDELIVERED))
        .filter(own(scope))
        .select(EmailPayment::as_select())
        .order(keyset.order())
        .limit(i64::try_from(PAGE_ROWS + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(&direction) {
        query = query.filter::<Own>(beyond);
    }
    let rows = query.load(conn)?;
    Ok(Slice::cut(rows, PAGE_ROWS, &direction))
}

/// How many there are, counted up to one more than [`COUNT_MAX`]: for the tab.
pub fn count(conn: &mut PgConnection, scope: MerchantScope) -> Result<i64, Error> {
    let all = email_payments::table
        .filter(sql::<Bool>(UNDELIVERED))
        .filter(own(scope))
        .select(email_payments::id)
        .limit(COUNT_MAX + 1);
    Ok(db::count::rows(all, conn)?)
}

/// Some payments by their ids, those of another scope left out, the latest mail first.
pub fn some(
    conn: &mut PgConnection,
    scope: MerchantScope,
    ids: &[EmailPaymentId],
) -> Result<Vec<EmailPayment>, Error> {
    Ok(email_payments::table
        .filter(own(scope))
        .filter(email_payments::id.eq_any(ids))
        .order((email_payments::last_sent_at.desc(), email_payments::id.desc()))
        .limit(i64::try_from(PAGE_ROWS).map_err(Error::internal)?)
        .select(EmailPayment::as_select())
        .load(conn)?)
}

/// When the outbox tries again by itself, for those payments whose mail it still tries.
pub fn next_tries(
    conn: &mut PgConnection,
    scope: MerchantScope,
    ids: &[EmailPaymentId],
) -> Result<HashMap<EmailPaymentId, DateTime<Utc>>, Error> {
    let waiting: Vec<(Option<EmailPaymentId>, DateTime<Utc>)> = mails::table
        .filter(mails::merchant_id.eq(scope.merchant_id()))
        .filter(mails::email_payment_id.eq_any(ids))
        .filter(mails::kind.eq_any(MailKind::WITH_LINK))
        .filter(mails::state.eq(MailState::Ready))
        .order(mails::run_at.desc())
        .select((mails::email_payment_id, mails::run_at))
        .load(conn)?;
    // Of several mails of one payment the one that is tried first stays.
    Ok(waiting.into_iter().filter_map(|(id, at)| Some((id?, at))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_the_query_and_the_program_mean_the_same_rows() {
        let migration =
            include_str!("../../../migrations/2026-11-28-000003_note_visits_and_answers/up.sql");
        let words = UNDELIVERED.replace("email_payments.", "");
        assert!(migration.contains(&format!("WHERE {words}")), "{words}");
        for delivery in Delivery::ALL {
            let is_named = words.contains(&format!("'{}'", delivery.as_str()));
            let is_missing =
                !matches!(delivery, Delivery::Queued | Delivery::Sent | Delivery::NotSent);
            assert_eq!(is_named, is_missing, "{delivery:?}");
        }
    }
}
