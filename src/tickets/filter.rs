//! A list's question as SQL: whose tickets, each column's `WHERE`, and the order.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::{BoxableExpression, SqlLiteral};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz, Untyped, Uuid as SqlUuid};

use super::columns::{Column, NOBODY};
use super::model::{Category, Priority, Ticket, TicketState, Visibility};
use crate::auth::{MerchantRole, MerchantScope, SupportScope};
use crate::db::Tenants;
use crate::db::schema::tickets::{self as rows, table};
use crate::kernel::{Cursor, Direction, Key, PageSize, UserId};
use crate::web::list::{self, Asked, Question, SEARCH_ANYWHERE_FROM, TextOperator};

pub type Condition = Box<dyn BoxableExpression<table, Pg, SqlType = Bool>>;

/// Somebody of a merchant who looks at tickets.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    pub scope: MerchantScope,
    pub user_id: UserId,
    pub role: MerchantRole,
}

/// Whose eyes: they decide which tickets there are.
#[derive(Clone, Copy, Debug)]
pub enum Sight {
    Merchant(Asker),
    /// Who looks after the merchant: what is not support's alone.
    Manager(MerchantScope),
    Support(SupportScope),
}

impl Sight {
    /// Whether it is the platform that looks, and answers.
    #[must_use]
    pub const fn is_platform(self) -> bool {
        matches!(self, Self::Manager(_) | Self::Support(_))
    }

    /// For lists.
    #[must_use]
    pub fn tenants(self) -> Tenants {
        match self {
            Self::Merchant(asker) => asker.scope.tenants(),
            Self::Manager(scope) => scope.tenants(),
            Self::Support(scope) => scope.tenants(),
        }
    }

    /// The tickets that there are for them: one's own, those that one watches, and those of the whole
    /// merchant that one's role sees.
    #[must_use]
    pub fn condition(self) -> Condition {
        match self {
            Self::Support(_) => Box::new(sql::<Bool>("true")),
            Self::Manager(scope) => {
                let theirs = rows::visibility
                    .eq(Visibility::Company)
                    .or(rows::category.eq(Category::SuccessManager));
                Box::new(rows::merchant_id.eq(scope.merchant_id()).and(theirs))
            }
            Self::Merchant(Asker { scope, user_id, role }) => {
                let seen = Category::seen_by(role).iter().map(|one| one.as_str().to_owned());
                let seen: Vec<String> = seen.collect();
                let theirs = sql::<Bool>("(tickets.author_id = ")
                    .bind::<SqlUuid, _>(user_id)
                    .sql(" OR (tickets.visibility = 'company' AND tickets.category = ANY (")
                    .bind::<Array<Text>, _>(seen)
                    .sql(
                        ")) OR EXISTS (SELECT 1 FROM ticket_watchers w WHERE w.merchant_id = tickets.merchant_id \
                         AND w.ticket_id = tickets.id AND w.user_id = ",
                    )
                    .bind::<SqlUuid, _>(user_id)
                    .sql("))");
                Box::new(rows::merchant_id.eq(scope.merchant_id()).and(theirs))
            }
        }
    }
}

/// What is asked of either list.
#[derive(Clone, Debug)]
pub struct Wanted {
    search: Option<String>,
    asked: Vec<(Column, Asked)>,
    column: Column,
    is_descending: bool,
    pub size: PageSize,
    pub direction: Direction<Key>,
}

impl Wanted {
    /// A place of another order, from an address that was put together by hand, is the top.
    pub fn of<C: list::Column>(question: &Question<C>, column: impl Fn(C) -> Column) -> Self {
        let asked = question.asked.iter().map(|(of, asked)| (column(*of), asked.clone()));
        let direction = question.direction.clone().unwrap_or(Direction::Newest);
        let is_foreign = matches!(
            &direction,
            Direction::After(Cursor { at, .. }) | Direction::Before(Cursor { at, .. })
                if !matches!(at, Key::Instant(_))
        );
        Self {
            search: question.search.clone(),
            asked: asked.collect(),
            column: column(question.sort.column),
            is_descending: question.sort.is_descending,
            size: question.size,
            direction: if is_foreign { Direction::Newest } else { direction },
        }
    }

    /// Whether the rows are read with the largest first.
    #[must_use]
    pub fn is_falling(&self) -> bool {
        let is_backwards = matches!(self.direction, Direction::Before(_) | Direction::Oldest);
        self.is_descending != is_backwards
    }

    const fn sorted_by(&self) -> &'static str {
        sorted_by(self.column)
    }

    /// Made of words of ours.
    pub fn order(&self) -> SqlLiteral<Untyped> {
        let (column, way) = (self.sorted_by(), if self.is_falling() { "DESC" } else { "ASC" });
        sql(&format!("{column} {way}, tickets.id {way}"))
    }

    /// Rows beyond the place that is asked for. A comparison of pairs: the index goes straight there.
    #[must_use]
    pub fn beyond(&self) -> Option<Condition> {
        let (Direction::After(cursor) | Direction::Before(cursor)) = &self.direction else {
            return None;
        };
        let Key::Instant(at) = cursor.at else { return None };
        let sign = if self.is_falling() { "<" } else { ">" };
        let pair = sql::<Bool>(&format!("({}, tickets.id) {sign} (", self.sorted_by()));
        Some(Box::new(
            pair.bind::<Timestamptz, _>(at).sql(", ").bind::<SqlUuid, _>(cursor.id).sql(")"),
        ))
    }

    /// Everything that narrows the list.
    #[must_use]
    pub fn condition(&self, sight: Sight) -> Condition {
        let mut all = sight.condition();
        if let Some(search) = &self.search {
            all = Box::new(all.and(found(search, sight)));
        }
        for (column, asked) in &self.asked {
            if let Some(narrowed) = narrowed(*column, asked) {
                all = Box::new(all.and(narrowed));
            }
        }
        all
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other columns are not sortable")]
const fn sorted_by(column: Column) -> &'static str {
    match column {
        Column::Created => "tickets.created_at",
        Column::Due => "tickets.due_at",
        _ => "tickets.answered_at",
    }
}

