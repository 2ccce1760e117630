//! Moves of a document's state.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::Writer;
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry};
use crate::db::schema::{document_states, documents};
use crate::documents::model::{Document, State};
use crate::documents::queries;
use crate::kernel::{DocumentId, DocumentStateId, Error};

/// Brings a document into another state, for a reason that merchant and platform read.
///
/// # Errors
/// [`Error::NotFound`]: no such document in this scope. [`Error::Conflict`]: no way leads there from
/// where it is.
pub fn move_state(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: DocumentId,
    to: State,
    reason: &str,
) -> Result<(), Error> {
    let document = queries::lock(conn, scope, id)?.ok_or(Error::NotFound)?;
    if !document.state.next(document.total_minor).contains(&to) {
        return Err(Error::Conflict);
    }
    set(conn, writer, &document, to, reason)
}

/// The move, its line in the history and the audit row.
pub(super) fn set(
    conn: &mut PgConnection,
    writer: &Writer,
    document: &Document,
    to: State,
    reason: &str,
) -> Result<(), Error> {
    diesel::update(documents::table.find((document.merchant_id, document.id)))
        .set((documents::state.eq(to), documents::state_at.eq(writer.now)))
        .execute(conn)?;
    note(conn, writer, document, to, reason)?;
    let before = json!({ "number": document.number, "state": document.state.as_str() });
    let after = json!({ "number": document.number, "state": to.as_str() });
    record(conn, writer, document, "document.move", Some(before), after)
}

/// A line of the history.
pub(super) fn note(
    conn: &mut PgConnection,
    writer: &Writer,
    document: &Document,
    state: State,
    reason: &str,
) -> Result<(), Error> {
    diesel::insert_into(document_states::table)
        .values((
            document_states::merchant_id.eq(document.merchant_id),
            document_states::document_id.eq(document.id),
            document_states::id.eq(DocumentStateId::new()),
            document_states::state.eq(state),
            document_states::reason.eq(reason),
            document_states::user_id.eq(writer.user_id),
            document_states::at.eq(writer.now),
        ))
        .execute(conn)?;
    Ok(())
}

/// The audit row.
pub(super) fn record(
    conn: &mut PgConnection,
    writer: &Writer,
    document: &Document,
    action: &'static str,
    before: Option<Value>,
    mut after: Value,
) -> Result<(), Error> {
    add_program(&mut after, writer);
    let entry = Entry {
        merchant_id: Some(document.merchant_id),
        action,
        object_id: Some(document.id.as_uuid()),
        is_done: true,
        before,
        after: Some(after),
    };
    audit::record(conn, &writer.by, entry)
}

/// That somebody took a document along, and where it broke off, why.
pub fn note_download(
    conn: &mut PgConnection,
    writer: &Writer,
    document: &Document,
    failure: Option<&Error>,
) -> Result<(), Error> {
    let mut after = json!({ "number": document.number });
    add_program(&mut after, writer);
    if let (Some(error), Some(facts)) = (failure, after.as_object_mut()) {
        facts.insert("reason".to_owned(), json!(error.to_string()));
    }
    let entry = Entry {
        merchant_id: Some(document.merchant_id),
        action: "document.download",
        object_id: Some(document.id.as_uuid()),
        is_done: failure.is_none(),
        before: None,
        after: Some(after),
    };
    audit::record(conn, &writer.by, entry)
}

/// The program that acted in somebody's stead, beside what was done.
fn add_program(facts: &mut Value, writer: &Writer) {
    if let (Some(facts), Some(program)) = (facts.as_object_mut(), &writer.program) {
        facts.insert("program".to_owned(), program.clone());
    }
}
