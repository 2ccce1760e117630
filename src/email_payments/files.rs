//! The list's files: what stands in them. How they are made and sent: [`crate::exports`].

use diesel::PgConnection;

use super::columns::{Column, METHODS, Names};
use super::display;
use super::filter::Group;
use super::model::{Delivery, EndReason, Status, money};
use super::queries::{self, FileRow};
use crate::exports::{ExportList, Exported, ListFile};
use crate::gateway::method_name;
use crate::kernel::{Error, Texts};
use crate::web::files::{Cell, Head, Kind, Rows};
use crate::web::list;

impl Exported for Column {
    const FILES: ExportList = ExportList::EmailPayments;

    /// The heads of this column's cells in a file: some columns of the page show two things. Each
    /// amount has its currency in a column of its own.
    fn file_heads(self, t: &Texts) -> Vec<Head> {
        let head =
            |column: Self, kind, width| Head { title: list::Column::title(column, t), kind, width };
        let currency = || head(Self::Currency, Kind::Text, 10);
        match self {
            Self::Group | Self::Language => vec![head(self, Kind::Text, 14)],
            Self::Status => vec![
                head(self, Kind::Text, 20),
                Head { title: t.msg_col_reason(), kind: Kind::Text, width: 24 },
            ],
            Self::Created | Self::Expires | Self::Paid | Self::Opened => {
                vec![head(self, Kind::Instant, 20)]
            }
            Self::Amount | Self::Refunded => vec![head(self, Kind::Money, 14), currency()],
            Self::Currency => vec![currency()],
            Self::Customer => vec![head(self, Kind::Text, 26), head(Self::Email, Kind::Text, 32)],
            Self::Email => vec![head(self, Kind::Text, 32)],
            Self::Description => vec![head(self, Kind::Text, 48)],
            Self::Delivery | Self::Method | Self::Order | Self::Originator | Self::CreatedBy => {
                vec![head(self, Kind::Text, 20)]
            }
            Self::Attempts | Self::Sends => vec![head(self, Kind::Number, 10)],
            Self::Import | Self::Picked => vec![head(self, Kind::Text, 38)],
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
        let words = Words::of(file.t);
        queries::each(conn, file.scope, &file.question, &file.columns, |row| {
            let mut cells = Vec::with_capacity(file.columns.len() + 4);
            for column in &file.columns {
                column.file_cells(&row, &file.names, &words, &mut cells);
            }
            rows(&cells)
        })
    }
}

impl FileRow {
    /// An amount in the row's currency.
    fn money(&self, minor: Option<i64>) -> Cell<'static> {
        let (Some(minor), Some(currency)) = (minor, self.currency.as_deref()) else {
            return Cell::Empty;
        };
        money(minor, currency).map_or(Cell::Number(minor), Cell::Money)
    }
}

