//! A file of rows, as somebody's spreadsheet or program wrote it → cells. Nothing is guessed silently:
//! what can't be read is refused with its reason.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};

use super::columns::{Cells, Column};

/// The longest file (SEC-18), and the longest body that carries one.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
pub const BODY_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;
pub const ROWS_MAX: usize = 10_000;
const COLUMNS_MAX: usize = 100;
/// Heads that nothing is read from: so much of each is kept, to name it.
const HEAD_CHARS_MAX: usize = 60;

/// What was read.
#[derive(Debug, Default)]
pub struct Sheet {
    pub rows: Vec<SheetRow>,
    /// Heads of columns that nothing is read from.
    pub unknown: Vec<String>,
}

#[derive(Debug)]
pub struct SheetRow {
    /// As a spreadsheet counts: the head is 1.
    pub number: i32,
    pub cells: Cells,
}

/// Why a file was refused as a whole.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    TooLarge,
    /// A spreadsheet's own format, a picture, anything with NUL in it.
    NotText,
    NoRows,
    TooManyRows(usize),
    TooManyColumns,
    /// Columns without which no payment can be made.
    Missing(Vec<Column>),
    /// Two columns of the same name.
    Twice(Column),
}

/// Reads a file: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252; cells between `;`,
/// `,` or tabs; columns in any order.
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn read(bytes: &[u8]) -> Result<Sheet, Refusal> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let text = decode(bytes)?;
    // A line by which Excel is told of the separator.
    let (text, first) = match text.split_once('\n') {
        Some((line, rest)) if line.starts_with("sep=") => (rest, 2),
        _ => (text.as_str(), 1),
    };
    let (separator, head) = head(text);
    let columns = columns(&head)?;
    let mut sheet = Sheet { unknown: unknown(&head), ..Sheet::default() };
    let (mut count, mut number) = (0, first);
    for (place, record) in records(text, separator).enumerate() {
        number += blank_lines_before(text, &record);
        let cells = cells(&columns, &record);
        if place > 0 && !cells.is_empty() {
            count += 1;
            if count <= ROWS_MAX {
                sheet.rows.push(SheetRow { number, cells });
            }
        }
        number += 1;
    }
    match count {
        0 => Err(Refusal::NoRows),
        1..=ROWS_MAX => Ok(sheet),
        _ => Err(Refusal::TooManyRows(count)),
    }
}

fn decode(bytes: &[u8]) -> Result<String, Refusal> {
    let text = match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, _)), _) => {
            let (text, _, is_broken) = encoding.decode(bytes);
            if is_broken {
                return Err(Refusal::NotText);
            }
            text.into_owned()
        }
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    if text.contains('\0') { Err(Refusal::NotText) } else { Ok(text) }
}

/// The separator by which the first line names the most columns, and that line's cells.
fn head(text: &str) -> (u8, StringRecord) {
    let read = |separator| (separator, records(text, separator).next().unwrap_or_default());
    let known = |head: &StringRecord| head.iter().filter_map(Column::named).count();
    [b';', b',', b'\t']
        .map(read)
        .into_iter()
        .rev()
        .max_by_key(|(_, head)| (known(head), head.len()))
        .unwrap_or_default()
}

fn records(text: &str, separator: u8) -> impl Iterator<Item = StringRecord> {
    let reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    // From memory and of good UTF-8: there is nothing that could fail.
    reader.into_records().map_while(Result::ok)
}

