//! What the API answered to requests that carry a key (SEC-14). The answer is written in the
//! transaction of the work: after a crash there are both or neither.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use crate::auth::MerchantScope;
use crate::crypto::{self, Keyring};
use crate::db::schema::api_answers;
use crate::kernel::{ApiAnswerId, Error};

/// How long an answer is kept.
const KEPT: chrono::Duration = chrono::Duration::hours(72);

/// A request that carries a key.
#[derive(Clone, Debug)]
pub struct Keyed {
    pub key: String,
    pub method: String,
    pub path: String,
    /// SHA-256.
    pub body_hash: Vec<u8>,
}

/// A good answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    /// JSON.
    pub body: String,
}

/// What is known of a key.
pub enum Known {
    /// Nothing: the work is this transaction's, and nobody else's until it ends.
    New,
    /// The same request was answered before.
    Answered(Answer),
    /// Another request was.
    OtherRequest,
    /// A request with this key is being worked on now.
    Running,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_answers)]
struct Row {
    id: ApiAnswerId,
    method: String,
    path: String,
    body_hash: Vec<u8>,
    status: i32,
    location: Option<String>,
    answer_encrypted: Vec<u8>,
}

/// Takes the key for the rest of the transaction, and tells what it stands for.
pub fn take(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    request: &Keyed,
) -> Result<Known, Error> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    // An advisory lock instead of the unique key: the second of two equal requests is told at once
    // instead of waiting for the first one's end.
    let lock: Taken =
        sql_query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken")
            .bind::<Text, _>(format!("api_answers {} {}", scope.merchant_id(), request.key))
            .get_result(conn)?;
    if !lock.taken {
        return Ok(Known::Running);
    }
    let found: Option<Row> = api_answers::table
        .filter(api_answers::merchant_id.eq(scope.merchant_id()))
        .filter(api_answers::key.eq(&request.key))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = found else { return Ok(Known::New) };
    let is_same = row.method == request.method
        && row.path == request.path
        && crypto::equal(&row.body_hash, &request.body_hash);
    if !is_same {
        return Ok(Known::OtherRequest);
    }
    Ok(Known::Answered(Answer {
        status: u16::try_from(row.status).map_err(Error::internal)?,
        location: row.location,
        body: keys.open(row.id.as_uuid(), &row.answer_encrypted)?,
    }))
}

/// Keeps the answer, for the next request with the same key.
pub fn keep(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: MerchantScope,
    request: &Keyed,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id = ApiAnswerId::new();
    diesel::insert_into(api_answers::table)
        .values((
            api_answers::merchant_id.eq(scope.merchant_id()),
            api_answers::id.eq(id),
            api_answers::key.eq(&request.key),
            api_answers::method.eq(&request.method),
            api_answers::path.eq(&request.path),
            api_answers::body_hash.eq(&request.body_hash),
            api_answers::status.eq(i32::from(answer.status)),
            api_answers::location.eq(&answer.location),
            api_answers::answer_encrypted.eq(keys.seal(id.as_uuid(), &answer.body)?),
            api_answers::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sweeps answers that are older than 72 hours; how many. The job's role only.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Error> {
    Ok(sql_query(
        "DELETE FROM api_answers WHERE (merchant_id, id) IN (
             SELECT merchant_id, id FROM api_answers WHERE created_at < $1 LIMIT 1000)",
    )
    .bind::<Timestamptz, _>(now - KEPT)
    .execute(conn)?)
}
