//! The list's question as SQL: each column's `WHERE`, and the order.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};

use super::columns::{Column, unread};
use super::model::{Kind, State};
use crate::auth::MerchantScope;
use crate::db::schema::documents::{self as rows, table};
use crate::db::words::Words;
use crate::kernel::{Currency, Lang, UserId};
use crate::web::list::{self, AmountOperator, AmountRange, Asked, MinorRange};

/// What is asked about documents.
pub type Question = list::Question<Column>;

pub type Condition = Box<dyn BoxableExpression<table, Pg, SqlType = Bool>>;

/// Whose unread marks count, and when a day begins for them.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    pub user_id: UserId,
    pub zone: Tz,
}

/// Whether a user has read the document of a row.
#[must_use]
pub fn is_read(user_id: UserId) -> Condition {
    Box::new(
        sql::<Bool>(
            "EXISTS (SELECT 1 FROM document_reads r WHERE r.merchant_id = documents.merchant_id \
             AND r.document_id = documents.id AND r.user_id = ",
        )
        .bind::<SqlUuid, _>(user_id)
        .sql(")"),
    )
}

/// The same for the few rows of a page: asked for each of them, where [`is_read`] may read every mark
/// of the user once.
#[must_use]
pub fn is_read_row_by_row(user_id: UserId) -> Condition {
    Box::new(
        sql::<Bool>(
            "(SELECT true FROM document_reads r WHERE r.merchant_id = documents.merchant_id \
             AND r.document_id = documents.id AND r.user_id = ",
        )
        .bind::<SqlUuid, _>(user_id)
        .sql(" LIMIT 1) IS NOT NULL"),
    )
}

/// The rows that page, count and file agree on. `used` are the currencies that the merchant has
/// documents in: amounts are compared in each one's own minor units.
#[must_use]
pub fn condition(
    scope: MerchantScope,
    viewer: Viewer,
    question: &Question,
    used: &[Currency],
) -> Condition {
    let mut all: Condition = Box::new(rows::merchant_id.eq(scope.merchant_id()));
    if let Some(search) = &question.search {
        all = Box::new(all.and(found(search, used)));
    }
    for (column, asked) in &question.asked {
        if let Some(narrowed) = narrowed(*column, asked, viewer, used) {
            all = Box::new(all.and(narrowed));
        }
    }
    all
}

/// The search box: anything of the number, or an amount, whatever its sign.
fn found(search: &str, used: &[Currency]) -> Condition {
    let number = number().contain(search);
    let t = Lang::En.texts();
    match AmountRange::read(AmountOperator::Is, (Some(search), None), None, t) {
        Ok(Some(range)) => Box::new(number.or(amounts(&range, used))),
        Ok(None) | Err(_) => number,
    }
}

/// One column's condition.
fn narrowed(column: Column, asked: &Asked, viewer: Viewer, used: &[Currency]) -> Option<Condition> {
    match column {
        Column::Kind => chosen(asked, Kind::parse, |kinds| Box::new(rows::kind.eq_any(kinds))),
        Column::State => chosen(asked, State::parse, |states| Box::new(rows::state.eq_any(states))),
        Column::Currency => chosen(asked, Currency::parse, |currencies| {
            let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
            Box::new(rows::currency.eq_any(codes))
        }),
        Column::Unread => chosen(asked, unread, |wanted| {
            let any_read = wanted.contains(&false).then(|| is_read(viewer.user_id));
            let any_unread = wanted
                .contains(&true)
                .then(|| Box::new(diesel::dsl::not(is_read(viewer.user_id))) as Condition);
            match (any_read, any_unread) {
                (Some(read), Some(unread)) => Box::new(read.or(unread)),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => never(),
            }
        }),
        Column::Issued => days(asked, viewer.zone).map(|days| match days {
            (Some(since), Some(until)) => {
                Box::new(rows::issued_on.ge(since).and(rows::issued_on.lt(until))) as Condition
            }
            (Some(since), None) => Box::new(rows::issued_on.ge(since)),
            (None, Some(until)) => Box::new(rows::issued_on.lt(until)),
            (None, None) => always(),
        }),
        Column::Due => days(asked, viewer.zone).map(|days| match days {
            (Some(since), Some(until)) => {
                Box::new(rows::due_on.ge(since).and(rows::due_on.lt(until)).assume_not_null())
                    as Condition
            }
            (Some(since), None) => Box::new(rows::due_on.ge(since).assume_not_null()),
            (None, Some(until)) => Box::new(rows::due_on.lt(until).assume_not_null()),
            (None, None) => always(),
        }),
        // Every period that has a day in common with what was asked for.
        Column::Period => days(asked, viewer.zone).map(|days| match days {
            (Some(since), Some(until)) => {
                Box::new(rows::period_until.ge(since).and(rows::period_from.lt(until))) as Condition
            }
            (Some(since), None) => Box::new(rows::period_until.ge(since)),
            (None, Some(until)) => Box::new(rows::period_from.lt(until)),
            (None, None) => always(),
        }),
        Column::Total => {
            let Asked::Amount(range) = asked else { return None };
            Some(amounts(range, used))
        }
        Column::Number => asked.compares(&number()),
        Column::Provider => asked.compares(&Words::folded("documents.provider")),
    }
}

