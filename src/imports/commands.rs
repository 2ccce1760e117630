//! Writes: one transaction each, audit row included.

mod forget;
mod make;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};

use super::check::Report;
use super::file::Sheet;
use super::model::{ImportState, Reason, RowState, Settings, UNDO_WINDOW};
use super::queries::{self, Ground};
use crate::auth::MerchantScope;
use crate::auth::audit::{self, By, Entry};
use crate::crypto;
use crate::db::schema::{import_rows, imports};
use crate::kernel::{Error, ImportId, Lang, MerchantId, UserId};

pub use forget::forget_due;
pub use make::make_due;

/// Rows of one statement, below the number of values that one may carry.
const CHUNK_ROWS: usize = 1_000;

/// A file that was read.
pub struct NewImport {
    /// Made with the page: the same form sent twice makes one import.
    pub id: ImportId,
    pub file_name: String,
    pub file_hash: Vec<u8>,
    pub sheet: Sheet,
    pub settings: Settings,
}

/// Keeps a file's rows until somebody confirms them. The id under which they are: the form's own, but
/// where that form has brought another file before.
pub fn create(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    user_id: UserId,
    new: &NewImport,
    now: DateTime<Utc>,
) -> Result<ImportId, Error> {
    let rows = i32::try_from(new.sheet.rows.len()).map_err(Error::internal)?;
    let mut id = new.id;
    // The same form at the same moment waits here until the first one is there, and then finds it.
    if !insert(conn, scope, user_id, (id, rows), new, now)? {
        match queries::get(conn, scope, id) {
            Ok(earlier) if earlier.file_hash == new.file_hash => return Ok(id),
            Ok(_) | Err(Error::NotFound) => id = ImportId::new(),
            Err(error) => return Err(error),
        }
        if !insert(conn, scope, user_id, (id, rows), new, now)? {
            return Err(Error::Conflict);
        }
    }
    for chunk in new.sheet.rows.chunks(CHUNK_ROWS) {
        let mut values = Vec::with_capacity(chunk.len());
        for row in chunk {
            values.push((
                import_rows::merchant_id.eq(scope.merchant_id()),
                import_rows::import_id.eq(id),
                import_rows::number.eq(row.number),
                import_rows::typed.eq(serde_json::to_value(&row.cells).map_err(Error::internal)?),
                import_rows::state.eq(RowState::Checked),
            ));
        }
        diesel::insert_into(import_rows::table).values(values).execute(conn)?;
    }
    note(conn, by, scope.merchant_id(), id, "import.create", Some(json!({ "rows": rows })))?;
    Ok(id)
}

