//! Reads. Lists and single tickets take a [`Sight`]; what belongs to one ticket takes the ticket, which
//! only a sight gives. Notes take the scope of support.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::columns::{Column, Names};
use super::filter::{Asker, Condition, Found, Sight, Wanted, fitting, numbered, searched_number};
use super::model::{Category, Ticket, TicketState, Visibility};
use crate::auth::{MerchantRole, StaffRole, SupportScope};
use crate::db;
use crate::db::schema::{
    canned_answers, memberships, merchants, success_manager_assignments, ticket_files,
    ticket_messages, ticket_notes, ticket_states, ticket_watchers, tickets, users,
};
use crate::kernel::{
    CannedAnswerId, Error, Lang, MerchantId, TicketFileId, TicketId, TicketMessageId, UserId,
};
use crate::web::list::{Asked, SEARCH_ANYWHERE_FROM, Slice};
use crate::web::ui::COUNTED_MAX;

/// What one row of a list shows.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub ticket: Ticket,
    pub author: String,
    pub merchant: String,
    pub assignee: Option<String>,
}

/// Above this many matches the count is not exact: ten thousand rows of a million tickets lie on as many
/// pages of the table.
pub const COUNT_MAX: i64 = 1_000;

const AUTHOR: &str = "(SELECT u.name FROM users u WHERE u.id = tickets.author_id)";
const ASSIGNEE: &str = "(SELECT u.name FROM users u WHERE u.id = tickets.assignee_id)";
const MERCHANT: &str = "(SELECT m.name FROM merchants m WHERE m.id = tickets.merchant_id)";

/// Tickets that a search gives as such; where there are more of them, the list is read in its order.
/// As many as are counted: who only searches needs no count.
const FOUND_MAX: i32 = 1_000;

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    ticket_id: Uuid,
}

