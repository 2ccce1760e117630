//! The way to the gateway: a wish is sent once. Whose answer got lost is looked for: first among what the
//! gateway has done, and only when it has done nothing for half an hour it counts as not done.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::commands::{Due, End, due, end_of, settle};
use super::model::{Act, OperationRequest, OperationState};
use super::queries;
use crate::auth::SystemScope;
use crate::db::Tenants;
use crate::db::schema::operation_requests;
use crate::email_payments::Parts;
use crate::gateway::credentials;
use crate::gateway::{self, AttemptStatus, Credentials, WINDOW_MAX, Window};
use crate::jobs;
use crate::kernel::{Error, OperationRequestId};
use crate::transactions::model::Transaction;

/// Clocks differ, and the gateway's list is asked around the time of the wish.
const AROUND: Duration = Duration::minutes(10);
/// What the gateway has not done after this, it will not do.
const PATIENCE: Duration = Duration::minutes(30);
/// How many are asked about in one go.
const BATCH: i32 = 50;

/// What is needed to ask the gateway about a wish.
struct Work {
    request: OperationRequest,
    transaction: Transaction,
    credentials: Credentials,
    /// Numbers that are other wishes' already.
    taken: Vec<String>,
}

async fn work(parts: &Parts, scope: SystemScope, id: OperationRequestId) -> Result<Work, Error> {
    let keys = parts.keys.clone();
    let read = move |conn: &mut PgConnection| {
        let request = queries::get(conn, scope.into(), id)?;
        let transaction =
            crate::transactions::queries::get(conn, scope.into(), request.transaction_id)?;
        let credentials = credentials(conn, &keys, scope.merchant_id(), transaction.originator_id)?;
        let taken = operation_requests::table
            .filter(operation_requests::merchant_id.eq(scope.merchant_id()))
            .filter(operation_requests::transaction_id.eq(request.transaction_id))
            .filter(operation_requests::id.ne(id))
            .select(operation_requests::gateway_transaction_id.assume_not_null())
            .filter(operation_requests::gateway_transaction_id.is_not_null())
            .load(conn)?;
        Ok(Work { request, transaction, credentials, taken })
    };
    parts.db.run(scope.tenants(), read).await
}

/// Sends a wish that was just noted: once. What comes of it stands in its row afterwards.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach; the job looks for the answer.
pub async fn send(parts: &Parts, scope: SystemScope, id: OperationRequestId) -> Result<(), Error> {
    let Work { request, transaction, credentials, .. } = work(parts, scope, id).await?;
    let amount = request.amount().ok_or_else(|| Error::internal("no currency"))?;
    let (gateway, by) = (&parts.gateway, &credentials);
    let number = transaction.gateway_transaction_id.as_str();
    let answer = match request.operation {
        Act::Refund => gateway.refund(by, number, amount).await,
        Act::Capture => gateway.capture(by, number, amount).await,
        Act::Cancel => gateway.cancel(by, number, amount).await,
    };
    let end = end_of(answer, parts.clock.now())?;
    write(parts, scope, id, &end).await?;
    match end {
        End::Requested { number } => {
            let end = match confirm(parts, by, &number).await? {
                // What was noted a moment ago may not be known everywhere yet.
                End::NotDone => End::Unknown,
                end @ (End::Done { .. }
                | End::Requested { .. }
                | End::Declined { .. }
                | End::Unknown) => end,
            };
            write(parts, scope, id, &end).await
        }
        End::Done { .. } | End::Declined { .. } | End::NotDone | End::Unknown => Ok(()),
    }
}

async fn confirm(parts: &Parts, by: &Credentials, number: &str) -> Result<End, Error> {
    let answer = parts.gateway.confirm_refund(by, number).await;
    Ok(match end_of(answer, parts.clock.now())? {
        // It is still noted there: it is asked for again.
        End::Requested { .. } => End::Unknown,
        end @ (End::Done { .. } | End::Declined { .. } | End::NotDone | End::Unknown) => end,
    })
}

async fn write(
    parts: &Parts,
    scope: SystemScope,
    id: OperationRequestId,
    end: &End,
) -> Result<(), Error> {
    let (end, now) = (end.clone(), parts.clock.now());
    let write = move |conn: &mut PgConnection| settle(conn, scope, id, &end, now);
    parts.db.run(scope.tenants(), write).await
}

