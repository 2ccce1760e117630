//! Reads. The product may not look into the audit: a function of the database does, for one merchant
//! and a page at a time (`migrations/…read_activity`).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use serde_json::Value;
use uuid::Uuid;

use super::actions::Group;
use super::filter::{Filter, row_id};
use crate::auth::MerchantScope;
use crate::auth::audit::{Actor, By};
use crate::db::schema::{
    email_payments, memberships, merchants, success_manager_assignments, users,
};
use crate::kernel::{Cursor, Direction, Error, UserId};
use crate::web::list::Slice;

/// Rows of a page; and of one reading for a file, the most that the look-up gives.
pub const PAGE_ROWS: usize = 50;
pub const CHUNK_ROWS: usize = 1_000;

/// One row of the audit.
#[derive(Clone, Debug, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub actor: Actor,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub user_name: Option<String>,
    /// The role when it happened.
    #[diesel(sql_type = Nullable<Text>)]
    pub user_role: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub origin: Option<String>,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub object_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    pub is_done: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub before: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub after: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    pub request_id: Option<String>,
}

/// The page that a filter asks for, newest first.
pub fn page(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &Filter,
) -> Result<Slice<Row>, Error> {
    let direction = filter.direction.unwrap_or(Direction::Newest);
    let (cursor, is_newer) = match direction {
        Direction::After(cursor) => (Some(cursor), false),
        Direction::Before(cursor) => (Some(cursor), true),
        Direction::Newest => (None, false),
        Direction::Oldest => (None, true),
    };
    let rows = read(conn, scope, filter, cursor, is_newer, PAGE_ROWS + 1)?;
    Ok(Slice::cut(rows, PAGE_ROWS, &direction))
}

/// The next rows for a file, from a place on, newest first; none when it is whole.
pub fn chunk(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &Filter,
    after: Option<Cursor>,
) -> Result<Vec<Row>, Error> {
    read(conn, scope, filter, after, false, CHUNK_ROWS)
}

fn read(
    conn: &mut PgConnection,
    scope: MerchantScope,
    filter: &Filter,
    cursor: Option<Cursor>,
    is_newer: bool,
    most: usize,
) -> Result<Vec<Row>, Error> {
    let person = scope.only_created_by().or(filter.person);
    Ok(sql_query("SELECT * FROM activity_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind::<SqlUuid, _>(scope.merchant_id())
        .bind::<Nullable<Timestamptz>, _>(filter.since())
        .bind::<Nullable<Timestamptz>, _>(filter.until())
        .bind::<Nullable<Array<Text>>, _>(filter.group.map(Group::actions))
        .bind::<Nullable<SqlUuid>, _>(person)
        .bind::<Nullable<Bool>, _>(filter.is_done)
        .bind::<Nullable<Timestamptz>, _>(cursor.map(|cursor| cursor.at))
        .bind::<Nullable<BigInt>, _>(cursor.map(row_id))
        .bind::<Bool, _>(is_newer)
        .bind::<Integer, _>(i32::try_from(most).map_err(Error::internal)?)
        .load(conn)?)
}

/// Whether this session's look at the merchant's activity stands in the audit since a quarter of an
/// hour, by the database's clock.
pub fn is_view_noted(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Noted {
        #[diesel(sql_type = Bool)]
        is_noted: bool,
    }
    let noted: Noted = sql_query(
        "SELECT EXISTS (SELECT FROM activity_page($1, now() - interval '15 minutes', NULL,
             ARRAY['activity.view'], $2, true, NULL, NULL, false, 1000)
         WHERE session_id = $3) AS is_noted",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<Nullable<SqlUuid>, _>(by.user_id)
    .bind::<Nullable<SqlUuid>, _>(by.session_id)
    .get_result(conn)?;
    Ok(noted.is_noted)
}

/// Somebody to choose in the filter.
pub type Person = (UserId, String);

/// The merchant's own people and those who look after it, by name.
pub fn people(conn: &mut PgConnection, scope: MerchantScope) -> Result<Vec<Person>, Error> {
    let own: Vec<Person> = memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(scope.merchant_id()))
        .select((users::id, users::name))
        .load(conn)?;
    let staff: Vec<Person> = success_manager_assignments::table
        .inner_join(users::table)
        .filter(success_manager_assignments::merchant_id.eq(scope.merchant_id()))
        .select((users::id, users::name))
        .load(conn)?;
    let mut people = [own, staff].concat();
    people.sort_by(|(_, a), (_, b)| a.cmp(b));
    Ok(people)
}

/// The order IDs of the payments among these objects.
pub fn order_ids(
    conn: &mut PgConnection,
    scope: MerchantScope,
    rows: &[Row],
) -> Result<HashMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.action.starts_with("email_payment."))
        .filter_map(|row| row.object_id)
        .collect();
    let found: Vec<(Uuid, String)> = email_payments::table
        .filter(email_payments::merchant_id.eq(scope.merchant_id()))
        .filter(email_payments::id.eq_any(ids))
        .select((email_payments::id, email_payments::order_id))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// What the merchant is called.
pub fn merchant_name(conn: &mut PgConnection, scope: MerchantScope) -> Result<String, Error> {
    Ok(merchants::table.find(scope.merchant_id()).select(merchants::name).first(conn)?)
}
