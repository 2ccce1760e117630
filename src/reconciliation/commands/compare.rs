//! Email payments against transactions. What disagrees is kept as a row until it agrees again, or until
//! somebody has settled it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};

use super::cursor::Key;
use crate::auth::SystemScope;
use crate::db::schema::{email_payments, transaction_differences};
use crate::kernel::{DifferenceId, EmailPaymentId, Error};
use crate::reconciliation::model::{DifferenceState, Round};

/// A try that this list told first is on its way to the payment: it is asked about at once.
const ON_ITS_WAY: Duration = Duration::minutes(5);

/// Payments of one question.
const PAYMENTS: i64 = 1_000;

/// Open differences that are looked at again in one round.
const OPEN: i64 = 5_000;

/// Compares some payments with their transactions: new differences are open, those that are no more are
/// gone. One that was settled opens again only when its amounts change.
pub fn compare(
    conn: &mut PgConnection,
    scope: SystemScope,
    ids: &[EmailPaymentId],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    sql_query(COMPARE)
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now - ON_ITS_WAY)
        .execute(conn)?;
    Ok(())
}

const COMPARE: &str = "
WITH facts AS (
    SELECT p.id, p.status, p.amount_minor, p.refunded_minor, p.currency,
        count(*) FILTER (WHERE t.operation IN ('sale', 'authorize', 'collection')) AS successes,
        count(*) FILTER (WHERE t.operation IN ('sale', 'capture', 'collection')) AS sales,
        -- Promised money that was neither taken nor set free, nor has lapsed.
        count(*) FILTER (WHERE t.operation = 'authorize') > count(*) FILTER (WHERE t.operation IN ('capture', 'cancel'))
            AND p.end_reason IS DISTINCT FROM 'voided' AS is_held,
        coalesce(sum(t.amount_minor) FILTER (WHERE t.operation IN ('sale', 'capture', 'collection') AND t.currency = p.currency), 0)::bigint AS taken,
        coalesce(sum(t.amount_minor) FILTER (WHERE t.operation IN ('sale', 'authorize', 'collection')), 0)::bigint AS promised,
        coalesce(sum(t.amount_minor) FILTER (WHERE t.operation = 'refund' AND t.currency = p.currency), 0)::bigint AS given_back,
        max(t.recorded_at) FILTER (WHERE t.operation IN ('sale', 'authorize', 'collection')) AS heard_at
    FROM email_payments p
    LEFT JOIN transactions t ON t.merchant_id = p.merchant_id AND t.email_payment_id = p.id AND t.status = 'authorised'
    WHERE p.merchant_id = $1 AND p.id = ANY ($2)
    GROUP BY p.merchant_id, p.id
), found AS (
    SELECT f.id, f.currency, k.kind, k.expected, k.found FROM facts f CROSS JOIN LATERAL (VALUES
        ('missing', f.status = 'paid' AND f.sales = 0, f.amount_minor, 0),
        ('twice', f.status IN ('paid', 'authorised') AND f.successes > 1, f.amount_minor, f.promised),
        ('amount', f.status IN ('paid', 'authorised') AND f.sales > 0 AND f.successes < 2 AND f.taken <> f.amount_minor, f.amount_minor, f.taken),
        ('unexpected', f.status NOT IN ('paid', 'authorised') AND (f.sales > 0 OR f.is_held) AND f.heard_at < $4, 0, f.promised),
        ('refunds', f.refunded_minor <> f.given_back, f.refunded_minor, f.given_back)
    ) AS k (kind, is_so, expected, found)
    WHERE k.is_so
), kept AS (
    INSERT INTO transaction_differences AS d
        (merchant_id, id, kind, email_payment_id, expected_minor, found_minor, currency, state, found_at)
    SELECT $1, gen_random_uuid(), f.kind, f.id, f.expected, f.found, f.currency, 'open', $3 FROM found f
    ON CONFLICT (merchant_id, subject_id, kind) DO UPDATE SET expected_minor = EXCLUDED.expected_minor,
        found_minor = EXCLUDED.found_minor, state = 'open', settled_at = NULL, settled_by = NULL, note = NULL,
        found_at = CASE WHEN d.state = 'open' THEN d.found_at ELSE EXCLUDED.found_at END
    WHERE d.state = 'gone' OR (d.expected_minor, d.found_minor) <> (EXCLUDED.expected_minor, EXCLUDED.found_minor)
)
UPDATE transaction_differences d SET state = 'gone'
WHERE d.merchant_id = $1 AND d.email_payment_id = ANY ($2) AND d.state = 'open'
    AND NOT EXISTS (SELECT FROM found f WHERE f.id = d.email_payment_id AND f.kind = d.kind)";