/// Job: asks the gateway what became of wishes whose end nobody has told.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub async fn resolve_due(parts: &Parts) -> Result<usize, Error> {
    let now = parts.clock.now();
    let read = move |conn: &mut PgConnection| due(conn, now, BATCH);
    let due = parts.db.run(Tenants::none(), read).await?;
    let ask = async |&Due { merchant_id, operation_request_id: id }: &Due| {
        let scope = SystemScope::found(merchant_id);
        let resolved = resolve(parts, scope, id).await;
        if resolved.is_err() {
            // It comes first again otherwise, and fifty of its kind would keep all others waiting.
            write(parts, scope, id, &End::Unknown).await?;
        }
        resolved
    };
    Ok(jobs::each("nobody could say what became of an operation", &due, ask).await)
}

async fn resolve(parts: &Parts, scope: SystemScope, id: OperationRequestId) -> Result<(), Error> {
    let work = work(parts, scope, id).await?;
    let now = parts.clock.now();
    let sent_at = work.request.sent_at.ok_or_else(|| Error::internal("never sent"))?;
    let (from, to) = range(work.request.state, sent_at, now);
    let window = Window::new(from, to).ok_or_else(|| Error::internal("no window"))?;
    let listed = match parts.gateway.export(&work.credentials, window).await {
        Ok(export) => Some(find(&work, &export.transactions)),
        Err(error) => {
            tracing::warn!(operation_request.id = %id, ?error, "the gateway did not say what became of an operation");
            None
        }
    };
    let is_late = sent_at + PATIENCE <= now;
    // Nothing of it in a list that has to tell it by now.
    let is_absent = matches!(listed, Some(Found::Nothing)) && from <= sent_at && is_late;
    let is_requested = work.request.state == OperationState::Requested;
    let noted = work.request.gateway_transaction_id.as_deref().filter(|_| is_requested);
    let end = match (listed, noted) {
        // It may be a second confirmation, refused because the first was heard.
        (Some(Found::Ended(End::Declined { .. })), Some(_)) if !is_late => End::Unknown,
        (Some(Found::Ended(end)), _) => end,
        (Some(Found::Nothing) | None, Some(number)) => {
            match confirm(parts, &work.credentials, number).await? {
                // An earlier confirmation may have been heard, its answer lost: the second is refused then, and
                // the list tells the refund some minutes later.
                End::Declined { .. } | End::NotDone if !is_absent => End::Unknown,
                end @ (End::Done { .. }
                | End::Requested { .. }
                | End::Declined { .. }
                | End::NotDone
                | End::Unknown) => end,
            }
        }
        (Some(Found::Nothing), None) if is_absent => End::NotDone,
        (Some(Found::Undecided | Found::Nothing) | None, _) => End::Unknown,
    };
    write(parts, scope, id, &end).await
}

/// Around the time when it was sent; of one that is confirmed later, all since, as far as one call reaches.
fn range(
    state: OperationState,
    sent_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let from = sent_at - AROUND;
    if state == OperationState::Requested {
        let to = now + AROUND;
        return (from.max(to - WINDOW_MAX), to);
    }
    (from, now.min(sent_at + Duration::days(1)) + AROUND)
}

/// What the gateway's list says of a wish.
enum Found {
    Ended(End),
    /// It is there, and not decided yet.
    Undecided,
    Nothing,
}

fn find(work: &Work, list: &[gateway::Transaction]) -> Found {
    let Work { request, transaction, taken, .. } = work;
    let parents =
        [Some(&transaction.gateway_transaction_id), request.gateway_transaction_id.as_ref()];
    let is_it = |one: &&gateway::Transaction| {
        parents.into_iter().flatten().any(|parent| one.parent_id.as_ref() == Some(parent))
            && one.operation == request.operation.operation().as_str()
            && one.amount.minor == request.amount_minor
            && one.amount.currency.code() == request.currency
            && !taken.contains(&one.id)
    };
    let found: Vec<&gateway::Transaction> = list.iter().filter(is_it).collect();
    // What is done or under way counts more than another try, which was declined because of it.
    if let Some(one) = found.iter().find(|one| one.status == AttemptStatus::Authorised) {
        return Found::Ended(End::Done { number: one.id.clone(), at: one.occurred_at });
    }
    if found.iter().any(|one| one.status == AttemptStatus::Pending) {
        return Found::Undecided;
    }
    found.first().map_or(Found::Nothing, |one| {
        Found::Ended(End::Declined {
            code: one.result_code.clone(),
            words: one.result_message.clone(),
            number: Some(one.id.clone()),
        })
    })
}
