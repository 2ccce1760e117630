//! What people say to differences.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry, Writer};
use crate::db::schema::transaction_differences;
use crate::kernel::{DifferenceId, Error, UserId};
use crate::reconciliation::model::{DifferenceKind, DifferenceState};

/// Settles an open difference with a note.
///
/// # Errors
/// [`Error::NotFound`]: no such difference. [`Error::Conflict`]: it is not open any more.
pub fn settle(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: DifferenceId,
    note: &str,
) -> Result<(), Error> {
    let kind = lock(conn, scope, id, DifferenceState::Open)?;
    diesel::update(transaction_differences::table.find((scope.merchant_id(), id)))
        .set((
            transaction_differences::state.eq(DifferenceState::Settled),
            transaction_differences::settled_at.eq(writer.now),
            transaction_differences::settled_by.eq(writer.user_id),
            transaction_differences::note.eq(note),
        ))
        .execute(conn)?;
    note_in_audit(conn, scope, writer, id, "transaction.difference_settle", kind)
}

/// Opens a settled difference again.
///
/// # Errors
/// [`Error::NotFound`]: no such difference. [`Error::Conflict`]: it is not settled.
pub fn reopen(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: DifferenceId,
) -> Result<(), Error> {
    let kind = lock(conn, scope, id, DifferenceState::Settled)?;
    diesel::update(transaction_differences::table.find((scope.merchant_id(), id)))
        .set((
            transaction_differences::state.eq(DifferenceState::Open),
            transaction_differences::settled_at.eq(None::<DateTime<Utc>>),
            transaction_differences::settled_by.eq(None::<UserId>),
            transaction_differences::note.eq(None::<String>),
        ))
        .execute(conn)?;
    note_in_audit(conn, scope, writer, id, "transaction.difference_reopen", kind)
}

fn lock(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: DifferenceId,
    wanted: DifferenceState,
) -> Result<DifferenceKind, Error> {
    let (kind, state): (DifferenceKind, DifferenceState) = transaction_differences::table
        .find((scope.merchant_id(), id))
        .select((transaction_differences::kind, transaction_differences::state))
        .for_update()
        .first(conn)?;
    if state == wanted { Ok(kind) } else { Err(Error::Conflict) }
}

fn note_in_audit(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: DifferenceId,
    action: &'static str,
    kind: DifferenceKind,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(scope.merchant_id()),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after: Some(json!({ "difference": kind.as_str() })),
    };
    audit::record(conn, &writer.by, entry)
}
