//! The list's question as SQL: each column's `WHERE`, and the order.

use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};

use super::columns::Column;
use super::model::{Delivery, Status};
use crate::auth::MerchantScope;
use crate::db::views::email_payments_list::{self as rows, table};
use crate::db::words::{Words, contains, typed};
use crate::kernel::{Currency, Cursor, ImportId, Key, Lang, OriginatorId, UserId};
use crate::web::list::{
    self, AmountRange, Asked, MinorRange, SEARCH_ANYWHERE_FROM, Sort, TextOperator,
};

/// What is asked about email payments.
pub type Question = list::Question<Column>;

/// Which of the two halves: what may still bring money, and what is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Current,
    Past,
}

impl Group {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Past => "past",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Current, Self::Past].into_iter().find(|group| group.as_str() == word)
    }

    #[must_use]
    pub const fn of(status: Status) -> Self {
        if status.is_current() { Self::Current } else { Self::Past }
    }

    /// The statuses of the group.
    #[must_use]
    pub fn statuses(self) -> Vec<Status> {
        Status::ALL.iter().copied().filter(|status| Self::of(*status) == self).collect()
    }
}

pub type Condition = Box<dyn BoxableExpression<table, Pg, SqlType = Bool>>;

type Nullable = Box<dyn BoxableExpression<table, Pg, SqlType = diesel::sql_types::Nullable<Bool>>>;

/// `column = ANY (…)`, or all but those.
macro_rules! one_of {
    ($column:expr, $values:expr, $is_none_of:expr) => {{
        let values = $values;
        let condition: Condition = if $is_none_of {
            Box::new($column.ne_all(values))
        } else {
            Box::new($column.eq_any(values))
        };
        condition
    }};
}

/// From the first instant that fits to before the first that fits no more.
macro_rules! during {
    ($column:expr, $asked:expr) => {
        match $asked {
            Asked::Days { since: Some(since), until: Some(until), .. } => {
                Some(Box::new($column.ge(*since).and($column.lt(*until))) as _)
            }
            Asked::Days { since: Some(since), until: None, .. } => {
                Some(Box::new($column.ge(*since)) as _)
            }
            Asked::Days { since: None, until: Some(until), .. } => {
                Some(Box::new($column.lt(*until)) as _)
            }
            Asked::Days { since: None, until: None, .. }
            | Asked::Text { .. }
            | Asked::Amount(_)
            | Asked::Choices { .. }
            | Asked::Tab { .. }
            | Asked::Rows(_) => None,
        }
    };
}

/// What a scope lets through.
#[must_use]
pub fn visible(scope: MerchantScope) -> Condition {
    let merchant: Condition = Box::new(rows::merchant_id.eq(scope.merchant_id()));
    match scope.only_created_by() {
        Some(user_id) => Box::new(merchant.and(rows::created_by.eq(user_id))),
        None => merchant,
    }
}

/// The rows that page, count, totals and file agree on. `used` are the currencies that the merchant
/// has payments in: amounts are compared in each one's own minor units.
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
    if question.sort.column == Column::Paid {
        // Only what is paid has a place in this order: the page says so.
        all = Box::new(all.and(rows::paid_at.is_not_null()));
    }
    all
}

