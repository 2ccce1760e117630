//! Which statements have their document. The document itself is another slice's.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::SystemScope;
use crate::db::schema::statements;
use crate::kernel::{DocumentId, Error, MerchantId, StatementId};

/// A statement that waits for its document.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub statement_id: StatementId,
}

/// Statements without their document, which are the caller's alone until `until`.
pub fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    most: i32,
) -> Result<Vec<Claimed>, Error> {
    Ok(sql_query("SELECT * FROM statements_claim($1, $2, $3)")
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(until)
        .bind::<Integer, _>(most)
        .load(conn)?)
}

/// Whether a statement has no document yet, under its row's lock.
pub fn lock_unpublished(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: StatementId,
) -> Result<bool, Error> {
    let document: Option<DocumentId> = statements::table
        .find((scope.merchant_id(), id))
        .select(statements::document_id)
        .for_update()
        .first(conn)?;
    Ok(document.is_none())
}

/// Notes the document that tells a statement, in the transaction that publishes it.
pub fn note_document(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: StatementId,
    document_id: DocumentId,
) -> Result<(), Error> {
    diesel::update(statements::table.find((scope.merchant_id(), id)))
        .set((
            statements::document_id.eq(document_id),
            statements::lease_until.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)?;
    Ok(())
}
