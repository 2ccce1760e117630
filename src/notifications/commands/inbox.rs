//! What a user has read.

use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::auth::audit::Writer;
use crate::db::schema::notices;
use crate::kernel::{Error, NoticeId};

/// Notes that one notice of the writer's is read.
pub fn mark_read(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: NoticeId,
) -> Result<(), Error> {
    diesel::update(notices::table)
        .filter(notices::merchant_id.eq(scope.merchant_id()))
        .filter(notices::user_id.eq(writer.user_id))
        .filter(notices::id.eq(id))
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(writer.now))
        .execute(conn)?;
    Ok(())
}

/// Notes that all of the writer's notices are read. Returns how many were not.
pub fn mark_all_read(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
) -> Result<usize, Error> {
    Ok(diesel::update(notices::table)
        .filter(notices::merchant_id.eq(scope.merchant_id()))
        .filter(notices::user_id.eq(writer.user_id))
        .filter(notices::in_app)
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(writer.now))
        .execute(conn)?)
}
