//! Reads for customers, the gateway and the jobs: what a secret's hash or the clock leads to.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Bool, Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::commands::without_reminders;
use super::confirmations::{FieldValues, Switches, Wording};
use super::model::{EmailPayment, Status};
use super::page_settings::PageSettings;
use super::queries::confirmations::{merchant_with_switches, merchants_with_switches, wordings};
use super::queries::page_settings::{page_settings_of, page_settings_of_one};
use super::queries::{AttemptRow, MerchantView, attempts, get};
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto;
use crate::db::Db;
use crate::db::schema::{email_payments, gateway_sessions, payment_attempts};
use crate::gateway::AttemptStatus;
use crate::kernel::{
    EmailPaymentId, Error, GatewaySessionId, Lang, MerchantId, Money, OriginatorId, UserId,
};

/// The payment and its merchant, for what a customer sees.
pub struct PayView {
    pub payment: EmailPayment,
    /// Under the name that its page shows.
    pub merchant: MerchantView,
    /// How its page looks, with its version; 0: nothing was ever saved.
    pub version: i32,
    pub page: PageSettings,
    /// Whether the customer is told by e-mail how it went.
    pub confirms: Switches,
    pub attempts: Vec<AttemptRow>,
    /// What has taken its place, at the end of the chain.
    pub replacement: Option<Box<EmailPayment>>,
}