fn always() -> Condition {
    Box::new(sql::<Bool>("true"))
}

fn never() -> Condition {
    Box::new(sql::<Bool>("false"))
}

/// The first day that fits, and the first that fits no more.
fn days(asked: &Asked, zone: Tz) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    let Asked::Days { since, until, .. } = asked else { return None };
    let day = |at: &chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).date_naive();
    Some((since.as_ref().map(day), until.as_ref().map(day)))
}

/// The values of a choice, read once more; the question has refused what can't be read.
fn chosen<T>(
    asked: &Asked,
    parse: impl Fn(&str) -> Option<T>,
    condition: impl FnOnce(Vec<T>) -> Condition,
) -> Option<Condition> {
    let Asked::Choices { words, is_none_of } = asked else { return None };
    let condition = condition(words.iter().filter_map(|word| parse(word)).collect());
    Some(if *is_none_of { Box::new(diesel::dsl::not(condition)) } else { condition })
}

/// Amounts without their sign, in minor units, currency by currency.
fn amounts(range: &AmountRange, used: &[Currency]) -> Condition {
    used.iter().fold(never(), |any, currency| {
        let these =
            rows::currency.eq(currency.code()).and(minor_units(range.minor(currency.exponent())));
        Box::new(any.or(these))
    })
}

fn minor_units(range: MinorRange) -> Condition {
    let compared = |sign: &str, minor: i64| -> Condition {
        // Numbers of ours.
        Box::new(sql::<Bool>(&format!("abs(documents.total_minor) {sign} {minor}")))
    };
    match range {
        MinorRange { low: Some(low), high: Some(high), is_outside: true } => {
            Box::new(compared("<", low).or(compared(">", high)))
        }
        MinorRange { low: Some(low), high: Some(high), .. } => {
            Box::new(compared(">=", low).and(compared("<=", high)))
        }
        MinorRange { low: Some(low), high: None, .. } => compared(">=", low),
        MinorRange { low: None, high: Some(high), .. } => compared("<=", high),
        MinorRange { low: None, high: None, .. } => always(),
    }
}

fn number() -> Words {
    Words::lowered("documents.number")
}

/// The order of a list, and the place of a row in it.
pub mod order {
    use super::Column;
    use crate::db::keyset::Keyset;
    use crate::documents::model::Document;
    use crate::kernel::{Cursor, Direction, Key};
    use crate::web::list::Sort;

    #[derive(Clone, Copy)]
    enum By {
        Issued,
        Total,
        Number,
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other columns are not sortable")]
    const fn by(sort: Sort<Column>) -> By {
        match sort.column {
            Column::Total => By::Total,
            Column::Number => By::Number,
            _ => By::Issued,
        }
    }

    #[must_use]
    pub const fn keyset<K>(sort: Sort<Column>, direction: &Direction<K>) -> Keyset {
        let column = match by(sort) {
            By::Issued => "documents.issued_on",
            By::Total => "documents.total_minor",
            By::Number => "documents.number",
        };
        Keyset::new(column, "documents.id", sort.is_descending, direction)
    }

    /// Where a row stands.
    #[must_use]
    pub fn place(sort: Sort<Column>, row: &Document) -> Cursor<Key> {
        let at = match by(sort) {
            By::Issued => Key::Day(row.issued_on),
            By::Total => Key::Number(row.total_minor),
            By::Number => Key::Text(row.number.clone()),
        };
        Cursor { at, id: row.id.as_uuid() }
    }

    /// Whether rows of a month stand together.
    #[must_use]
    pub const fn is_by_month(sort: Sort<Column>) -> bool {
        matches!(by(sort), By::Issued)
    }
}
