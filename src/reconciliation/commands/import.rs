//! The job that reads the gateway's lists. One window at a time: it is asked for, and kept some thousand
//! rows at a time; the cursor moves when all of them are kept and compared. Killed anywhere, the same window
//! is read again, which changes nothing twice.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use diesel::PgConnection;

use super::link::Asked;
use super::{compare, cursor, link};
use crate::auth::SystemScope;
use crate::db::{self, Tenants};
use crate::email_payments::importing::ask_soon;
use crate::email_payments::{self, Parts};
use crate::gateway::{Credentials, Export, Listed, Transaction, credentials};
use crate::kernel::{EmailPaymentId, Error};
use crate::reconciliation::commands::cursor::Key;
use crate::reconciliation::model::{Failure, GatewayList, Progress, Round, Step};
use crate::settlement::{self, Operation};

/// Rows of one transaction.
const ROWS: usize = 4_000;

/// How long one call and one chunk may take together; each chunk renews it.
const LEASE: Duration = Duration::minutes(10);

/// Job: reads one window of the list that has been due longest. How many windows that was. Several
/// processes may do it at the same time, each with a list of its own.
///
/// # Errors
/// Those of the database; what the gateway says is noted with the list, and told on its page.
pub async fn import_due(parts: &Parts) -> Result<usize, Error> {
    let now = parts.clock.now();
    for found in parts.db.run(Tenants::none(), cursor::beginners).await? {
        let scope = SystemScope::found(found.merchant_id);
        let id = found.originator_id;
        parts.db.run(scope.tenants(), move |conn| cursor::begin(conn, scope, id, now)).await?;
    }
    let claim = move |conn: &mut PgConnection| cursor::claim(conn, now, LEASE);
    match parts.db.run(Tenants::none(), claim).await? {
        Some(key) => read_window(parts, key, now).await,
        None => Ok(0),
    }
}

async fn read_window(parts: &Parts, mut key: Key, now: DateTime<Utc>) -> Result<usize, Error> {
    let keys = parts.keys.clone();
    let open = move |conn: &mut PgConnection| {
        let merchant_id = key.scope.merchant_id();
        let progress = cursor::progress(conn, &key)?;
        // Credentials that can't be opened are a failure of this originator alone.
        Ok((progress, credentials(conn, &keys, merchant_id, key.originator_id)))
    };
    let (progress, by) = parts.db.run(key.scope.tenants(), open).await?;
    let Some(step) = progress.next(now) else {
        let rests = progress.idle(now);
        let write = move |conn: &mut PgConnection| cursor::advance(conn, &key, &rests, None, now);
        parts.db.run(key.scope.tenants(), write).await?;
        return Ok(1);
    };
    let told = match by {
        Ok(by) => ask(parts, &by, key.list, &step).await,
        Err(error) => Err(error),
    };
    let done = match told {
        Ok(export) => keep(parts, &mut key, progress, step, export).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(1),
        // Somebody else reads it now.
        Err(Error::Conflict) => Ok(0),
        Err(error) => fail(parts, key, progress, step, &error).await,
    }
}

/// What the gateway lists in a window.
async fn ask(
    parts: &Parts,
    by: &Credentials,
    list: GatewayList,
    step: &Step,
) -> Result<Export, Error> {
    let window = step.window().ok_or_else(|| Error::internal("a window without a second"))?;
    match list {
        GatewayList::Transactions => parts.gateway.export(by, window).await,
        GatewayList::Chargebacks => parts.gateway.listed(by, Listed::Chargebacks, window).await,
    }
}

async fn fail(
    parts: &Parts,
    key: Key,
    progress: Progress,
    step: Step,
    error: &Error,
) -> Result<usize, Error> {
    let failure = Failure::of(error);
    let after = progress.failed(&step, failure);
    if after.failures > 0 {
        tracing::warn!(originator.id = %key.originator_id, list = key.list.as_str(), error = ?error, "transactions could not be read");
    }
    let now = parts.clock.now();
    let write = move |conn: &mut PgConnection| cursor::fail(conn, &key, &after, failure, now);
    match parts.db.run(key.scope.tenants(), write).await {
        Ok(()) => Ok(1),
        Err(Error::Conflict) => Ok(0),
        Err(error) => Err(error),
    }
}