/// Notes the file under an id; whether that was free.
fn insert(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    (id, rows): (ImportId, i32),
    new: &NewImport,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let noted = diesel::insert_into(imports::table)
        .values((
            imports::merchant_id.eq(scope.merchant_id()),
            imports::id.eq(id),
            imports::created_by.eq(user_id),
            imports::created_at.eq(now),
            imports::file_name.eq(&new.file_name),
            imports::file_hash.eq(&new.file_hash),
            imports::rows.eq(rows),
            imports::unknown_columns.eq(&new.sheet.unknown),
            imports::originator_id.eq(new.settings.originator_id),
            imports::currency.eq(&new.settings.currency),
            imports::language.eq(new.settings.language),
            imports::valid_days.eq(new.settings.valid_days),
            imports::usual_validity.eq(new.settings.usual_validity),
            imports::with_repeats.eq(new.settings.with_repeats),
            imports::state.eq(ImportState::Checked),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(noted == 1)
}

/// Changes what counts where a row says nothing, as long as nothing is confirmed.
pub fn update(
    conn: &mut PgConnection,
    scope: MerchantScope,
    id: ImportId,
    settings: &Settings,
) -> Result<(), Error> {
    let import = queries::lock(conn, scope, id)?;
    if import.state != ImportState::Checked {
        return Err(Error::Conflict);
    }
    diesel::update(row(scope.merchant_id(), id)).set(settings).execute(conn)?;
    Ok(())
}

/// What stands for a report's requests as a page has shown them: to whom each goes, from whom, for how
/// much, in which language and until when.
pub fn seen(report: &Report) -> String {
    let rows = report.good().map(|(row, draft)| {
        let (amount, language) = (draft.amount, draft.language.code());
        format!(
            "{} {} {} {} {} {language} {}",
            row.number,
            amount.minor,
            amount.currency,
            draft.originator_id,
            draft.customer_email.as_str(),
            draft.expires_at
        )
    });
    HEXLOWER.encode(&crypto::hash(rows.collect::<Vec<_>>().join("\n")))
}

/// What a confirmation led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    Done,
    /// What would be made is not what the page said: it has to be looked at again.
    Changed,
}

/// Settles which rows will be made, and begins the undo window. A second time it does nothing.
pub fn confirm(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    user_id: UserId,
    id: ImportId,
    expected: &str,
    now: DateTime<Utc>,
) -> Result<Confirmed, Error> {
    let import = queries::lock(conn, scope, id)?;
    match import.state {
        ImportState::Checked => {}
        ImportState::Waiting | ImportState::Running | ImportState::Done => {
            return Ok(Confirmed::Done);
        }
        ImportState::Stopped | ImportState::Undone | ImportState::Discarded => {
            return Err(Error::Conflict);
        }
    }
    let ground = Ground::read(conn, scope)?;
    // The words of faults are not kept: any language will do.
    let report = queries::report(conn, scope, &import, &ground.context(now, Lang::En))?;
    let totals = report.totals();
    let count = report.good().count();
    if count == 0 || seen(&report) != expected {
        return Ok(Confirmed::Changed);
    }
    let (numbers, reasons): (Vec<i32>, Vec<Option<&str>>) =
        report.rows.iter().map(|row| (row.number, row.reason.map(Reason::as_str))).unzip();
    sql_query(
        "UPDATE import_rows r
         SET state = CASE WHEN d.reason IS NULL THEN 'queued' ELSE 'left_out' END, reason = d.reason
         FROM unnest($3, $4) AS d (number, reason)
         WHERE r.merchant_id = $1 AND r.import_id = $2 AND r.number = d.number",
    )
    .bind::<SqlUuid, _>(scope.merchant_id())
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Integer>, _>(numbers)
    .bind::<Array<Nullable<Text>>, _>(reasons)
    .execute(conn)?;
    let starts_at = now + UNDO_WINDOW;
    diesel::update(row(scope.merchant_id(), id))
        .set((
            imports::state.eq(ImportState::Waiting),
            imports::confirmed_by.eq(user_id),
            imports::confirmed_at.eq(now),
            imports::starts_at.eq(starts_at),
            imports::next_at.eq(starts_at),
        ))
        .execute(conn)?;
    let totals: Vec<String> =
        totals.iter().map(|(sum, _)| format!("{} {}", sum.plain(), sum.currency)).collect();
    let facts = json!({ "rows": count, "totals": totals.join(", ") });
    note(conn, by, scope.merchant_id(), id, "import.confirm", Some(facts))?;
    Ok(Confirmed::Done)
}

/// Takes a confirmation back before anything was made; what was typed is deleted.
///
/// # Errors
/// [`Error::Conflict`]: the undo window is over.
pub fn undo(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let import = queries::lock(conn, scope, id)?;
    match import.state {
        ImportState::Waiting => {}
        ImportState::Undone => return Ok(()),
        ImportState::Checked
        | ImportState::Running
        | ImportState::Done
        | ImportState::Stopped
        | ImportState::Discarded => return Err(Error::Conflict),
    }
    end(conn, scope.merchant_id(), id, ImportState::Undone, now)?;
    forget::rows_of(conn, scope.merchant_id(), id, now)?;
    note(conn, by, scope.merchant_id(), id, "import.undo", None)
}

/// Ends the undo window early.
pub fn start(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let import = queries::lock(conn, scope, id)?;
    let is_early = import.starts_at.is_some_and(|starts_at| starts_at > now);
    match import.state {
        ImportState::Waiting if is_early => {}
        ImportState::Waiting | ImportState::Running | ImportState::Done => return Ok(()),
        ImportState::Checked
        | ImportState::Stopped
        | ImportState::Undone
        | ImportState::Discarded => return Err(Error::Conflict),
    }
    diesel::update(row(scope.merchant_id(), id))
        .set((imports::starts_at.eq(now), imports::next_at.eq(now)))
        .execute(conn)?;
    note(conn, by, scope.merchant_id(), id, "import.start", None)
}

/// What is not made yet is not made. A row that is being made at this moment still is.
pub fn stop(
    conn: &mut PgConnection,
    scope: MerchantScope,
    by: &By,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let import = queries::lock(conn, scope, id)?;
    match import.state {
        ImportState::Running => {}
        // It was faster, or somebody else was.
        ImportState::Done | ImportState::Stopped => return Ok(()),
        ImportState::Checked
        | ImportState::Waiting
        | ImportState::Undone
        | ImportState::Discarded => return Err(Error::Conflict),
    }
    let left = end_early(conn, scope.merchant_id(), id, now)?;
    note(conn, by, scope.merchant_id(), id, "import.stop", Some(json!({ "rows": left })))
}

/// Leaves out the rows that are not made yet; how many.
fn end_early(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    end(conn, merchant_id, id, ImportState::Stopped, now)?;
    let queued = import_rows::table
        .filter(import_rows::merchant_id.eq(merchant_id))
        .filter(import_rows::import_id.eq(id))
        .filter(import_rows::state.eq(RowState::Queued));
    Ok(diesel::update(queued)
        .set((import_rows::state.eq(RowState::LeftOut), import_rows::reason.eq(Reason::Stopped)))
        .execute(conn)?)
}

fn end(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: ImportId,
    state: ImportState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(row(merchant_id, id))
        .set((
            imports::state.eq(state),
            imports::next_at.eq(None::<DateTime<Utc>>),
            imports::ended_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn row(merchant_id: MerchantId, id: ImportId) -> _ {
    imports::table.filter(imports::merchant_id.eq(merchant_id)).filter(imports::id.eq(id))
}

fn note(
    conn: &mut PgConnection,
    by: &By,
    merchant_id: MerchantId,
    id: ImportId,
    action: &'static str,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(merchant_id),
        action,
        object_id: Some(id.as_uuid()),
        is_done: true,
        before: None,
        after,
    };
    audit::record(conn, by, entry)
}
