//! A list's question as SQL: whose tickets, each column's `WHERE`, and the order.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::columns::{Column, NOBODY};
use super::model::{Category, Priority, Ticket, TicketState, Visibility};
use crate::auth::{MerchantRole, MerchantScope, SupportScope};
use crate::db::Tenants;
use crate::db::keyset::Keyset;
use crate::db::schema::tickets::{self as rows, table};
use crate::db::words::{Words, typed};
use crate::kernel::{Cursor, Direction, Key, PageSize, UserId};
use crate::web::list::{self, Asked, Question, TextOperator};

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
    pub search: Option<String>,
    pub asked: Vec<(Column, Asked)>,
    /// Whose name fits, of the columns that are asked by name: looked up before. Postgres then knows
    /// how many they are, and picks the index by it.
    pub named: Vec<(Column, Vec<Uuid>)>,
    /// What the search box of support's queue finds: looked up before, too.
    pub found: Option<Found>,
    column: Column,
    is_descending: bool,
    pub size: PageSize,
    pub direction: Direction<Key>,
}

impl Wanted {
    pub fn of<C: list::Column>(question: &Question<C>, column: impl Fn(C) -> Column) -> Self {
        let asked = question.asked.iter().map(|(of, asked)| (column(*of), asked.clone()));
        Self {
            search: question.search.clone(),
            asked: asked.collect(),
            named: Vec::new(),
            found: None,
            column: column(question.sort.column),
            is_descending: question.sort.is_descending,
            size: question.size,
            direction: question.direction.clone().unwrap_or(Direction::Newest),
        }
    }

    /// The order of the list.
    #[must_use]
    pub const fn keyset(&self) -> Keyset {
        Keyset::new(sorted_by(self.column), "tickets.id", self.is_descending, &self.direction)
    }

