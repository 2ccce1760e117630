//! A list becomes a file while it is sent: one snapshot, constant memory, a record from before the
//! first row to after the last byte.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands::{self, NewExport};
use super::model::{ExportList, Progress};
use super::queries;
use crate::auth::MerchantScope;
use crate::auth::audit::By;
use crate::db::{Db, Outlet, Tenants};
use crate::kernel::{Clock, Error, ExportId, Texts, dates, money_grouped};
use crate::metrics;
use crate::web::files::{self, FileFormat, Locale, Separator, Sink, Source, Table};
use crate::web::{App, Html, Query, Shell};

/// How often the record hears how far the file has come.
const NOTED_EVERY: Duration = Duration::from_secs(1);
/// Letters of a file's name that tell its filter.
const FILTER_LETTERS: usize = 80;

/// What is to be sent.
pub struct Order<S> {
    pub list: ExportList,
    pub format: FileFormat,
    pub scope: MerchantScope,
    pub by: By,
    pub merchant_name: String,
    /// Query string and words of the filter.
    pub filter: String,
    pub filter_words: Vec<String>,
    pub source: S,
}

/// Answers with the file.
///
/// # Errors
/// [`Error::TooManyRequests`]: one file at a time, and so many an hour. What goes wrong before the
/// first bytes. Later the connection breaks off.
pub async fn send<S: Source>(
    req: &HttpRequest,
    app: &Data<App>,
    shell: &Shell,
    query: &Query,
    order: Order<S>,
) -> Html {
    if req.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().content_type(order.format.content_type()).finish());
    }
    let user_id = shell.principal.user_id;
    let separator = query.one("separator").and_then(Separator::parse);
    let locale = Locale {
        lang: shell.lang,
        zone: shell.zone,
        separator: separator.unwrap_or_else(|| Separator::of(shell.lang)),
    };
    let place = app.limits.exports_at_once.take(&user_id)?;
    app.limits.exports.take(&user_id)?;
    let Order { list, format, scope, by, merchant_name, filter, filter_words, source } = order;
    let id = ExportId::new();
    let new = NewExport {
        merchant_id: scope.merchant_id(),
        id,
        user_id,
        list,
        format,
        file_name: file_name(list, format, locale, &filter, shell.now, id),
        heads: source.heads().into_iter().map(|head| head.title).collect(),
        language: locale.lang,
        time_zone: locale.zone.name().to_owned(),
        filter,
        filter_words,
        started_at: shell.now,
    };
    let begun = new.clone();
    app.db.run(scope.tenants(), move |conn| commands::begin(conn, &begun)).await?;
    let file_name = new.file_name.clone();
    let progress = Arc::new(Mutex::new(Progress::default()));
    let maker = Maker {
        db: app.db.clone(),
        clock: app.clock.clone(),
        tenants: scope.tenants(),
        new: new.clone(),
        locale,
        t: shell.t,
        merchant_name,
        user_name: shell.principal.name.clone(),
        progress: progress.clone(),
    };
    let read =
        move |conn: &mut PgConnection, outlet: &Outlet<Bytes>| maker.make(conn, outlet, &source);
    let clock = app.clock.clone();
    let settle = move |conn: &mut PgConnection, failure: Option<&Error>| {
        let progress = progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let settled = commands::settle(conn, &new, &by, &progress, failure, clock.now());
        drop(place);
        let outcome = settled.as_ref().map_or("broken", |state| state.as_str());
        metrics::export_ended(format.as_str(), outcome);
        settled.map(|_| ())
    };
    let pieces = app.export_db.stream(scope.tenants(), read, settle).await?;
    Ok(files::download(req, &file_name, format, pieces))
}

/// `email-payments-2026-11-28-104307-Europe-Rome-status-paid-3f9c11d2.csv`: when, in which zone, of
/// what, and the end of the record's id. A CSV file has no other place for it: lines about a file
/// inside it are rows to what reads it.
fn file_name(
    list: ExportList,
    format: FileFormat,
    locale: Locale,
    filter: &str,
    now: DateTime<Utc>,
    id: ExportId,
) -> String {
    let moment = now.with_timezone(&locale.zone).format("%Y-%m-%d-%H%M%S");
    let id = id.to_string();
    let id = id.get(28..).unwrap_or_default();
    let (zone, filter) = (slug(locale.zone.name()), slug(filter));
    let filter: String = filter.chars().take(FILTER_LETTERS).collect();
    let filter = if filter.is_empty() { filter } else { format!("-{}", filter.trim_matches('-')) };
    format!("{}-{moment}-{zone}{filter}-{id}.{}", list.slug(), format.as_str())
}

