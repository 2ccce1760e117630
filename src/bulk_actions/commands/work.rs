//! The job that does what was confirmed, row by row. A row and what is done to it are settled in one
//! transaction: killed at any point it does nothing twice and forgets nothing. Several processes may do
//! it at the same time.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::{end, end_early, row};
use crate::auth::audit::{Actor, By};
use crate::auth::{MerchantScope, SystemScope};
use crate::bulk_actions::model::{BulkAct, BulkAction, BulkState, RowOutcome, SkipReason};
use crate::bulk_actions::queries;
use crate::db::schema::{bulk_action_rows, bulk_actions};
use crate::db::{Db, Tenants};
use crate::email_payments::acting::{self, Hindrance, Writer, bulk_pace, paced};
use crate::jobs::{self, Held};
use crate::kernel::{BulkActionId, Clock, EmailPaymentId, Error, MerchantId, Right};

/// Bulk actions that are looked at in one batch, and rows that are done of each.
const ACTIONS: i32 = 10;
const ROWS: usize = 100;
/// How long a row waits where others have used up the merchant's mails.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    bulk_action_id: BulkActionId,
}

/// Job: does the next rows of every bulk action. How many rows were settled.
pub async fn work_due(db: &Db, clock: &Clock) -> Result<usize, Error> {
    let now = clock.now();
    let find = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM bulk_actions_due($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(ACTIONS)
            .load(conn)?)
    };
    let mut settled = 0;
    for Due { merchant_id, bulk_action_id } in db.run(Tenants::none(), find).await? {
        let scope = SystemScope::found(merchant_id);
        match work(db, clock, scope, bulk_action_id).await {
            Ok(rows) => settled += rows,
            Err(error) => {
                tracing::error!(bulk_action.id = %bulk_action_id, error = ?error, "a bulk action could not go on");
            }
        }
    }
    Ok(settled)
}

async fn work(
    db: &Db,
    clock: &Clock,
    scope: SystemScope,
    id: BulkActionId,
) -> Result<usize, Error> {
    let now = clock.now();
    let open = move |conn: &mut PgConnection| open(conn, scope, id, now);
    let Some((action, of)) = db.run(scope.tenants(), open).await? else { return Ok(0) };
    let clock = clock.clone();
    let next = move |conn: &mut PgConnection, after, held: &Held| {
        next(conn, scope, (&action, of), (after, held), clock.now())
    };
    let give_up = move |conn: &mut PgConnection, number| give_up(conn, scope, id, number);
    jobs::row_by_row(db, &scope.tenants(), ROWS, next, give_up).await
}

/// A bulk action that runs, with the scope of who began it. `None`: it has ended, or is ended here
/// because who began it may not act any
/// more.
fn open(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    now: DateTime<Utc>,
) -> Result<Option<(BulkAction, MerchantScope)>, Error> {
    let action = queries::lock(conn, scope.into(), id)?;
    if action.state != BulkState::Running {
        return Ok(None);
    }
    let of = scope.in_the_name_of(conn, action.created_by, Right::WriteEmailPayments)?;
    if of.is_none() {
        end_early(conn, &By::other(Actor::System), scope.merchant_id(), id, now)?;
    }
    Ok(of.map(|of| (action, of)))
}

