//! Answers that support gives often.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::Writer;
use crate::auth::SupportScope;
use crate::auth::audit::{self, Entry};
use crate::db::schema::canned_answers;
use crate::db::taken;
use crate::kernel::{CannedAnswerId, Error, Lang};
use crate::tickets::queries;

/// The language has an answer of this title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TitleTaken;

pub fn add(
    conn: &mut PgConnection,
    _: SupportScope,
    writer: &Writer,
    language: Lang,
    title: &str,
    text: &str,
) -> Result<Result<(), TitleTaken>, Error> {
    let id = CannedAnswerId::new();
    let made = diesel::insert_into(canned_answers::table)
        .values((
            canned_answers::id.eq(id),
            canned_answers::language.eq(language),
            canned_answers::title.eq(title),
            canned_answers::text.eq(text),
            canned_answers::changed_by.eq(writer.user_id),
            canned_answers::changed_at.eq(writer.now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if made == 0 {
        return Ok(Err(TitleTaken));
    }
    let after = json!({ "title": title, "language": language.code() });
    note(conn, writer, id, None, Some(after)).map(Ok)
}

/// # Errors
/// [`Error::NotFound`]: there is none.
pub fn change(
    conn: &mut PgConnection,
    scope: SupportScope,
    writer: &Writer,
    id: CannedAnswerId,
    language: Lang,
    title: &str,
    text: &str,
) -> Result<Result<(), TitleTaken>, Error> {
    let old = queries::canned_answer(conn, scope, id)?;
    // In a savepoint: a title that is taken must not end the transaction.
    let changed = conn.transaction(|conn| {
        diesel::update(canned_answers::table.find(id))
            .set((
                canned_answers::language.eq(language),
                canned_answers::title.eq(title),
                canned_answers::text.eq(text),
                canned_answers::changed_by.eq(writer.user_id),
                canned_answers::changed_at.eq(writer.now),
            ))
            .execute(conn)
    });
    match changed {
        Err(error) if taken(&error).is_some() => return Ok(Err(TitleTaken)),
        other => other?,
    };
    let before = json!({ "title": old.title, "language": old.language.code() });
    let after = json!({ "title": title, "language": language.code() });
    note(conn, writer, id, Some(before), Some(after)).map(Ok)
}

/// # Errors
/// [`Error::NotFound`]: there is none.
pub fn remove(
    conn: &mut PgConnection,
    scope: SupportScope,
    writer: &Writer,
    id: CannedAnswerId,
) -> Result<String, Error> {
    let old = queries::canned_answer(conn, scope, id)?;
    diesel::delete(canned_answers::table.find(id)).execute(conn)?;
    let before = json!({ "title": old.title, "language": old.language.code() });
    note(conn, writer, id, Some(before), None)?;
    Ok(old.title)
}

fn note(
    conn: &mut PgConnection,
    writer: &Writer,
    id: CannedAnswerId,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: None,
        action: "canned_answer.change",
        object_id: Some(id.as_uuid()),
        is_done: true,
        before,
        after,
    };
    audit::record(conn, &writer.by, entry)
}
