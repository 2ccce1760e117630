//! Reads of wishes and limits.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::alias;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::model::{OperationRequest, OperationState};
use crate::auth::MerchantScope;
use crate::db;
use crate::db::schema::{merchants, operation_requests, originators, refund_limits, users};
use crate::email_payments;
use crate::email_payments::writing::{self, MerchantView, PageSettings};
use crate::gateway::AttemptStatus;
use crate::kernel::{
    Currency, EmailPaymentId, Error, Lang, MerchantId, Money, OperationRequestId, TransactionId,
    UserId,
};
use crate::settlement::Operation;
use crate::transactions::model::Transaction;
use crate::transactions::queries::followers;
use crate::web::ui::COUNTED_MAX;

/// So many of a list are shown.
pub const SHOWN_MAX: i64 = 200;

alias!(users as deciders: DecidersAlias);

/// A wish with the names of those who had a part in it.
#[derive(Clone, Debug, Queryable)]
pub struct Named {
    pub request: OperationRequest,
    pub asked_by: String,
    pub decided_by: Option<String>,
}

/// What is needed to judge what may be done to a transaction.
pub struct Ground {
    pub transaction: Transaction,
    /// What was done to it.
    pub followers: Vec<Transaction>,
    pub asked: Vec<OperationRequest>,
}

/// Locks the transaction, so that two wishes at the same time see each other; the payment that it is of
/// before it, as everybody does.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: TransactionId,
) -> Result<Ground, Error> {
    use crate::db::schema::transactions;
    let one = transactions::table.find((scope.merchant_id(), id));
    let payment = one.select(transactions::email_payment_id).first(conn)?;
    if let Some(payment) = payment {
        email_payments::hold(conn, scope, payment)?;
    }
    one.select(transactions::id).for_update().first::<TransactionId>(conn)?;
    ground(conn, scope, id)
}

/// The same without the lock: for a page.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope.
pub fn ground(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: TransactionId,
) -> Result<Ground, Error> {
    let transaction = crate::transactions::queries::get(conn, scope, id)?;
    let followers = followers(conn, scope, &transaction)?;
    let asked = operation_requests::table
        .filter(operation_requests::merchant_id.eq(scope.merchant_id()))
        .filter(operation_requests::transaction_id.eq(id))
        .select(OperationRequest::as_select())
        .load(conn)?;
    Ok(Ground { transaction, followers, asked })
}

/// One wish.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has none of this id.
pub fn get(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OperationRequestId,
) -> Result<OperationRequest, Error> {
    Ok(operation_requests::table
        .find((scope.merchant_id(), id))
        .select(OperationRequest::as_select())
        .first(conn)?)
}

/// One wish, locked.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has none of this id.
pub fn lock_request(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OperationRequestId,
) -> Result<OperationRequest, Error> {
    Ok(operation_requests::table
        .find((scope.merchant_id(), id))
        .select(OperationRequest::as_select())
        .for_update()
        .first(conn)?)
}

/// What was asked for a transaction, the latest first.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn of_transaction(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: TransactionId,
) -> Result<Vec<Named>, Error> {
    Ok(operation_requests::table
        .inner_join(users::table.on(users::id.eq(operation_requests::asked_by)))
        .left_join(
            deciders.on(deciders.field(users::id).nullable().eq(operation_requests::decided_by)),
        )
        .filter(operation_requests::merchant_id.eq(scope.merchant_id()))
        .filter(operation_requests::transaction_id.eq(id))
        .order((operation_requests::asked_at.desc(), operation_requests::id.desc()))
        .limit(SHOWN_MAX)
        .select((
            OperationRequest::as_select(),
            users::name,
            deciders.field(users::name).nullable(),
        ))
        .load(conn)?)
}

/// What waits for a second person, the oldest first, each with its transaction.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn waiting(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<(Named, Transaction)>, Error> {
    use crate::db::schema::transactions;
    let found: Vec<(OperationRequest, String, Transaction)> = operation_requests::table
        .inner_join(users::table.on(users::id.eq(operation_requests::asked_by)))
        .inner_join(
            transactions::table.on(transactions::merchant_id
                .eq(operation_requests::merchant_id)
                .and(transactions::id.eq(operation_requests::transaction_id))),
        )
        .filter(operation_requests::merchant_id.eq(scope.merchant_id()))
        .filter(operation_requests::state.eq(OperationState::Waiting))
        .order((operation_requests::asked_at, operation_requests::id))
        .limit(SHOWN_MAX)
        .select((OperationRequest::as_select(), users::name, Transaction::as_select()))
        .load(conn)?;
    let named = |(request, asked_by, transaction)| {
        (Named { request, asked_by, decided_by: None }, transaction)
    };
    Ok(found.into_iter().map(named).collect())
}