/// Lines without a letter that the reader has skipped: a spreadsheet counts them as rows.
fn blank_lines_before(text: &str, record: &StringRecord) -> i32 {
    let start = record.position().map_or(0, csv::Position::byte);
    let (before, rest) =
        usize::try_from(start).ok().and_then(|at| text.split_at_checked(at)).unwrap_or_default();
    // The second half of the end of the line before is no line of its own.
    let rest = if before.ends_with('\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let breaks =
        rest.chars().take_while(|c| matches!(c, '\r' | '\n')).filter(|c| *c == '\n').count();
    i32::try_from(breaks).unwrap_or(i32::MAX)
}

/// Place → column, for those that are known.
fn columns(head: &StringRecord) -> Result<Vec<Option<Column>>, Refusal> {
    if head.len() > COLUMNS_MAX {
        return Err(Refusal::TooManyColumns);
    }
    let columns: Vec<Option<Column>> = head.iter().map(Column::named).collect();
    let there: Vec<Column> = columns.iter().flatten().copied().collect();
    let has = |column| there.contains(&column);
    if there.is_empty() && head.iter().all(|cell| cell.trim().is_empty()) {
        return Err(Refusal::NoRows);
    }
    let mut missing = Vec::new();
    if !has(Column::CustomerEmail) {
        missing.push(Column::CustomerEmail);
    }
    if !has(Column::Amount) && !has(Column::AmountMinor) {
        missing.push(Column::Amount);
    }
    if !missing.is_empty() {
        return Err(Refusal::Missing(missing));
    }
    let twice = Column::ALL
        .into_iter()
        .find(|column| there.iter().filter(|other| *other == column).count() > 1)
        .or((has(Column::Amount) && has(Column::AmountMinor)).then_some(Column::Amount));
    twice.map_or(Ok(columns), |column| Err(Refusal::Twice(column)))
}

fn unknown(head: &StringRecord) -> Vec<String> {
    let named = head.iter().map(str::trim).filter(|name| !name.is_empty());
    named
        .filter(|name| Column::named(name).is_none())
        .map(|name| name.chars().filter(|c| !c.is_control()).take(HEAD_CHARS_MAX).collect())
        .collect()
}

fn cells(columns: &[Option<Column>], record: &StringRecord) -> Cells {
    let mut cells = Cells::default();
    for (place, text) in record.iter().enumerate() {
        match columns.get(place) {
            Some(Some(column)) => cells.set(*column, text),
            Some(None) => {}
            None => cells.is_longer |= !text.trim().is_empty(),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(bytes: &[u8]) -> Cells {
        read(bytes).unwrap().rows.remove(0).cells
    }

    #[test]
    fn each_separator_is_found_by_looking() {
        for file in [
            "Email;Importo;Nome\nm@x.it;12,50;Rossi, Maria\n",
            "\"Email\",\"Importo\",\"Nome\"\r\nm@x.it,\"12,50\",\"Rossi, Maria\"\r\n",
            "Nome\temail\tImporto\nRossi, Maria\tm@x.it\t12,50",
            "sep=;\nEmail;Importo;Nome\nm@x.it;12,50;Rossi, Maria",
        ] {
            let cells = row(file.as_bytes());
            assert_eq!(cells.get(Column::CustomerEmail), "m@x.it", "{file}");
            assert_eq!(cells.get(Column::Amount), "12,50", "{file}");
            assert_eq!(cells.get(Column::CustomerName), "Rossi, Maria", "{file}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let numbers = |text: &str| -> Vec<i32> {
            read(text.as_bytes()).unwrap().rows.iter().map(|row| row.number).collect()
        };
        assert_eq!(numbers("email;amount\na@x.it;1\n\n\nb@x.it;2\n;\nc@x.it;3"), [2, 5, 7]);
        assert_eq!(numbers("\r\nemail;amount\r\na@x.it;1\r\n\r\nb@x.it;2\r\n"), [3, 5]);
        assert_eq!(
            numbers("sep=;\nemail;amount;message\na@x.it;1;\"two\n\nlines\"\nb@x.it;2;"),
            [3, 4]
        );
    }

    #[test]
    fn each_encoding_is_found_by_looking() {
        let text = "email;importo;nome\nm@x.it;12,50;Nicolò – caffè €\n";
        let utf_8 = text.as_bytes().to_vec();
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let windows = WINDOWS_1252.encode(text).0.into_owned();
        let utf_16: Vec<u8> =
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [utf_8, marked, windows, utf_16] {
            assert_eq!(row(&bytes).get(Column::CustomerName), "Nicolò – caffè €", "{bytes:?}");
        }
    }

    #[test]
    fn quotes_hold_separators_quotes_and_line_breaks() {
        let file = "email;amount;message\nm@x.it;5;\"two\nlines; \"\"quoted\"\"\"\nn@x.it;6;\n";
        let sheet = read(file.as_bytes()).unwrap();
        let [first, second] = &sheet.rows[..] else { panic!("{sheet:?}") };
        assert_eq!(first.cells.get(Column::Message), "two\nlines; \"quoted\"");
        assert_eq!((first.number, second.number), (2, 3));
    }

    #[test]
    fn columns_that_are_not_read_are_named_and_cells_beyond_the_head_are_seen() {
        let file = "colour,email,amount\nblue,m@x.it,5\nred,n@x.it,6,7\n,,\n";
        let sheet = read(file.as_bytes()).unwrap();
        assert_eq!(sheet.unknown, ["colour"]);
        let longer: Vec<bool> = sheet.rows.iter().map(|row| row.cells.is_longer).collect();
        assert_eq!(longer, [false, true], "a row of nothing is none");
    }

    #[test]
    fn sec_19_what_can_not_be_read_is_refused_with_its_reason() {
        let many = |rows: usize| format!("email,amount\n{}", "m@x.it,5\n".repeat(rows));
        assert_eq!(read(many(ROWS_MAX).as_bytes()).unwrap().rows.len(), ROWS_MAX);
        let line = vec![b'x'; FILE_BYTES_MAX];
        for (file, refusal) in [
            (Vec::new(), Refusal::NoRows),
            (b"\n\n".to_vec(), Refusal::NoRows),
            (b"email,amount\n".to_vec(), Refusal::NoRows),
            (b"email,amount\nm@x.it,5\0".to_vec(), Refusal::NotText),
            (b"PK\x03\x04\0\0".to_vec(), Refusal::NotText),
            (b"\xff\xfee\0m\0\xd8".to_vec(), Refusal::NotText),
            (many(ROWS_MAX + 1).into_bytes(), Refusal::TooManyRows(ROWS_MAX + 1)),
            (b"name\nx".to_vec(), Refusal::Missing(vec![Column::CustomerEmail, Column::Amount])),
            (b"email\nx".to_vec(), Refusal::Missing(vec![Column::Amount])),
            (b"email,amount,Importo\nx,1,2".to_vec(), Refusal::Twice(Column::Amount)),
            (b"email,amount,amount_minor\nx,1,2".to_vec(), Refusal::Twice(Column::Amount)),
            (",".repeat(200).into_bytes(), Refusal::TooManyColumns),
            (line.clone(), Refusal::Missing(vec![Column::CustomerEmail, Column::Amount])),
            ([line, vec![b'x']].concat(), Refusal::TooLarge),
        ] {
            assert_eq!(read(&file).unwrap_err(), refusal, "{:?}", file.get(..40));
        }
    }
}
