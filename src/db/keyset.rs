//! The order of a list and the places in it (keyset): rows sorted by one column, then by id, and those
//! beyond a row. A comparison of pairs, so that an index goes straight there.

use diesel::BoxableExpression;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Bool, Date, Text, Timestamptz, Untyped, Uuid as SqlUuid};

use crate::kernel::{Cursor, Direction, Key};

/// Rows of `QS` that fit.
pub type Condition<QS> = Box<dyn BoxableExpression<QS, Pg, SqlType = Bool>>;

/// How a page's rows are read.
#[derive(Clone, Copy)]
pub struct Keyset {
    column: &'static str,
    id: &'static str,
    is_falling: bool,
}

impl Keyset {
    /// `column` and `id` with the name of their table. `is_descending`: whether the largest stands on
    /// top; pages before a place and the last page are read the other way round.
    #[must_use]
    pub const fn new<K>(
        column: &'static str,
        id: &'static str,
        is_descending: bool,
        direction: &Direction<K>,
    ) -> Self {
        let is_backwards = matches!(direction, Direction::Before(_) | Direction::Oldest);
        Self { column, id, is_falling: is_descending != is_backwards }
    }

    pub fn order(self) -> SqlLiteral<Untyped> {
        let Self { column, id, .. } = self;
        let way = if self.is_falling { "DESC" } else { "ASC" };
        sql(&format!("{column} {way}, {id} {way}"))
    }

    /// Rows beyond the place that is asked for; `None` where none is.
    #[must_use]
    pub fn beyond<QS: 'static, K: Clone + Into<Key>>(
        self,
        direction: &Direction<K>,
    ) -> Option<Condition<QS>> {
        let (Direction::After(Cursor { at, id }) | Direction::Before(Cursor { at, id })) =
            direction
        else {
            return None;
        };
        let (sign, id) = (if self.is_falling { "<" } else { ">" }, *id);
        let pair = sql::<Bool>(&format!("({}, {}) {sign} (", self.column, self.id));
        Some(match at.clone().into() {
            Key::Instant(at) => {
                Box::new(pair.bind::<Timestamptz, _>(at).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
            }
            Key::Day(day) => {
                Box::new(pair.bind::<Date, _>(day).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
            }
            Key::Number(number) => {
                Box::new(pair.bind::<BigInt, _>(number).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
            }
            Key::Text(text) => {
                Box::new(pair.bind::<Text, _>(text).sql(", ").bind::<SqlUuid, _>(id).sql(")"))
            }
        })
    }
}
