//! Files of comma-separated values (RFC 4180), made while they are sent.

use std::io::Write;

use super::local::Clock;
use super::{Cell, Head, Locale, back};
use crate::kernel::{Error, Lang};

/// Before the first byte of what is meant for a spreadsheet: without it Excel takes UTF-8 for the
/// letters of some code page.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a spreadsheet takes for the beginning of a formula (SEC-18).
pub fn is_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// As RFC 4180 has it, for programs: no byte order mark.
    Comma,
    /// As spreadsheets want it where the comma begins decimals, with the mark that they read
    /// accents by.
    Semicolon,
}

impl Separator {
    pub const ALL: [Self; 2] = [Self::Comma, Self::Semicolon];

    /// The word in URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.as_str() == word)
    }

    /// What the list separator is where people read this language.
    #[must_use]
    pub const fn of(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::Comma,
            Lang::It | Lang::Es | Lang::Fr => Self::Semicolon,
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// Writes rows, cell by cell.
pub struct Csv<W> {
    out: W,
    line: Vec<u8>,
    separator: u8,
    clock: Clock,
}

impl<W: Write> Csv<W> {
    pub(super) fn start(mut out: W, locale: Locale, heads: &[Head]) -> Result<Self, Error> {
        if locale.separator == Separator::Semicolon {
            out.write_all(BYTE_ORDER_MARK).map_err(back)?;
        }
        let mut csv = Self {
            out,
            line: Vec::with_capacity(1_024),
            separator: locale.separator.byte(),
            clock: Clock::new(locale.zone),
        };
        for head in heads {
            csv.cell(&head.title);
        }
        csv.end()?;
        Ok(csv)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        for cell in cells {
            match cell {
                Cell::Text(text) => self.text(text),
                Cell::Word(word) => self.cell(word),
                Cell::Number(number) => self.plain(&number.to_string()),
                Cell::Money(money) => self.plain(&money.plain()),
                Cell::Instant(at) => {
                    let local = self.clock.at(*at);
                    local.write(&mut self.line);
                    local.write_offset(&mut self.line);
                    self.line.push(self.separator);
                }
                Cell::Empty => self.plain(""),
            }
        }
        self.end()
    }

    pub(super) fn finish(self) -> W {
        self.out
    }

    /// A text that somebody else has chosen. A spreadsheet takes a cell that begins like a formula
    /// for one: such a cell gets a `'` in front.
    fn text(&mut self, text: &str) {
        if is_formula(text) {
            self.cell(&format!("'{text}"));
        } else {
            self.cell(text);
        }
    }

    fn cell(&mut self, text: &str) {
        // Both separators, whichever it is: what reads the file may guess.
        if text.bytes().any(|byte| matches!(byte, b',' | b';' | b'"' | b'\r' | b'\n')) {
            self.line.push(b'"');
            for (place, part) in text.split('"').enumerate() {
                if place > 0 {
                    self.line.extend_from_slice(b"\"\"");
                }
                self.line.extend_from_slice(part.as_bytes());
            }
            self.line.push(b'"');
            self.line.push(self.separator);
        } else {
            self.plain(text);
        }
    }

    fn plain(&mut self, text: &str) {
        self.line.extend_from_slice(text.as_bytes());
        self.line.push(self.separator);
    }

    fn end(&mut self) -> Result<(), Error> {
        // The last cell's.
        self.line.pop();
        self.line.extend_from_slice(b"\r\n");
        self.out.write_all(&self.line).map_err(back)?;
        self.line.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;
    use crate::kernel::{Currency, Money};

    fn file(separator: Separator, kinds: &[Kind], rows: &[&[Cell<'_>]]) -> String {
        let locale = Locale { lang: Lang::En, zone: chrono_tz::Europe::Rome, separator };
        let heads: Vec<Head> = kinds
            .iter()
            .map(|kind| Head { title: format!("{kind:?}"), kind: *kind, width: 10 })
            .collect();
        let mut csv = Csv::start(Vec::new(), locale, &heads).unwrap();
        for row in rows {
            csv.row(row).unwrap();
        }
        String::from_utf8(csv.finish()).unwrap()
    }

    fn written(cell: &str) -> String {
        let file = file(Separator::Comma, &[Kind::Text], &[&[Cell::text(cell)]]);
        file.strip_prefix("Text\r\n").unwrap().strip_suffix("\r\n").unwrap().to_owned()
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
            ("=1;2", "\"'=1;2\""),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(written(cell), expected);
        }
    }

    #[test]
    fn rows_are_as_rfc_4180_says() {
        let text = file(
            Separator::Comma,
            &[Kind::Text, Kind::Text, Kind::Number],
            &[
                &[Cell::text("a,b"), Cell::text("say \"hi\""), Cell::Number(-12)],
                &[Cell::text("two\nlines"), Cell::Empty, Cell::word("è")],
            ],
        );
        assert_eq!(
            text,
            "Text,Text,Number\r\n\"a,b\",\"say \"\"hi\"\"\",-12\r\n\"two\nlines\",,è\r\n"
        );
    }

    #[test]
    fn amounts_are_decimals_and_instants_have_their_offset() {
        let money = Cell::Money(Money::new(183_005, Currency::EUR));
        let yen = Cell::Money(Money::new(1_830, Currency::JPY));
        let at = |text: &str| Cell::Instant(text.parse().unwrap());
        let text = file(
            Separator::Semicolon,
            &[Kind::Money, Kind::Instant],
            &[
                &[money, at("2026-10-25T00:30:00Z")],
                &[yen, at("2026-10-25T01:30:00.9Z")],
                &[Cell::Empty, Cell::Empty],
            ],
        );
        assert_eq!(
            text,
            "\u{feff}Money;Instant\r\n1830.05;2026-10-25T02:30:00+02:00\r\n\
             1830;2026-10-25T02:30:00+01:00\r\n;\r\n"
        );
    }
}
