//! Logouts that the provider tells about (OpenID Connect Back-Channel Logout 1.0, SEC-10): the
//! sessions that they end, and those that they keep from beginning.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::provider::Logout;
use crate::db::schema::provider_logouts;
use crate::kernel::{Error, UserId};

/// "logout" in ASCII. Sessions that begin hold it shared, a logout alone: each sees what the other
/// has written.
const LOCK: i64 = 0x6c6f_676f_7574;

/// To be taken before a session is written, in its transaction.
pub(super) fn lock_shared(conn: &mut PgConnection) -> Result<(), Error> {
    sql_query(format!("SELECT pg_advisory_xact_lock_shared({LOCK})")).execute(conn)?;
    Ok(())
}

/// Whether the provider has ended its session in the last ten minutes: the named one, or all of the
/// user's after the ID token was made.
pub(super) fn has_come(
    conn: &mut PgConnection,
    subject: &str,
    provider_session: Option<&str>,
    issued_at: DateTime<Utc>,
) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        has_come: bool,
    }
    let answer: Answer = sql_query(
        "SELECT EXISTS (SELECT FROM provider_logouts
             WHERE received_at > now() - interval '10 minutes'
               AND (subject IS NULL OR subject = $1)
               AND (provider_session = $2 OR provider_session IS NULL AND received_at >= $3)) AS has_come",
    )
    .bind::<Text, _>(subject)
    .bind::<Nullable<Text>, _>(provider_session)
    .bind::<Timestamptz, _>(issued_at)
    .get_result(conn)?;
    Ok(answer.has_come)
}

/// Ends what a good logout token names: the sessions of its `sid`, or all of its `sub`'s. Whose they
/// were, once per session; `None` where the token has been used before.
pub fn end_sessions(
    conn: &mut PgConnection,
    issuer: &str,
    logout: &Logout,
) -> Result<Option<Vec<UserId>>, Error> {
    #[derive(QueryableByName)]
    struct Ended {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        user_id: UserId,
    }
    sql_query(format!("SELECT pg_advisory_xact_lock({LOCK})")).execute(conn)?;
    let noted = diesel::insert_into(provider_logouts::table)
        .values((
            provider_logouts::jti.eq(&logout.jti),
            provider_logouts::subject.eq(&logout.subject),
            provider_logouts::provider_session.eq(&logout.provider_session),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if noted == 0 {
        return Ok(None);
    }
    let ended: Vec<Ended> = sql_query(
        "UPDATE sessions s SET ended_at = now() FROM users u
         WHERE u.id = s.user_id AND u.issuer = $1 AND s.ended_at IS NULL
           AND ($2 IS NULL OR u.subject = $2)
           AND ($3 IS NULL OR s.provider_session = $3)
         RETURNING s.user_id",
    )
    .bind::<Text, _>(issuer)
    .bind::<Nullable<Text>, _>(&logout.subject)
    .bind::<Nullable<Text>, _>(&logout.provider_session)
    .load(conn)?;
    Ok(Some(ended.into_iter().map(|ended| ended.user_id).collect()))
}
