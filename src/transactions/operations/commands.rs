//! Writes: a wish and a second person's word about it, each under the lock of what it changes. How it ended
//! is in `settle`, who has to be asked in `limits`.

mod limits;
mod settle;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::model::{Act, Allowance, Hindrance, OperationRequest, OperationState, limit_left};
use super::queries::{self, Ground};
use crate::auth::audit::{self, By, Entry};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::operation_requests;
use crate::email_payments;
use crate::kernel::{Error, Money, OperationRequestId, TransactionId, UserId};

pub use limits::{LimitWish, set_limits};
pub use settle::{Due, End, due, end_of, settle};

/// When the gateway is asked what became of a wish that nobody has told the end of.
const FIRST_CHECK: Duration = Duration::minutes(1);

/// Who writes, and when.
#[derive(Clone)]
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    /// Allows what colleagues ask for; without it, what is above the limit of nobody's waits.
    pub may_approve: bool,
    /// Refunds in spite of a chargeback.
    pub may_overrule: bool,
    pub now: DateTime<Utc>,
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The form's own: sent twice, it is one wish.
    pub id: OperationRequestId,
    pub act: Act,
    pub amount: Money,
    pub reason: String,
    /// Whether they know of the chargeback and want it all the same.
    pub is_disputed: bool,
}

/// What has become of a wish that was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// The gateway is to be asked now.
    ToSend,
    /// A second person has to allow it.
    Waits,
    /// It was noted before: nothing is done twice.
    Again,
}

/// Notes a wish.
///
/// # Errors
/// [`Error::NotFound`]: no such transaction. The inner error: why it may not be.
pub fn ask(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: TransactionId,
    wish: &Wish,
) -> Result<Result<Noted, Hindrance>, Error> {
    let Ground { transaction, followers, asked } = queries::lock(conn, scope, id)?;
    if asked.iter().any(|one| one.id == wish.id) {
        return Ok(Ok(Noted::Again));
    }
    let allowance = Allowance::of(&transaction, &followers, &asked, writer.now);
    let may_overrule = writer.may_overrule && wish.is_disputed;
    if let Err(why) = allowance.check(wish.act, &transaction, wish.amount.minor, may_overrule) {
        return Ok(Err(why));
    }
    let limit = queries::limit(conn, scope, &transaction.currency)?;
    let waits = wish.act == Act::Refund
        && needs_second(limit_left(limit, &asked), wish.amount.minor, writer);
    let state = if waits { OperationState::Waiting } else { OperationState::Sending };
    let sent_at = (!waits).then_some(writer.now);
    diesel::insert_into(operation_requests::table)
        .values((
            operation_requests::merchant_id.eq(scope.merchant_id()),
            operation_requests::id.eq(wish.id),
            operation_requests::transaction_id.eq(id),
            operation_requests::operation.eq(wish.act),
            operation_requests::amount_minor.eq(wish.amount.minor),
            operation_requests::currency.eq(wish.amount.currency.code()),
            operation_requests::reason.eq(&wish.reason),
            operation_requests::is_disputed.eq(allowance.is_disputed),
            operation_requests::state.eq(state),
            operation_requests::asked_by.eq(writer.user_id),
            operation_requests::asked_at.eq(writer.now),
            operation_requests::sent_at.eq(sent_at),
            operation_requests::next_check_at.eq(sent_at.map(|at| at + FIRST_CHECK)),
        ))
        .execute(conn)?;
    note(conn, scope, &writer.by, "operation.ask", id, &facts(wish.id, wish.act, wish.amount))?;
    if let (Act::Refund, Some(payment)) = (wish.act, transaction.email_payment_id) {
        let facts = json!({
            "amount_minor": wish.amount.minor, "currency": wish.amount.currency.code(), "waits": waits,
        });
        let system = SystemScope::found(scope.merchant_id());
        let by = writer.user_id;
        email_payments::note_refund_asked(conn, system, payment, by, facts, writer.now)?;
    }
    Ok(Ok(if waits { Noted::Waits } else { Noted::ToSend }))
}

/// Above what is left of the merchant's limit; without a limit, for who could not allow it to a colleague.
const fn needs_second(limit: Option<i64>, amount_minor: i64, writer: &Writer) -> bool {
    match limit {
        Some(above) => amount_minor > above,
        None => !writer.may_approve,
    }
}

