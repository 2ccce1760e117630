//! Reads of one's own profile.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

use super::model::{EmailChange, VALIDITY};
use crate::db;
use crate::db::schema::{email_changes, users};
use crate::kernel::{Error, UserId};

/// What somebody has chosen; `None`: the merchant's zone.
pub fn time_zone(conn: &mut PgConnection, id: UserId) -> Result<Option<String>, Error> {
    Ok(users::table.find(id).select(users::time_zone).first(conn)?)
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

/// Whether the database knows a time zone.
pub fn is_known_zone(conn: &mut PgConnection, name: &str) -> Result<bool, Error> {
    let known: Known =
        sql_query("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS is_so")
            .bind::<Text, _>(name)
            .get_result(conn)?;
    Ok(known.is_so)
}

/// The change of address that is under way.
pub fn open_change(
    conn: &mut PgConnection,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<Option<EmailChange>, Error> {
    Ok(email_changes::table
        .filter(email_changes::user_id.eq(user_id))
        .filter(email_changes::ended_at.is_null())
        .filter(email_changes::expires_at.gt(now))
        .select(EmailChange::as_select())
        .first(conn)
        .optional()?)
}

/// Whether somebody else has an address, in whatever letters. Changes to one address come here one after
/// the other, so that it can't become two people's.
pub fn is_taken(conn: &mut PgConnection, user_id: UserId, email: &str) -> Result<bool, Error> {
    sql_query("SELECT pg_advisory_xact_lock(hashtextextended('users.email ' || lower($1), 0))")
        .bind::<Text, _>(email)
        .execute(conn)?;
    let is_it = sql::<Bool>("lower(users.email) = lower(").bind::<Text, _>(email).sql(")");
    let others = users::table.filter(users::id.ne(user_id)).filter(is_it);
    Ok(diesel::select(exists(others)).get_result(conn)?)
}

/// How many somebody asked for within the last day, counted up to `most`.
pub fn count_asked(
    conn: &mut PgConnection,
    user_id: UserId,
    most: i64,
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    let asked = email_changes::table
        .filter(email_changes::user_id.eq(user_id))
        .filter(email_changes::created_at.gt(now - VALIDITY))
        .select(email_changes::id)
        .limit(most);
    Ok(db::count::rows(asked, conn)?)
}
