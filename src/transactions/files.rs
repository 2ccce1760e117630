//! The list's files: what stands in them. How they are made and sent: [`crate::exports`].

use diesel::PgConnection;

use super::columns::{Column, Names};
use super::display;
use super::queries::{self, ListRow};
use crate::exports::{ExportList, Exported, ListFile};
use crate::gateway::method_name;
use crate::kernel::{Error, Texts};
use crate::web::files::{Cell, Head, Kind, Rows};
use crate::web::list;

impl Exported for Column {
    const FILES: ExportList = ExportList::Transactions;

    /// The heads of this column's cells in a file. Each amount has its currency in a column of its own;
    /// what stands below the number on the page, whether it was a test, is one more.
    fn file_heads(self, t: &Texts) -> Vec<Head> {
        let head = |title: String, kind, width| Head { title, kind, width };
        let own = |kind, width| head(list::Column::title(self, t), kind, width);
        match self {
            Self::Number => {
                vec![own(Kind::Text, 20), head(t.msg_tx_col_test(), Kind::Text, 8)]
            }
            Self::Date => vec![own(Kind::Instant, 20)],
            Self::Amount => {
                vec![own(Kind::Money, 14), head(t.msg_col_currency(), Kind::Text, 10)]
            }
            Self::Currency | Self::Country | Self::Followed | Self::Test => {
                vec![own(Kind::Text, 10)]
            }
            Self::Customer | Self::Email => vec![own(Kind::Text, 28)],
            Self::Result => vec![own(Kind::Text, 10)],
            Self::Operation
            | Self::Status
            | Self::Method
            | Self::Network
            | Self::Card
            | Self::Order
            | Self::Originator
            | Self::Channel
            | Self::Provider
            | Self::Reference
            | Self::Ip => vec![own(Kind::Text, 20)],
        }
    }

    fn count_rows(conn: &mut PgConnection, file: &ListFile<Self>, most: i64) -> Result<i64, Error> {
        queries::count(conn, file.scope, &file.question, most)
    }

    fn each_row(
        conn: &mut PgConnection,
        file: &ListFile<Self>,
        rows: Rows<'_>,
    ) -> Result<(), Error> {
        queries::each(conn, file.scope, &file.question, |row| {
            let mut cells = Vec::with_capacity(file.columns.len() + 2);
            for column in &file.columns {
                column.file_cells(&row, &file.names, file.t, &mut cells);
            }
            rows(&cells)
        })
    }
}

impl Column {
    /// Adds its cells in a file, as many as [`Column::file_heads`].
    fn file_cells<'a>(
        self,
        row: &'a ListRow,
        names: &'a Names,
        t: &Texts,
        cells: &mut Vec<Cell<'a>>,
    ) {
        let test = || Cell::word(if row.is_test { t.msg_tx_col_test() } else { String::new() });
        let (first, second) = match self {
            Self::Number => (Cell::text(&row.gateway_transaction_id), Some(test())),
            Self::Date => (Cell::Instant(row.occurred_at), None),
            Self::Operation => (Cell::word(display::operation_words(row.operation, t)), None),
            Self::Status => (Cell::word(display::status(row.status, t)), None),
            Self::Amount => (row.money(), Some(Cell::word(&row.currency))),
            Self::Currency => (Cell::word(&row.currency), None),
            Self::Customer => (Cell::text(&row.customer_name), None),
            Self::Email => (Cell::text(&row.customer_email), None),
            Self::Method => (Cell::word(method_name(&row.method, t)), None),
            Self::Network => (Cell::word(display::network(&row.network)), None),
            Self::Card => (Cell::text(&row.card_number_masked), None),
            Self::Order => (Cell::text(&row.order_id), None),
            Self::Result => (Cell::text(&row.result_code), None),
            Self::Originator => {
                let name = names.originators.get(&row.originator_id);
                (name.map_or(Cell::Empty, Cell::text), None)
            }
            Self::Channel => (Cell::word(display::channel(row.channel, t)), None),
            Self::Provider => (Cell::text(&row.provider), None),
            Self::Reference => (Cell::text(&row.reference_id), None),
            Self::Country => (Cell::word(&row.country), None),
            Self::Ip => (Cell::text(&row.ip_address), None),
            Self::Followed => (Cell::Empty, None),
            Self::Test => (test(), None),
        };
        cells.push(first);
        cells.extend(second);
    }
}