/// Allows what a colleague asked for; the gateway is to be asked now.
///
/// # Errors
/// [`Error::NotFound`]: no such wish. The inner error: why it may not be.
pub fn approve(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OperationRequestId,
) -> Result<Result<OperationRequest, Hindrance>, Error> {
    let known = queries::get(conn, scope, id)?;
    let Ground { transaction, followers, asked } =
        queries::lock(conn, scope, known.transaction_id)?;
    let request = queries::lock_request(conn, scope, id)?;
    if let Err(why) = may_decide(&request, writer) {
        return Ok(Err(why));
    }
    // It may have been given back elsewhere since.
    let others: Vec<OperationRequest> = asked.into_iter().filter(|one| one.id != id).collect();
    let allowance = Allowance::of(&transaction, &followers, &others, writer.now);
    // A chargeback that came since is nothing that who asked, or who reads the request, knew of.
    let checked =
        allowance.check(request.operation, &transaction, request.amount_minor, request.is_disputed);
    if let Err(why) = checked {
        return Ok(Err(why));
    }
    diesel::update(operation_requests::table.find((scope.merchant_id(), id)))
        .set((
            operation_requests::state.eq(OperationState::Sending),
            operation_requests::decided_by.eq(writer.user_id),
            operation_requests::decided_at.eq(writer.now),
            operation_requests::sent_at.eq(writer.now),
            operation_requests::next_check_at.eq(writer.now + FIRST_CHECK),
        ))
        .execute(conn)?;
    decided(conn, scope, writer, &request, "operation.approve")?;
    Ok(Ok(request))
}

/// Refuses what a colleague asked for.
///
/// # Errors
/// [`Error::NotFound`]: no such wish. The inner error: why it may not be.
pub fn reject(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OperationRequestId,
) -> Result<Result<OperationRequest, Hindrance>, Error> {
    let request = queries::lock_request(conn, scope, id)?;
    if let Err(why) = may_decide(&request, writer) {
        return Ok(Err(why));
    }
    diesel::update(operation_requests::table.find((scope.merchant_id(), id)))
        .set((
            operation_requests::state.eq(OperationState::Rejected),
            operation_requests::decided_by.eq(writer.user_id),
            operation_requests::decided_at.eq(writer.now),
            operation_requests::ended_at.eq(writer.now),
        ))
        .execute(conn)?;
    decided(conn, scope, writer, &request, "operation.reject")?;
    Ok(Ok(request))
}

/// Takes one's own wish back, while it waits.
///
/// # Errors
/// [`Error::NotFound`]: no such wish of theirs. The inner error: why it may not be.
pub fn withdraw(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OperationRequestId,
) -> Result<Result<OperationRequest, Hindrance>, Error> {
    let request = queries::lock_request(conn, scope, id)?;
    if request.asked_by != writer.user_id {
        return Err(Error::NotFound);
    }
    if request.state != OperationState::Waiting {
        return Ok(Err(Hindrance::Decided));
    }
    diesel::update(operation_requests::table.find((scope.merchant_id(), id)))
        .set((
            operation_requests::state.eq(OperationState::Withdrawn),
            operation_requests::ended_at.eq(writer.now),
        ))
        .execute(conn)?;
    decided(conn, scope, writer, &request, "operation.withdraw")?;
    Ok(Ok(request))
}

fn may_decide(request: &OperationRequest, writer: &Writer) -> Result<(), Hindrance> {
    if request.state != OperationState::Waiting {
        return Err(Hindrance::Decided);
    }
    if request.asked_by == writer.user_id { Err(Hindrance::OwnWish) } else { Ok(()) }
}

fn decided(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    request: &OperationRequest,
    action: &'static str,
) -> Result<(), Error> {
    let Some(amount) = request.amount() else { return Ok(()) };
    let facts = facts(request.id, request.operation, amount);
    note(conn, scope, &writer.by, action, request.transaction_id, &facts)
}

fn facts(id: OperationRequestId, act: Act, amount: Money) -> Value {
    json!({
        "request": id, "operation": act.as_str(),
        "amount_minor": amount.minor, "currency": amount.currency.code(),
    })
}

fn note(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    action: &'static str,
    id: TransactionId,
    facts: &Value,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(facts.clone()),
    };
    audit::record(conn, by, entry)
}