impl Column {
    /// Adds its cells in a file, as many as [`Column::file_heads`].
    fn file_cells<'a>(
        self,
        row: &'a FileRow,
        names: &'a Names,
        words: &'a Words,
        cells: &mut Vec<Cell<'a>>,
    ) {
        fn text(text: Option<&String>) -> Cell<'_> {
            text.map_or(Cell::Empty, Cell::text)
        }
        fn word(word: Option<&String>) -> Cell<'_> {
            word.map_or(Cell::Empty, Cell::word)
        }
        let number =
            |number: Option<i32>| number.map_or(Cell::Empty, |number| Cell::Number(number.into()));
        let (first, second) = match self {
            Self::Group => {
                let group = row.status.map(Group::of);
                (group.map_or(Cell::Empty, |group| words.of_group(group)), None)
            }
            Self::Status => {
                let reason = row.end_reason.map_or(Cell::Empty, |reason| words.of_reason(reason));
                let status = row.status.map_or(Cell::Empty, |status| words.of_status(status));
                (status, Some(reason))
            }
            Self::Created => (Cell::instant(row.created_at), None),
            Self::Amount => (row.money(row.amount_minor), Some(word(row.currency.as_ref()))),
            Self::Refunded => (row.money(row.refunded_minor), Some(word(row.currency.as_ref()))),
            Self::Currency => (word(row.currency.as_ref()), None),
            Self::Delivery => {
                (row.delivery.map_or(Cell::Empty, |delivery| words.of_delivery(delivery)), None)
            }
            Self::Customer => {
                (text(row.customer_name.as_ref()), Some(text(row.customer_email.as_ref())))
            }
            Self::Email => (text(row.customer_email.as_ref()), None),
            Self::Order => (text(row.order_id.as_ref()), None),
            Self::Description => (text(row.description.as_ref()), None),
            Self::Expires => (Cell::instant(row.expires_at), None),
            Self::Paid => (Cell::instant(row.paid_at), None),
            Self::Opened => (Cell::instant(row.first_opened_at), None),
            Self::Method => (
                row.payment_method.as_deref().map_or(Cell::Empty, |word| words.of_method(word)),
                None,
            ),
            Self::Language => {
                (row.language.map_or(Cell::Empty, |lang| Cell::word(lang.name())), None)
            }
            Self::Originator => {
                let name = row.originator_id.and_then(|id| names.originators.get(&id));
                (name.map_or(Cell::Empty, Cell::text), None)
            }
            Self::CreatedBy => {
                let name = row.created_by.and_then(|id| names.people.get(&id));
                (name.map_or(Cell::Empty, Cell::text), None)
            }
            Self::Attempts => (number(row.attempts), None),
            Self::Sends => (number(row.sends), None),
            // A question of its own: a row does not know its file.
            Self::Import => (Cell::Empty, None),
            Self::Picked => (row.id.map_or(Cell::Empty, |id| Cell::word(id.to_string())), None),
        };
        cells.push(first);
        cells.extend(second);
    }
}

/// What files call the values of columns that have few: made once, not for each row.
struct Words {
    groups: Vec<(Group, String)>,
    statuses: Vec<(Status, String)>,
    reasons: Vec<(EndReason, String)>,
    deliveries: Vec<(Delivery, String)>,
    methods: Vec<(&'static str, String)>,
}

impl Words {
    fn of(t: &Texts) -> Self {
        fn each<T: Copy>(values: &[T], words: impl Fn(T) -> String) -> Vec<(T, String)> {
            values.iter().map(|value| (*value, words(*value))).collect()
        }
        Self {
            groups: each(&[Group::Current, Group::Past], |group| display::group_words(group, t)),
            statuses: each(Status::ALL, |status| display::status_words(status, t)),
            reasons: each(EndReason::ALL, |reason| display::end_reason(reason, t)),
            deliveries: each(Delivery::ALL, |delivery| display::delivery_words(delivery, t)),
            methods: each(&METHODS, |method| method_name(method, t)),
        }
    }

    fn of_group(&self, group: Group) -> Cell<'_> {
        found(&self.groups, group).map_or(Cell::Empty, Cell::word)
    }

    fn of_status(&self, status: Status) -> Cell<'_> {
        found(&self.statuses, status).map_or(Cell::Empty, Cell::word)
    }

    fn of_reason(&self, reason: EndReason) -> Cell<'_> {
        found(&self.reasons, reason).map_or(Cell::Empty, Cell::word)
    }

    fn of_delivery(&self, delivery: Delivery) -> Cell<'_> {
        found(&self.deliveries, delivery).map_or(Cell::Empty, Cell::word)
    }

    /// One that has no name of ours is the gateway's word.
    fn of_method<'a>(&'a self, word: &'a str) -> Cell<'a> {
        let known = self.methods.iter().find(|(method, _)| *method == word);
        known.map_or_else(|| Cell::text(word), |(_, name)| Cell::word(name))
    }
}

fn found<T: Copy + PartialEq>(words: &[(T, String)], value: T) -> Option<&String> {
    words.iter().find(|(known, _)| *known == value).map(|(_, words)| words)
}
