//! Reads of the jobs: what a letter about a message tells.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::Ticket;
use super::queries::{self, Hearer, Side};
use crate::auth::{StaffRole, SystemScope};
use crate::db::schema::{merchants, ticket_messages, tickets, users};
use crate::kernel::{Error, TicketId, TicketMessageId, UserId};
use crate::notifications::want_answers;

/// The merchant as letters name it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Merchant {
    pub name: String,
}

/// A message that somebody is told about.
pub struct Told {
    pub ticket: Ticket,
    pub merchant: Merchant,
    pub author: String,
    pub by_support: bool,
    /// Whether the author is a success manager: of support's side, but not of support.
    pub by_manager: bool,
    pub text: String,
    /// On which side the reader stands, and who they are.
    pub side: Side,
    pub reader: UserId,
}

#[derive(Queryable)]
struct Message {
    ticket_id: TicketId,
    author_id: UserId,
    author: String,
    staff_role: Option<String>,
    by_support: bool,
    text: String,
}

/// The message; `None` where the recipient is not to hear of it any more.
pub fn told(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: TicketMessageId,
    recipient: &str,
    now: DateTime<Utc>,
) -> Result<Option<Told>, Error> {
    let merchant_id = scope.merchant_id();
    let Message { ticket_id, author_id, author, staff_role, by_support, text } =
        ticket_messages::table
            .inner_join(users::table)
            .filter(ticket_messages::merchant_id.eq(merchant_id))
            .filter(ticket_messages::id.eq(id))
            .select((
                ticket_messages::ticket_id,
                users::id,
                users::name,
                users::staff_role,
                ticket_messages::by_support,
                ticket_messages::text,
            ))
            .first(conn)?;
    let by_manager =
        by_support && staff_role.as_deref() == Some(StaffRole::SuccessManager.as_str());
    let ticket: Ticket =
        tickets::table.find((merchant_id, ticket_id)).select(Ticket::as_select()).first(conn)?;
    let hearers = queries::hearers(conn, &ticket, author_id, by_support)?;
    let Some(Hearer { user_id: reader, side, .. }) =
        hearers.into_iter().find(|hearer| hearer.email == recipient)
    else {
        return Ok(None);
    };
    if by_support && want_answers(conn, scope.into(), &[reader], now)?.is_empty() {
        return Ok(None);
    }
    let merchant = merchants::table.find(merchant_id).select(Merchant::as_select()).first(conn)?;
    Ok(Some(Told { ticket, merchant, author, by_support, by_manager, text, side, reader }))
}
