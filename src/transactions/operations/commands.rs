//! Writes: a wish, a second person's word about it, and how it ended. Each under the lock of what it
//! changes.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use serde_json::{Value, json};

use super::model::{Act, Allowance, Hindrance, OperationRequest, OperationState, limit_left};
use super::queries::{self, Ground};
use crate::auth::audit::{self, Actor, By, Entry};
use crate::auth::{MerchantScope, SystemScope};
use crate::db::schema::{merchants, operation_requests, refund_limits};
use crate::email_payments;
use crate::gateway::{self, AttemptStatus};
use crate::kernel::{
    Currency, Error, MerchantId, Money, OperationRequestId, TransactionId, UserId,
};
use crate::mail::{self, About, MailKind, NewMail};
use crate::settlement::{self, Details, NewTransaction};
use crate::transactions::model::Transaction;

/// When the gateway is asked what became of a wish that nobody has told the end of.
const FIRST_CHECK: Duration = Duration::minutes(1);
/// The pause between later questions.
const NEXT_CHECK: Duration = Duration::minutes(3);
/// The pause where the gateway has not told for hours.
const LATE_CHECK: Duration = Duration::hours(1);
/// So many questions come quickly, of wishes that the gateway may have done at once; so many more come often.
const QUICK_CHECKS: i32 = 10;
const MANY_CHECKS: i32 = 60;

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

/// A wish whose end nobody has told.
#[derive(Debug, QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub operation_request_id: OperationRequestId,
}

/// Wishes of all merchants that the gateway is to be asked about by `now`, at most `most`.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn due(conn: &mut PgConnection, now: DateTime<Utc>, most: i32) -> Result<Vec<Due>, Error> {
    Ok(sql_query("SELECT * FROM operation_requests_due($1, $2)")
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(most)
        .load(conn)?)
}

/// What asking the gateway came to.
#[derive(Clone, Debug)]
pub enum End {
    /// With the number of the new transaction, and when it happened.
    Done {
        number: String,
        at: DateTime<Utc>,
    },
    /// Noted there under this number; to be confirmed.
    Requested {
        number: String,
    },
    Declined {
        code: String,
        words: String,
        number: Option<String>,
    },
    /// The gateway knows nothing of it.
    NotDone,
    /// No answer: it is asked for later.
    Unknown,
}

/// Notes how a wish has ended, or that nobody knows; one that has ended stays as it is.
///
/// # Errors
/// [`Error::NotFound`]: no such wish.
pub fn settle(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: OperationRequestId,
    end: &End,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let known = queries::get(conn, scope.into(), id)?;
    let Ground { transaction, .. } = queries::lock(conn, scope.into(), known.transaction_id)?;
    let request = queries::lock_request(conn, scope.into(), id)?;
    if !matches!(
        request.state,
        OperationState::Sending | OperationState::Unknown | OperationState::Requested
    ) {
        return Ok(());
    }
    match end {
        End::Done { number, at } => {
            move_to(conn, &request, OperationState::Done, ("000", ""), Some(number), now)?;
            let told = Movement { number, at: *at, status: AttemptStatus::Authorised, code: "000" };
            record(conn, scope, &transaction, &request, &told, now)?;
            tell_customer(conn, scope, &transaction, &request, now)?;
            follow(conn, scope, &transaction, now)?;
            end_noted(conn, scope, &request, OperationState::Done)
        }
        End::Requested { number } => {
            let unchanged = (request.result_code.as_str(), "");
            move_to(conn, &request, OperationState::Requested, unchanged, Some(number), now)
        }
        End::Declined { code, words, number } => {
            move_to(
                conn,
                &request,
                OperationState::Declined,
                (code, words),
                number.as_deref(),
                now,
            )?;
            if let Some(number) = number {
                let told = Movement { number, at: now, status: AttemptStatus::Declined, code };
                record(conn, scope, &transaction, &request, &told, now)?;
            }
            tell_declined(conn, scope, &transaction, &request, code, now)?;
            end_noted(conn, scope, &request, OperationState::Declined)
        }
        End::NotDone => {
            move_to(conn, &request, OperationState::NotDone, ("", ""), None, now)?;
            tell_declined(conn, scope, &transaction, &request, "", now)?;
            end_noted(conn, scope, &request, OperationState::NotDone)
        }
        End::Unknown => {
            let state = if request.state == OperationState::Requested {
                OperationState::Requested
            } else {
                OperationState::Unknown
            };
            let number = request.gateway_transaction_id.as_deref();
            move_to(conn, &request, state, ("", ""), number, now)
        }
    }
}