/// Settles the next row that nobody else holds; its number. `None`: there is none for now, because all
/// are settled or held, the action was stopped, or the merchant's pace has no room.
fn next(
    conn: &mut PgConnection,
    scope: SystemScope,
    (action, of): (&BulkAction, MerchantScope),
    (after, held): (i32, &Held),
    now: DateTime<Utc>,
) -> Result<Option<i32>, Error> {
    if !queries::hold(conn, scope, action.id)? {
        return Ok(None);
    }
    let Some((number, payment)) = claim(conn, scope, action.id, after)? else {
        finish(conn, scope, action.id, now)?;
        return Ok(None);
    };
    held.note(number);
    // A link that is to be cancelled must not wait: the letters about it do, each until its turn.
    if action.act == BulkAct::Remind {
        let pace = bulk_pace(conn, scope.into(), now)?;
        if pace.room == 0 {
            wait(conn, scope, action.id, pace.next_at)?;
            return Ok(None);
        }
    }
    match act(conn, of, action, (number, payment), now) {
        Ok(Ok(())) => settle(conn, scope, action.id, number, None)?,
        // Out of this user's sight by now.
        Err(Error::NotFound) => settle(conn, scope, action.id, number, Some(SkipReason::Error))?,
        Err(error) => return Err(error),
        Ok(Err(hindrance)) => {
            let Some(reason) = SkipReason::of(hindrance) else {
                // Somebody sent by hand meanwhile.
                let next_at = bulk_pace(conn, scope.into(), now)?.next_at.max(now + PAUSE);
                wait(conn, scope, action.id, next_at)?;
                return Ok(None);
            };
            settle(conn, scope, action.id, number, Some(reason))?;
        }
    }
    Ok(Some(number))
}

/// Does it to one payment, by the rules of its own page, in the name of who began.
fn act(
    conn: &mut PgConnection,
    scope: MerchantScope,
    action: &BulkAction,
    (number, payment): (i32, EmailPaymentId),
    now: DateTime<Utc>,
) -> Result<Result<(), Hindrance>, Error> {
    let writer = Writer {
        by: By { user_id: Some(action.created_by), ..By::other(Actor::User) },
        user_id: action.created_by,
        program: Some(json!({ "bulk_action": action.id })),
        now,
    };
    let acted = match action.act {
        BulkAct::Remind => acting::remind(conn, scope, &writer, payment)?,
        BulkAct::Cancel => {
            let told_at = paced(action.created_at, number).max(now);
            acting::cancel(conn, scope, &writer, payment, &action.reason, told_at)?
        }
    };
    Ok(acted.map(|_| ()))
}

fn claim(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    after: i32,
) -> Result<Option<(i32, EmailPaymentId)>, Error> {
    Ok(bulk_action_rows::table
        .filter(bulk_action_rows::merchant_id.eq(scope.merchant_id()))
        .filter(bulk_action_rows::bulk_action_id.eq(id))
        .filter(bulk_action_rows::state.eq(RowOutcome::Queued))
        .filter(bulk_action_rows::number.gt(after))
        .order(bulk_action_rows::number)
        .select((bulk_action_rows::number, bulk_action_rows::email_payment_id))
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()?)
}

fn settle(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    number: i32,
    skipped: Option<SkipReason>,
) -> Result<(), Error> {
    let state = if skipped.is_none() { RowOutcome::Done } else { RowOutcome::Skipped };
    diesel::update(bulk_action_rows::table.find((scope.merchant_id(), id, number)))
        .set((bulk_action_rows::state.eq(state), bulk_action_rows::reason.eq(skipped)))
        .execute(conn)?;
    Ok(())
}

/// Skips a row that fails, unless somebody else holds it by now.
fn give_up(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    number: i32,
) -> Result<(), Error> {
    match claim(conn, scope, id, number - 1)? {
        Some((found, _)) if found == number => {}
        Some(_) | None => return Ok(()),
    }
    settle(conn, scope, id, number, Some(SkipReason::Error))
}

/// The action looks again at `at`.
fn wait(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let running = row(scope.merchant_id(), id).filter(bulk_actions::state.eq(BulkState::Running));
    diesel::update(running).set(bulk_actions::next_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Ends an action that is held and has no row left; one that another process holds is still there.
fn finish(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: BulkActionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let left = queries::counts(conn, scope.into(), id)?.of(RowOutcome::Queued);
    if left == 0 {
        end(conn, scope.merchant_id(), id, BulkState::Done, now)?;
    }
    Ok(())
}
