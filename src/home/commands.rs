//! What is remembered of how somebody reads.

use diesel::prelude::*;

use crate::db::schema::users;
use crate::kernel::{Error, Lang, UserId};

/// The language that a user chose for pages: mails to them speak it.
pub fn remember_language(
    conn: &mut PgConnection,
    user_id: UserId,
    lang: Lang,
) -> Result<(), Error> {
    diesel::update(users::table.find(user_id)).set(users::language.eq(lang)).execute(conn)?;
    Ok(())
}
