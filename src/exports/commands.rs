//! The record of a file: begun before the first row is read, ended with the last byte.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;

use super::model::{ExportList, ExportState, Progress};
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Actor, By, Entry};
use crate::db::schema::exports;
use crate::db::{Db, Tenants};
use crate::jobs;
use crate::kernel::{Error, ExportId, Lang, MerchantId, UserId};
use crate::web::files::FileFormat;

/// A process that says nothing of its file for so long has gone. Longer than a reader may let a
/// piece wait.
const LOST_AFTER: Duration = Duration::minutes(2);

/// What is known before the first row.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = exports)]
pub struct NewExport {
    pub merchant_id: MerchantId,
    pub id: ExportId,
    pub user_id: UserId,
    pub list: ExportList,
    pub format: FileFormat,
    pub file_name: String,
    pub heads: Vec<String>,
    pub language: Lang,
    pub time_zone: String,
    pub filter: String,
    pub filter_words: Vec<String>,
    pub started_at: DateTime<Utc>,
}

pub fn begin(conn: &mut PgConnection, new: &NewExport) -> Result<(), Error> {
    diesel::insert_into(exports::table)
        .values((
            new,
            exports::state.eq(ExportState::Running),
            exports::progress_at.eq(new.started_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes how far the file has come; whether somebody wants it to end.
pub fn note_progress(
    conn: &mut PgConnection,
    new: &NewExport,
    progress: &Progress,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    Ok(diesel::update(running(new.merchant_id, new.id))
        .set((
            exports::as_of.eq(progress.as_of),
            exports::progress_at.eq(now),
            exports::rows.eq(progress.rows),
            exports::rows_total.eq(progress.rows_total),
            exports::bytes.eq(progress.bytes),
        ))
        .returning(exports::stop_asked_at.is_not_null())
        .get_result(conn)?)
}

/// Ends the record, with its row of the audit; how the file ended.
pub fn settle(
    conn: &mut PgConnection,
    new: &NewExport,
    by: &By,
    progress: &Progress,
    failure: Option<&Error>,
    now: DateTime<Utc>,
) -> Result<ExportState, Error> {
    let state = match failure {
        None => ExportState::Done,
        Some(_) if progress.is_stopped => ExportState::Stopped,
        Some(_) => ExportState::Broken,
    };
    let sha256 = progress.sha256.filter(|_| state == ExportState::Done);
    diesel::update(running(new.merchant_id, new.id))
        .set((
            exports::state.eq(state),
            exports::as_of.eq(progress.as_of),
            exports::progress_at.eq(now),
            exports::finished_at.eq(now),
            exports::rows.eq(progress.rows),
            exports::rows_total.eq(progress.rows_total),
            exports::bytes.eq(progress.bytes),
            exports::sha256.eq(sha256.map(|hash| hash.to_vec())),
        ))
        .execute(conn)?;
    let mut facts =
        json!({ "filter": new.filter, "rows": progress.rows, "format": new.format.as_str() });
    if let Some(facts) = facts.as_object_mut() {
        if let Some(hash) = sha256 {
            facts.insert("sha256".to_owned(), json!(data_encoding::HEXLOWER.encode(&hash)));
        }
        if let Some(error) = failure {
            facts.insert("reason".to_owned(), json!(error.to_string()));
        }
    }
    let entry = Entry {
        merchant_id: Some(new.merchant_id),
        action: new.list.action(),
        object_id: Some(new.id.as_uuid()),
        is_done: failure.is_none(),
        before: None,
        after: Some(facts),
    };
    audit::record(conn, by, entry)?;
    Ok(state)
}

/// Asks for the end of an export that runs; what is on its way already still arrives.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for this scope. [`Error::Conflict`]: it has ended.
pub fn ask_stop(
    conn: &mut PgConnection,
    scope: MerchantScope,
    list: ExportList,
    id: ExportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut query = exports::table
        .filter(exports::merchant_id.eq(scope.merchant_id()))
        .filter(exports::id.eq(id))
        .filter(exports::list.eq(list))
        .select(exports::state)
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(exports::user_id.eq(user_id));
    }
    let _: ExportState = query.first(conn)?;
    let asked = diesel::update(running(scope.merchant_id(), id))
        .set(exports::stop_asked_at.eq(now))
        .execute(conn)?;
    if asked == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Job: ends the records of files whose process has gone. How many. The job's role only.
pub async fn close_lost(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = move |conn: &mut PgConnection| -> Result<Vec<(MerchantId, ExportId)>, Error> {
        Ok(exports::table
            .filter(exports::state.eq(ExportState::Running))
            .filter(exports::progress_at.lt(now - LOST_AFTER))
            .select((exports::merchant_id, exports::id))
            .load(conn)?)
    };
    let lost = db.run(Tenants::none(), find).await?;
    let close = async |&(merchant_id, id): &(MerchantId, ExportId)| {
        db.run(Tenants::one(merchant_id), move |conn| close(conn, merchant_id, id, now)).await
    };
    Ok(jobs::each("a lost export could not be closed", &lost, close).await)
}

/// Ends one lost record with its row of the audit: what was sent until then is in somebody's hands. The
/// filter stays in the record: no job reads it.
fn close(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: ExportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let silent = running(merchant_id, id).filter(exports::progress_at.lt(now - LOST_AFTER));
    let ended = diesel::update(silent)
        .set((exports::state.eq(ExportState::Broken), exports::finished_at.eq(now)))
        .returning((exports::user_id, exports::list, exports::rows))
        .get_result::<(UserId, ExportList, i64)>(conn)
        .optional()?;
    // Another process was faster, or the file goes on after all.
    let Some((user_id, list, rows)) = ended else { return Ok(()) };
    let by = By { user_id: Some(user_id), ..By::other(Actor::System) };
    let entry = Entry {
        merchant_id: Some(merchant_id),
        action: list.action(),
        object_id: Some(id.as_uuid()),
        is_done: false,
        before: None,
        after: Some(json!({ "rows": rows, "reason": "process gone" })),
    };
    audit::record(conn, &by, entry)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn running(merchant_id: MerchantId, id: ExportId) -> _ {
    let state: ExportState = ExportState::Running;
    exports::table
        .filter(exports::merchant_id.eq(merchant_id))
        .filter(exports::id.eq(id))
        .filter(exports::state.eq(state))
}
