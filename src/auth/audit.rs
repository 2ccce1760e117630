//! The audit log: who did what, from where. Written in the transaction of what it tells about.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};
use serde_json::Value;
use uuid::Uuid;

use super::Principal;
use crate::db::columns::text_column;
use crate::db::schema::audit_log;
use crate::kernel::{Error, MerchantId, SessionId, UserId};

text_column! {
    /// What kind of somebody it was.
    Actor {
        User = "user",
        Customer = "customer",
        Gateway = "gateway",
        Clock = "clock",
        System = "system",
        Operator = "operator",
    }
}

/// Who acts, and by which request: the half of an audit row that stays the same within one.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Actor,
    pub user_id: Option<UserId>,
    pub user_role: Option<&'static str>,
    pub session_id: Option<SessionId>,
    /// The full address: this table alone keeps it (SEC-22, SEC-23).
    pub origin: Option<String>,
    pub request_id: Option<String>,
}

impl By {
    /// A user, by a request.
    #[must_use]
    pub fn user(principal: &Principal, origin: Option<String>, request_id: Option<String>) -> Self {
        Self {
            actor: Actor::User,
            user_id: Some(principal.user_id),
            user_role: principal.role(),
            session_id: Some(principal.session_id),
            origin,
            request_id,
        }
    }

    /// Something without a user: a job, the gateway, a customer.
    #[must_use]
    pub const fn other(actor: Actor) -> Self {
        Self {
            actor,
            user_id: None,
            user_role: None,
            session_id: None,
            origin: None,
            request_id: None,
        }
    }
}

/// Which user writes, by which request, and when.
#[derive(Clone, Debug)]
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    pub now: DateTime<Utc>,
}

/// What was done, or refused.
pub struct Entry {
    pub merchant_id: Option<MerchantId>,
    /// A word such as `email_payment.create`.
    pub action: &'static str,
    pub object_id: Option<Uuid>,
    pub is_done: bool,
    /// Fields before and after; nothing secret, no personal data.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_log)]
struct Row<'a> {
    actor: Actor,
    user_id: Option<UserId>,
    user_role: Option<&'a str>,
    session_id: Option<SessionId>,
    origin: Option<&'a str>,
    merchant_id: Option<MerchantId>,
    action: &'a str,
    object_id: Option<Uuid>,
    is_done: bool,
    before: Option<Value>,
    after: Option<Value>,
    request_id: Option<&'a str>,
}

/// Adds one row.
pub fn record(conn: &mut PgConnection, by: &By, entry: Entry) -> Result<(), Error> {
    let row = Row {
        actor: by.actor,
        user_id: by.user_id,
        user_role: by.user_role,
        session_id: by.session_id,
        origin: by.origin.as_deref(),
        merchant_id: entry.merchant_id,
        action: entry.action,
        object_id: entry.object_id,
        is_done: entry.is_done,
        before: entry.before,
        after: entry.after,
        request_id: by.request_id.as_deref(),
    };
    diesel::insert_into(audit_log::table).values(row).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Seals the rows that are older than two minutes; how many they were. The job's role only.
pub fn seal(conn: &mut PgConnection) -> Result<i64, Error> {
    let sealed: Count = sql_query("SELECT audit_seal() AS count").get_result(conn)?;
    Ok(sealed.count)
}

/// Makes the partitions of the months to come; how many were missing. The job's role only.
pub fn make_partitions(conn: &mut PgConnection) -> Result<i64, Error> {
    let made: Count = sql_query("SELECT audit_make_partitions() AS count").get_result(conn)?;
    Ok(made.count)
}

/// What `central audit verify` reports.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub seals: i64,
    pub rows: i64,
    /// Rows that no seal covers yet: the last minutes.
    pub unsealed: i64,
    pub broken: Vec<String>,
}

/// Compares every seal with its rows. The owner's role only.
pub fn verify(conn: &mut PgConnection) -> Result<Verdict, Error> {
    #[derive(QueryableByName)]
    struct Totals {
        #[diesel(sql_type = BigInt)]
        seals: i64,
        #[diesel(sql_type = BigInt)]
        sealed: i64,
        #[diesel(sql_type = BigInt)]
        unsealed: i64,
    }
    #[derive(QueryableByName)]
    struct Broken {
        #[diesel(sql_type = diesel::sql_types::Text)]
        span: String,
    }
    let totals: Totals = sql_query(
        "SELECT count(*) AS seals, coalesce(sum(rows), 0)::bigint AS sealed,
                (SELECT count(*) FROM audit_log
                 WHERE at >= coalesce((SELECT max(until_at) FROM audit_seals), '-infinity')) AS unsealed
         FROM audit_seals",
    )
    .get_result(conn)?;
    let broken: Vec<Broken> = sql_query(
        "SELECT 'seal ' || id || ', ' || from_at || ' to ' || until_at AS span FROM audit_broken_seals()",
    )
    .load(conn)?;
    Ok(Verdict {
        seals: totals.seals,
        rows: totals.sealed,
        unsealed: totals.unsealed,
        broken: broken.into_iter().map(|row| row.span).collect(),
    })
}
