//! Solved tickets that nobody has answered for fourteen days are closed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::{note_state, record_move};
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::db::schema::tickets;
use crate::db::{Db, Tenants};
use crate::jobs;
use crate::kernel::{Error, MerchantId, TicketId};
use crate::tickets::model::{REOPENS_FOR, TicketEvent};
use crate::tickets::queries;

/// Tickets that are closed in one go.
const BATCH: i32 = 100;

#[derive(Debug, QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    ticket_id: TicketId,
}

/// Closes what is due, each in a transaction of its own; how many.
pub async fn close_solved(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let since = now - REOPENS_FOR;
    let find = move |conn: &mut PgConnection| {
        let due: Vec<Due> = sql_query("SELECT * FROM tickets_to_close($1, $2)")
            .bind::<Timestamptz, _>(since)
            .bind::<Integer, _>(BATCH)
            .load(conn)?;
        Ok(due)
    };
    let due = db.run(Tenants::none(), find).await?;
    let close = async |&Due { merchant_id, ticket_id }: &Due| {
        let scope = SystemScope::found(merchant_id);
        db.run(scope.tenants(), move |conn| close(conn, merchant_id, ticket_id, since, now)).await
    };
    Ok(jobs::each("a solved ticket could not be closed", &due, close).await)
}

/// Unless it was answered meanwhile.
fn close(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: TicketId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ticket = queries::lock_by_id(conn, merchant_id, id)?;
    let Some(next) = ticket.state.after(TicketEvent::TimePassed) else { return Ok(()) };
    if ticket.state_at > since {
        return Ok(());
    }
    // The clock stands already.
    diesel::update(tickets::table.find((merchant_id, id)))
        .set((tickets::state.eq(next), tickets::state_at.eq(now)))
        .execute(conn)?;
    note_state(conn, &ticket, next, None, now)?;
    record_move(conn, &By::other(Actor::Clock), &ticket, next)
}