/// Letters and digits, and `-` for what lies between.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Makes one file, on a thread of the blocking pool.
struct Maker {
    /// For the record: the snapshot's transaction is read-only.
    db: Db,
    clock: Clock,
    tenants: Tenants,
    new: NewExport,
    locale: Locale,
    t: &'static Texts,
    merchant_name: String,
    user_name: String,
    progress: Arc<Mutex<Progress>>,
}

impl Maker {
    fn make(
        &self,
        conn: &mut PgConnection,
        outlet: &Outlet<Bytes>,
        source: &impl Source,
    ) -> Result<(), Error> {
        let as_of = queries::as_of(conn)?;
        let rows_total = source.total(conn)?;
        self.change(|progress| {
            (progress.as_of, progress.rows_total) = (Some(as_of), rows_total);
        });
        let rows = RefCell::new(0_i64);
        let mut noted_at = Instant::now();
        let sink = Sink::new(|piece, bytes| {
            self.change(|progress| {
                progress.rows = *rows.borrow();
                progress.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            });
            if noted_at.elapsed() >= NOTED_EVERY {
                noted_at = Instant::now();
                self.note()?;
            }
            outlet.send(piece)
        });
        let t = self.t;
        let name = self.new.list.title(t);
        let mut table = Table::start(sink, self.new.format, self.locale, &name, &source.heads())?;
        source.read(conn, &mut |cells| {
            *rows.borrow_mut() += 1;
            table.row(cells)
        })?;
        let facts = self.facts(as_of, *rows.borrow());
        let (_, sha256) = table.finish(&t.msg_export_about(), &facts)?.finish()?;
        self.change(|progress| progress.sha256 = Some(sha256));
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Tells the record how far it is.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: somebody wants it to end. A record that can't be reached is no reason
    /// to end.
    fn note(&self) -> Result<(), Error> {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.clock.now();
        let noted = self.db.run_blocking(&self.tenants, |conn| {
            commands::note_progress(conn, &self.new, &progress, now)
        });
        match noted {
            Ok(false) => Ok(()),
            Ok(true) => {
                self.change(|progress| progress.is_stopped = true);
                Err(Error::unavailable("export", "it was stopped"))
            }
            Err(error) => {
                tracing::warn!(error = ?error, "an export's progress could not be noted");
                Ok(())
            }
        }
    }

    /// What a workbook says about itself.
    fn facts(&self, as_of: DateTime<Utc>, rows: i64) -> Vec<(String, String)> {
        let (t, zone) = (self.t, self.locale.zone);
        let words = if self.new.filter_words.is_empty() {
            t.msg_export_no_filter()
        } else {
            self.new.filter_words.join("; ")
        };
        vec![
            (t.msg_export_fact_merchant(), self.merchant_name.clone()),
            (t.msg_export_fact_list(), self.new.list.title(t)),
            (t.msg_export_fact_filter(), words),
            (t.msg_export_fact_query(), self.new.filter.clone()),
            (t.msg_export_fact_as_of(), dates::machine(as_of, zone)),
            (t.msg_export_fact_zone(), zone.name().to_owned()),
            (t.msg_export_fact_rows(), money_grouped(rows.unsigned_abs(), self.locale.lang)),
            (t.msg_export_fact_by(), self.user_name.clone()),
            (t.msg_export_fact_record(), self.new.id.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[test]
    fn sec_18_a_files_name_tells_zone_and_filter_in_letters_that_no_header_minds() {
        let locale =
            Locale { lang: Lang::En, zone: chrono_tz::Europe::Rome, separator: Separator::Comma };
        let now = "2026-11-28T09:43:07Z".parse().unwrap();
        let id = "01932f5e-0000-7000-8000-00003f9c11d2".parse().unwrap();
        let name = |filter: &str| {
            file_name(ExportList::EmailPayments, FileFormat::Csv, locale, filter, now, id)
        };
        assert_eq!(name(""), "email-payments-2026-11-28-104307-Europe-Rome-3f9c11d2.csv");
        assert_eq!(
            name("status=paid&q=%22%0d%0aX%3A"),
            "email-payments-2026-11-28-104307-Europe-Rome-status-paid-q-22-0d-0aX-3A-3f9c11d2.csv"
        );
        assert!(name(&"status=paid&".repeat(100)).len() < 180);
    }
}
