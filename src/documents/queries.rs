//! Reads. Each takes a scope.

use diesel::prelude::*;

use super::model::Document;
use crate::auth::MerchantScope;
use crate::db::schema::documents;
use crate::kernel::{DocumentId, Error};

/// The document that has a number, if one has.
pub fn by_number(
    conn: &mut PgConnection,
    scope: MerchantScope,
    provider: &str,
    number: &str,
) -> Result<Option<Document>, Error> {
    Ok(documents::table
        .filter(documents::merchant_id.eq(scope.merchant_id()))
        .filter(documents::number.eq(number))
        .filter(documents::provider.eq(provider))
        .select(Document::as_select())
        .first(conn)
        .optional()?)
}

/// A document under its row's lock.
pub fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DocumentId,
) -> Result<Option<Document>, Error> {
    Ok(documents::table
        .find((scope.merchant_id(), id))
        .select(Document::as_select())
        .for_update()
        .first(conn)
        .optional()?)
}
