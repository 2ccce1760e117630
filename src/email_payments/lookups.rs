//! Reads for customers, the gateway and the jobs: what a secret's hash or the clock leads to.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::confirmations::Switches;
use super::model::EmailPayment;
use super::queries::confirmations::merchant_with_switches;
use super::queries::{AttemptRow, MerchantView, attempts, get};
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto;
use crate::db::Db;
use crate::db::schema::gateway_sessions;
use crate::kernel::{EmailPaymentId, Error, GatewaySessionId, MerchantId};

/// The payment and its merchant, for what a customer sees.
pub struct PayView {
    pub payment: EmailPayment,
    pub merchant: MerchantView,
    /// Whether the customer is told by e-mail how it went.
    pub confirms: Switches,
    pub attempts: Vec<AttemptRow>,
    /// What has taken its place, at the end of the chain.
    pub replacement: Option<Box<EmailPayment>>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    email_payment_id: EmailPaymentId,
}

/// The payment behind a pay link's token: the tenant is not known before this.
pub async fn by_pay_link(db: &Db, token: &str) -> Result<(SystemScope, EmailPaymentId), Error> {
    let hash = crypto::hash(token);
    let find = move |conn: &mut PgConnection| {
        let found: Option<Found> = sql_query("SELECT * FROM pay_link_open($1)")
            .bind::<Binary, _>(hash)
            .get_result(conn)
            .optional()?;
        found.ok_or(Error::NotFound)
    };
    let found = db.ask(find).await?;
    Ok((SystemScope::found(found.merchant_id), found.email_payment_id))
}

pub fn pay_view(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
) -> Result<PayView, Error> {
    let payment = get(conn, scope.into(), id)?;
    let (merchant, confirms) =
        merchant_with_switches(conn, scope.merchant_id(), payment.originator_id)?;
    Ok(PayView {
        replacement: replacement(conn, scope, &payment)?.map(Box::new),
        payment,
        merchant,
        confirms,
        attempts: attempts(conn, scope.into(), id)?,
    })
}

/// Payments that took each other's place: the last of them.
fn replacement(
    conn: &mut PgConnection,
    scope: SystemScope,
    payment: &EmailPayment,
) -> Result<Option<EmailPayment>, Error> {
    let mut last = None;
    let mut next = payment.replaced_by;
    while let Some(id) = next {
        let payment = get(conn, scope.into(), id)?;
        next = payment.replaced_by;
        last = Some(payment);
    }
    Ok(last)
}

/// A payment prepared at the gateway.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gateway_sessions)]
pub struct GatewaySession {
    pub merchant_id: MerchantId,
    pub id: GatewaySessionId,
    pub email_payment_id: EmailPaymentId,
    pub merchant_token_encrypted: Vec<u8>,
    pub customer_token_encrypted: Vec<u8>,
    pub callback_key_hash: Vec<u8>,
    pub expires_at: DateTime<Utc>,
    pub checks: i32,
}

/// The gateway session that customers are sent to, if one is prepared.
pub fn current_session(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Option<GatewaySession>, Error> {
    Ok(sessions(scope, id)
        .filter(gateway_sessions::is_current)
        .select(GatewaySession::as_select())
        .first(conn)
        .optional()?)
}

/// Every gateway session of a payment that may still bring news.
pub fn live_sessions(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<Vec<GatewaySession>, Error> {
    Ok(sessions(scope, id)
        .filter(gateway_sessions::next_check_at.is_not_null())
        .order(gateway_sessions::prepared_at.desc())
        .limit(10)
        .select(GatewaySession::as_select())
        .load(conn)?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn sessions(scope: MerchantScope, id: EmailPaymentId) -> _ {
    let merchant_id: MerchantId = scope.merchant_id();
    gateway_sessions::table
        .filter(gateway_sessions::merchant_id.eq(merchant_id))
        .filter(gateway_sessions::email_payment_id.eq(id))
}

pub fn session(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: GatewaySessionId,
) -> Result<GatewaySession, Error> {
    Ok(gateway_sessions::table
        .filter(gateway_sessions::merchant_id.eq(scope.merchant_id()))
        .filter(gateway_sessions::id.eq(id))
        .select(GatewaySession::as_select())
        .first(conn)?)
}

#[derive(QueryableByName)]
pub struct FoundSession {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub gateway_session_id: GatewaySessionId,
}

/// The gateway session behind a merchant token: the tenant is not known before this.
pub async fn by_merchant_token(
    db: &Db,
    token: &str,
) -> Result<(SystemScope, GatewaySessionId), Error> {
    let hash = crypto::hash(token);
    let find = move |conn: &mut PgConnection| {
        let found: Option<FoundSession> = sql_query("SELECT * FROM gateway_session_open($1)")
            .bind::<Binary, _>(hash)
            .get_result(conn)
            .optional()?;
        found.ok_or(Error::NotFound)
    };
    let found = db.ask(find).await?;
    Ok((SystemScope::found(found.merchant_id), found.gateway_session_id))
}

/// The gateway sessions that are due to be asked about. The jobs' role only.
pub fn due_sessions(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<FoundSession>, Error> {
    Ok(sql_query("SELECT * FROM gateway_sessions_due($1, $2)")
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(50)
        .load(conn)?)
}
