//! Lists as files: what a list gives to an export, and the two kinds of file that are made of it, row
//! by row, in constant memory.

mod csv;
mod local;
mod sink;
mod xlsx;

use std::borrow::Cow;
use std::io::Write;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::PgConnection;
use futures_util::{Stream, StreamExt as _, stream};

use super::connections;
use crate::db::columns::text_column;
use crate::kernel::{Error, Lang, Money};

pub use csv::Separator;
pub use sink::Sink;

use csv::Csv;
use xlsx::Xlsx;

text_column! {
    /// Which kind of file.
    FileFormat {
        Csv = "csv",
        Xlsx = "xlsx",
    }
}

impl FileFormat {
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What a column holds: one kind from its first row to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, whoever chose them.
    Text,
    Number,
    /// An amount as a decimal. Its currency is a column of its own, which the list gives.
    Money,
    /// An instant in the reader's zone, to the second, with its offset.
    Instant,
}

/// The head of a column, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub title: String,
    pub kind: Kind,
    /// About so many characters wide, where a file has widths.
    pub width: u8,
}

/// One value of one row. A kind that is not its column's is written all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// What somebody else has chosen: never a formula (SEC-18).
    Text(Cow<'a, str>),
    /// A word of ours.
    Word(Cow<'a, str>),
    Money(Money),
    Number(i64),
    Instant(DateTime<Utc>),
    Empty,
}

impl<'a> Cell<'a> {
    #[must_use]
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    #[must_use]
    pub fn word(word: impl Into<Cow<'a, str>>) -> Self {
        Self::Word(word.into())
    }

    /// Empty where there is none.
    #[must_use]
    pub fn instant(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::Instant)
    }
}

/// Where rows are put, one after the other.
pub type Rows<'a> = &'a mut dyn FnMut(&[Cell<'_>]) -> Result<(), Error>;

/// What a list gives to an export.
pub trait Source: Send + 'static {
    /// The columns, in the order of the screen.
    fn heads(&self) -> Vec<Head>;

    /// How many rows there will be, counted in the same snapshot, where that costs little.
    fn total(&self, conn: &mut PgConnection) -> Result<Option<i64>, Error>;

    /// Every row, in the order of the screen, as many cells each as there are heads.
    fn read(&self, conn: &mut PgConnection, rows: Rows<'_>) -> Result<(), Error>;
}

/// Whose words a file is made of, and whose clock.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    pub lang: Lang,
    pub zone: Tz,
    /// Between the cells of a CSV file.
    pub separator: Separator,
}

/// A file that is being written to `out`.
pub enum Table<W: Write> {
    Csv(Csv<W>),
    Xlsx(Box<Xlsx<W>>),
}

impl<W: Write> Table<W> {
    /// Begins a file with the names of its columns. `name` is what a workbook calls its sheet.
    pub fn start(
        out: W,
        format: FileFormat,
        locale: Locale,
        name: &str,
        heads: &[Head],
    ) -> Result<Self, Error> {
        Ok(match format {
            FileFormat::Csv => Self::Csv(Csv::start(out, locale, heads)?),
            FileFormat::Xlsx => Self::Xlsx(Box::new(Xlsx::start(out, locale, name, heads)?)),
        })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        match self {
            Self::Csv(csv) => csv.row(cells),
            Self::Xlsx(xlsx) => xlsx.row(cells),
        }
    }

    /// Ends the file. A workbook gets a sheet called `title` about itself: what it holds, as of when.
    /// A CSV file has no place for that which programs would not take for rows.
    pub fn finish(self, title: &str, facts: &[(String, String)]) -> Result<W, Error> {
        match self {
            Self::Csv(csv) => Ok(csv.finish()),
            Self::Xlsx(xlsx) => xlsx.finish(title, facts),
        }
    }
}

/// What a writer below us has said: ours again where it was one of ours.
pub fn back(error: std::io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(Error::internal)
}

/// A small CSV file, written whole, as its reader's spreadsheet opens it: titles and rows.
pub fn whole<'a>(
    req: &HttpRequest,
    (lang, zone): (Lang, Tz),
    name: &str,
    titles: Vec<String>,
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
) -> Result<HttpResponse, Error> {
    let head = |title| Head { title, kind: Kind::Text, width: 20 };
    let heads: Vec<Head> = titles.into_iter().map(head).collect();
    let locale = Locale { lang, zone, separator: Separator::of(lang) };
    let mut table = Table::start(Vec::new(), FileFormat::Csv, locale, name, &heads)?;
    for row in rows {
        table.row(&row)?;
    }
    let content: Result<Bytes, Error> = Ok(table.finish(name, &[])?.into());
    Ok(download(req, &format!("{name}.csv"), FileFormat::Csv, stream::iter([content])))
}

/// 200 with a file called `name`, of letters of ours, digits, `-` and `_`, whose pieces come one by
/// one. Where a piece is an error the connection breaks off: a file that is not whole is seen to be cut.
pub fn download(
    req: &HttpRequest,
    name: &str,
    format: FileFormat,
    pieces: impl Stream<Item = Result<Bytes, Error>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(watched(req, pieces))
}

/// The pieces of a file on their way: that they move is noted, and where one is an error, that is logged.
pub fn watched(
    req: &HttpRequest,
    pieces: impl Stream<Item = Result<Bytes, Error>> + 'static,
) -> impl Stream<Item = Result<Bytes, Error>> + 'static {
    let is_alive = connections::sending(req);
    pieces.inspect(move |piece| {
        is_alive();
        if let Err(error) = piece {
            tracing::error!(error = ?error.cause(), "a file broke off: {error}");
        }
    })
}

/// `Content-Disposition` for a file whose name somebody else has chosen (RFC 6266): letters that no
/// program minds, and the name itself for those that read UTF-8.
#[must_use]
pub fn attachment(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_17_a_name_leaves_a_header_as_it_is() {
        assert_eq!(
            attachment("FT/2026 \"é\".pdf"),
            "attachment; filename=\"FT_2026___.pdf\"; filename*=UTF-8''FT%2F2026%20%22%C3%A9%22.pdf"
                .replace("FT_2026___", "FT_2026____")
        );
        assert!(!attachment("a\r\nX: y.pdf").contains(['\r', '\n']));
    }
}
