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
use crate::gateway::{self, AttemptStatus, Credentials, Window};
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
        End::Requested { number } => confirm(parts, scope, id, by, &number, true).await,
        End::Done { .. } | End::Declined { .. } | End::NotDone | End::Unknown => Ok(()),
    }
}

/// `is_final`: whether a refusal counts. Where an earlier confirmation's answer got lost, the second is
/// refused because the first was heard, which the gateway's list may tell some minutes later.
async fn confirm(
    parts: &Parts,
    scope: SystemScope,
    id: OperationRequestId,
    by: &Credentials,
    number: &str,
    is_final: bool,
) -> Result<(), Error> {
    let answer = parts.gateway.confirm_refund(by, number).await;
    let end = match end_of(answer, parts.clock.now())? {
        // It is still noted there: it is asked for again.
        End::Requested { .. } | End::NotDone => End::Unknown,
        End::Declined { .. } if !is_final => End::Unknown,
        end @ (End::Done { .. } | End::Declined { .. } | End::Unknown) => end,
    };
    write(parts, scope, id, &end).await
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
    let window = window(&work.request, now).ok_or_else(|| Error::internal("never sent"))?;
    let end = match parts.gateway.export(&work.credentials, window).await {
        Ok(export) => end_in(&work, &export.transactions, now),
        Err(error) => {
            tracing::warn!(operation_request.id = %id, ?error, "the gateway did not say what became of an operation");
            End::Unknown
        }
    };
    match (&end, &work.request.gateway_transaction_id) {
        (End::Unknown, Some(number)) if work.request.state == OperationState::Requested => {
            let is_late = work.request.sent_at.is_some_and(|at| at + PATIENCE <= now);
            confirm(parts, scope, id, &work.credentials, number, is_late).await
        }
        _ => write(parts, scope, id, &end).await,
    }
}

/// Around the time when it was sent; of one that is confirmed later, the last day.
fn window(request: &OperationRequest, now: DateTime<Utc>) -> Option<Window> {
    let sent_at = request.sent_at?;
    if request.state == OperationState::Requested {
        return Window::new((sent_at - AROUND).max(now - Duration::days(1)), now + AROUND);
    }
    Window::new(sent_at - AROUND, now.min(sent_at + Duration::days(1)) + AROUND)
}

/// What the gateway's list says of a wish.
fn end_in(work: &Work, list: &[gateway::Transaction], now: DateTime<Utc>) -> End {
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
    let decided = |one: &gateway::Transaction| match one.status {
        AttemptStatus::Authorised => {
            Some(End::Done { number: one.id.clone(), at: one.occurred_at })
        }
        AttemptStatus::Declined | AttemptStatus::Error | AttemptStatus::Expired => {
            Some(End::Declined {
                code: one.result_code.clone(),
                words: one.result_message.clone(),
                number: Some(one.id.clone()),
            })
        }
        AttemptStatus::Pending => None,
    };
    let found: Vec<&gateway::Transaction> = list.iter().filter(is_it).collect();
    let is_noted = request.state == OperationState::Requested || !found.is_empty();
    let is_over = request.sent_at.is_some_and(|at| at + PATIENCE <= now);
    match found.into_iter().find_map(decided) {
        Some(end) => end,
        None if is_over && !is_noted => End::NotDone,
        None => End::Unknown,
    }
}
