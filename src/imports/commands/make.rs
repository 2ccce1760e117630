//! The job that makes the payments of confirmed imports, row by row. A row and its payment are settled
//! in one transaction: killed at any point it makes no payment twice and loses none. Several processes
//! may do it at the same time.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::{end, end_early, note, row};
use crate::auth::audit::{Actor, By};
use crate::auth::{MerchantScope, SystemScope};
use crate::crypto::Keyring;
use crate::db::schema::{import_rows, imports};
use crate::db::{Db, Tenants};
use crate::email_payments::making::{self, Created, Hindrance, Writer, bulk_pace};
use crate::imports::check;
use crate::imports::model::{Import, ImportState, Reason, RowState};
use crate::imports::queries::{self, Ground};
use crate::jobs::{self, Held};
use crate::kernel::{Clock, EmailPaymentId, Error, ImportId, Lang, MerchantId, Right, UserId};

/// Imports that are looked at in one batch, and rows that are made of each.
const IMPORTS: i32 = 10;
const ROWS: usize = 50;
/// How long an import waits where others have used up the merchant's mails.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    import_id: ImportId,
}

/// Job: makes the next rows of every import whose undo window is over. How many rows were settled.
pub async fn make_due(db: &Db, keys: &Keyring, clock: &Clock) -> Result<usize, Error> {
    let now = clock.now();
    let find = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM imports_due($1, $2)")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(IMPORTS)
            .load(conn)?)
    };
    let mut settled = 0;
    for Due { merchant_id, import_id } in db.run(Tenants::none(), find).await? {
        let scope = SystemScope::found(merchant_id);
        match make_some(db, keys, clock, scope, import_id).await {
            Ok(rows) => settled += rows,
            Err(error) => {
                tracing::error!(import.id = %import_id, error = ?error, "an import could not go on");
            }
        }
    }
    Ok(settled)
}

async fn make_some(
    db: &Db,
    keys: &Keyring,
    clock: &Clock,
    scope: SystemScope,
    id: ImportId,
) -> Result<usize, Error> {
    let now = clock.now();
    let begun = db.run(scope.tenants(), move |conn| begin(conn, scope, id, now)).await?;
    let Some(maker) = begun else { return Ok(0) };
    let next = {
        let (keys, clock) = (keys.clone(), clock.clone());
        move |conn: &mut PgConnection, after, held: &Held| {
            next(conn, &keys, scope, (id, maker), (after, held), clock.now())
        }
    };
    let give_up = move |conn: &mut PgConnection, number| give_up(conn, scope, id, number);
    jobs::row_by_row(db, &scope.tenants(), ROWS, next, give_up).await
}