/// Looks up what a question names: people, merchants, and what the queue's search box finds.
pub fn looked_up(
    conn: &mut PgConnection,
    sight: Sight,
    mut wanted: Wanted,
) -> Result<Wanted, Error> {
    for (column, asked) in &wanted.asked {
        let table = match column {
            Column::Author => "users",
            Column::Merchant => "merchants",
            Column::Subject
            | Column::State
            | Column::Priority
            | Column::Category
            | Column::Created
            | Column::Answered
            | Column::Due
            | Column::Assignee => continue,
        };
        let Asked::Text { operator, text } = asked else { continue };
        let Some((before, after)) = fitting(*operator) else { continue };
        let ids: Vec<Named> =
            sql_query(format!("SELECT n.id FROM {table} n WHERE {before}$1{after}"))
                .bind::<Text, _>(text)
                .load(conn)?;
        wanted.named.push((*column, ids.into_iter().map(|one| one.id).collect()));
    }
    if let (Some(search), Sight::Support(_)) = (&wanted.search, sight)
        && searched_number(search).is_none()
        && search.chars().count() >= SEARCH_ANYWHERE_FROM
    {
        let pairs: Vec<Pair> = sql_query(
            "SELECT merchant_id, ticket_id FROM tickets_found('%' || folded_literally($1) || '%', $2)",
        )
        .bind::<Text, _>(search)
        .bind::<Integer, _>(FOUND_MAX + 1)
        .load(conn)?;
        let are_many = i32::try_from(pairs.len()).map_or(true, |found| found > FOUND_MAX);
        wanted.found = Some(if are_many {
            Found::Many
        } else {
            let (merchants, ids) =
                pairs.into_iter().map(|pair| (pair.merchant_id, pair.ticket_id)).unzip();
            Found::Few(merchants, ids)
        });
    }
    Ok(wanted)
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// One page of a list.
pub fn list(
    conn: &mut PgConnection,
    sight: Sight,
    wanted: &Wanted,
) -> Result<Slice<ListRow>, Error> {
    let (rows_max, keyset) = (wanted.size.rows(), wanted.keyset());
    let mut query = tickets::table
        .filter(wanted.condition(sight))
        .select((
            Ticket::as_select(),
            sql::<Text>(AUTHOR),
            sql::<Text>(MERCHANT),
            sql::<Nullable<Text>>(ASSIGNEE),
        ))
        .order(keyset.order())
        .limit(i64::try_from(rows_max + 1).map_err(Error::internal)?)
        .into_boxed();
    if let Some(beyond) = keyset.beyond(&wanted.direction) {
        query = query.filter::<Condition>(beyond);
    }
    let rows: Vec<(Ticket, String, String, Option<String>)> = query.load(conn)?;
    Ok(Slice::cut(rows.into_iter().map(row).collect(), rows_max, &wanted.direction))
}

fn row((ticket, author, merchant, assignee): (Ticket, String, String, Option<String>)) -> ListRow {
    ListRow { ticket, author, merchant, assignee }
}

/// How many rows fit, counted up to one more than [`COUNT_MAX`].
pub fn count(conn: &mut PgConnection, sight: Sight, wanted: &Wanted) -> Result<i64, Error> {
    if wanted.asked.is_empty()
        && let Some(found) = &wanted.found
    {
        return match found {
            Found::Few(_, ids) => i64::try_from(ids.len()).map_err(Error::internal),
            Found::Many => Ok(i64::from(FOUND_MAX) + 1),
        };
    }
    let matching =
        tickets::table.filter(wanted.condition(sight)).select(tickets::id).limit(COUNT_MAX + 1);
    Ok(db::count::rows(matching, conn)?)
}

/// One ticket of a merchant, by its number.
///
/// # Errors
/// [`Error::NotFound`]: there is none, or not for these eyes.
pub fn get(
    conn: &mut PgConnection,
    sight: Sight,
    merchant_id: MerchantId,
    number: i64,
) -> Result<Ticket, Error> {
    Ok(tickets::table
        .filter(tickets::merchant_id.eq(merchant_id))
        .filter(numbered(number))
        .filter(sight.condition())
        .select(Ticket::as_select())
        .first(conn)?)
}

/// The same under its row's lock.
pub fn lock(
    conn: &mut PgConnection,
    sight: Sight,
    merchant_id: MerchantId,
    number: i64,
) -> Result<Ticket, Error> {
    let id = get(conn, sight, merchant_id, number)?.id;
    lock_by_id(conn, merchant_id, id)
}

/// A ticket that was found, under its row's lock.
pub fn lock_by_id(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: TicketId,
) -> Result<Ticket, Error> {
    Ok(tickets::table
        .find((merchant_id, id))
        .select(Ticket::as_select())
        .for_no_key_update()
        .first(conn)?)
}

/// What was said, by whom.
#[derive(Clone, Debug, Queryable)]
pub struct MessageRow {
    pub id: TicketMessageId,
    pub author: String,
    pub by_support: bool,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// The thread, oldest first.
pub fn messages(conn: &mut PgConnection, ticket: &Ticket) -> Result<Vec<MessageRow>, Error> {
    Ok(ticket_messages::table
        .inner_join(users::table)
        .filter(ticket_messages::merchant_id.eq(ticket.merchant_id))
        .filter(ticket_messages::ticket_id.eq(ticket.id))
        .order(ticket_messages::id)
        .select((
            ticket_messages::id,
            users::name,
            ticket_messages::by_support,
            ticket_messages::text,
            ticket_messages::at,
        ))
        .load(conn)?)
}

/// A note of support's. It has a type of its own, so that it can't be taken for a message.
#[derive(Clone, Debug, Queryable)]
pub struct NoteRow {
    pub author: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// The notes about a ticket, oldest first.
pub fn notes(
    conn: &mut PgConnection,
    _: SupportScope,
    ticket: &Ticket,
) -> Result<Vec<NoteRow>, Error> {
    Ok(ticket_notes::table
        .inner_join(users::table)
        .filter(ticket_notes::merchant_id.eq(ticket.merchant_id))
        .filter(ticket_notes::ticket_id.eq(ticket.id))
        .order(ticket_notes::id)
        .select((users::name, ticket_notes::text, ticket_notes::at))
        .load(conn)?)
}

/// A state that a ticket came into.
#[derive(Clone, Debug, Queryable)]
pub struct StateRow {
    pub state: TicketState,
    /// Null: the clock.
    pub user_name: Option<String>,
    pub at: DateTime<Utc>,
}

/// The states of a ticket, oldest first.
pub fn states(conn: &mut PgConnection, ticket: &Ticket) -> Result<Vec<StateRow>, Error> {
    Ok(ticket_states::table
        .left_join(users::table)
        .filter(ticket_states::merchant_id.eq(ticket.merchant_id))
        .filter(ticket_states::ticket_id.eq(ticket.id))
        .order(ticket_states::id)
        .select((ticket_states::state, users::name.nullable(), ticket_states::at))
        .load(conn)?)
}

/// A file of a message.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = ticket_files)]
pub struct FileRow {
    pub id: TicketFileId,
    pub message_id: TicketMessageId,
    pub name: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
}

pub fn files(conn: &mut PgConnection, ticket: &Ticket) -> Result<Vec<FileRow>, Error> {
    Ok(ticket_files::table
        .filter(ticket_files::merchant_id.eq(ticket.merchant_id))
        .filter(ticket_files::ticket_id.eq(ticket.id))
        .order(ticket_files::name)
        .select(FileRow::as_select())
        .load(conn)?)
}

/// # Errors
/// [`Error::NotFound`]: not a file of this ticket.
pub fn file(conn: &mut PgConnection, ticket: &Ticket, id: TicketFileId) -> Result<FileRow, Error> {
    Ok(ticket_files::table
        .find((ticket.merchant_id, id))
        .filter(ticket_files::ticket_id.eq(ticket.id))
        .select(FileRow::as_select())
        .first(conn)?)
}

/// What a person is called.
pub fn user_name(conn: &mut PgConnection, id: UserId) -> Result<String, Error> {
    Ok(users::table.find(id).select(users::name).first(conn)?)
}

/// What a merchant is called, and the language of its letters.
pub fn merchant(conn: &mut PgConnection, id: MerchantId) -> Result<(String, Lang), Error> {
    let found = merchants::table.find(id).select((merchants::name, merchants::language));
    Ok(found.first(conn)?)
}

/// Who watches a ticket, by name.
pub fn watchers(conn: &mut PgConnection, ticket: &Ticket) -> Result<Vec<(UserId, String)>, Error> {
    Ok(ticket_watchers::table
        .inner_join(users::table)
        .filter(ticket_watchers::merchant_id.eq(ticket.merchant_id))
        .filter(ticket_watchers::ticket_id.eq(ticket.id))
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(conn)?)
}

/// The merchant's people, by name.
pub fn team(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
) -> Result<Vec<(UserId, String)>, Error> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(merchant_id))
        .filter(users::is_active)
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(conn)?)
}