/// One column's condition.
fn narrowed(column: Column, asked: &Asked, used: &[Currency]) -> Option<Condition> {
    match column {
        Column::Group => chosen(asked, Group::parse, |groups, is_none_of| {
            let statuses: Vec<Status> = groups.into_iter().flat_map(Group::statuses).collect();
            one_of!(rows::status, statuses, is_none_of)
        }),
        Column::Status => chosen(asked, Status::parse, |statuses, is_none_of| {
            // Turned round here, so that the index on the status serves it.
            let fits = |status: &Status| statuses.contains(status) != is_none_of;
            let statuses: Vec<Status> = Status::ALL.iter().copied().filter(fits).collect();
            one_of!(rows::status, statuses, false)
        }),
        Column::Delivery => chosen(asked, Delivery::parse, |deliveries, is_none_of| {
            if is_none_of {
                Box::new(
                    rows::delivery
                        .is_null()
                        .or(rows::delivery.ne_all(deliveries))
                        .assume_not_null(),
                )
            } else {
                Box::new(rows::delivery.eq_any(deliveries).assume_not_null())
            }
        }),
        Column::Currency => chosen(asked, Currency::parse, |currencies, is_none_of| {
            let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
            one_of!(rows::currency, codes, is_none_of)
        }),
        Column::Language => chosen(asked, Lang::parse, |languages, is_none_of| {
            one_of!(rows::language, languages, is_none_of)
        }),
        Column::Originator => chosen(
            asked,
            |word| word.parse::<OriginatorId>().ok(),
            |ids, is_none_of| one_of!(rows::originator_id, ids, is_none_of),
        ),
        Column::CreatedBy => chosen(
            asked,
            |word| word.parse::<UserId>().ok(),
            |ids, is_none_of| one_of!(rows::created_by, ids, is_none_of),
        ),
        Column::Method => chosen(
            asked,
            |word| Some(word.to_owned()),
            |methods, is_none_of| {
                if is_none_of {
                    Box::new(
                        rows::payment_method
                            .is_null()
                            .or(rows::payment_method.ne_all(methods))
                            .assume_not_null(),
                    )
                } else {
                    Box::new(rows::payment_method.eq_any(methods).assume_not_null())
                }
            },
        ),
        Column::Created => during!(rows::created_at, asked),
        Column::Expires => during!(rows::expires_at, asked),
        Column::Paid => {
            let narrowed: Option<Nullable> = during!(rows::paid_at, asked);
            narrowed.map(|condition| Box::new(condition.assume_not_null()) as Condition)
        }
        Column::Amount => match asked {
            Asked::Amount(range) => Some(amounts(range, used)),
            Asked::Text { .. }
            | Asked::Days { .. }
            | Asked::Choices { .. }
            | Asked::Tab { .. }
            | Asked::Rows(_) => None,
        },
        Column::Import => chosen(asked, |word| word.parse::<ImportId>().ok(), made_from),
        Column::Picked => match asked {
            Asked::Rows(ids) => Some(Box::new(rows::id.eq_any(ids.clone()))),
            Asked::Text { .. }
            | Asked::Days { .. }
            | Asked::Amount(_)
            | Asked::Choices { .. }
            | Asked::Tab { .. } => None,
        },
        Column::Customer => asked.compares(&words("customer_name")),
        Column::Email => asked.compares(&words("customer_email")),
        Column::Order => asked.compares(&words("order_id")),
        Column::Description => asked.compares(&words("description")),
        Column::Opened | Column::Refunded | Column::Attempts | Column::Sends => None,
    }
}

/// Payments that were made from one of some files.
fn made_from(imports: Vec<ImportId>, is_none_of: bool) -> Condition {
    let made = sql::<Bool>(
        "(email_payments_list.merchant_id, email_payments_list.id) IN (SELECT r.merchant_id, r.email_payment_id \
         FROM import_rows r WHERE r.email_payment_id IS NOT NULL AND r.import_id = ANY (",
    )
    .bind::<Array<SqlUuid>, _>(imports)
    .sql("))");
    if is_none_of { Box::new(diesel::dsl::not(made)) } else { Box::new(made) }
}

/// The values of a choice, read once more; the question has refused what can't be read.
fn chosen<T>(
    asked: &Asked,
    parse: impl Fn(&str) -> Option<T>,
    condition: impl FnOnce(Vec<T>, bool) -> Condition,
) -> Option<Condition> {
    match asked {
        Asked::Choices { words, is_none_of } => {
            let values = words.iter().filter_map(|word| parse(word)).collect();
            Some(condition(values, *is_none_of))
        }
        Asked::Tab { word } => Some(condition(parse(word).into_iter().collect(), false)),
        Asked::Text { .. } | Asked::Days { .. } | Asked::Amount(_) | Asked::Rows(_) => None,
    }
}