/// Opens an import for making: the user in whose name its payments are made. `None`: it was taken
/// back, has ended, or is stopped here because that user may not send any more.
fn begin(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, Error> {
    let import = queries::lock(conn, scope.into(), id)?;
    let is_due = match import.state {
        ImportState::Running => true,
        ImportState::Waiting => import.starts_at.is_some_and(|starts_at| starts_at <= now),
        ImportState::Checked
        | ImportState::Done
        | ImportState::Stopped
        | ImportState::Undone
        | ImportState::Discarded => false,
    };
    let Some(maker) = import.confirmed_by.filter(|_| is_due) else { return Ok(None) };
    if scope.in_the_name_of(conn, maker, Right::WriteEmailPayments)?.is_none() {
        let left = end_early(conn, scope.merchant_id(), id, now)?;
        let by = By::other(Actor::System);
        note(conn, &by, scope.merchant_id(), id, "import.stop", Some(json!({ "rows": left })))?;
        return Ok(None);
    }
    if import.state == ImportState::Waiting {
        diesel::update(row(scope.merchant_id(), id))
            .set(imports::state.eq(ImportState::Running))
            .execute(conn)?;
    }
    Ok(Some(maker))
}

/// Settles the next row that nobody else holds; its number. `None`: there is none for now, because all
/// are settled or held, the import was stopped, or the merchant's pace has no room.
fn next(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: SystemScope,
    (id, maker): (ImportId, UserId),
    (after, held): (i32, &Held),
    now: DateTime<Utc>,
) -> Result<Option<i32>, Error> {
    if !queries::hold(conn, scope, id)? {
        return Ok(None);
    }
    let Some((number, cells)) = claim(conn, scope, id, after)? else {
        finish(conn, scope, id, now)?;
        return Ok(None);
    };
    held.note(number);
    let pace = bulk_pace(conn, scope.into(), now)?;
    if pace.room == 0 {
        wait(conn, scope, id, pace.next_at)?;
        return Ok(None);
    }
    let import = queries::get(conn, scope.into(), id)?;
    match make(conn, keys, scope, &import, maker, number, cells, now)? {
        Made::Payment(payment) => {
            settle(conn, scope, id, number, RowState::Made, None, Some(payment))?;
        }
        Made::LeftOut(reason) => {
            settle(conn, scope, id, number, RowState::LeftOut, Some(reason), None)?;
        }
        Made::TooFast => {
            // Somebody sent by hand meanwhile.
            let next_at = bulk_pace(conn, scope.into(), now)?.next_at.max(now + PAUSE);
            wait(conn, scope, id, next_at)?;
            return Ok(None);
        }
    }
    Ok(Some(number))
}

enum Made {
    Payment(EmailPaymentId),
    LeftOut(Reason),
    TooFast,
}

/// Makes and sends one payment, by the rules of the form.
#[expect(clippy::too_many_arguments, reason = "each is another thing")]
fn make(
    conn: &mut PgConnection,
    keys: &Keyring,
    scope: SystemScope,
    import: &Import,
    maker: UserId,
    number: i32,
    cells: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<Made, Error> {
    let scope: MerchantScope = scope.into();
    let ground = Ground::read(conn, scope)?;
    let context = ground.context(now, Lang::En);
    let cells = serde_json::from_value(cells).map_err(Error::internal)?;
    let Some(draft) = check::one(number, cells, &import.settings, &context).draft else {
        return Ok(Made::LeftOut(Reason::Faulty));
    };
    let writer = Writer {
        by: By { user_id: Some(maker), ..By::other(Actor::User) },
        user_id: maker,
        program: Some(json!({ "import": import.id, "row": number })),
        now,
    };
    Ok(match making::create(conn, keys, scope, &writer, &draft, None, true)? {
        Created::Done { id, .. } => Made::Payment(id),
        Created::Hindered(Hindrance::OrderIdTaken) => Made::LeftOut(Reason::OrderIdTaken),
        Created::Hindered(Hindrance::SwitchedOff) => Made::LeftOut(Reason::SwitchedOff),
        Created::Hindered(Hindrance::TooManyToAddress) => Made::LeftOut(Reason::TooManyToAddress),
        Created::Hindered(Hindrance::TooManyOfMerchant) => Made::TooFast,
        Created::Hindered(_) => Made::LeftOut(Reason::Failed),
    })
}

fn claim(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    after: i32,
) -> Result<Option<(i32, serde_json::Value)>, Error> {
    Ok(import_rows::table
        .filter(import_rows::merchant_id.eq(scope.merchant_id()))
        .filter(import_rows::import_id.eq(id))
        .filter(import_rows::state.eq(RowState::Queued))
        .filter(import_rows::number.gt(after))
        .order(import_rows::number)
        .select((import_rows::number, import_rows::typed.assume_not_null()))
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()?)
}

fn settle(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    number: i32,
    state: RowState,
    reason: Option<Reason>,
    payment: Option<EmailPaymentId>,
) -> Result<(), Error> {
    diesel::update(import_rows::table.find((scope.merchant_id(), id, number)))
        .set((
            import_rows::state.eq(state),
            import_rows::reason.eq(reason),
            import_rows::email_payment_id.eq(payment),
        ))
        .execute(conn)?;
    Ok(())
}

/// Leaves out a row that can't be made, unless somebody else holds it by now.
fn give_up(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    number: i32,
) -> Result<(), Error> {
    match claim(conn, scope, id, number - 1)? {
        Some((found, _)) if found == number => {}
        Some(_) | None => return Ok(()),
    }
    settle(conn, scope, id, number, RowState::LeftOut, Some(Reason::Failed), None)
}

/// The import looks again at `at`.
fn wait(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let running = row(scope.merchant_id(), id).filter(imports::state.eq(ImportState::Running));
    diesel::update(running).set(imports::next_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Ends an import that is held and has no row left; one that another process holds is still there.
fn finish(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let left = queries::counts(conn, scope.into(), id)?.of(RowState::Queued);
    if left == 0 {
        end(conn, scope.merchant_id(), id, ImportState::Done, now)?;
    }
    Ok(())
}