/// The people of support, by name.
pub fn support_team(conn: &mut PgConnection) -> Result<Vec<(UserId, String)>, Error> {
    Ok(users::table
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::Support.as_str()))
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(conn)?)
}

pub fn names(conn: &mut PgConnection, sight: Sight) -> Result<Names, Error> {
    Ok(match sight {
        Sight::Merchant(_) | Sight::Manager(_) => Names::default(),
        Sight::Support(_) => Names { support: support_team(conn)? },
    })
}

/// Whether there is any ticket for these eyes.
pub fn has_any(conn: &mut PgConnection, sight: Sight) -> Result<bool, Error> {
    let any = tickets::table.filter(sight.condition()).select(tickets::id).limit(1);
    Ok(any.first::<TicketId>(conn).optional()?.is_some())
}

/// The number of the ticket that one goes on from, and of those that go on from it, for these eyes.
pub fn chain(
    conn: &mut PgConnection,
    sight: Sight,
    ticket: &Ticket,
) -> Result<(Option<i64>, Vec<i64>), Error> {
    let seen = || {
        let of_merchant = tickets::table.filter(tickets::merchant_id.eq(ticket.merchant_id));
        of_merchant.filter(sight.condition()).select(tickets::number)
    };
    let before = match ticket.follows {
        Some(id) => seen().filter(tickets::id.eq(id)).first(conn).optional()?,
        None => None,
    };
    let after = seen().filter(tickets::follows.eq(ticket.id)).order(tickets::number).load(conn)?;
    Ok((before, after))
}

