//! The list's question as SQL: each column's `WHERE`, and the order.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::columns::{Column, is_test};
use crate::auth::MerchantScope;
use crate::db::views::transactions_list::{self as rows, table};
use crate::db::words::{Words, contains, typed};
use crate::gateway::AttemptStatus;
use crate::kernel::Currency;
use crate::settlement::Operation;
use crate::web::list::{self, AmountRange, Asked, MinorRange, SEARCH_ANYWHERE_FROM, TextOperator};

/// What is asked about transactions.
pub type Question = list::Question<Column>;

pub type Condition = Box<dyn BoxableExpression<table, Pg, SqlType = Bool>>;

/// What a scope lets through.
#[must_use]
pub fn visible(scope: MerchantScope) -> Condition {
    let merchant: Condition = Box::new(rows::merchant_id.eq(scope.merchant_id()));
    match scope.only_created_by() {
        // Those that nobody of the merchant asked for are nobody's own.
        Some(user_id) => Box::new(merchant.and(rows::asked_by.eq(user_id).assume_not_null())),
        None => merchant,
    }
}

/// The rows that page, count, totals and file agree on. `used` are the currencies that the merchant has
/// transactions in: amounts are compared in each one's own minor units.
#[must_use]
pub fn condition(scope: MerchantScope, question: &Question, used: &[Currency]) -> Condition {
    let mut all = visible(scope);
    if let Some(search) = &question.search {
        all = Box::new(all.and(found(search)));
    }
    for (column, asked) in &question.asked {
        if let Some(narrowed) = narrowed(*column, asked, used) {
            all = Box::new(all.and(narrowed));
        }
    }
    all
}

/// The column of the view that a column of the list asks.
const fn name(column: Column) -> &'static str {
    match column {
        // What follows a transaction names its number.
        Column::Number | Column::Followed => "gateway_transaction_id",
        Column::Date => "occurred_at",
        Column::Operation => "operation",
        Column::Status => "status",
        Column::Amount => "amount_minor",
        Column::Currency => "currency",
        Column::Customer => "customer_name",
        Column::Email => "customer_email",
        Column::Method => "method",
        Column::Network => "network",
        Column::Card => "card_number_masked",
        Column::Order => "order_id",
        Column::Result => "result_code",
        Column::Originator => "originator_id",
        Column::Channel => "channel",
        Column::Provider => "provider",
        Column::Reference => "reference_id",
        Column::Country => "country",
        Column::Ip => "ip_address",
        Column::Test => "is_test",
    }
}

/// One column's condition.
fn narrowed(column: Column, asked: &Asked, used: &[Currency]) -> Option<Condition> {
    let name = name(column);
    match asked {
        Asked::Text { .. } => asked.compares(&words(column)),
        Asked::Days { since, until, .. } => Some(during(name, *since, *until)),
        Asked::Amount(range) => Some(amounts(range, used)),
        Asked::Choices { words, is_none_of } => Some(one_of(column, words, *is_none_of)),
        // No column of this list is asked so.
        Asked::Tab { .. } | Asked::Rows(_) => None,
    }
}

/// One of a few values, or none of them. What has few values in all is turned round here, so that the
/// indexes on some of them serve it.
fn one_of(column: Column, words: &[String], is_none_of: bool) -> Condition {
    fn fitting<'a>(all: impl Iterator<Item = &'a str>, words: &[String], not: bool) -> Vec<String> {
        let fits = |word: &&str| words.iter().any(|asked| asked == word) != not;
        all.filter(fits).map(str::to_owned).collect()
    }
    let name = name(column);
    let any = |words: Vec<String>| -> Condition {
        let condition = sql::<Bool>(&format!("transactions_list.{name} = ANY ("));
        Box::new(condition.bind::<Array<Text>, _>(words).sql(")"))
    };
    let condition: Condition = match column {
        Column::Operation => {
            let all = Operation::ALL.iter().map(|one| one.as_str());
            return any(fitting(all, words, is_none_of));
        }
        Column::Status => {
            let all = AttemptStatus::ALL.iter().map(|one| one.as_str());
            return any(fitting(all, words, is_none_of));
        }
        Column::Originator => {
            let ids: Vec<Uuid> = words.iter().filter_map(|word| word.parse().ok()).collect();
            let condition = sql::<Bool>(&format!("transactions_list.{name} = ANY ("));
            Box::new(condition.bind::<Array<SqlUuid>, _>(ids).sql(")"))
        }
        Column::Test => {
            let asked: Vec<bool> = words.iter().filter_map(|word| is_test(word)).collect();
            Box::new(rows::is_test.eq_any(asked))
        }
        Column::Followed => {
            let followed = sql::<Bool>(
                "transactions_list.gateway_transaction_id IN (SELECT f.reference_transaction_id FROM transactions f
                 WHERE f.merchant_id = (SELECT current_merchant()) AND f.status = 'authorised'
                   AND f.reference_transaction_id IS NOT NULL AND f.operation = ANY (",
            );
            Box::new(followed.bind::<Array<Text>, _>(words.to_vec()).sql("))"))
        }
        Column::Number
        | Column::Date
        | Column::Amount
        | Column::Currency
        | Column::Customer
        | Column::Email
        | Column::Method
        | Column::Network
        | Column::Card
        | Column::Order
        | Column::Result
        | Column::Channel
        | Column::Provider
        | Column::Reference
        | Column::Country
        | Column::Ip => any(words.to_vec()),
    };
    if is_none_of { Box::new(diesel::dsl::not(condition)) } else { condition }
}