/// How far a round looks back at what was paid, whatever the gateway's list says of it: the nightly one over
/// forty days, the hourly one over its own.
pub const fn looks_back(round: Round) -> Option<Duration> {
    match round {
        Round::TwoHours => None,
        Round::TwoDays => Some(Duration::days(2)),
        Round::ThirtyDays => Some(Duration::days(40)),
    }
}

/// Compares the next payments that were paid after an instant, at most a thousand. The instant that it came
/// to; `None`: there was none.
pub fn paid_after(
    conn: &mut PgConnection,
    scope: SystemScope,
    after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Error> {
    let paid: Vec<(EmailPaymentId, Option<DateTime<Utc>>)> = email_payments::table
        .filter(email_payments::merchant_id.eq(scope.merchant_id()))
        .filter(email_payments::paid_at.gt(after))
        .order((email_payments::paid_at, email_payments::id))
        .select((email_payments::id, email_payments::paid_at))
        .limit(PAYMENTS)
        .load(conn)?;
    let ids: Vec<EmailPaymentId> = paid.iter().map(|(id, _)| *id).collect();
    compare(conn, scope, &ids, now)?;
    // Those of the same microsecond as the last are left to the next round.
    Ok(paid.last().and_then(|(_, at)| *at))
}

/// Compares again what is open.
pub fn open(conn: &mut PgConnection, scope: SystemScope, now: DateTime<Utc>) -> Result<(), Error> {
    let ids: Vec<Option<EmailPaymentId>> = transaction_differences::table
        .filter(transaction_differences::merchant_id.eq(scope.merchant_id()))
        .filter(transaction_differences::state.eq(DifferenceState::Open))
        .filter(transaction_differences::email_payment_id.is_not_null())
        .order(transaction_differences::found_at.desc())
        .select(transaction_differences::email_payment_id)
        .limit(OPEN)
        .load(conn)?;
    let ids: Vec<EmailPaymentId> = ids.into_iter().flatten().collect();
    compare(conn, scope, &ids, now)
}

/// Notes that a window held transactions that can't be read. Rounds overlap, so that the same ones come
/// again: those that never came before are news.
pub fn unreadable(
    conn: &mut PgConnection,
    key: &Key,
    told: &[String],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if told.is_empty() {
        return Ok(());
    }
    sql_query(UNREADABLE)
        .bind::<SqlUuid, _>(key.scope.merchant_id())
        .bind::<SqlUuid, _>(DifferenceId::new())
        .bind::<SqlUuid, _>(key.originator_id)
        .bind::<Array<Text>, _>(told)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

/// What was settled is counted no more.
const UNREADABLE: &str = "
WITH new AS (
    INSERT INTO unreadable_transactions (merchant_id, originator_id, told, told_at)
    SELECT DISTINCT $1, $3, n.told, $5 FROM unnest($4) AS n (told)
    ON CONFLICT DO NOTHING RETURNING told
), counted AS (SELECT count(*) AS count FROM new)
INSERT INTO transaction_differences AS d
    (merchant_id, id, kind, originator_id, expected_minor, found_minor, state, found_at)
SELECT $1, $2, 'unreadable', $3, 0, c.count, 'open', $5 FROM counted c WHERE c.count > 0
ON CONFLICT (merchant_id, subject_id, kind) DO UPDATE SET
    found_minor = EXCLUDED.found_minor + CASE WHEN d.state = 'open' THEN d.found_minor ELSE 0 END,
    state = 'open', settled_at = NULL, settled_by = NULL, note = NULL, found_at = EXCLUDED.found_at";
