//! Files of comma-separated values (RFC 4180), made while they are sent.

use std::fmt::Display;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{Stream, StreamExt as _};

use super::connections;
use crate::kernel::Error;

/// A piece of the file is sent when it has grown so large.
const PIECE_BYTES: usize = 32 * 1024;

/// Writes rows, cell by cell.
pub struct Csv {
    bytes: Vec<u8>,
    separator: u8,
    is_in_row: bool,
}

impl Default for Csv {
    fn default() -> Self {
        Self { bytes: Vec::new(), separator: b',', is_in_row: false }
    }
}

impl Csv {
    /// For people's spreadsheets: with the separator that theirs expects, and the mark by which it
    /// knows UTF-8.
    #[must_use]
    pub fn for_spreadsheets(separator: u8) -> Self {
        Self { bytes: "\u{feff}".into(), separator, is_in_row: false }
    }

    /// A text that somebody else has chosen. A spreadsheet takes a cell that begins like a formula
    /// for one: such a cell gets a `'` in front (SEC-18).
    pub fn text(&mut self, text: &str) -> &mut Self {
        let is_formula = text.starts_with([
            '=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}',
            '\u{ff20}',
        ]);
        if is_formula { self.cell(&format!("'{text}")) } else { self.cell(text) }
    }

    /// A number, a moment, an id or a word of ours, as it is.
    pub fn plain(&mut self, value: impl Display) -> &mut Self {
        self.cell(&value.to_string())
    }

    pub fn end_row(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.is_in_row = false;
    }

    fn cell(&mut self, text: &str) -> &mut Self {
        if self.is_in_row {
            self.bytes.push(self.separator);
        }
        self.is_in_row = true;
        if text.contains([',', ';', '"', '\r', '\n']) {
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        self
    }

    /// Whether it is time to [`Csv::take`].
    #[must_use]
    pub const fn is_piece(&self) -> bool {
        self.bytes.len() >= PIECE_BYTES
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.bytes).into()
    }
}

/// 200 with a file called `name`, of letters of ours, digits and `-`, whose pieces come one by one.
/// Where a piece is an error the connection breaks off: a file that is not whole is seen to be cut.
pub fn download_csv(
    req: &HttpRequest,
    name: &str,
    pieces: impl Stream<Item = Result<Bytes, Error>> + 'static,
) -> HttpResponse {
    let is_alive = connections::sending(req);
    let pieces = pieces.inspect(move |piece| {
        is_alive();
        if let Err(error) = piece {
            tracing::error!(error = ?error.cause(), "a file broke off: {error}");
        }
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .streaming(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &str) -> String {
        let mut csv = Csv::default();
        csv.text(cell);
        String::from_utf8(csv.take().to_vec()).unwrap()
    }

    #[test]
    fn sec_18_a_cell_that_begins_like_a_formula_is_a_text() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+39 06", "'+39 06"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\r\n=x", "\"'\r\n=x\""),
            ("\0x", "'\0x"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}a", "'\u{ff20}a"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(written(cell), expected);
        }
    }

    #[test]
    fn a_spreadsheet_gets_its_separator_and_the_mark_of_utf_8() {
        let mut csv = Csv::for_spreadsheets(b';');
        csv.text("a;b").text("1,5").plain(2).end_row();
        let text = String::from_utf8(csv.take().to_vec()).unwrap();
        assert_eq!(text, "\u{feff}\"a;b\";\"1,5\";2\r\n");
    }

    #[test]
    fn rows_are_as_rfc_4180_says() {
        let mut csv = Csv::default();
        csv.text("a,b").text("say \"hi\"").plain(-12).end_row();
        csv.text("two\nlines").text("").text("è").end_row();
        let text = String::from_utf8(csv.take().to_vec()).unwrap();
        assert_eq!(text, "\"a,b\",\"say \"\"hi\"\"\",-12\r\n\"two\nlines\",,è\r\n");
        assert!(csv.take().is_empty());
    }
}