/// From the first instant that fits to before the first that fits no more.
fn during(name: &str, since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Condition {
    let compared = |sign: &str, at: DateTime<Utc>| -> Condition {
        let condition = sql::<Bool>(&format!("transactions_list.{name} {sign} "));
        Box::new(condition.bind::<Timestamptz, _>(at))
    };
    match (since, until) {
        (Some(since), Some(until)) => Box::new(compared(">=", since).and(compared("<", until))),
        (Some(since), None) => compared(">=", since),
        (None, Some(until)) => compared("<", until),
        (None, None) => Box::new(sql::<Bool>("true")),
    }
}

/// Amounts in minor units, currency by currency where their decimals differ.
fn amounts(range: &AmountRange, used: &[Currency]) -> Condition {
    let mut exponents: Vec<usize> = used.iter().map(|currency| currency.exponent()).collect();
    exponents.sort_unstable();
    exponents.dedup();
    if let [exponent] = exponents.as_slice() {
        return minor_units(range.minor(*exponent));
    }
    let nothing: Condition = Box::new(sql::<Bool>("false"));
    exponents.into_iter().fold(nothing, |any, exponent| {
        let codes = used.iter().filter(|currency| currency.exponent() == exponent);
        let codes: Vec<&str> = codes.map(|currency| currency.code()).collect();
        Box::new(any.or(rows::currency.eq_any(codes).and(minor_units(range.minor(exponent)))))
    })
}

fn minor_units(range: MinorRange) -> Condition {
    let amount = rows::amount_minor;
    match (range.low, range.high) {
        (Some(low), Some(high)) if range.is_outside => Box::new(amount.lt(low).or(amount.gt(high))),
        (Some(low), Some(high)) => Box::new(amount.between(low, high)),
        (Some(low), None) => Box::new(amount.ge(low)),
        (None, Some(high)) => Box::new(amount.le(high)),
        (None, None) => Box::new(sql::<Bool>("true")),
    }
}

/// Everything that a transaction tells in words, each in a line of its own: what the index of texts is
/// about. The number comes first.
const ALL_TEXT: &str = "transactions_list.search_text";

/// The search box: anywhere in what is told in words. Below three characters the beginning of a number.
fn found(search: &str) -> Condition {
    if search.chars().count() < SEARCH_ANYWHERE_FROM {
        words(Column::Number).begin(search)
    } else {
        contains(ALL_TEXT, "folded", search)
    }
}

/// A text column, compared row by row; numbers and order IDs by an index of theirs where they begin so.
fn words(column: Column) -> Words {
    let words = Words::folded(&format!("transactions_list.{}", name(column)));
    if matches!(column, Column::Number | Column::Order) { words.with_index() } else { words }
}

/// The conditions on texts alone, in two ways: row by row, and as the index of texts is asked. `None`
/// where it can't serve any.
#[must_use]
pub fn texts(question: &Question) -> Option<(Condition, Condition)> {
    let search = question.search.iter().map(|text| (found(text), "'%'", text));
    let columns = question.asked.iter().filter_map(|(column, asked)| {
        let Asked::Text { operator, text } = asked else { return None };
        let before = match operator {
            TextOperator::Contains => "'%'",
            // Each but the first stands after the end of a line.
            TextOperator::Starts | TextOperator::Is
                if !matches!(column, Column::Number | Column::Order) =>
            {
                "E'%\\n'"
            }
            TextOperator::Starts
            | TextOperator::Is
            | TextOperator::ContainsNot
            | TextOperator::Empty
            | TextOperator::Filled => return None,
        };
        asked.compares(&words(*column)).map(|itself| (itself, before, text))
    });
    // Of fewer characters the index knows nothing, and would be read from end to end.
    let has_trigram = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
    search
        .chain(columns)
        .filter(|(_, _, text)| has_trigram(text))
        .map(|(itself, before, text)| {
            let like = format!("{ALL_TEXT} LIKE {before} || folded_literally(");
            (itself, typed(&like, text, ") || '%'"))
        })
        .reduce(|(rows, index), (row, entry)| (Box::new(rows.and(row)), Box::new(index.and(entry))))
}

/// The order of a list, and the place of a row in it.
pub mod order {
    use super::Column;
    use crate::db::keyset::Keyset;
    use crate::kernel::{Cursor, Direction, Key};
    use crate::transactions::queries::ListRow;
    use crate::web::list::Sort;

    #[must_use]
    pub fn keyset<K>(sort: Sort<Column>, direction: &Direction<K>) -> Keyset {
        let column = if is_by_amount(sort) {
            "transactions_list.amount_minor"
        } else {
            "transactions_list.occurred_at"
        };
        Keyset::new(column, "transactions_list.id", sort.is_descending, direction)
    }

    /// Where a row stands.
    #[must_use]
    pub fn place(sort: Sort<Column>, row: &ListRow) -> Cursor<Key> {
        let at = if is_by_amount(sort) {
            Key::Number(row.amount_minor)
        } else {
            Key::Instant(row.occurred_at)
        };
        Cursor { at, id: row.id.as_uuid() }
    }

    fn is_by_amount(sort: Sort<Column>) -> bool {
        sort.column == Column::Amount
    }
}
