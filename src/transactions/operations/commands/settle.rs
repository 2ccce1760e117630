//! How wishes end: what is due to be asked about, what the gateway's answer comes to, and what follows.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use serde_json::json;

use super::super::model::{Act, OperationRequest, OperationState};
use super::super::queries::{self, Ground};
use super::{FIRST_CHECK, facts, note};
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::db::schema::operation_requests;
use crate::email_payments;
use crate::gateway::{self, AttemptStatus};
use crate::kernel::{Error, MerchantId, OperationRequestId};
use crate::mail::{self, About, MailKind, NewMail};
use crate::settlement::{self, Details, NewTransaction};
use crate::transactions::model::Transaction;

/// The pause between later questions.
const NEXT_CHECK: Duration = Duration::minutes(3);
/// The pause where the gateway has not told for hours.
const LATE_CHECK: Duration = Duration::hours(1);
/// So many questions come quickly, of wishes that the gateway may have done at once; so many more come often.
const QUICK_CHECKS: i32 = 10;
const MANY_CHECKS: i32 = 60;

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
