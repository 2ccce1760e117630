//! Who is bound to the provider's name for them, and who is let in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::{StaffRole, session};
use crate::db::schema::users;
use crate::kernel::{Error, UserId};

/// A user to be bound.
#[derive(Insertable)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    pub id: UserId,
    pub issuer: &'a str,
    pub subject: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub staff_role: Option<StaffRole>,
    pub created_at: DateTime<Utc>,
}

/// What somebody is for the platform; `None`: a merchant's user.
pub fn staff_role_of(conn: &mut PgConnection, id: UserId) -> Result<Option<StaffRole>, Error> {
    Ok(users::table.find(id).select(users::staff_role).first(conn)?)
}

/// Lets a user in, or no more, which ends their sessions: who it is, `None` where there is nobody.
pub fn switch_user(
    conn: &mut PgConnection,
    issuer: &str,
    subject: &str,
    is_active: bool,
) -> Result<Option<UserId>, Error> {
    let named = users::table.filter(users::issuer.eq(issuer)).filter(users::subject.eq(subject));
    let found: Option<UserId> = diesel::update(named)
        .set(users::is_active.eq(is_active))
        .returning(users::id)
        .get_result(conn)
        .optional()?;
    if let Some(id) = found.filter(|_| !is_active) {
        session::end_all_of(conn, id)?;
    }
    Ok(found)
}

/// Adds a user, or finds the one that (issuer, subject) is bound to already.
pub fn add_user(conn: &mut PgConnection, new: &NewUser<'_>) -> Result<UserId, Error> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = SqlUuid)]
        id: UserId,
    }
    diesel::insert_into(users::table)
        .values(new)
        .on_conflict((users::issuer, users::subject))
        .do_nothing()
        .execute(conn)?;
    let id: Id = sql_query("SELECT id FROM users WHERE issuer = $1 AND subject = $2")
        .bind::<Text, _>(new.issuer)
        .bind::<Text, _>(new.subject)
        .get_result(conn)?;
    Ok(id.id)
}
