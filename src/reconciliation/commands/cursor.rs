//! How far each list of the gateway's is read: claimed under a lease, moved in the transaction that keeps
//! what was read.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use crate::auth::SystemScope;
use crate::db::schema::{originators, transaction_imports};
use crate::kernel::{Error, MerchantId, OriginatorId};
use crate::reconciliation::model::{Failure, GatewayList, Progress, Round, Step};

/// One list of one originator.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub scope: SystemScope,
    pub originator_id: OriginatorId,
    pub list: GatewayList,
    /// Until when it is ours; the value proves that it still is.
    pub lease_until: DateTime<Utc>,
}

#[derive(QueryableByName)]
pub struct Beginner {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub originator_id: OriginatorId,
}

/// Originators of which nothing was read yet.
pub fn beginners(conn: &mut PgConnection) -> Result<Vec<Beginner>, Error> {
    let ask = sql_query("SELECT * FROM originators_without_import($1)");
    Ok(ask.bind::<Integer, _>(100).load(conn)?)
}

/// Lets the reading of an originator begin.
pub fn begin(
    conn: &mut PgConnection,
    scope: SystemScope,
    originator_id: OriginatorId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let created_at: DateTime<Utc> = originators::table
        .find((scope.merchant_id(), originator_id))
        .select(originators::created_at)
        .first(conn)?;
    for list in GatewayList::ALL {
        let progress = Progress::beginning(*list, created_at, now);
        diesel::insert_into(transaction_imports::table)
            .values((
                transaction_imports::merchant_id.eq(scope.merchant_id()),
                transaction_imports::originator_id.eq(originator_id),
                transaction_imports::source.eq(list),
                transaction_imports::starts_at.eq(progress.starts_at),
                Moved::of(&progress, now)?,
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

/// Takes the list that has been due longest, for so long. `None`: none is due.
pub fn claim(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<Key>, Error> {
    #[derive(QueryableByName)]
    struct Due {
        #[diesel(sql_type = SqlUuid)]
        merchant_id: MerchantId,
        #[diesel(sql_type = SqlUuid)]
        originator_id: OriginatorId,
        #[diesel(sql_type = Text)]
        source: GatewayList,
    }
    let lease_until = micros(now + lease);
    let due: Option<Due> = sql_query("SELECT * FROM transaction_imports_claim($1, $2, 1)")
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(lease_until)
        .get_result(conn)
        .optional()?;
    Ok(due.map(|due| Key {
        scope: SystemScope::found(due.merchant_id),
        originator_id: due.originator_id,
        list: due.source,
        lease_until,
    }))
}

/// The database keeps microseconds: a lease is compared with what it kept.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

type Kept = (
    (DateTime<Utc>, DateTime<Utc>),
    (Option<Round>, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    (i32, i32),
);

/// Where the reading stands.
pub fn progress(conn: &mut PgConnection, key: &Key) -> Result<Progress, Error> {
    let ((starts_at, read_until), (round, round_at, round_until), due, (window, failures)): Kept =
        transaction_imports::table
            .find((key.scope.merchant_id(), key.originator_id, key.list))
            .select((
                (transaction_imports::starts_at, transaction_imports::read_until),
                (
                    transaction_imports::round,
                    transaction_imports::round_at,
                    transaction_imports::round_until,
                ),
                (
                    transaction_imports::hours_due_at,
                    transaction_imports::days_due_at,
                    transaction_imports::month_due_at,
                ),
                (transaction_imports::window_seconds, transaction_imports::failures),
            ))
            .first(conn)?;
    let running = match (round, round_at, round_until) {
        (Some(round), Some(at), Some(until)) => Some((round, at, until)),
        _ => None,
    };
    let window = Duration::seconds(window.into());
    Ok(Progress {
        list: key.list,
        starts_at,
        read_until,
        running,
        due: due.into(),
        window,
        failures,
    })
}

/// The columns that a step moves.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = transaction_imports, treat_none_as_null = true)]
struct Moved {
    read_until: DateTime<Utc>,
    round: Option<Round>,
    round_at: Option<DateTime<Utc>>,
    round_until: Option<DateTime<Utc>>,
    hours_due_at: DateTime<Utc>,
    days_due_at: DateTime<Utc>,
    month_due_at: DateTime<Utc>,
    next_at: DateTime<Utc>,
    window_seconds: i32,
    failures: i32,
    lease_until: Option<DateTime<Utc>>,
}

impl Moved {
    /// The lease ends with it.
    fn of(progress: &Progress, now: DateTime<Utc>) -> Result<Self, Error> {
        let [hours_due_at, days_due_at, month_due_at] = progress.due;
        Ok(Self {
            read_until: progress.read_until,
            round: progress.running.map(|(round, ..)| round),
            round_at: progress.running.map(|(_, at, _)| at),
            round_until: progress.running.map(|(.., until)| until),
            hours_due_at,
            days_due_at,
            month_due_at,
            next_at: progress.next_at(now),
            window_seconds: i32::try_from(progress.window.num_seconds())
                .map_err(Error::internal)?,
            failures: progress.failures,
            lease_until: None,
        })
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held(key: &Key) -> _ {
    let (merchant_id, originator_id): (MerchantId, OriginatorId) =
        (key.scope.merchant_id(), key.originator_id);
    let (list, lease_until): (GatewayList, DateTime<Utc>) = (key.list, key.lease_until);
    transaction_imports::table
        .filter(transaction_imports::merchant_id.eq(merchant_id))
        .filter(transaction_imports::originator_id.eq(originator_id))
        .filter(transaction_imports::source.eq(list))
        .filter(transaction_imports::lease_until.eq(lease_until))
}

/// Whoever lost the lease meanwhile writes nothing.
const fn still_ours(rows: usize) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Holds the row for the transaction, renews the lease, and counts what came.
///
/// # Errors
/// [`Error::Conflict`]: the lease ran out, and somebody else reads.
pub fn renew(
    conn: &mut PgConnection,
    key: &Key,
    new_rows: i64,
    lease_until: DateTime<Utc>,
) -> Result<Key, Error> {
    let lease_until = micros(lease_until);
    let rows = diesel::update(held(key))
        .set((
            transaction_imports::lease_until.eq(lease_until),
            transaction_imports::rows.eq(transaction_imports::rows + new_rows),
        ))
        .execute(conn)?;
    still_ours(rows)?;
    Ok(Key { lease_until, ..*key })
}

/// Moves on after a window that was read to its end; `None`: there was nothing to read. The lease ends.
///
/// # Errors
/// [`Error::Conflict`]: the lease ran out, and somebody else reads.
pub fn advance(
    conn: &mut PgConnection,
    key: &Key,
    progress: &Progress,
    step: Option<&Step>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let rows = diesel::update(held(key))
        .set((
            Moved::of(progress, now)?,
            transaction_imports::failure.eq(None::<Failure>),
            transaction_imports::failed_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)?;
    still_ours(rows)?;
    let Some(step) = step else { return Ok(()) };
    diesel::update(
        transaction_imports::table
            .filter(transaction_imports::merchant_id.eq(key.scope.merchant_id()))
            .filter(transaction_imports::originator_id.eq(key.originator_id))
            .filter(transaction_imports::source.eq(key.list)),
    )
    .set((
        transaction_imports::last_from.eq(step.from),
        transaction_imports::last_until.eq(step.to),
        transaction_imports::succeeded_at.eq(now),
        // The longest round ends with a comparison of all that is compared.
        (step.is_last() && step.round == Round::ThirtyDays)
            .then_some(transaction_imports::compared_at.eq(now)),
    ))
    .execute(conn)?;
    Ok(())
}

/// Notes a window that could not be read. The lease ends.
///
/// # Errors
/// [`Error::Conflict`]: the lease ran out, and somebody else reads.
pub fn fail(
    conn: &mut PgConnection,
    key: &Key,
    progress: &Progress,
    failure: Failure,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let failure = (progress.failures > 0).then_some(failure);
    let rows = diesel::update(held(key))
        .set((
            Moved::of(progress, now)?,
            transaction_imports::failure.eq(failure),
            transaction_imports::failed_at.eq(failure.map(|_| now)),
        ))
        .execute(conn)?;
    still_ours(rows)
}
