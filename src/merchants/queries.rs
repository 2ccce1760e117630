//! Reads of a success manager's portfolio, and of whom a merchant may ask.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::auth::{ManagedScope, MerchantScope, StaffRole, SystemScope};
use crate::db::schema::{
    hand_overs, merchants, originators as originator_rows, success_manager_assignments, users,
};
use crate::kernel::{Currency, Error, HandOverId, Lang, MerchantId, UserId};
use crate::web::ui::COUNTED_MAX;

/// A merchant as its success manager sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Managed {
    pub id: MerchantId,
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub country: String,
    pub currency: String,
    pub language: Lang,
    pub time_zone: String,
    pub email: String,
}

/// Whether customers get a confirmation after paying: of all originators, of some, of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirms {
    All,
    Some,
    None,
}

impl Confirms {
    fn of(switches: &[bool]) -> Self {
        if !switches.contains(&true) {
            Self::None
        } else if switches.contains(&false) {
            Self::Some
        } else {
            Self::All
        }
    }
}

/// The portfolio, by name; the first two hundred.
pub fn list(
    conn: &mut PgConnection,
    scope: &ManagedScope,
) -> Result<Vec<(Managed, Confirms)>, Error> {
    let managed: Vec<Managed> = merchants::table
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .order((merchants::name, merchants::id))
        .limit(200)
        .select(Managed::as_select())
        .load(conn)?;
    let ids: Vec<MerchantId> = managed.iter().map(|merchant| merchant.id).collect();
    let mut switches: HashMap<MerchantId, Vec<bool>> = HashMap::new();
    for (merchant_id, is_on) in switches_of(conn, &ids)? {
        switches.entry(merchant_id).or_default().push(is_on);
    }
    let with_switches = |merchant: Managed| {
        let confirms = switches.get(&merchant.id).map_or(&[][..], Vec::as_slice);
        let confirms = Confirms::of(confirms);
        (merchant, confirms)
    };
    Ok(managed.into_iter().map(with_switches).collect())
}

/// One merchant of the portfolio.
pub fn get(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    id: MerchantId,
) -> Result<(Managed, Confirms), Error> {
    let merchant = merchants::table
        .filter(merchants::id.eq(id))
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .select(Managed::as_select())
        .first(conn)?;
    let switches: Vec<bool> =
        switches_of(conn, &[id])?.into_iter().map(|(_, is_on)| is_on).collect();
    Ok((merchant, Confirms::of(&switches)))
}

fn switches_of(
    conn: &mut PgConnection,
    merchant_ids: &[MerchantId],
) -> Result<Vec<(MerchantId, bool)>, Error> {
    Ok(originator_rows::table
        .filter(originator_rows::merchant_id.eq_any(merchant_ids))
        .select((originator_rows::merchant_id, originator_rows::confirms_success))
        .load(conn)?)
}

/// A merchant's own currency.
pub fn currency_of(conn: &mut PgConnection, id: MerchantId) -> Result<Option<Currency>, Error> {
    let code: String = merchants::table.find(id).select(merchants::currency).first(conn)?;
    Ok(Currency::parse(&code))
}

/// How near the end of a request has to be to be told of.
pub const EXPIRES_WITHIN_DAYS: i64 = 3;

/// What needs somebody at a merchant, each counted up to [`COUNTED_MAX`].
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Attention {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    /// Open requests that did not reach their customer.
    #[diesel(sql_type = BigInt)]
    pub unreached: i64,
    /// Open requests that run out within [`EXPIRES_WITHIN_DAYS`].
    #[diesel(sql_type = BigInt)]
    pub expiring: i64,
    /// Blocked documents.
    #[diesel(sql_type = BigInt)]
    pub blocked: i64,
    /// Tickets that wait for the platform, those that are support's alone left out.
    #[diesel(sql_type = BigInt)]
    pub tickets: i64,
    /// Requests for permissions that nobody has answered.
    #[diesel(sql_type = BigInt)]
    pub requests: i64,
}