/// How many wishes wait for a word of this user, so not their own; up to [`COUNTED_MAX`]. `None` where
/// `wait` was too short.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn waiting_count(
    conn: &mut PgConnection,
    scope: MerchantScope,
    reader: UserId,
    wait: Duration,
) -> Result<Option<i64>, Error> {
    let waiting = operation_requests::table
        .filter(operation_requests::merchant_id.eq(scope.merchant_id()))
        // In the words of the index.
        .filter(sql::<Bool>("operation_requests.state = 'waiting'"))
        .filter(operation_requests::asked_by.ne(reader))
        .select(operation_requests::id)
        .limit(COUNTED_MAX);
    db::within(conn, wait, |conn| db::count::rows(waiting, conn))
}

/// A merchant's limit in one currency, and who set it.
#[derive(Clone, Debug, Queryable)]
pub struct Limit {
    pub currency: String,
    pub above_minor: i64,
    pub set_by: String,
    pub set_at: DateTime<Utc>,
}

/// From which amounts a refund needs a second person, by currency.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn limits(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Limit>, Error> {
    Ok(refund_limits::table
        .inner_join(users::table)
        .filter(refund_limits::merchant_id.eq(scope.merchant_id()))
        .order(refund_limits::currency)
        .select((
            refund_limits::currency,
            refund_limits::above_minor,
            users::name,
            refund_limits::set_at,
        ))
        .load(conn)?)
}

/// From which amount a refund in this currency needs a second person. `None`: there is no such limit.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn limit(
    conn: &mut PgConnection,
    scope: MerchantScope,
    currency: &str,
) -> Result<Option<i64>, Error> {
    Ok(refund_limits::table
        .find((scope.merchant_id(), currency))
        .select(refund_limits::above_minor)
        .first(conn)
        .optional()?)
}

/// The currencies that a merchant's originators take, by code.
///
/// # Errors
/// [`Error::Unavailable`]: the database is out of reach.
pub fn currencies(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Currency>, Error> {
    let all: Vec<Vec<Option<String>>> = originators::table
        .filter(originators::merchant_id.eq(scope.merchant_id()))
        .select(originators::currencies)
        .load(conn)?;
    let mut codes: Vec<String> = all.into_iter().flatten().flatten().collect();
    codes.sort_unstable();
    codes.dedup();
    Ok(codes.iter().filter_map(|code| Currency::parse(code)).collect())
}

/// What the letter about a refund tells.
#[derive(Clone, Debug)]
pub struct Told {
    pub merchant: MerchantView,
    /// How the originator's letters look.
    pub page: PageSettings,
    pub amount: Money,
    pub state: OperationState,
    pub order_id: String,
    pub customer_name: String,
    pub means: Transaction,
}

/// What the letter about a refund tells. `None`: there is nothing to tell.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such wish.
pub fn told(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: OperationRequestId,
) -> Result<Option<Told>, Error> {
    let request = get(conn, scope, id)?;
    let Some(amount) = request.amount() else { return Ok(None) };
    let means = crate::transactions::queries::get(conn, scope, request.transaction_id)?;
    let merchant = writing::merchant(conn, scope.merchant_id())?;
    let page = writing::page_settings_of_one(conn, scope.merchant_id(), means.originator_id)?;
    Ok(Some(Told {
        page: page.map_or_else(|| PageSettings::usual(&merchant), |(_, page)| page),
        merchant,
        amount,
        state: request.state,
        order_id: means.order_id.clone(),
        customer_name: means.customer_name.clone(),
        means,
    }))
}

/// The transaction by which the money of a payment came; `None`: none came.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such payment.
pub fn money_of(
    conn: &mut PgConnection,
    scope: MerchantScope,
    payment: EmailPaymentId,
) -> Result<Option<(TransactionId, Operation)>, Error> {
    use crate::db::schema::{email_payments, transactions};
    let merchant = scope.merchant_id();
    email_payments::table
        .find((merchant, payment))
        .select(email_payments::id)
        .first::<EmailPaymentId>(conn)?;
    let brings_money =
        [Operation::Sale, Operation::Capture, Operation::Collection, Operation::Authorize];
    Ok(transactions::table
        .filter(transactions::merchant_id.eq(merchant))
        .filter(transactions::email_payment_id.eq(payment))
        .filter(transactions::status.eq(AttemptStatus::Authorised))
        .filter(transactions::operation.eq_any(brings_money))
        .order((transactions::operation.eq(Operation::Authorize), transactions::occurred_at.desc()))
        .select((transactions::id, transactions::operation))
        .first(conn)
        .optional()?)
}

/// The language that a merchant speaks to a customer in: that of the payment, else its own.
///
/// # Errors
/// [`Error::NotFound`]: there is no such merchant.
pub fn language(
    conn: &mut PgConnection,
    scope: MerchantScope,
    of: &Transaction,
) -> Result<Lang, Error> {
    use crate::db::schema::email_payments;
    let merchant: MerchantId = scope.merchant_id();
    if let Some(id) = of.email_payment_id {
        return Ok(email_payments::table
            .find((merchant, id))
            .select(email_payments::language)
            .first(conn)?);
    }
    Ok(merchants::table.find(merchant).select(merchants::language).first(conn)?)
}
