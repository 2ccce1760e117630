//! Workbooks (ECMA-376, `SpreadsheetML`), made while they are sent: the container is a library's, the
//! few parts that a table needs are ours. Strings stand in their cells, so that nothing has to be
//! remembered until the end.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;

use chrono::{NaiveDate, Timelike as _};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::csv::is_formula;
use super::local::{Clock, Local};
use super::{Cell, Head, Kind, Locale, back};
use crate::kernel::{Error, Money, Texts};

/// Rows that a sheet of Excel has, the head included.
const SHEET_ROWS: u32 = 1_048_576;
/// Bytes of a part from which on the next sheet is begun: at four GiB a container of the usual kind
/// ends, and not every program reads the other.
const SHEET_BYTES: u64 = 3 << 30;
/// UTF-16 units that a cell of Excel holds.
const CELL_UNITS: usize = 32_767;
/// A sheet's name has so many letters at most.
const NAME_LETTERS: usize = 31;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

// The places of `cellXfs` in [`styles`].
const BOLD: u8 = 1;
const INSTANT: u8 = 2;
/// A text that stays one where somebody edits it.
const QUOTED: u8 = 3;
/// Amounts without decimals; with one and more, the places that follow.
const MONEY: u8 = 4;
const DECIMALS_MAX: usize = 4;

/// Writes a table over as many sheets as it takes.
pub struct Xlsx<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    clock: Clock,
    name: String,
    columns: Vec<Column>,
    sheets: Vec<Sheet>,
    /// Rows and bytes of the sheet that is being written.
    rows: u32,
    bytes: u64,
    line: Vec<u8>,
}

/// A column of the sheet; instants have two.
struct Column {
    title: String,
    letters: String,
    width: u8,
    is_of_two: bool,
}

struct Sheet {
    name: String,
    /// The cells that can be filtered, once they are all there: `$A$1:$F$101`.
    filtered: Option<String>,
}

impl<W: Write> Xlsx<W> {
    pub(super) fn start(out: W, locale: Locale, name: &str, heads: &[Head]) -> Result<Self, Error> {
        let mut xlsx = Self {
            zip: ZipWriter::new_stream(out),
            clock: Clock::new(locale.zone),
            name: name.to_owned(),
            columns: columns(heads, locale.lang.texts()),
            sheets: Vec::new(),
            rows: 0,
            bytes: 0,
            line: Vec::with_capacity(4_096),
        };
        xlsx.part("_rels/.rels", &relationships(&[("officeDocument", "xl/workbook.xml")]))?;
        xlsx.part("xl/styles.xml", &styles())?;
        xlsx.begin_sheet()?;
        Ok(xlsx)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), Error> {
        if self.rows >= SHEET_ROWS || self.bytes >= SHEET_BYTES {
            self.end_table()?;
            self.begin_sheet()?;
        }
        self.rows += 1;
        let mut line = Line::begin(&mut self.line, self.rows);
        let mut columns = self.columns.iter();
        for cell in cells {
            let Some(column) = columns.next() else { break };
            match cell {
                Cell::Text(text) | Cell::Word(text) => line.text(column, text),
                Cell::Number(number) => line.number(column, None, &number.to_string()),
                Cell::Money(money) => {
                    line.number(column, Some(style_of(*money)), &money.plain());
                }
                Cell::Instant(at) => {
                    let local = self.clock.at(*at);
                    line.number(column, Some(INSTANT), &serial(local));
                    if let Some(column) = columns.next() {
                        line.offset(column, local);
                    }
                }
                Cell::Empty => {
                    if column.is_of_two {
                        columns.next();
                    }
                }
            }
        }
        line.end();
        self.flush()
    }

    pub(super) fn finish(mut self, title: &str, facts: &[(String, String)]) -> Result<W, Error> {
        self.end_table()?;
        self.facts(title, facts)?;
        self.part("xl/workbook.xml", &workbook(&self.sheets))?;
        let files: Vec<String> =
            (1..=self.sheets.len()).map(|number| format!("worksheets/sheet{number}.xml")).collect();
        let mut targets: Vec<(&str, &str)> =
            files.iter().map(|file| ("worksheet", file.as_str())).collect();
        targets.push(("styles", "styles.xml"));
        self.part("xl/_rels/workbook.xml.rels", &relationships(&targets))?;
        self.part("[Content_Types].xml", &content_types(self.sheets.len()))?;
        Ok(self.zip.finish().map_err(gave_up)?.into_inner())
    }

