//! Keyset paging: Newer, Older, Newest, Oldest. A deep page costs what the first one costs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use uuid::Uuid;

/// How many rows a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageSize {
    #[default]
    Rows25,
    Rows50,
    Rows100,
}

impl PageSize {
    pub const ALL: [Self; 3] = [Self::Rows25, Self::Rows50, Self::Rows100];

    #[must_use]
    pub const fn rows(self) -> usize {
        match self {
            Self::Rows25 => 25,
            Self::Rows50 => 50,
            Self::Rows100 => 100,
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.rows().to_string() == text)
    }
}

/// A place in a list that is ordered by `at`, then by id. Most lists are ordered by an instant;
/// where the reader chooses the order, `at` is a [`Key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K = DateTime<Utc>> {
    pub at: K,
    pub id: Uuid,
}

impl<K: Clone + Copy> Copy for Cursor<K> {}

/// What a list may be ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Instant(DateTime<Utc>),
    Day(NaiveDate),
    Number(i64),
    Text(String),
}

/// What a [`Key`] is: a place in a list fits where its key is what the list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Instant,
    Day,
    Number,
    Text,
}

impl Key {
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Instant(_) => KeyKind::Instant,
            Self::Day(_) => KeyKind::Day,
            Self::Number(_) => KeyKind::Number,
            Self::Text(_) => KeyKind::Text,
        }
    }
}

impl From<DateTime<Utc>> for Key {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Instant(at)
    }
}

/// How a key travels in a URL.
pub trait CursorKey: Sized {
    fn write(&self) -> Vec<u8>;
    fn read(bytes: &[u8]) -> Option<Self>;
}

impl CursorKey for DateTime<Utc> {
    fn write(&self) -> Vec<u8> {
        self.timestamp_micros().to_be_bytes().to_vec()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        // Beyond these years no row is, and Postgres can't read some of them.
        let at = Self::from_timestamp_micros(i64::from_be_bytes(bytes.try_into().ok()?))?;
        (1970..=2262).contains(&at.year()).then_some(at)
    }
}

impl CursorKey for Key {
    fn write(&self) -> Vec<u8> {
        match self {
            Self::Instant(at) => [b"i", at.write().as_slice()].concat(),
            Self::Day(day) => [b"d".as_slice(), &day.num_days_from_ce().to_be_bytes()].concat(),
            Self::Number(number) => [b"n".as_slice(), &number.to_be_bytes()].concat(),
            Self::Text(text) => [b"t", text.as_bytes()].concat(),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        match kind {
            b'i' => DateTime::read(rest).map(Self::Instant),
            b'd' => {
                let days = i32::from_be_bytes(rest.try_into().ok()?);
                NaiveDate::from_num_days_from_ce_opt(days)
                    .filter(|day| (1970..=2262).contains(&day.year()))
                    .map(Self::Day)
            }
            b'n' => Some(Self::Number(i64::from_be_bytes(rest.try_into().ok()?))),
            b't' => std::str::from_utf8(rest)
                .ok()
                .filter(|text| !text.contains('\0'))
                .map(|text| Self::Text(text.to_owned())),
            _ => None,
        }
    }
}

impl<K: CursorKey> Cursor<K> {
    /// Opaque text for a URL: the key and the id, base64url. An instant is microseconds since 1970.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = self.at.write();
        bytes.extend_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (at, id) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
        Some(Self { at: K::read(at)?, id: Uuid::from_slice(id).ok()? })
    }
}

/// Which rows around a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direction<K = DateTime<Utc>> {
    /// The top of the list: the newest rows of all.
    Newest,
    /// Rows that come after the cursor in the list, that is, older ones.
    After(Cursor<K>),
    /// Rows that come before the cursor in the list, that is, newer ones.
    Before(Cursor<K>),
    /// The end of the list: the oldest rows of all.
    Oldest,
}

impl<K: Clone + Copy> Copy for Direction<K> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_url() {
        let at = DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap();
        let cursor = Cursor { at, id: Uuid::now_v7() };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["nonsense", "", "AAAA"] {
            assert_eq!(Cursor::<DateTime<Utc>>::decode(text), None);
            assert_eq!(Cursor::<Key>::decode(text), None);
        }
        let keys = [
            Key::Instant(at),
            Key::Day(at.date_naive()),
            Key::Number(-7),
            Key::Text("CB-2026-1".to_owned()),
        ];
        for at in keys {
            let cursor = Cursor { at, id: Uuid::now_v7() };
            assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }
    }
}