/// What needs somebody at each of these merchants; the transaction's tenants include them. Each
/// condition is that of an index which holds little else, to the letter.
pub fn attention(
    conn: &mut PgConnection,
    ids: &[MerchantId],
    now: DateTime<Utc>,
) -> Result<Vec<Attention>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    Ok(sql_query(
        "SELECT m.id AS merchant_id,
                (SELECT count(*) FROM (SELECT FROM email_payments p WHERE p.merchant_id = m.id
                    AND p.status = 'open' AND p.delivery IN ('deferred', 'bounced', 'suppressed', 'failed') LIMIT $2) x) AS unreached,
                (SELECT count(*) FROM (SELECT FROM email_payments p WHERE p.merchant_id = m.id
                    AND p.status = 'open' AND p.expires_at > $3 AND p.expires_at <= $4 LIMIT $2) x) AS expiring,
                (SELECT count(*) FROM (SELECT FROM documents d WHERE d.merchant_id = m.id
                    AND d.state IN ('blocked_payment', 'blocked_review', 'blocked_missing_information') LIMIT $2) x) AS blocked,
                (SELECT count(*) FROM (SELECT FROM tickets t WHERE t.merchant_id = m.id
                    AND t.state IN ('open', 'waiting_support')
                    AND (t.visibility = 'company' OR t.category = 'success_manager') LIMIT $2) x) AS tickets,
                (SELECT count(*) FROM (SELECT FROM notification_requests r WHERE r.merchant_id = m.id
                    AND r.answer IS NULL LIMIT $2) x) AS requests
         FROM unnest($1) AS m (id)",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<BigInt, _>(COUNTED_MAX)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(now + Duration::days(EXPIRES_WITHIN_DAYS))
    .load(conn)?)
}

impl Attention {
    fn is_needed(&self) -> bool {
        self.urgency() != (0, 0, 0, 0)
    }

    /// What presses more compares higher: people who wait for an answer, then money that is held, then
    /// requests that nobody got, then those that end.
    const fn urgency(&self) -> (i64, i64, i64, i64) {
        (self.tickets + self.requests, self.blocked, self.unreached, self.expiring)
    }
}

/// A portfolio in short.
#[derive(Clone, Debug)]
pub struct Portfolio {
    pub merchants: usize,
    /// Those of them that need somebody.
    pub needing: usize,
    /// Merchants that look for a success manager.
    pub seeking: usize,
    /// The five that press most.
    pub urgent: Vec<(Managed, Attention)>,
}

/// What of a portfolio needs somebody. `may_take`: whether who asks may take over merchants that have
/// nobody.
pub fn portfolio(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    may_take: bool,
    now: DateTime<Utc>,
) -> Result<Portfolio, Error> {
    let merchants = list(conn, scope)?;
    let ids: Vec<MerchantId> = merchants.iter().map(|(merchant, _)| merchant.id).collect();
    let mut found: HashMap<MerchantId, Attention> =
        attention(conn, &ids, now)?.into_iter().map(|row| (row.merchant_id, row)).collect();
    found.retain(|_, attention| attention.is_needed());
    let (count, needing) = (merchants.len(), found.len());
    let pressing = |(merchant, _): (Managed, Confirms)| {
        let attention = found.remove(&merchant.id)?;
        Some((merchant, attention))
    };
    let mut urgent: Vec<_> = merchants.into_iter().filter_map(pressing).collect();
    // Stable: by name where two press as much.
    urgent.sort_by_key(|(_, attention)| std::cmp::Reverse(attention.urgency()));
    urgent.truncate(5);
    let seeking = if may_take { seeking(conn, scope)?.len() } else { 0 };
    Ok(Portfolio { merchants: count, needing, seeking, urgent })
}

/// A merchant that asks for a success manager and has none.
#[derive(Clone, Debug, QueryableByName)]
pub struct Seeking {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Timestamptz)]
    pub asked_at: DateTime<Utc>,
}

/// Those that ask, the longest wait first; for who may look after them.
pub fn seeking(conn: &mut PgConnection, _: &ManagedScope) -> Result<Vec<Seeking>, Error> {
    Ok(sql_query("SELECT merchant_id, name, asked_at FROM merchants_without_manager($1)")
        .bind::<Integer, _>(50)
        .load(conn)?)
}

/// One of them, to be taken over.
///
/// # Errors
/// [`Error::NotFound`]: it does not ask, or has somebody by now.
pub fn seeking_one(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    id: MerchantId,
) -> Result<SystemScope, Error> {
    let found = seeking(conn, scope)?.into_iter().find(|row| row.merchant_id == id);
    found.map(|row| SystemScope::found(row.merchant_id)).ok_or(Error::NotFound)
}

/// A success manager as merchants read of them.
#[derive(Clone, Debug)]
pub struct Manager {
    pub name: String,
    pub email: String,
    pub spoken: Vec<Lang>,
    /// In their own words; may be empty.
    pub hours: String,
}