    /// The sheet about the file: a name and a value in each row.
    fn facts(&mut self, title: &str, facts: &[(String, String)]) -> Result<(), Error> {
        let column = |letters: &str, width| Column {
            title: String::new(),
            letters: letters.to_owned(),
            width,
            is_of_two: false,
        };
        let (name, value) = (column("A", 28), column("B", 90));
        self.begin_part(title)?;
        let head = format!("<worksheet xmlns=\"{MAIN}\">{}<sheetData>", widths(&[&name, &value]));
        self.line.extend_from_slice(head.as_bytes());
        for (words, fact) in facts {
            self.rows += 1;
            let mut line = Line::begin(&mut self.line, self.rows);
            line.styled(&name, Some(BOLD), words);
            line.text(&value, fact);
            line.end();
        }
        self.line.extend_from_slice(b"</sheetData></worksheet>");
        self.flush()
    }

    /// A new sheet: its first row is the head, which stays in sight.
    fn begin_sheet(&mut self) -> Result<(), Error> {
        let name = self.name.clone();
        self.begin_part(&name)?;
        let columns: Vec<&Column> = self.columns.iter().collect();
        let head = format!(
            "<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" \
             topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>{}<sheetData>",
            widths(&columns)
        );
        self.line.extend_from_slice(head.as_bytes());
        self.rows = 1;
        let mut line = Line::begin(&mut self.line, 1);
        for column in &self.columns {
            line.styled(column, Some(BOLD), &column.title);
        }
        line.end();
        self.flush()
    }

    fn begin_part(&mut self, name: &str) -> Result<(), Error> {
        let name = sheet_name(name, &self.sheets);
        self.sheets.push(Sheet { name, filtered: None });
        (self.rows, self.bytes) = (0, 0);
        let path = format!("xl/worksheets/sheet{}.xml", self.sheets.len());
        self.zip.start_file(path, options()).map_err(gave_up)?;
        self.line.extend_from_slice(DECLARATION.as_bytes());
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), Error> {
        let last = self.columns.last().map_or("A", |column| column.letters.as_str());
        let end = format!("</sheetData><autoFilter ref=\"A1:{last}{}\"/></worksheet>", self.rows);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.filtered = Some(format!("$A$1:${last}${}", self.rows));
        }
        self.line.extend_from_slice(end.as_bytes());
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.zip.write_all(&self.line).map_err(back)?;
        self.bytes += u64::try_from(self.line.len()).unwrap_or(u64::MAX);
        self.line.clear();
        Ok(())
    }

    fn part(&mut self, path: &str, body: &str) -> Result<(), Error> {
        self.zip.start_file(path, options()).map_err(gave_up)?;
        self.zip.write_all(DECLARATION.as_bytes()).map_err(back)?;
        self.zip.write_all(body.as_bytes()).map_err(back)
    }
}

/// A row that is being written.
struct Line<'a> {
    out: &'a mut Vec<u8>,
    row: String,
}

impl<'a> Line<'a> {
    fn begin(out: &'a mut Vec<u8>, row: u32) -> Self {
        let row = row.to_string();
        out.extend_from_slice(b"<row r=\"");
        out.extend_from_slice(row.as_bytes());
        out.extend_from_slice(b"\">");
        Self { out, row }
    }

    /// `<c r="B7" s="2"`, without its end.
    fn open(&mut self, column: &Column, style: Option<u8>) {
        self.out.extend_from_slice(b"<c r=\"");
        self.out.extend_from_slice(column.letters.as_bytes());
        self.out.extend_from_slice(self.row.as_bytes());
        self.out.push(b'"');
        if let Some(style) = style {
            // One digit: there are no ten styles.
            self.out.extend_from_slice(&[b' ', b's', b'=', b'"', b'0' + style, b'"']);
        }
    }

    /// A text that stays one, whatever it begins with (SEC-18).
    fn text(&mut self, column: &Column, text: &str) {
        self.styled(column, is_formula(text).then_some(QUOTED), text);
    }