/// A closed ticket to go on from.
pub fn closed(conn: &mut PgConnection, asker: Asker, number: i64) -> Result<Option<Ticket>, Error> {
    match get(conn, Sight::Merchant(asker), asker.scope.merchant_id(), number) {
        Ok(ticket) if ticket.state == TicketState::Closed => Ok(Some(ticket)),
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An answer that support gives often.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = canned_answers)]
pub struct CannedAnswer {
    pub id: CannedAnswerId,
    pub language: Lang,
    pub title: String,
    pub text: String,
}

/// All of them, by language and title; or those of one language.
pub fn canned_answers(
    conn: &mut PgConnection,
    _: SupportScope,
    language: Option<Lang>,
) -> Result<Vec<CannedAnswer>, Error> {
    let mut query = canned_answers::table
        .order((canned_answers::language, canned_answers::title))
        .select(CannedAnswer::as_select())
        .into_boxed();
    if let Some(language) = language {
        query = query.filter(canned_answers::language.eq(language));
    }
    Ok(query.load(conn)?)
}

pub fn canned_answer(
    conn: &mut PgConnection,
    _: SupportScope,
    id: CannedAnswerId,
) -> Result<CannedAnswer, Error> {
    Ok(canned_answers::table.find(id).select(CannedAnswer::as_select()).first(conn)?)
}

/// From where somebody hears of a message: each has an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Merchant,
    Support,
    /// The merchant's success manager.
    Manager,
    /// A success manager who could take over the merchant, which has none.
    Candidate,
}

/// Somebody who hears of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearer {
    pub user_id: UserId,
    pub email: String,
    /// The one they have chosen.
    pub language: Option<Lang>,
    pub side: Side,
}

/// Who, their address, and their language.
type Person = (UserId, String, Option<Lang>);

/// People of the platform who hear of what nobody has taken, at most.
const TOLD_MAX: i64 = 50;

/// Who hears of a message: the other side, and those of one's own who follow the ticket. Only who is
/// of the merchant's team, or of support, now.
pub fn hearers(
    conn: &mut PgConnection,
    ticket: &Ticket,
    author_id: UserId,
    by_support: bool,
) -> Result<Vec<Hearer>, Error> {
    let follows = sql::<Bool>(
        "memberships.user_id IN (SELECT w.user_id FROM ticket_watchers w WHERE w.merchant_id = ",
    )
    .bind::<diesel::sql_types::Uuid, _>(ticket.merchant_id)
    .sql(" AND w.ticket_id = ")
    .bind::<diesel::sql_types::Uuid, _>(ticket.id)
    .sql(")");
    // Who asks for a right, asks those who give it.
    let is_for_owners = !by_support
        && ticket.category == Category::Access
        && ticket.visibility == Visibility::Company;
    let gives_it =
        memberships::role.eq(MerchantRole::Owner.as_str()).and(is_for_owners.into_sql::<Bool>());
    let merchants: Vec<Person> = memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(ticket.merchant_id))
        .filter(users::is_active)
        .filter(users::id.ne(author_id))
        .filter(users::id.eq(ticket.author_id).or(follows).or(gives_it))
        .order(users::id)
        .select((users::id, users::email, users::language))
        .load(conn)?;
    let hearer =
        |side| move |(user_id, email, language): Person| Hearer { user_id, email, language, side };
    let mut all: Vec<Hearer> = merchants.into_iter().map(hearer(Side::Merchant)).collect();
    if !by_support && ticket.category == Category::SuccessManager {
        let (side, managers) = success_managers(conn, ticket)?;
        all.extend(managers.into_iter().map(hearer(side)));
    }
    if !by_support {
        let mut support = users::table
            .filter(users::is_active)
            .filter(users::staff_role.eq(StaffRole::Support.as_str()))
            .order(users::id)
            .limit(TOLD_MAX)
            .select((users::id, users::email, users::language))
            .into_boxed();
        if let Some(assignee_id) = ticket.assignee_id {
            support = support.filter(users::id.eq(assignee_id));
        }
        all.extend(support.load::<Person>(conn)?.into_iter().map(hearer(Side::Support)));
    }
    Ok(all)
}