/// Keeps what a window held, chunk by chunk, each in a transaction that renews the lease; then moves on.
async fn keep(
    parts: &Parts,
    key: &mut Key,
    progress: Progress,
    step: Step,
    export: Export,
) -> Result<(), Error> {
    let found = export.transactions.len();
    let mut unreadable = export.unreadable;
    let asked = Arc::new(link::asked(&export.transactions));
    let mut rest = export.transactions.into_iter();
    loop {
        let chunk: Vec<Transaction> = rest.by_ref().take(ROWS).collect();
        let (is_last, now, held) = (chunk.len() < ROWS, parts.clock.now(), *key);
        let asked = asked.clone();
        let work = move |conn: &mut PgConnection| {
            db::by_keys(conn)?;
            keep_chunk(conn, held, &chunk, &asked, now)
        };
        let (renewed, unknown) = parts.db.run(held.scope.tenants(), work).await?;
        *key = renewed;
        unreadable.extend(unknown);
        if is_last {
            break;
        }
    }
    if step.is_last() && key.list == GatewayList::Transactions {
        compare_lately(parts, key, step.round).await?;
    }
    let (now, held) = (parts.clock.now(), *key);
    let end = move |conn: &mut PgConnection| {
        compare::unreadable(conn, &held, &unreadable, now)?;
        cursor::advance(conn, &held, &progress.read(&step, found, now), Some(&step), now)
    };
    parts.db.run(held.scope.tenants(), end).await
}

/// After a round: what is open, and payments that were paid lately, whatever the gateway's list says of
/// them. A merchant may have many: each thousand in a transaction of its own, which renews the lease.
async fn compare_lately(parts: &Parts, key: &mut Key, round: Round) -> Result<(), Error> {
    let now = parts.clock.now();
    let Some(back) = compare::looks_back(round) else { return Ok(()) };
    let mut after = None;
    loop {
        let (held, until) = (*key, parts.clock.now() + LEASE);
        let work = move |conn: &mut PgConnection| {
            db::by_keys(conn)?;
            let reached = match after {
                None => compare::open(conn, held.scope, now).map(|()| Some(now - back)),
                Some(after) => compare::paid_after(conn, held.scope, after, now),
            };
            Ok((reached?, cursor::renew(conn, &held, 0, until)?))
        };
        let (reached, renewed) = parts.db.run(held.scope.tenants(), work).await?;
        *key = renewed;
        after = reached;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Notes some transactions, and what follows from them for email payments. The numbers of those of a
/// kind that no statement knows.
fn keep_chunk(
    conn: &mut PgConnection,
    key: Key,
    chunk: &[Transaction],
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<(Key, Vec<String>), Error> {
    let scope = key.scope;
    let linked = link::link(conn, &key, chunk, asked)?;
    let noted = settlement::record_all(conn, scope.into(), &linked.rows, now)?;
    ask_soon(conn, scope, &linked.sessions_to_ask, now)?;
    let mut followed: Vec<EmailPaymentId> = noted
        .iter()
        .filter(|noted| is_follow_up(noted.operation))
        .filter_map(|noted| noted.email_payment_id)
        .collect();
    followed.sort_unstable();
    followed.dedup();
    for id in followed {
        email_payments::follow_up(conn, scope, id, now)?;
    }
    let mut ids: Vec<_> = linked.rows.iter().filter_map(|row| row.email_payment_id).collect();
    ids.sort_unstable();
    ids.dedup();
    compare::compare(conn, scope, &ids, now)?;
    let new = noted.iter().filter(|noted| noted.is_new).count();
    let new = i64::try_from(new).map_err(Error::internal)?;
    Ok((cursor::renew(conn, &key, new, now + LEASE)?, linked.unknown))
}

/// What may happen to a payment after it was taken.
const fn is_follow_up(operation: Operation) -> bool {
    match operation {
        Operation::Capture
        | Operation::Cancel
        | Operation::Refund
        | Operation::Chargeback
        | Operation::Reversal
        | Operation::Representment => true,
        Operation::Authorize
        | Operation::Sale
        | Operation::Rebill
        | Operation::Submission
        | Operation::Collection => false,
    }
}