/// Amounts in minor units, currency by currency where their decimals differ.
fn amounts(range: &AmountRange, used: &[Currency]) -> Condition {
    let mut exponents: Vec<usize> = used.iter().map(|currency| currency.exponent()).collect();
    exponents.sort_unstable();
    exponents.dedup();
    match exponents.as_slice() {
        [] => minor_units(range.minor(Currency::EUR.exponent())),
        [exponent] => minor_units(range.minor(*exponent)),
        several => {
            let mut any: Condition = Box::new(sql::<Bool>("false"));
            for exponent in several {
                let codes: Vec<&str> = used
                    .iter()
                    .filter(|currency| currency.exponent() == *exponent)
                    .map(|currency| currency.code())
                    .collect();
                let these = rows::currency.eq_any(codes).and(minor_units(range.minor(*exponent)));
                any = Box::new(any.or(these));
            }
            any
        }
    }
}

fn minor_units(range: MinorRange) -> Condition {
    let amount = rows::amount_minor;
    match range {
        MinorRange { low: Some(low), high: Some(high), is_outside: true } => {
            Box::new(amount.lt(low).or(amount.gt(high)))
        }
        MinorRange { low: Some(low), high: Some(high), .. } => Box::new(amount.between(low, high)),
        MinorRange { low: Some(low), high: None, .. } => Box::new(amount.ge(low)),
        MinorRange { low: None, high: Some(high), .. } => Box::new(amount.le(high)),
        MinorRange { low: None, high: None, .. } => Box::new(sql::<Bool>("true")),
    }
}

/// The search box: anything of order ID, address, name and description. Below three characters the
/// beginning of an order ID.
fn found(search: &str) -> Condition {
    if search.chars().count() < SEARCH_ANYWHERE_FROM {
        words("order_id").begin(search)
    } else {
        contains(ALL_TEXT, "folded", search)
    }
}

/// Order ID, address, name and description, folded, each in a line of its own: what the trigram
/// index is about.
const ALL_TEXT: &str = "email_payments_list.search_text";

/// A text column, compared row by row; order IDs by an index of theirs where they begin so.
fn words(name: &str) -> Words {
    let words = Words::folded(&format!("email_payments_list.{name}"));
    if name == "order_id" { words.with_index() } else { words }
}

/// The texts of a question that the index of texts may serve, and how they are put to it.
fn indexed(question: &Question) -> impl Iterator<Item = (Condition, Condition)> {
    let search = question.search.iter().map(|text| (found(text), "'%'", text));
    let columns = question.asked.iter().filter_map(|(column, asked)| {
        let Asked::Text { operator, text } = asked else { return None };
        // In the whole text the order ID comes first, each other field after the end of a line.
        let before = match operator {
            TextOperator::Contains => "'%'",
            TextOperator::Starts | TextOperator::Is if *column != Column::Order => "E'%\\n'",
            TextOperator::Starts
            | TextOperator::Is
            | TextOperator::ContainsNot
            | TextOperator::Empty
            | TextOperator::Filled => return None,
        };
        narrowed(*column, asked, &[]).map(|itself| (itself, before, text))
    });
    // Of fewer characters the index knows nothing, and would be read from end to end.
    let has_trigram = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
    search.chain(columns).filter(move |(_, _, text)| has_trigram(text)).map(
        |(itself, before, text)| {
            let like = format!("{ALL_TEXT} LIKE {before} || folded_literally(");
            (itself, typed(&like, text, ") || '%'"))
        },
    )
}

/// The conditions on texts alone, in two ways: row by row, and as the index of texts is asked. `None`
/// where it can't serve any.
#[must_use]
pub fn texts(question: &Question) -> Option<(Condition, Condition)> {
    indexed(question)
        .reduce(|(rows, index), (row, entry)| (Box::new(rows.and(row)), Box::new(index.and(entry))))
}

/// The order of a list, and the place of a row in it.
pub mod order {
    use super::{Column, Cursor, Key, Sort};
    use crate::db::keyset::Keyset;
    use crate::email_payments::queries::ListRow;
    use crate::kernel::Direction;

    /// What the rows are sorted by; each has an index of its own.
    #[derive(Clone, Copy)]
    enum By {
        Created,
        Amount,
        Order,
        Expires,
        Paid,
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other columns are not sortable")]
    const fn by(sort: Sort<Column>) -> By {
        match sort.column {
            Column::Amount => By::Amount,
            Column::Order => By::Order,
            Column::Expires => By::Expires,
            Column::Paid => By::Paid,
            _ => By::Created,
        }
    }

