//! What somebody has read. Their own marks: they change nothing for others and are no matter of audit.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};

use crate::auth::MerchantScope;
use crate::db::schema::document_reads;
use crate::kernel::{DocumentId, Error, UserId};

/// Notes that a user has read a document; the first time counts.
pub fn mark_read(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(document_reads::table)
        .values((
            document_reads::merchant_id.eq(scope.merchant_id()),
            document_reads::user_id.eq(user_id),
            document_reads::document_id.eq(id),
            document_reads::read_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

/// Takes the mark back.
pub fn mark_unread(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    id: DocumentId,
) -> Result<(), Error> {
    diesel::delete(document_reads::table.find((scope.merchant_id(), user_id, id))).execute(conn)?;
    Ok(())
}

/// Marks every document of the merchant; how many were unread.
pub fn mark_all_read(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    Ok(sql_query(
        "INSERT INTO document_reads (merchant_id, user_id, document_id, read_at)
         SELECT d.merchant_id, $2, d.id, $3 FROM documents d WHERE d.merchant_id = $1
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(user_id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)?)
}