/// The merchant's success managers; where it has none, those who could be.
fn success_managers(
    conn: &mut PgConnection,
    ticket: &Ticket,
) -> Result<(Side, Vec<Person>), Error> {
    let of_role = || {
        users::table
            .filter(users::is_active)
            .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
            .order(users::id)
            .limit(TOLD_MAX)
            .select((users::id, users::email, users::language))
    };
    let own = success_manager_assignments::table
        .filter(success_manager_assignments::merchant_id.eq(ticket.merchant_id))
        .select(success_manager_assignments::user_id);
    let own: Vec<Person> = of_role().filter(users::id.eq_any(own)).load(conn)?;
    if own.is_empty() {
        Ok((Side::Candidate, of_role().load(conn)?))
    } else {
        Ok((Side::Manager, own))
    }
}

/// The condition of the index `tickets_waiting`, to the letter.
const WAITING: &str = "tickets.state = 'waiting_merchant'";

/// How many tickets wait for a merchant's people, of those that one of them sees; up to
/// [`COUNTED_MAX`]. `None` where `wait` was too short.
pub fn waiting(
    conn: &mut PgConnection,
    asker: Asker,
    wait: Duration,
) -> Result<Option<i64>, Error> {
    let waiting = tickets::table
        .filter(sql::<Bool>(WAITING))
        .filter(Sight::Merchant(asker).condition())
        .select(tickets::id)
        .limit(COUNTED_MAX);
    db::within(conn, wait, |conn| db::count::rows(waiting, conn))
}

/// Support's queue in short; counts end at [`COUNTED_MAX`].
#[derive(Clone, Debug)]
pub struct Queue {
    /// Past their deadline.
    pub late: i64,
    /// Those that nobody has taken.
    pub nobodys: i64,
    pub mine: i64,
    /// All in which support owes something.
    pub owed: i64,
    /// The five that are due first.
    pub next: Vec<ListRow>,
}

/// What support owes, what is late first.
pub fn queue(
    conn: &mut PgConnection,
    scope: SupportScope,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<Queue, Error> {
    // Where support owes nothing, the deadline is at the far end.
    let owed = || {
        tickets::table
            .filter(Sight::Support(scope).condition())
            .filter(sql::<Bool>("tickets.due_at < '2200-01-01 00:00:00+00'"))
            .into_boxed()
    };
    let some = |rows: tickets::BoxedQuery<'static, Pg>| rows.select(tickets::id).limit(COUNTED_MAX);
    let counts = db::count::rows_of_each(
        vec![
            some(owed().filter(tickets::due_at.lt(now))),
            some(owed().filter(tickets::assignee_id.is_null())),
            some(owed().filter(tickets::assignee_id.eq(user_id))),
            some(owed()),
        ],
        conn,
    )?;
    let next: Vec<(Ticket, String, String, Option<String>)> = owed()
        .select((
            Ticket::as_select(),
            sql::<Text>(AUTHOR),
            sql::<Text>(MERCHANT),
            sql::<Nullable<Text>>(ASSIGNEE),
        ))
        .order((tickets::due_at, tickets::id))
        .limit(5)
        .load(conn)?;
    let at = |place: usize| counts.get(place).copied().unwrap_or_default();
    Ok(Queue {
        late: at(0),
        nobodys: at(1),
        mine: at(2),
        owed: at(3),
        next: next.into_iter().map(row).collect(),
    })
}