fn move_to(
    conn: &mut PgConnection,
    request: &OperationRequest,
    state: OperationState,
    (code, words): (&str, &str),
    number: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let is_fresh = request.state == OperationState::Sending || state == OperationState::Requested;
    let pause = match request.checks {
        0..QUICK_CHECKS if is_fresh => FIRST_CHECK,
        0..MANY_CHECKS => NEXT_CHECK,
        _ => LATE_CHECK,
    };
    diesel::update(operation_requests::table.find((request.merchant_id, request.id)))
        .set((
            operation_requests::state.eq(state),
            operation_requests::result_code.eq(code),
            operation_requests::result_message.eq(words),
            operation_requests::gateway_transaction_id.eq(number),
            operation_requests::next_check_at.eq(state.is_open().then(|| now + pause)),
            operation_requests::checks.eq(operation_requests::checks + 1),
            operation_requests::ended_at.eq((!state.is_open()).then_some(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A transaction that an operation made.
struct Movement<'a> {
    number: &'a str,
    at: DateTime<Utc>,
    status: AttemptStatus,
    code: &'a str,
}

fn record(
    conn: &mut PgConnection,
    scope: SystemScope,
    of: &Transaction,
    request: &OperationRequest,
    told: &Movement<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let amount = request.amount().ok_or_else(|| Error::internal("no currency"))?;
    let new = NewTransaction {
        originator_id: of.originator_id,
        channel: of.channel,
        operation: request.operation.operation(),
        status: told.status,
        amount,
        method: &of.method,
        result_code: told.code,
        gateway_transaction_id: told.number,
        reference_transaction_id: Some(&of.gateway_transaction_id),
        email_payment_id: of.email_payment_id,
        is_test: of.is_test,
        occurred_at: told.at,
        details: Details {
            order_id: &of.order_id,
            customer_name: &of.customer_name,
            customer_email: &of.customer_email,
            network: &of.network,
            card_number_masked: &of.card_number_masked,
            country: &of.country,
            // Whose the payment is; who wished for this stands in the wish.
            asked_by: of.asked_by,
            ..Details::default()
        },
    };
    settlement::record(conn, scope.into(), &new, now)
}

/// The email payment that the money is of goes along.
fn follow(
    conn: &mut PgConnection,
    scope: SystemScope,
    of: &Transaction,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    match of.email_payment_id {
        Some(payment) => email_payments::follow_up(conn, scope, payment, now),
        None => Ok(()),
    }
}

/// Who gets money back is told, where an address is known.
fn tell_customer(
    conn: &mut PgConnection,
    scope: SystemScope,
    of: &Transaction,
    request: &OperationRequest,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if request.operation != Act::Refund || of.customer_email.is_empty() {
        return Ok(());
    }
    let language = queries::language(conn, scope.into(), of)?;
    mail::insert(
        conn,
        &NewMail {
            merchant_id: scope.merchant_id(),
            about: About::OperationRequest(request.id),
            kind: MailKind::Refunded,
            recipient: &of.customer_email,
            language,
            run_at: now,
            created_at: now,
        },
    )
}

fn tell_declined(
    conn: &mut PgConnection,
    scope: SystemScope,
    of: &Transaction,
    request: &OperationRequest,
    code: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (Act::Refund, Some(payment)) = (request.operation, of.email_payment_id) else {
        return Ok(());
    };
    let facts = json!({
        "amount_minor": request.amount_minor, "currency": request.currency, "result_code": code,
    });
    email_payments::note_refund_declined(conn, scope, payment, facts, now)
}

fn end_noted(
    conn: &mut PgConnection,
    scope: SystemScope,
    request: &OperationRequest,
    state: OperationState,
) -> Result<(), Error> {
    let Some(amount) = request.amount() else { return Ok(()) };
    let mut facts = facts(request.id, request.operation, amount);
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("state".to_owned(), json!(state.as_str()));
    }
    let by = By::other(Actor::Gateway);
    note(conn, scope.into(), &by, "operation.end", request.transaction_id, &facts)
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

/// What somebody wants a currency's limit to be, in minor units. `None`: no limit.
#[derive(Clone, Debug)]
pub struct LimitWish {
    pub currency: Currency,
    /// As it stood when the form was read.
    pub seen: Option<i64>,
    pub wanted: Option<i64>,
}

/// Sets from which amounts refunds need a second person. The currencies whose limit somebody has changed since
/// the form was read: then nothing is written.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn set_limits(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    wishes: &[LimitWish],
) -> Result<Vec<Currency>, Error> {
    // A limit that is not there can't be locked.
    merchants::table
        .find(scope.merchant_id())
        .select(merchants::id)
        .for_no_key_update()
        .first::<MerchantId>(conn)?;
    let mut meanwhile = Vec::new();
    let mut changes = Vec::new();
    for wish in wishes.iter().filter(|wish| wish.wanted != wish.seen) {
        let stands = queries::limit(conn, scope, wish.currency.code())?;
        if stands == wish.wanted {
            continue;
        }
        if stands == wish.seen {
            changes.push(wish);
        } else {
            meanwhile.push(wish.currency);
        }
    }
    if meanwhile.is_empty() {
        for wish in changes {
            set_limit(conn, scope, writer, wish)?;
        }
    }
    Ok(meanwhile)
}

fn set_limit(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    wish: &LimitWish,
) -> Result<(), Error> {
    let currency = wish.currency.code();
    match wish.wanted {
        Some(above_minor) => diesel::insert_into(refund_limits::table)
            .values((
                refund_limits::merchant_id.eq(scope.merchant_id()),
                refund_limits::currency.eq(currency),
                refund_limits::above_minor.eq(above_minor),
                refund_limits::set_by.eq(writer.user_id),
                refund_limits::set_at.eq(writer.now),
            ))
            .on_conflict((refund_limits::merchant_id, refund_limits::currency))
            .do_update()
            .set((
                refund_limits::above_minor.eq(above_minor),
                refund_limits::set_by.eq(writer.user_id),
                refund_limits::set_at.eq(writer.now),
            ))
            .execute(conn)?,
        None => diesel::delete(refund_limits::table.find((scope.merchant_id(), currency)))
            .execute(conn)?,
    };
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action: "refund.limit",
        object_id: Some(scope.merchant_id().as_uuid()),
        is_done: true,
        before: Some(json!({ "currency": currency, "above_minor": wish.seen })),
        after: Some(json!({ "currency": currency, "above_minor": wish.wanted })),
    };
    audit::record(conn, &writer.by, entry)
}

/// What the gateway's own answer comes to.
///
/// # Errors
/// What the gateway's client reports, where that is no answer to the wish.
pub fn end_of(answer: Result<gateway::Verdict, Error>, now: DateTime<Utc>) -> Result<End, Error> {
    use gateway::Verdict;
    Ok(match answer {
        Ok(Verdict::Done(new)) => {
            new.id.map_or(End::Unknown, |number| End::Done { number, at: now })
        }
        Ok(Verdict::Requested(new)) => {
            new.id.map_or(End::Unknown, |number| End::Requested { number })
        }
        Ok(Verdict::Refused(refusal)) => {
            End::Declined { code: refusal.code, words: refusal.message, number: refusal.id }
        }
        Err(Error::NotFound | Error::Malformed(_)) => End::NotDone,
        Err(error @ Error::Unavailable { .. }) => {
            tracing::warn!(?error, "the gateway's answer to an operation got lost");
            End::Unknown
        }
        Err(error) => return Err(error),
    })
}