impl PayView {
    /// What the page says besides, with what its fields stand for.
    #[must_use]
    pub fn page_words(&self, lang: Lang) -> String {
        let payment = &self.payment;
        let amount = payment.amount().map(|amount| amount.with_symbol(lang)).unwrap_or_default();
        let values = FieldValues {
            customer: &payment.customer_name,
            merchant: &self.merchant.name,
            amount: &amount,
            order: &payment.order_id,
            description: &payment.description,
        };
        values.fill(self.page.page_text(lang))
    }
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
    let (mut merchant, confirms) =
        merchant_with_switches(conn, scope.merchant_id(), payment.originator_id)?;
    let page = page_settings_of_one(conn, scope.merchant_id(), payment.originator_id)?;
    let (version, page) = page.unwrap_or_else(|| (0, PageSettings::usual(&merchant)));
    merchant.name.clone_from(&page.displayed_name);
    Ok(PayView {
        version,
        page,
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

#[derive(Debug, QueryableByName)]
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

/// What the letter about a payment is made of.
pub struct LetterView {
    pub payment: EmailPayment,
    pub merchant: MerchantView,
    pub page: PageSettings,
    /// Whether the customer is told by e-mail how it went, and in which words.
    pub confirms: Switches,
    pub wording: Wording,
    /// The try that succeeded; looked for where the payment is paid.
    pub paid_by: Option<AttemptRow>,
    /// Whether it can be paid on a page that is prepared already.
    pub has_page: bool,
    /// Whether the customer has stopped its reminders; looked for where one is to be sent.
    pub are_reminders_stopped: bool,
}

/// A condition on rows of some payments, of several merchants.
type OfPayments<T> = Box<dyn BoxableExpression<T, Pg, SqlType = Bool>>;

/// A payment and its merchant.
type Key = (MerchantId, EmailPaymentId);

/// What letters about several payments are made of, one question per kind of row; the transaction sees
/// the merchants of all of them. `reminded`: those of them that reminders are about.
pub fn letter_views(
    conn: &mut PgConnection,
    payments: &[Key],
    reminded: &[Key],
    now: DateTime<Utc>,
) -> Result<Vec<LetterView>, Error> {
    let rows: Vec<EmailPayment> = email_payments::table
        .filter(among(payments, "email_payments.merchant_id, email_payments.id"))
        .select(EmailPayment::as_select())
        .load(conn)?;
    let originators: BTreeSet<_> =
        rows.iter().map(|row| (row.merchant_id, row.originator_id)).collect();
    let merchants = merchants_with_switches(conn, &originators)?;
    let wordings = wordings(conn, &originators)?;
    let page_settings = page_settings_of(conn, &originators)?;
    let pages: HashSet<EmailPaymentId> = gateway_sessions::table
        .filter(among(payments, "gateway_sessions.merchant_id, gateway_sessions.email_payment_id"))
        .filter(gateway_sessions::is_current)
        .filter(gateway_sessions::expires_at.gt(now))
        .select(gateway_sessions::email_payment_id)
        .load::<EmailPaymentId>(conn)?
        .into_iter()
        .collect();
    let stopped =
        if reminded.is_empty() { HashSet::new() } else { without_reminders(conn, reminded)? };
    let mut paid_by = successes(conn, &rows)?;
    let views = rows.into_iter().filter_map(|payment| {
        let (merchant, confirms) = merchants.get(&payment.originator_id)?;
        let wording = wordings.get(&(payment.originator_id, payment.language));
        let page = page_settings.get(&payment.originator_id).map(|(_, page)| page.clone());
        Some(LetterView {
            page: page.unwrap_or_else(|| PageSettings::usual(merchant)),
            merchant: merchant.clone(),
            confirms: *confirms,
            wording: wording.cloned().unwrap_or_default(),
            paid_by: paid_by.remove(&payment.id),
            has_page: payment.status == Status::Open
                && payment.expires_at > now
                && pages.contains(&payment.id),
            are_reminders_stopped: stopped.contains(&payment.id),
            payment,
        })
    });
    Ok(views.collect())
}

/// Rows whose `columns`, merchant and payment, are a pair of these: an index is asked once for each.
fn among<T: 'static>(payments: &[Key], columns: &str) -> OfPayments<T> {
    let (merchant_ids, ids): (Vec<MerchantId>, Vec<EmailPaymentId>) =
        payments.iter().copied().unzip();
    Box::new(
        sql::<Bool>(&format!("({columns}) IN (SELECT * FROM unnest("))
            .bind::<Array<SqlUuid>, _>(merchant_ids)
            .sql(", ")
            .bind::<Array<SqlUuid>, _>(ids)
            .sql("))"),
    )
}

/// By which try each of some payments was paid.
fn successes(
    conn: &mut PgConnection,
    payments: &[EmailPayment],
) -> Result<HashMap<EmailPaymentId, AttemptRow>, Error> {
    let paid = payments.iter().filter(|payment| payment.paid_at.is_some());
    let paid: Vec<Key> = paid.map(|payment| (payment.merchant_id, payment.id)).collect();
    if paid.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(EmailPaymentId, AttemptRow)> = payment_attempts::table
        .filter(among(&paid, "payment_attempts.merchant_id, payment_attempts.email_payment_id"))
        .filter(payment_attempts::status.eq(AttemptStatus::Authorised))
        .order((payment_attempts::attempted_at, payment_attempts::recorded_at))
        .select((payment_attempts::email_payment_id, AttemptRow::as_select()))
        .load(conn)?;
    // Of several the newest, which comes last.
    Ok(rows.into_iter().collect())
}

/// A gateway session that a transaction was found to belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOf {
    pub session_id: GatewaySessionId,
    pub email_payment_id: EmailPaymentId,
}

/// Which of a merchant's sessions merchant tokens belong to, by the tokens' hashes.
pub fn sessions_of(
    conn: &mut PgConnection,
    scope: SystemScope,
    hashes: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, SessionOf>, Error> {
    let found: Vec<(Vec<u8>, GatewaySessionId, EmailPaymentId)> = gateway_sessions::table
        .filter(gateway_sessions::merchant_id.eq(scope.merchant_id()))
        .filter(gateway_sessions::merchant_token_hash.eq_any(hashes))
        .select((
            gateway_sessions::merchant_token_hash,
            gateway_sessions::id,
            gateway_sessions::email_payment_id,
        ))
        .load(conn)?;
    let session =
        |(hash, session_id, email_payment_id)| (hash, SessionOf { session_id, email_payment_id });
    Ok(found.into_iter().map(session).collect())
}

/// Which payments of an originator bear these order IDs; an order ID is one payment's alone.
pub fn payments_by_order(
    conn: &mut PgConnection,
    scope: SystemScope,
    originator_id: OriginatorId,
    order_ids: &[&str],
) -> Result<HashMap<String, (EmailPaymentId, Money)>, Error> {
    let found: Vec<EmailPayment> = email_payments::table
        .filter(email_payments::merchant_id.eq(scope.merchant_id()))
        .filter(email_payments::order_id.eq_any(order_ids))
        .filter(email_payments::originator_id.eq(originator_id))
        .select(EmailPayment::as_select())
        .load(conn)?;
    let by_order = |payment: EmailPayment| {
        let amount = payment.amount()?;
        Ok((payment.order_id, (payment.id, amount)))
    };
    found.into_iter().map(by_order).collect()
}

/// Those of these attempts (the gateway's number and its word on it) that were heard of before.
pub fn known_attempts(
    conn: &mut PgConnection,
    scope: SystemScope,
    numbers: &[&str],
) -> Result<HashSet<(String, AttemptStatus)>, Error> {
    Ok(payment_attempts::table
        .filter(payment_attempts::merchant_id.eq(scope.merchant_id()))
        .filter(payment_attempts::gateway_transaction_id.eq_any(numbers))
        .select((payment_attempts::gateway_transaction_id, payment_attempts::status))
        .load::<(String, AttemptStatus)>(conn)?
        .into_iter()
        .collect())
}

/// Holds a payment for the caller's transaction. Whoever changes a payment's transactions holds the payment
/// first: two who took them in different orders would wait for each other.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has none of this id.
pub fn hold(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: EmailPaymentId,
) -> Result<(), Error> {
    email_payments::table
        .find((scope.merchant_id(), id))
        .select(email_payments::id)
        .for_update()
        .first::<EmailPaymentId>(conn)?;
    Ok(())
}

/// Who asked for the money of these payments, which are held as by [`hold`].
pub fn held_creators(
    conn: &mut PgConnection,
    scope: SystemScope,
    ids: &[EmailPaymentId],
) -> Result<HashMap<EmailPaymentId, UserId>, Error> {
    Ok(email_payments::table
        .filter(email_payments::merchant_id.eq(scope.merchant_id()))
        .filter(email_payments::id.eq_any(ids))
        .order(email_payments::id)
        .select((email_payments::id, email_payments::created_by))
        .for_update()
        .load::<(EmailPaymentId, UserId)>(conn)?
        .into_iter()
        .collect())
}