    fn styled(&mut self, column: &Column, style: Option<u8>, text: &str) {
        if text.is_empty() {
            return;
        }
        self.open(column, style);
        self.out.extend_from_slice(b" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        escape(self.out, &fitting(text));
        self.out.extend_from_slice(b"</t></is></c>");
    }

    fn number(&mut self, column: &Column, style: Option<u8>, digits: &str) {
        self.open(column, style);
        self.out.extend_from_slice(b"><v>");
        self.out.extend_from_slice(digits.as_bytes());
        self.out.extend_from_slice(b"</v></c>");
    }

    fn offset(&mut self, column: &Column, local: Local) {
        self.open(column, Some(QUOTED));
        self.out.extend_from_slice(b" t=\"inlineStr\"><is><t>");
        local.write_offset(self.out);
        self.out.extend_from_slice(b"</t></is></c>");
    }

    fn end(self) {
        self.out.extend_from_slice(b"</row>");
    }
}

fn options() -> SimpleFileOptions {
    // The first level: the next ones cost twice the time for a tenth of the bytes.
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
}

fn gave_up(error: ZipError) -> Error {
    if let ZipError::Io(error) = error { back(error) } else { Error::internal(error) }
}

fn columns(heads: &[Head], t: &Texts) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut add = |title: String, width, is_of_two| {
        let letters = letters(columns.len());
        columns.push(Column { title, letters, width, is_of_two });
    };
    for head in heads {
        let second = match head.kind {
            Kind::Text | Kind::Number | Kind::Money => None,
            Kind::Instant => Some((t.msg_export_offset(&head.title), 12)),
        };
        add(head.title.clone(), head.width, second.is_some());
        if let Some((title, width)) = second {
            add(title, width, false);
        }
    }
    columns
}

/// What the column at a place is called: A to Z, AA and so on.
fn letters(place: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(place % 26).unwrap_or_default());
    match place / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", letters(more - 1)),
    }
}

/// Days since the end of 1899 with their fraction, as Excel counts: from 1900-03-01 on, which no
/// instant of ours comes before. To the second.
fn serial(local: Local) -> String {
    const DIGITS: u64 = 10_000_000_000;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let days = local.clock.date().signed_duration_since(epoch).num_days();
    let seconds = u64::from(local.clock.num_seconds_from_midnight());
    format!("{days}.{:010}", (seconds * DIGITS + 43_200) / 86_400)
}

fn style_of(money: Money) -> u8 {
    MONEY + u8::try_from(money.currency.exponent().min(DECIMALS_MAX)).unwrap_or_default()
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL_UNITS {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < CELL_UNITS
        })
        .collect();
    if kept.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(format!("{kept}…")) }
}

/// Adds a text as XML. What XML can't hold is written as spreadsheets do: `_x0007_`.
fn escape(out: &mut Vec<u8>, text: &str) {
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xef);
    if text.bytes().all(is_plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    for (place, c) in text.char_indices() {
        match c {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '\t' | '\n' => out.push(if c == '\t' { b'\t' } else { b'\n' }),
            '_' if is_escape(text.get(place..).unwrap_or_default()) => {
                out.extend_from_slice(b"_x005F_");
            }
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {
                out.extend_from_slice(format!("_x{:04X}_", u32::from(c)).as_bytes());
            }
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether a text begins with what a spreadsheet would take for one of the above.
fn is_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', a, b, c, d, b'_', ..]
        if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit))
}

/// A name that a sheet may have, and that none has yet.
fn sheet_name(name: &str, sheets: &[Sheet]) -> String {
    let clean: String = name
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')
        })
        .collect();
    let mut number = 1;
    loop {
        let suffix = if number == 1 { String::new() } else { format!(" {number}") };
        let kept: String = clean.chars().take(NAME_LETTERS - suffix.len()).collect();
        let name = format!("{}{suffix}", kept.trim());
        if !sheets.iter().any(|sheet| sheet.name == name) {
            return name;
        }
        number += 1;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn widths(columns: &[&Column]) -> String {
    let mut text = "<cols>".to_owned();
    for (place, column) in (1..).zip(columns) {
        let width = column.width;
        let _ = write!(
            text,
            "<col min=\"{place}\" max=\"{place}\" width=\"{width}\" customWidth=\"1\"/>"
        );
    }
    text + "</cols>"
}

fn styles() -> String {
    let mut money = String::new();
    let formats = [3, 164, 4, 165, 166];
    for format in formats {
        let _ = write!(money, "<xf numFmtId=\"{format}\" xfId=\"0\" applyNumberFormat=\"1\"/>");
    }
    format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"4\"><numFmt numFmtId=\"164\" formatCode=\"#,##0.0\"/>\
         <numFmt numFmtId=\"165\" formatCode=\"#,##0.000\"/><numFmt numFmtId=\"166\" formatCode=\"#,##0.0000\"/>\
         <numFmt numFmtId=\"167\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
         <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
         <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders>\
         <cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"9\"><xf xfId=\"0\"/>\
         <xf fontId=\"1\" xfId=\"0\" applyFont=\"1\"/><xf numFmtId=\"167\" xfId=\"0\" applyNumberFormat=\"1\"/>\
         <xf quotePrefix=\"1\" xfId=\"0\"/>{money}</cellXfs></styleSheet>"
    )
}

