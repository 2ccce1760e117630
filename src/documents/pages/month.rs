//! `GET /accounting/documents.zip?month=2026-11`: every document that was issued in a month, as one
//! file that is made while it is sent.

use std::collections::HashSet;
use std::io::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use chrono::{Months, NaiveDate};
use diesel::PgConnection;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::file::file_name;
use crate::db::Outlet;
use crate::documents::commands;
use crate::documents::door::Door;
use crate::documents::model::Document;
use crate::documents::queries;
use crate::kernel::{Error, text};
use crate::metrics;
use crate::web::files::{self, Sink};
use crate::web::{App, Client, Html, Query};

/// A month of the calendar, and the first day after it.
fn month(words: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first: NaiveDate = format!("{words}-01").parse().ok().filter(|_| words.len() == 7)?;
    Some((first, first.checked_add_months(Months::new(1))?))
}

pub async fn zip(door: Door, app: Data<App>, client: Client, query: Query) -> Html {
    let words = query.one("month").unwrap_or_default().to_owned();
    let (first, next) = month(&words).ok_or(Error::Malformed("month"))?;
    let scope = door.scope;
    let find = move |conn: &mut PgConnection| queries::issued_between(conn, scope, first, next);
    let documents = app.db.run(scope.tenants(), find).await?;
    if documents.is_empty() {
        return Err(Error::NotFound);
    }
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/zip").insert_header((
        header::CONTENT_DISPOSITION,
        format!("attachment; filename=\"documents-{words}.zip\""),
    ));
    if door.is_head() {
        return Ok(answer.finish());
    }
    let user_id = door.principal.user_id;
    let place = app.limits.exports_at_once.take(&user_id)?;
    app.limits.exports.take(&user_id)?;
    let (writer, store, is_staffs) =
        (door.writer(&client, &app), app.store.clone(), door.is_staffs());
    let packed = documents.clone();
    let read = move |conn: &mut PgConnection, outlet: &Outlet<Bytes>| {
        let sink = Sink::new(|piece, _| outlet.send(piece));
        let mut zip = ZipWriter::new_stream(sink);
        let mut names = HashSet::new();
        for document in &packed {
            begin(&mut zip, document, &mut names)?;
            store.read(conn, scope.merchant_id(), &document.sha256, &mut |piece| {
                zip.write_all(&piece).map_err(files::back)
            })?;
        }
        zip.finish().map_err(Error::internal)?.into_inner().finish().map(|_| ())
    };
    let settle = move |conn: &mut PgConnection, failure: Option<&Error>| {
        for document in &documents {
            if failure.is_none() && !is_staffs {
                commands::mark_read(conn, scope, user_id, document.id, writer.now)?;
            }
            commands::note_download(conn, &writer, document, failure)?;
        }
        drop(place);
        metrics::export_ended("zip", if failure.is_none() { "done" } else { "broken" });
        Ok(())
    };
    let pieces = app.export_db.stream(scope.tenants(), read, settle).await?;
    Ok(answer.streaming(files::watched(door.request(), pieces)))
}

/// The next file of the archive. PDFs are packed already: they are put there as they are.
fn begin<W: std::io::Write>(
    zip: &mut ZipWriter<StreamWriter<W>>,
    document: &Document,
    names: &mut HashSet<String>,
) -> Result<(), Error> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    // A number's slash is no folder, and its dots lead nowhere.
    let name = text::without_controls(&file_name(document, "pdf")).replace(['/', '\\', ':'], "_");
    let name = name.trim_start_matches('.').to_owned();
    // Two providers' numbers may read the same.
    let name = if names.insert(name.clone()) { name } else { format!("{} {name}", document.id) };
    zip.start_file(name, options).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let days = |words| month(words).map(|(first, next)| format!("{first} {next}"));
        assert_eq!(days("2026-12").as_deref(), Some("2026-12-01 2027-01-01"));
        for words in ["", "2026-13", "2026-1", "26-01", "2026-12-01"] {
            assert_eq!(days(words), None, "{words}");
        }
    }
}
