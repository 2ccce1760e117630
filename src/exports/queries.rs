//! Reads.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel::{QueryableByName, sql_query};

use super::model::{ExportList, ExportState};
use crate::auth::MerchantScope;
use crate::db::keyset::{Condition, Keyset};
use crate::db::schema::{exports, users};
use crate::kernel::{Cursor, Direction, Error, ExportId};
use crate::web::files::FileFormat;
use crate::web::list::Slice;

/// Records of a page.
pub const PAGE_ROWS: usize = 25;

type WithUser = diesel::dsl::InnerJoinQuerySource<exports::table, users::table>;

/// One record.
#[derive(Clone, Debug, Queryable)]
pub struct ExportRow {
    pub id: ExportId,
    pub user_name: String,
    format: FileFormat,
    pub file_name: String,
    heads: Vec<Option<String>>,
    pub time_zone: String,
    pub filter: String,
    filter_words: Vec<Option<String>>,
    pub state: ExportState,
    pub started_at: DateTime<Utc>,
    pub as_of: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub rows: i64,
    pub rows_total: Option<i64>,
    pub bytes: i64,
    pub sha256: Option<Vec<u8>>,
    pub stop_asked_at: Option<DateTime<Utc>>,
}

impl ExportRow {
    /// Whether it can still be stopped.
    pub fn is_stoppable(&self) -> bool {
        self.state == ExportState::Running && self.stop_asked_at.is_none()
    }

    /// What people call the kind of file.
    pub const fn format(&self) -> &'static str {
        match self.format {
            FileFormat::Csv => "CSV",
            FileFormat::Xlsx => "XLSX",
        }
    }

    /// The heads of the file's columns.
    pub fn heads(&self) -> String {
        self.heads.iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    }

    /// What compares a file with its record, where it has the name that we gave it. With an asterisk:
    /// of the two blanks that could stand there, a page shows one.
    pub fn command(&self, hash: &str) -> String {
        format!("echo \"{hash} *{}\" | sha256sum -c", self.file_name)
    }

    pub fn filter_words(&self) -> impl Iterator<Item = &String> {
        self.filter_words.iter().flatten()
    }

    /// In hexadecimal, as the usual programs write it.
    pub fn sha256(&self) -> Option<String> {
        self.sha256.as_deref().map(|hash| data_encoding::HEXLOWER.encode(hash))
    }
}

/// Records of a list, newest first: those behind a place.
pub fn page(
    conn: &mut PgConnection,
    scope: MerchantScope,
    list: ExportList,
    after: Option<Cursor>,
) -> Result<Slice<ExportRow>, Error> {
    let direction = after.map_or(Direction::Newest, Direction::After);
    let keyset = Keyset::new("exports.started_at", "exports.id", true, &direction);
    let mut query = exports::table
        .inner_join(users::table)
        .filter(exports::merchant_id.eq(scope.merchant_id()))
        .filter(exports::list.eq(list))
        .into_boxed();
    if let Some(user_id) = scope.only_created_by() {
        query = query.filter(exports::user_id.eq(user_id));
    }
    if let Some(beyond) = keyset.beyond(&direction) {
        query = query.filter::<Condition<WithUser>>(beyond);
    }
    let rows = query
        .order(keyset.order())
        .limit(i64::try_from(PAGE_ROWS + 1).map_err(Error::internal)?)
        .select((
            exports::id,
            users::name,
            exports::format,
            exports::file_name,
            exports::heads,
            exports::time_zone,
            exports::filter,
            exports::filter_words,
            exports::state,
            exports::started_at,
            exports::as_of,
            exports::finished_at,
            exports::rows,
            exports::rows_total,
            exports::bytes,
            exports::sha256,
            exports::stop_asked_at,
        ))
        .load(conn)?;
    Ok(Slice::cut(rows, PAGE_ROWS, &direction))
}

/// The instant of the transaction's snapshot, by the database's clock.
pub fn as_of(conn: &mut PgConnection) -> Result<DateTime<Utc>, Error> {
    #[derive(QueryableByName)]
    struct Now {
        #[diesel(sql_type = Timestamptz)]
        now: DateTime<Utc>,
    }
    Ok(sql_query("SELECT now() AS now").get_result::<Now>(conn)?.now)
}
