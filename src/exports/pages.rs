//! A list's exports: a new file, and the records of those that left.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};

use super::commands;
use super::model::{ExportList, ExportState};
use super::queries::{self, ExportRow};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Cursor, Error, ExportId, Texts, dates, money_grouped, separators};
use crate::web::files::Separator;
use crate::web::ui::{Badge, Icon};
use crate::web::{App, Html, Query, Shell, html, see_other};

/// What a new file would hold.
pub struct NewFile {
    /// Query string and words of the filter.
    pub filter: String,
    pub filter_words: Vec<String>,
}

#[derive(Template)]
#[template(path = "exports/list.html")]
struct ExportsPage {
    shell: Shell,
    t: &'static Texts,
    list: ExportList,
    new: NewFile,
    rows: Vec<ExportRow>,
    has_older: bool,
    is_newest: bool,
    /// Others' records are there too.
    is_everybodys: bool,
}

/// The page of a list's exports: those that the scope reaches.
pub async fn page(
    shell: Shell,
    app: &Data<App>,
    list: ExportList,
    scope: MerchantScope,
    query: &Query,
    new: NewFile,
) -> Html {
    let after = query.one("exports_after").and_then(Cursor::decode);
    let read = move |conn: &mut diesel::PgConnection| queries::page(conn, scope, list, after);
    let slice = app.db.run(scope.tenants(), read).await?;
    html(&ExportsPage {
        t: shell.t,
        shell,
        list,
        new,
        rows: slice.rows,
        has_older: slice.has_older,
        is_newest: !slice.has_newer,
        is_everybodys: scope.only_created_by().is_none(),
    })
}

/// Asks a running export to end: the reader's own, or any that the scope reaches.
///
/// # Errors
/// [`Error::NotFound`]: there is none.
pub async fn stop(
    user: &MerchantUser,
    app: &Data<App>,
    path: &Path<String>,
    list: ExportList,
) -> Html {
    let id: ExportId = path.parse().map_err(|_| Error::NotFound)?;
    let scope = user.scope(list.right())?;
    let now = app.clock.now();
    let asked = app
        .db
        .run(scope.tenants(), move |conn| commands::ask_stop(conn, scope, list, id, now))
        .await;
    match asked {
        // It has ended meanwhile: the page tells how.
        Ok(()) | Err(Error::Conflict) => Ok(see_other(list.paths().exports)),
        Err(error) => Err(error),
    }
}

impl ExportsPage {
    fn list_title(&self) -> String {
        self.list.title(self.t)
    }

    fn list_url(&self) -> String {
        with_query(self.list.paths().list, &self.new.filter)
    }

    /// This page, with what a new file would hold.
    fn own_url(&self) -> String {
        with_query(self.list.paths().exports, &self.new.filter)
    }

    /// What the list shows by the filter of a record.
    fn list_url_of(&self, row: &ExportRow) -> String {
        with_query(self.list.paths().list, &row.filter)
    }

    /// The files that can be had: words and addresses, the reader's own first.
    fn files(&self) -> Vec<(String, String)> {
        let t = self.t;
        let mut separators = Separator::ALL.to_vec();
        separators.sort_by_key(|separator| *separator != Separator::of(self.shell.lang));
        let xlsx = with_query(self.list.paths().xlsx, &self.new.filter);
        let mut files = vec![(t.msg_export_xlsx(), xlsx)];
        files.extend(separators.into_iter().map(|separator| {
            let words = match separator {
                Separator::Comma => t.msg_export_csv_comma(),
                Separator::Semicolon => t.msg_export_csv_semicolon(),
            };
            let path = format!("{}?separator={}", self.list.paths().csv, separator.as_str());
            let mark = if self.new.filter.is_empty() { "" } else { "&" };
            (words, format!("{path}{mark}{}", self.new.filter))
        }));
        files
    }

    fn is_any_running(&self) -> bool {
        self.rows.iter().any(|row| row.state == ExportState::Running)
    }

    fn badge(&self, row: &ExportRow) -> Badge {
        let t = self.t;
        let (icon, words, tone) = match row.state {
            ExportState::Running if row.stop_asked_at.is_some() => {
                ("hourglass", t.msg_export_state_stopping(), "wait")
            }
            ExportState::Running => ("hourglass", t.msg_export_state_running(), "wait"),
            ExportState::Done => ("circle-check", t.msg_export_state_done(), "pos"),
            ExportState::Broken => ("circle-x", t.msg_export_state_broken(), "neg"),
            ExportState::Stopped => ("ban", t.msg_export_state_stopped(), "neu"),
        };
        Badge { icon: Icon(icon), words, tone }
    }

    /// `1,284 rows`, or `12,000 of 50,000 rows` while it runs or where it broke off.
    fn rows_words(&self, row: &ExportRow) -> String {
        let grouped = |rows: i64| money_grouped(rows.unsigned_abs(), self.shell.lang);
        match row.rows_total.filter(|_| row.state != ExportState::Done) {
            Some(total) => self.t.msg_export_rows_of(grouped(row.rows), grouped(total)),
            None => self.t.msg_export_rows(row.rows, grouped(row.rows)),
        }
    }

    /// `12.4 MB`, in thousands of bytes where there are not many.
    fn size_words(&self, row: &ExportRow) -> String {
        let bytes = row.bytes.unsigned_abs();
        let sign = separators(self.shell.lang).1;
        if bytes < 1_000_000 {
            format!("{} kB", bytes.div_ceil(1_000))
        } else {
            let tenths = bytes / 100_000;
            let whole = money_grouped(tenths / 10, self.shell.lang);
            format!("{whole}{sign}{} MB", tenths % 10)
        }
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    /// To the second, in the file's own zone.
    fn exact(&self, row: &ExportRow, at: &DateTime<Utc>) -> String {
        let zone = row.time_zone.parse().unwrap_or(self.shell.zone);
        format!("{} ({})", dates::machine(*at, zone), row.time_zone)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    fn older_url(&self) -> Option<String> {
        let last = self.rows.last().filter(|_| self.has_older)?;
        let cursor = Cursor { at: last.started_at, id: last.id.as_uuid() }.encode();
        let mark = if self.new.filter.is_empty() { "?" } else { "&" };
        Some(format!("{}{mark}exports_after={cursor}", self.own_url()))
    }
}

fn with_query(path: &str, filter: &str) -> String {
    let mark = if filter.is_empty() { "" } else { "?" };
    format!("{path}{mark}{filter}")
}