/// Where a row stands.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "the other columns are not sortable")]
pub fn place(column: Column, ticket: &Ticket) -> Cursor<Key> {
    let at = match column {
        Column::Created => ticket.created_at,
        Column::Due => ticket.due_at,
        _ => ticket.answered_at,
    };
    Cursor { at: Key::Instant(at), id: ticket.id.as_uuid() }
}

/// The search box: a ticket's number, or anything of its subject.
fn found(search: &str, sight: Sight) -> Condition {
    let digits = search.trim_start_matches('#');
    if let Ok(number) = digits.parse::<i64>() {
        return Box::new(rows::number.eq(number));
    }
    let is_long = search.chars().count() >= SEARCH_ANYWHERE_FROM;
    match sight {
        Sight::Support(_) if is_long => compared(
            "tickets.id IN (SELECT tickets_search('%' || folded_literally(",
            search,
            ") || '%'))",
        ),
        Sight::Support(_) | Sight::Manager(_) | Sight::Merchant(_) => {
            contains("tickets.subject", search)
        }
    }
}

fn narrowed(column: Column, asked: &Asked) -> Option<Condition> {
    match column {
        Column::State => chosen(asked, TicketState::parse, |all| Box::new(rows::state.eq_any(all))),
        Column::Priority => {
            chosen(asked, Priority::parse, |all| Box::new(rows::priority.eq_any(all)))
        }
        Column::Category => {
            chosen(asked, Category::parse, |all| Box::new(rows::category.eq_any(all)))
        }
        Column::Assignee => chosen(
            asked,
            |word| Some(word.to_owned()),
            |words| {
                let people: Vec<UserId> =
                    words.iter().filter_map(|word| word.parse().ok()).collect();
                let one: Condition = Box::new(rows::assignee_id.eq_any(people).assume_not_null());
                let is_any = rows::assignee_id.is_not_null();
                let these: Condition = Box::new(is_any.and(one));
                if words.iter().any(|word| word == NOBODY) {
                    Box::new(these.or(rows::assignee_id.is_null()))
                } else {
                    these
                }
            },
        ),
        Column::Subject => worded(asked, "tickets.subject"),
        Column::Author => named(asked, "author_id", "users"),
        Column::Merchant => named(asked, "merchant_id", "merchants"),
        Column::Created => days(asked, "tickets.created_at"),
        Column::Answered => days(asked, "tickets.answered_at"),
        Column::Due => days(asked, "tickets.due_at"),
    }
}

/// Tickets of somebody whose name fits.
fn named(asked: &Asked, column: &str, of: &str) -> Option<Condition> {
    let Asked::Text { operator, text } = asked else { return None };
    let (is_not, before, after) = match operator {
        TextOperator::Contains => ("", "strpos(folded(n.name), folded(", ")) > 0"),
        TextOperator::ContainsNot => ("NOT", "strpos(folded(n.name), folded(", ")) > 0"),
        TextOperator::Starts => ("", "folded(n.name) LIKE folded_literally(", ") || '%'"),
        TextOperator::Is => ("", "folded(n.name) = folded(", ")"),
        // Everybody has a name.
        TextOperator::Empty => return Some(Box::new(sql::<Bool>("false"))),
        TextOperator::Filled => return None,
    };
    let start = format!("tickets.{column} {is_not} IN (SELECT n.id FROM {of} n WHERE {before}");
    Some(compared(&start, text, &format!("{after})")))
}

/// An instant between two days.
fn days(asked: &Asked, column: &str) -> Option<Condition> {
    let Asked::Days { since, until, .. } = asked else { return None };
    let compared = |sign: &str, at: DateTime<Utc>| -> Condition {
        Box::new(sql::<Bool>(&format!("{column} {sign} ")).bind::<Timestamptz, _>(at))
    };
    match (since, until) {
        (Some(since), Some(until)) => {
            Some(Box::new(compared(">=", *since).and(compared("<", *until))))
        }
        (Some(since), None) => Some(compared(">=", *since)),
        (None, Some(until)) => Some(compared("<", *until)),
        (None, None) => None,
    }
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

/// A text column; case and accents make no difference.
fn worded(asked: &Asked, column: &str) -> Option<Condition> {
    let Asked::Text { operator, text } = asked else { return None };
    let folded = format!("folded({column})");
    Some(match operator {
        TextOperator::Contains => contains(column, text),
        TextOperator::Starts => {
            compared(&format!("{folded} LIKE folded_literally("), text, ") || '%'")
        }
        TextOperator::Is => compared(&format!("{folded} = folded("), text, ")"),
        TextOperator::ContainsNot => Box::new(diesel::dsl::not(contains(column, text))),
        TextOperator::Empty => Box::new(sql::<Bool>(&format!("{column} = ''"))),
        TextOperator::Filled => Box::new(sql::<Bool>(&format!("{column} <> ''"))),
    })
}

fn contains(column: &str, text: &str) -> Condition {
    compared(&format!("strpos(folded({column}), folded("), text, ")) > 0")
}

/// Every text but the typed one is ours.
fn compared(before: &str, text: &str, after: &str) -> Condition {
    Box::new(sql::<Bool>(before).bind::<Text, _>(text.to_owned()).sql(after))
}

/// A ticket's number as it stands in an address.
#[must_use]
pub fn numbered(number: i64) -> Condition {
    Box::new(sql::<Bool>("tickets.number = ").bind::<BigInt, _>(number))
}