fn workbook(sheets: &[Sheet]) -> String {
    let (mut list, mut names) = (String::new(), String::new());
    for (place, sheet) in sheets.iter().enumerate() {
        let (name, number) = (escaped(&sheet.name), place + 1);
        let _ = write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"r{number}\"/>");
        if let Some(filtered) = &sheet.filtered {
            let _ = write!(
                names,
                "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{place}\" hidden=\"1\">'{name}'!{filtered}</definedName>"
            );
        }
    }
    format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets><definedNames>{names}</definedNames></workbook>"
    )
}

/// Targets by what they are, called `r1` and so on.
fn relationships(targets: &[(&str, &str)]) -> String {
    let mut list = String::new();
    for (number, (kind, target)) in (1..).zip(targets) {
        let _ = write!(
            list,
            "<Relationship Id=\"r{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
        );
    }
    format!("<Relationships xmlns=\"{RELATIONSHIPS}\">{list}</Relationships>")
}

fn content_types(sheets: usize) -> String {
    let mut list = String::new();
    for number in 1..=sheets {
        let _ = write!(
            list,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{CONTENT}.worksheet+xml\"/>"
        );
    }
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{CONTENT}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{CONTENT}.styles+xml\"/>{list}</Types>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        escape(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_xml_cant_hold_is_written_as_spreadsheets_do() {
        for (text, expected) in [
            ("a & b < c", "a &amp; b &lt; c"),
            ("bell \u{7}", "bell _x0007_"),
            ("\r\n", "_x000D_\n"),
            ("_x0041_", "_x005F_x0041_"),
            ("_xyz", "_xyz"),
            ("è ＝ \u{ffff}", "è ＝ _xFFFF_"),
        ] {
            assert_eq!(written(text), expected);
        }
    }

    #[test]
    fn instants_are_days_and_their_fraction() {
        let mut clock = Clock::new(chrono_tz::Europe::Rome);
        for (at, days) in [
            ("2026-11-27T23:00:00Z", "46354.0000000000"),
            ("2026-11-28T11:00:00Z", "46354.5000000000"),
            ("2026-11-28T22:59:59Z", "46354.9999884259"),
        ] {
            assert_eq!(serial(clock.at(at.parse().unwrap())), days);
        }
    }

    #[test]
    fn what_no_sheet_holds_goes_on_on_the_next_one_below_the_same_head() {
        use calamine::{Reader as _, Xlsx as Workbook};
        let locale = Locale {
            lang: crate::kernel::Lang::En,
            zone: chrono_tz::Europe::Rome,
            separator: super::super::Separator::Comma,
        };
        let heads = [Head { title: "Order ID".to_owned(), kind: Kind::Text, width: 20 }];
        let mut xlsx = Xlsx::start(Vec::new(), locale, "Payments", &heads).unwrap();
        // One row is left of the first sheet.
        xlsx.rows = SHEET_ROWS - 1;
        for text in ["last", "first", "second"] {
            xlsx.row(&[Cell::text(text)]).unwrap();
        }
        let bytes = xlsx.finish("About", &[("Rows".to_owned(), "3".to_owned())]).unwrap();
        let mut workbook: Workbook<_> = Workbook::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(workbook.sheet_names(), ["Payments", "Payments 2", "About"]);
        let cells = |range: calamine::Range<calamine::Data>| -> Vec<String> {
            range.rows().map(|row| row[0].to_string()).filter(|text| !text.is_empty()).collect()
        };
        let first = cells(workbook.worksheet_range("Payments").unwrap());
        assert_eq!(first, ["Order ID", "last"]);
        let second = cells(workbook.worksheet_range("Payments 2").unwrap());
        assert_eq!(second, ["Order ID", "first", "second"]);
    }

    #[test]
    fn columns_and_sheets_have_names_of_their_own() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
        let first = sheet_name("Pagamenti: via/e-mail, e un nome che è troppo lungo", &[]);
        assert_eq!(first, "Pagamenti viae-mail, e un nome");
        let second = sheet_name(&first, &[Sheet { name: first.clone(), filtered: None }]);
        assert_eq!(second, "Pagamenti viae-mail, e un nom 2");
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_seen_to_be() {
        let long = "è".repeat(40_000);
        let kept = fitting(&long);
        assert_eq!(kept.encode_utf16().count(), CELL_UNITS);
        assert!(kept.ends_with('…'));
        assert_eq!(fitting(&"è".repeat(CELL_UNITS - 1)).chars().count(), CELL_UNITS - 1);
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let places = [Currency::JPY, Currency::EUR, Currency::KWD]
            .map(|currency| style_of(Money::new(1, currency)));
        assert_eq!(places, [4, 6, 7]);
    }
}
