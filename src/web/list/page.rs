//! The head of a table, and the ways to the pages around this one.

use super::column::Column;
use super::question::{Question, Sort, address};
use crate::kernel::{Cursor, CursorKey, Direction, Key, PageSize, Texts};
use crate::web::Query;

/// Rows of a list that follow each other.
pub struct Slice<R> {
    pub rows: Vec<R>,
    /// Whether rows stand above the first one.
    pub has_newer: bool,
    /// Whether rows stand below the last one.
    pub has_older: bool,
}

impl<R> Slice<R> {
    /// The page where nothing fits.
    #[must_use]
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), has_newer: false, has_older: false }
    }

    /// A page of rows as they were read in a direction, nearest first, one more than fits: it tells
    /// whether there is another page.
    #[must_use]
    pub fn cut<K>(mut rows: Vec<R>, rows_max: usize, direction: &Direction<K>) -> Self {
        let has_more = rows.len() > rows_max;
        rows.truncate(rows_max);
        let (has_newer, has_older) = match direction {
            Direction::Newest => (false, has_more),
            Direction::After(_) => (true, has_more),
            Direction::Before(_) => (has_more, true),
            Direction::Oldest => (has_more, false),
        };
        if matches!(direction, Direction::Before(_) | Direction::Oldest) {
            rows.reverse();
        }
        Self { rows, has_newer, has_older }
    }
}

impl<R> Slice<R> {
    /// The ways on from a page of a list that only has one order, the newest on top.
    #[must_use]
    pub fn pages(&self, path: &str, place: impl Fn(&R) -> Cursor) -> Pages {
        let at = |name: &str, row: &R| format!("{path}?{name}={}", place(row).encode());
        Pages {
            first: self.has_newer.then(|| path.to_owned()),
            previous: self.rows.first().filter(|_| self.has_newer).map(|row| at(BEFORE, row)),
            next: self.rows.last().filter(|_| self.has_older).map(|row| at(AFTER, row)),
            last: None,
            is_by_age: true,
            sizes: Vec::new(),
        }
    }
}

const AFTER: &str = "after";
const BEFORE: &str = "before";
/// The parameters that say which page of a list is asked for.
pub(super) const PLACE: [&str; 2] = [AFTER, BEFORE];
/// `after=oldest`: the other end of the list.
const LAST: &str = "oldest";

/// Which page of a list an address asks for; `None`: none in particular.
///
/// # Errors
/// The parameter that can't be read, or whose place does not fit the list.
pub fn asked_place<K: CursorKey>(
    query: &Query,
    fits: impl Fn(&K) -> bool,
) -> Result<Option<Direction<K>>, &'static str> {
    let place = |name: &'static str, to: fn(Cursor<K>) -> Direction<K>| {
        query.one(name).map(|word| match Cursor::decode(word) {
            Some(cursor) if fits(&cursor.at) => Ok(to(cursor)),
            Some(_) | None => Err(name),
        })
    };
    if query.one(AFTER) == Some(LAST) {
        return Ok(Some(Direction::Oldest));
    }
    place(AFTER, Direction::After).or_else(|| place(BEFORE, Direction::Before)).transpose()
}

/// The same of a list that only has one order; what can't be read asks for the newest.
#[must_use]
pub fn direction_of(query: &Query) -> Direction {
    asked_place(query, |_| true).ok().flatten().unwrap_or(Direction::Newest)
}

/// The head of one column.
pub struct Head<C> {
    pub column: C,
    pub title: String,
    pub help: String,
    /// Where the rows are sorted by it; the other way round where they are already.
    pub sort_url: Option<String>,
    /// `ascending` or `descending` where the rows are sorted by it, else empty.
    pub sorted: &'static str,
}

/// Where the links of the pager lead.
pub struct Pages {
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub last: Option<String>,
    /// Whether the rows are sorted by age, so that the links may be called newer and older.
    pub is_by_age: bool,
    /// Rows per page, address, whether it is this; empty where there is no choice.
    pub sizes: Vec<(usize, String, bool)>,
}

impl<C: Column> Question<C> {
    #[must_use]
    pub fn heads(&self, path: &str, columns: &[C], t: &Texts) -> Vec<Head<C>> {
        let head = |column: &C| {
            let is_sorted = self.sort.column == *column;
            let is_descending = self.sort.is_descending;
            let other = Sort { column: *column, is_descending: !(is_sorted && is_descending) };
            let word = if other.is_at_first() { String::new() } else { other.word() };
            Head {
                column: *column,
                title: column.title(t),
                help: column.help(t),
                sort_url: column
                    .spec()
                    .sorted_by
                    .map(|_| self.url(path, &[("sort", Some(word.as_str()))])),
                sorted: match (is_sorted, is_descending) {
                    (false, _) => "",
                    (true, true) => "descending",
                    (true, false) => "ascending",
                },
            }
        };
        columns.iter().map(head).collect()
    }

    /// `first` and `last` are the places of the first and the last row of the page.
    #[must_use]
    pub fn pages<R>(
        &self,
        path: &str,
        slice: &Slice<R>,
        place: impl Fn(&R) -> Cursor<Key>,
    ) -> Pages {
        let at = |name: &str, cursor: &str| self.url(path, &[(name, Some(cursor))]);
        let first = slice.rows.first().filter(|_| slice.has_newer);
        let last = slice.rows.last().filter(|_| slice.has_older);
        let size = |size: PageSize| {
            let rows = size.rows().to_string();
            let word = if size == PageSize::default() { "" } else { rows.as_str() };
            (size.rows(), self.url(path, &[("size", Some(word))]), size == self.size)
        };
        Pages {
            first: slice.has_newer.then(|| address(path, &self.query(&[]))),
            previous: first.map(|row| at(BEFORE, &place(row).encode())),
            next: last.map(|row| at(AFTER, &place(row).encode())),
            last: slice.has_older.then(|| at(AFTER, LAST)),
            is_by_age: self.sort.column == C::SORTED_AT_FIRST && self.sort.is_descending,
            sizes: PageSize::ALL.into_iter().map(size).collect(),
        }
    }
}