/// Who looks after a merchant, by name.
pub fn managers(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Manager>, Error> {
    let rows: Vec<(String, String, Vec<Option<String>>, String)> =
        success_manager_assignments::table
            .inner_join(users::table)
            .filter(success_manager_assignments::merchant_id.eq(scope.merchant_id()))
            .filter(users::is_active)
            .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
            .order((users::name, users::id))
            .select((users::name, users::email, users::spoken, users::hours))
            .load(conn)?;
    let manager =
        |(name, email, spoken, hours)| Manager { name, email, spoken: langs(spoken), hours };
    Ok(rows.into_iter().map(manager).collect())
}

fn langs(codes: Vec<Option<String>>) -> Vec<Lang> {
    codes.into_iter().flatten().filter_map(|code| Lang::parse(&code)).collect()
}

/// What somebody says of themselves: languages and hours.
pub fn card(conn: &mut PgConnection, id: UserId) -> Result<(Vec<Lang>, String), Error> {
    let (spoken, hours): (Vec<Option<String>>, String) =
        users::table.find(id).select((users::spoken, users::hours)).first(conn)?;
    Ok((langs(spoken), hours))
}

/// To whom merchants may be handed over: everybody else, by name.
pub fn success_managers(
    conn: &mut PgConnection,
    but: UserId,
) -> Result<Vec<(UserId, String)>, Error> {
    Ok(users::table
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
        .filter(users::id.ne(but))
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(conn)?)
}

/// One change of who looks after a merchant.
#[derive(Clone, Debug, Queryable)]
pub struct HandOver {
    pub from: Option<String>,
    pub to: String,
    pub by: String,
    /// `None`: the merchant had nobody and asked.
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

/// The newest fifty.
pub fn hand_overs(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<HandOver>, Error> {
    Ok(hand_overs::table
        .filter(hand_overs::merchant_id.eq(scope.merchant_id()))
        .order(hand_overs::id.desc())
        .limit(50)
        .select((
            sql::<Nullable<Text>>("(SELECT u.name FROM users u WHERE u.id = hand_overs.from_id)"),
            sql::<Text>("(SELECT u.name FROM users u WHERE u.id = hand_overs.to_id)"),
            sql::<Text>("(SELECT u.name FROM users u WHERE u.id = hand_overs.by_id)"),
            hand_overs::reason,
            hand_overs::at,
        ))
        .load(conn)?)
}

/// An originator as the portfolio names it.
#[derive(Clone, Debug)]
pub struct Originator {
    pub name: String,
    pub number: String,
    /// Codes, parted by commas.
    pub currencies: String,
}

/// The merchant's, by name.
pub fn originators(
    conn: &mut PgConnection,
    scope: MerchantScope,
) -> Result<Vec<Originator>, Error> {
    let rows: Vec<(String, String, Vec<Option<String>>)> = originator_rows::table
        .filter(originator_rows::merchant_id.eq(scope.merchant_id()))
        .filter(originator_rows::is_active)
        .order((originator_rows::name, originator_rows::id))
        .limit(100)
        .select((originator_rows::name, originator_rows::number, originator_rows::currencies))
        .load(conn)?;
    let originator = |(name, number, codes): (String, String, Vec<Option<String>>)| {
        let codes: Vec<String> = codes.into_iter().flatten().collect();
        Originator { name, number, currencies: codes.join(", ") }
    };
    Ok(rows.into_iter().map(originator).collect())
}

/// What who gets merchants is told of it.
#[derive(Clone, Debug)]
pub struct HandedOver {
    /// Who handed them over.
    pub by: String,
    pub merchant: String,
    /// How many merchants changed hands with this one, itself counted.
    pub together: i32,
    pub reason: Option<String>,
}

/// A hand-over, while who got the merchant can sign in.
pub fn handed_over(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: HandOverId,
) -> Result<Option<HandedOver>, Error> {
    let reader = diesel::alias!(users as reader);
    let row: Option<(String, String, Option<i32>, Option<String>)> = hand_overs::table
        .inner_join(merchants::table)
        .inner_join(users::table.on(users::id.eq(hand_overs::by_id)))
        .inner_join(reader.on(reader.field(users::id).eq(hand_overs::to_id)))
        .filter(hand_overs::merchant_id.eq(scope.merchant_id()))
        .filter(hand_overs::id.eq(id))
        .filter(reader.field(users::is_active))
        .select((users::name, merchants::name, hand_overs::together, hand_overs::reason))
        .first(conn)
        .optional()?;
    Ok(row.map(|(by, merchant, together, reason)| HandedOver {
        by,
        merchant,
        together: together.unwrap_or(1),
        reason,
    }))
}