    /// Everything that narrows the list.
    #[must_use]
    pub fn condition(&self, sight: Sight) -> Condition {
        let mut all = sight.condition();
        if let Some(search) = &self.search {
            all = Box::new(all.and(found(search, self.found.as_ref())));
        }
        for (column, asked) in &self.asked {
            if let Some(narrowed) = self.narrowed(*column, asked) {
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

/// What a search in all tickets has found.
#[derive(Clone, Debug)]
pub enum Found {
    /// These: merchants and tickets, pair by pair.
    Few(Vec<Uuid>, Vec<Uuid>),
    /// So many that reading in the list's order soon meets enough of them.
    Many,
}

/// A number that is searched for, with or without its sign.
#[must_use]
pub fn searched_number(search: &str) -> Option<i64> {
    search.trim_start_matches('#').parse().ok()
}

/// The search box: a ticket's number, or anything of its subject.
fn found(search: &str, found: Option<&Found>) -> Condition {
    match (searched_number(search), found) {
        (Some(number), _) => Box::new(rows::number.eq(number)),
        (None, Some(Found::Few(merchants, ids))) => Box::new(
            sql::<Bool>("(tickets.merchant_id, tickets.id) IN (SELECT * FROM unnest(")
                .bind::<Array<SqlUuid>, _>(merchants.clone())
                .sql(", ")
                .bind::<Array<SqlUuid>, _>(ids.clone())
                .sql("))"),
        ),
        (None, Some(Found::Many) | None) => subject().contain(search),
    }
}

fn subject() -> Words {
    Words::folded("tickets.subject")
}

/// One of some words. A single one is compared as such: only then its index gives the list's order.
fn one_of(column: &str, words: &[&'static str]) -> Condition {
    if let [one] = words {
        return typed(&format!("{column} = "), one, "");
    }
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let start = sql::<Bool>(&format!("{column} = ANY ("));
    Box::new(start.bind::<Array<Text>, _>(words).sql(")"))
}

/// The same of ids.
fn one_of_ids(column: &str, ids: &[Uuid]) -> Condition {
    if let [one] = ids {
        return Box::new(sql::<Bool>(&format!("{column} = ")).bind::<SqlUuid, _>(*one));
    }
    let start = sql::<Bool>(&format!("{column} = ANY ("));
    Box::new(start.bind::<Array<SqlUuid>, _>(ids.to_vec()).sql(")"))
}

impl Wanted {
    fn narrowed(&self, column: Column, asked: &Asked) -> Option<Condition> {
        narrowed(column, asked, || {
            self.named.iter().find(|(of, _)| *of == column).map(|(_, ids)| ids.as_slice())
        })
    }
}

fn narrowed<'a>(
    column: Column,
    asked: &Asked,
    named: impl FnOnce() -> Option<&'a [Uuid]>,
) -> Option<Condition> {
    match column {
        Column::State => chosen(asked, TicketState::parse, |all| {
            let words: Vec<_> = all.iter().map(|one| one.as_str()).collect();
            let these = one_of("tickets.state", &words);
            // Where support owes nothing, the deadline is at the far end. Said as a range, it lets every
            // index in the order of deadlines begin, or end, there.
            let owed = all.iter().filter(|state| state.is_owed()).count();
            if owed == 0 {
                Box::new(these.and(sql::<Bool>("tickets.due_at >= '2200-01-01 00:00:00+00'")))
            } else if owed < all.len() {
                these
            } else {
                let range = sql::<Bool>("tickets.due_at < '2200-01-01 00:00:00+00'");
                let is_all = TicketState::OWED.iter().all(|state| all.contains(state));
                if is_all { Box::new(range) } else { Box::new(these.and(range)) }
            }
        }),
        Column::Priority => chosen(asked, Priority::parse, |all| {
            one_of("tickets.priority", &all.iter().map(|one| one.as_str()).collect::<Vec<_>>())
        }),
        Column::Category => chosen(asked, Category::parse, |all| {
            one_of("tickets.category", &all.iter().map(|one| one.as_str()).collect::<Vec<_>>())
        }),
        Column::Assignee => chosen(
            asked,
            |word| Some(word.to_owned()),
            |words| {
                let people: Vec<Uuid> = words.iter().filter_map(|word| word.parse().ok()).collect();
                let has_nobody = words.iter().any(|word| word == NOBODY);
                let nobodys: Condition = Box::new(rows::assignee_id.is_null());
                // In both cases never unknown, so that its contrary is right.
                match (people.is_empty(), has_nobody) {
                    (true, _) => nobodys,
                    (false, true) => {
                        let theirs = rows::assignee_id
                            .is_not_null()
                            .and(one_of_ids("tickets.assignee_id", &people));
                        Box::new(theirs.or(nobodys))
                    }
                    (false, false) => Box::new(
                        rows::assignee_id
                            .is_not_null()
                            .and(one_of_ids("tickets.assignee_id", &people)),
                    ),
                }
            },
        ),
        Column::Subject => asked.compares(&subject()),
        Column::Author => of_named(asked, "tickets.author_id", named()),
        Column::Merchant => of_named(asked, "tickets.merchant_id", named()),
        Column::Created => days(asked, "tickets.created_at"),
        Column::Answered => days(asked, "tickets.answered_at"),
        Column::Due => days(asked, "tickets.due_at"),
    }
}

/// Names that fit, as SQL around what was typed; `None`: nothing is asked of names.
#[must_use]
pub const fn fitting(operator: TextOperator) -> Option<(&'static str, &'static str)> {
    match operator {
        TextOperator::Contains | TextOperator::ContainsNot => {
            Some(("strpos(folded(n.name), folded(", ")) > 0"))
        }
        TextOperator::Starts => Some(("folded(n.name) LIKE folded_literally(", ") || '%'")),
        TextOperator::Is => Some(("folded(n.name) = folded(", ")")),
        // Everybody has a name.
        TextOperator::Empty | TextOperator::Filled => None,
    }
}

/// Tickets of somebody whose name fits: of those that were looked up.
fn of_named(asked: &Asked, column: &str, ids: Option<&[Uuid]>) -> Option<Condition> {
    let Asked::Text { operator, .. } = asked else { return None };
    let theirs = || one_of_ids(column, ids.unwrap_or_default());
    match operator {
        TextOperator::Contains | TextOperator::Starts | TextOperator::Is => Some(theirs()),
        TextOperator::ContainsNot => Some(Box::new(diesel::dsl::not(theirs()))),
        TextOperator::Empty => Some(Box::new(sql::<Bool>("false"))),
        TextOperator::Filled => None,
    }
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

/// A ticket's number as it stands in an address.
#[must_use]
pub fn numbered(number: i64) -> Condition {
    Box::new(sql::<Bool>("tickets.number = ").bind::<BigInt, _>(number))
}