    #[must_use]
    pub const fn keyset<K>(sort: Sort<Column>, direction: &Direction<K>) -> Keyset {
        let column = match by(sort) {
            By::Created => "email_payments_list.created_at",
            By::Amount => "email_payments_list.amount_minor",
            By::Order => "email_payments_list.order_id",
            By::Expires => "email_payments_list.expires_at",
            By::Paid => "email_payments_list.paid_at",
        };
        Keyset::new(column, "email_payments_list.id", sort.is_descending, direction)
    }

    /// Where a row stands.
    #[must_use]
    pub fn place(sort: Sort<Column>, row: &ListRow) -> Cursor<Key> {
        let at = match by(sort) {
            By::Created => Key::Instant(row.created_at),
            By::Amount => Key::Number(row.amount_minor),
            By::Order => Key::Text(row.order_id.clone()),
            By::Expires => Key::Instant(row.expires_at),
            By::Paid => Key::Instant(row.paid_at.unwrap_or(row.created_at)),
        };
        Cursor { at, id: row.id.as_uuid() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::web::Query;
    use crate::web::list::Reader;

    fn read(query: &[(&str, &str)]) -> (Question, crate::web::Faults) {
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        let (lang, zone) = (Lang::En, chrono_tz::Europe::Rome);
        Question::read(&Query(pairs.collect()), &Reader { t: lang.texts(), lang, zone, now })
    }

    #[test]
    fn a_filter_survives_the_url() {
        let query = [
            ("amount_min", "1.830,00"),
            ("currency", "EUR"),
            ("group", "past"),
            ("q", "CB-2026"),
            ("status", "paid"),
            ("status", "failed"),
            ("created_from", "2026-10-25"),
            ("sort", "-created"),
            ("customer_op", "contains"),
        ];
        let (question, faults) = read(&query);
        assert!(faults.is_empty());
        assert_eq!(question.search.as_deref(), Some("CB-2026"));
        let asked: Vec<Column> = question.asked.iter().map(|(column, _)| *column).collect();
        assert_eq!(
            asked,
            [Column::Group, Column::Status, Column::Created, Column::Amount, Column::Currency]
        );
        let words = vec!["paid".to_owned(), "failed".to_owned()];
        assert_eq!(
            question.about(Column::Status),
            Some(&Asked::Choices { words, is_none_of: false })
        );
        let Some(Asked::Amount(range)) = question.about(Column::Amount) else {
            panic!("the amount was not read");
        };
        let minor = MinorRange { low: Some(183_000), high: None, is_outside: false };
        assert_eq!(range.minor(2), minor);
        let Some(Asked::Days { since, until, .. }) = question.about(Column::Created) else {
            panic!("the day was not read");
        };
        // Midnight in Rome, still summer time.
        assert_eq!(*since, Some("2026-10-24T22:00:00Z".parse().unwrap()));
        assert_eq!(*until, None);

        assert_eq!(
            question.url("/list", &[]),
            "/list?q=CB-2026&group=past&status=paid&status=failed&created_from=2026-10-25&amount_min=1.830%2C00&currency=EUR"
        );
        assert_eq!(
            question.url("/list", &[("status", None)]),
            "/list?q=CB-2026&group=past&created_from=2026-10-25&amount_min=1.830%2C00&currency=EUR"
        );
        let without = ["q", "group", "status", "created_from", "amount_min", "currency"];
        assert_eq!(question.url("/list", &without.map(|name| (name, None))), "/list");
    }

    #[test]
    fn what_cant_be_read_is_told_and_narrows_nothing() {
        let (question, faults) = read(&[
            ("status", "nonsense"),
            ("created_to", "31/12/2026"),
            ("amount_max", "12x"),
            ("customer", "ab"),
            ("expires_within", "0"),
            ("sort", "customer"),
            ("after", "?"),
            ("size", "7"),
        ]);
        assert_eq!(faults.count(), 8);
        assert!(!question.is_narrowed());
        // Nothing that was typed is lost.
        assert_eq!(question.typed("amount_max"), "12x");
    }
}
