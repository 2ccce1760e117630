//! Documents as PDF: A4 pages of titles, facts and tables, tagged for screen readers (PDF/UA-1), with
//! title, language, outline and embedded fonts. A document is described by what it says; where each
//! thing stands is decided here. The same description gives the same bytes.
#![expect(
    clippy::float_arithmetic,
    reason = "places on a page, in points; amounts of money come here as texts"
)]

mod compose;
mod fonts;
mod write;

use chrono::NaiveDate;

use crate::kernel::{Error, Lang};

/// A document, from its first line to its last.
#[derive(Clone, Debug)]
pub struct Paper {
    pub lang: Lang,
    /// The name in a reader's window, and over every page but the first.
    pub title: String,
    /// Who stands for it.
    pub author: String,
    pub issued_on: NaiveDate,
    /// At the foot of every page, at the left.
    pub foot: String,
    /// `Page 1 of 3`, by page and number of pages.
    pub page_words: fn(Lang, usize, usize) -> String,
    pub blocks: Vec<Block>,
}

/// What stands below each other.
#[derive(Clone, Debug)]
pub enum Block {
    /// The head of the first page: who it comes from and the number over it, what it is, of when.
    Head {
        from: String,
        number: String,
        title: String,
        words: String,
    },
    /// Beside each other: a label, a first line that stands out, and lines.
    Columns(Vec<Column>),
    /// Beside each other, four to a row: labels and values.
    Facts(Vec<(String, String)>),
    /// The one figure that the document is about.
    Sum {
        label: String,
        amount: String,
        words: String,
    },
    /// A section.
    Heading(String),
    Table(Table),
    /// A remark.
    Note(String),
}

#[derive(Clone, Debug)]
pub struct Column {
    pub label: String,
    pub lines: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Table {
    /// What is in it, for who hears it.
    pub summary: String,
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
}

/// The head of a table's column.
#[derive(Clone, Debug)]
pub struct Head {
    pub words: String,
    /// How much of the table's width, in thousandths; together a thousand.
    pub share: u16,
    /// At the right, never broken.
    pub is_number: bool,
}

/// A row of a table; its first cell names it.
#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<String>,
    pub weight: RowWeight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowWeight {
    Plain,
    /// A sum of what stands above; never parted from it by a page's end.
    Sum,
    /// What the table is about.
    Total,
}

impl Paper {
    /// The PDF's bytes. Characters that the font does not have (it has Latin, Greek and Cyrillic) come
    /// out as `?`.
    ///
    /// # Errors
    /// [`Error::Internal`] where the description breaks a rule of tagged documents.
    pub fn render(&self) -> Result<Vec<u8>, Error> {
        let faces = fonts::faces()?;
        write::bytes(self, faces, compose::lay_out(self, faces))
    }
}

#[cfg(test)]
mod tests;
