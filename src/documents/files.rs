//! The list's files: what stands in them. How they are made and sent: [`crate::exports`].

use diesel::PgConnection;

use super::columns::Column;
use super::display;
use super::filter::Viewer;
use super::queries::{self, ListRow};
use crate::exports::{ExportList, Exported, ListFile};
use crate::kernel::{Error, Texts};
use crate::web::files::{self, Cell, Head, Rows};
use crate::web::list;

impl Exported for Column {
    const FILES: ExportList = ExportList::Documents;

    /// The heads of this column's cells in a file. The table shows a document's kind and number as one.
    fn file_heads(self, t: &Texts) -> Vec<Head> {
        let head = |title: String, kind, width| Head { title, kind, width };
        let own = |kind, width| head(list::Column::title(self, t), kind, width);
        let text = files::Kind::Text;
        match self {
            Self::Kind => vec![own(text, 22), head(t.msg_doc_col_number(), text, 22)],
            Self::Period => vec![
                head(t.msg_doc_col_period_from(), text, 12),
                head(t.msg_doc_col_period_until(), text, 12),
            ],
            Self::Total => vec![own(files::Kind::Money, 14), head(t.msg_col_currency(), text, 10)],
            Self::Number | Self::State | Self::Provider => vec![own(text, 24)],
            Self::Currency | Self::Issued | Self::Due | Self::Unread => vec![own(text, 12)],
        }
    }

    fn count_rows(conn: &mut PgConnection, file: &ListFile<Self>, most: i64) -> Result<i64, Error> {
        queries::count(conn, file.scope, viewer(file), &file.question, most)
    }

    fn each_row(
        conn: &mut PgConnection,
        file: &ListFile<Self>,
        rows: Rows<'_>,
    ) -> Result<(), Error> {
        queries::each(conn, file.scope, viewer(file), &file.question, |row| {
            let mut cells = Vec::with_capacity(file.columns.len() + 3);
            for column in &file.columns {
                column.file_cells(&row, file.t, &mut cells);
            }
            rows(&cells)
        })
    }
}

impl Column {
    /// Adds its cells in a file, as many as [`Column::file_heads`]. Days as ISO 8601 writes them.
    pub fn file_cells<'a>(self, row: &'a ListRow, t: &Texts, cells: &mut Vec<Cell<'a>>) {
        let document = &row.document;
        match self {
            Self::Kind => {
                cells.push(Cell::word(display::kind(document.kind, t)));
                cells.push(Cell::text(&document.number));
            }
            Self::Number => cells.push(Cell::text(&document.number)),
            Self::State => cells.push(Cell::word(display::state(document.state, t))),
            Self::Period => {
                cells.push(Cell::word(document.period_from.to_string()));
                cells.push(Cell::word(document.period_until.to_string()));
            }
            Self::Total => {
                cells.push(Cell::Money(document.total()));
                cells.push(Cell::word(&document.currency_code));
            }
            Self::Currency => cells.push(Cell::word(&document.currency_code)),
            Self::Issued => cells.push(Cell::word(document.issued_on.to_string())),
            Self::Due => {
                cells.push(document.due_on.map_or(Cell::Empty, |day| Cell::word(day.to_string())));
            }
            Self::Provider => cells.push(Cell::text(&document.provider)),
            Self::Unread => cells.push(Cell::word(if row.is_read {
                t.msg_doc_unread_no()
            } else {
                t.msg_doc_unread_yes()
            })),
        }
    }
}

fn viewer(file: &ListFile<Column>) -> Viewer {
    Viewer { user_id: file.user_id, zone: file.zone }
}
