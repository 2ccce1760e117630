//! Postgres: one pool, one transaction per unit of work, the tenants set inside it.

pub mod columns;
pub mod count;
pub mod cursor;
pub mod keyset;
pub mod leap;
pub mod migrate;
pub mod schema;
mod stream;
pub mod summary;
pub mod views;
pub mod words;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::web;
use diesel::QueryResult;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::connection::{CacheSize, Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::kernel::{Error, MerchantId};
use crate::metrics::{self, PoolNow};
use crate::traces;

pub use stream::{Outlet, Pieces};

/// Requests that may wait for a connection; the next is told to come back at once.
const WAITING_MAX: usize = 64;

/// How long a request waits for a connection before it is told to come back (SEC-16).
const WAIT: Duration = Duration::from_secs(2);

/// The merchants whose rows a transaction may see. Row-level security compares against them.
#[derive(Clone, Debug, Default)]
pub struct Tenants {
    merchant_ids: Vec<MerchantId>,
    /// Whether what support works with is seen: tickets of all merchants, and notes about those of
    /// `merchant_ids`.
    is_support: bool,
}

impl Tenants {
    /// No merchant's rows: for what comes before the tenant is known.
    #[must_use]
    pub const fn none() -> Self {
        Self { merchant_ids: Vec::new(), is_support: false }
    }

    #[must_use]
    pub fn one(merchant_id: MerchantId) -> Self {
        Self { merchant_ids: vec![merchant_id], is_support: false }
    }

    #[must_use]
    pub fn several(merchant_ids: &[MerchantId]) -> Self {
        Self { merchant_ids: merchant_ids.to_vec(), is_support: false }
    }

    /// What support works with; of one merchant more.
    #[must_use]
    pub fn support(merchant_id: Option<MerchantId>) -> Self {
        Self { merchant_ids: merchant_id.into_iter().collect(), is_support: true }
    }

    /// Those of several rows, each once.
    pub fn of(merchant_ids: impl Iterator<Item = MerchantId>) -> Self {
        let each: BTreeSet<MerchantId> = merchant_ids.collect();
        Self { merchant_ids: each.into_iter().collect(), is_support: false }
    }

    fn setting(&self) -> String {
        self.merchant_ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// A pool of connections under one of the product's roles.
#[derive(Clone)]
pub struct Db {
    /// In the figures.
    name: &'static str,
    pool: Pool<ConnectionManager<PgConnection>>,
    waiting: Arc<AtomicUsize>,
}

impl Db {
    /// A pool that connects when it is first needed: Postgres may come up later than we do.
    #[must_use]
    pub fn new(url: &str, connections: u32, is_prepared: bool) -> Self {
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(0))
            .connection_timeout(WAIT)
            .test_on_check_out(false)
            .connection_customizer(Box::new(Statements { is_prepared }))
            .build_unchecked(ConnectionManager::new(url));
        Self { name: "other", pool, waiting: Arc::default() }
    }

    /// The same pool, by this name in the figures.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        metrics::begin_pool(name);
        Self { name, ..self }
    }

    /// What its connections do just now.
    #[must_use]
    pub fn now(&self) -> PoolNow {
        let state = self.pool.state();
        PoolNow {
            pool: self.name,
            busy: state.connections.saturating_sub(state.idle_connections),
            idle: state.idle_connections,
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// Runs `work` in one transaction on the blocking pool, inside the caller's span; `Err` rolls
    /// back. Only rows of `tenants` are seen or written: the setting ends with the transaction.
    ///
    /// # Errors
    /// What `work` says; [`Error::Unavailable`] when no connection is to be had within two seconds.
    pub async fn run<T: Send + 'static>(
        &self,
        tenants: Tenants,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |db| db.run_blocking(&tenants, work)).await
    }

    /// Asks one thing outside a transaction: for the look-ups that come before the tenant is known.
    /// One round trip instead of three; without a transaction no tenant is set, so that policies
    /// show nothing to any other question.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut PgConnection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |db| db.unit(question)).await
    }

    /// [`Db::run`] on the calling thread: for commands and the demo.
    pub fn run_blocking<T>(
        &self,
        tenants: &Tenants,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.unit(|conn| transaction(conn, tenants, work))
    }

    /// On the blocking pool, inside the caller's span; at once "unavailable" where too many wait.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.waiting.load(Ordering::Relaxed) >= WAITING_MAX {
            metrics::connection_refused(self.name);
            return Err(Error::unavailable("database", "too many requests wait for a connection"));
        }
        let (db, span) = (self.clone(), tracing::Span::current());
        let job = move || span.in_scope(|| work(&db));
        web::block(traces::carried(job))
            .await
            .map_err(|cause| Error::unavailable("database", cause))?
    }

    /// One unit of work on a connection of its own, timed.
    fn unit<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let conn = &mut *self.connection()?;
        let started = Instant::now();
        let outcome = work(conn);
        let ended = match &outcome {
            Ok(_) => "done",
            Err(error) if error.cause().is_some() => "failed",
            // The work itself said no.
            Err(_) => "declined",
        };
        metrics::unit_ended(self.name, ended, started.elapsed());
        outcome
    }

    fn connection(&self) -> Result<PooledConnection<ConnectionManager<PgConnection>>, Error> {
        let started = Instant::now();
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let connection = self.pool.get();
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        metrics::connection_waited(self.name, started.elapsed());
        connection.map_err(|cause| {
            metrics::connection_refused(self.name);
            Error::unavailable("database", cause)
        })
    }
}

impl Db {
    /// A connection without a transaction: for migrations, the demo's bulk data and what else can't
    /// run inside one. Requests have no use for it.
    pub fn with_connection<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        work(&mut *self.connection()?)
    }
}

/// One transaction; its beginning and the tenants travel to Postgres together.
fn transaction<T>(
    conn: &mut PgConnection,
    tenants: &Tenants,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
) -> Result<T, Error> {
    AnsiTransactionManager::begin_transaction_sql(conn, &format!("BEGIN; {}", settings(tenants)))?;
    match work(conn) {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(conn)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(cause) = AnsiTransactionManager::rollback_transaction(conn) {
                tracing::warn!(error = %cause, "a rollback failed: the connection is given up");
            }
            Err(error)
        }
    }
}

/// What holds inside a transaction of these tenants, as one statement. Statements are planned for the
/// values that they come with: after a few runs Postgres would plan prepared ones for any merchant
/// and any value, and then look for an order ID among all payments (2 s instead of 0.1 ms).
fn settings(tenants: &Tenants) -> String {
    // The setting is made of uuids and commas only, so that it may stand in the statement.
    format!(
        "SELECT set_config('app.merchants', '{}', true), set_config('app.support', '{}', true), \
         set_config('plan_cache_mode', 'force_custom_plan', true)",
        tenants.setting(),
        if tenants.is_support { "on" } else { "" },
    )
}

/// For the rest of a transaction that finds many rows by their keys, and writes them. Postgres keeps the
/// plans of what it runs for each of them, its own look-ups of foreign keys first of all, which the rule of
/// every transaction ([`Db::run`]: plan for the values) would plan anew row by row, at 0.1 ms each. And it
/// asks an index for a hundred rows of some thousands, which are in memory, instead of reading them all.
pub fn by_keys(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute("SET LOCAL plan_cache_mode = 'auto'; SET LOCAL random_page_cost = 1.1")
}

/// Runs `read` inside the transaction for at most `most`; `None` when that was too short. The
/// transaction goes on either way.
pub fn within<T>(
    conn: &mut PgConnection,
    most: Duration,
    read: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> Result<Option<T>, Error> {
    in_time(conn, most, |conn| Ok(read(conn)?))
}

/// The same for what reads with errors of its own.
pub fn in_time<T>(
    conn: &mut PgConnection,
    most: Duration,
    read: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let done = conn.transaction(|conn| {
        conn.batch_execute(&format!("SET LOCAL statement_timeout = {}", most.as_millis().max(1)))?;
        let value = read(conn)?;
        // After an error the savepoint takes the setting back.
        conn.batch_execute("SET LOCAL statement_timeout TO DEFAULT")?;
        Ok(value)
    });
    match done {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_out_of_time(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a statement took longer than it may.
fn is_out_of_time(error: &Error) -> bool {
    let cause = error.cause().and_then(|cause| cause.downcast_ref::<DieselError>());
    matches!(cause, Some(DieselError::DatabaseError(_, told)) if told.message().contains("statement timeout"))
}

/// Runs `read` with plans that begin at an index of texts: what is in it that no index serves in
/// another way. Left alone, Postgres takes a text of three letters for one that stands everywhere.
pub fn through_index<T>(
    conn: &mut PgConnection,
    read: impl FnOnce(&mut PgConnection) -> Result<T, Error>,
) -> Result<T, Error> {
    const OTHERS: [&str; 3] = ["enable_seqscan", "enable_indexscan", "enable_indexonlyscan"];
    conn.batch_execute(&OTHERS.map(|way| format!("SET LOCAL {way} = off")).join(";"))?;
    // After an error the transaction ends, and the settings with it.
    let value = read(conn)?;
    conn.batch_execute(&OTHERS.map(|way| format!("SET LOCAL {way} TO DEFAULT")).join(";"))?;
    Ok(value)
}

/// Prepared statements are off behind a pooler in transaction mode (`DATABASE_PREPARED=off`).
#[derive(Debug)]
struct Statements {
    is_prepared: bool,
}

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Statements {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        if !self.is_prepared {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        Ok(())
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        if matches!(error, DieselError::NotFound) {
            Self::NotFound
        } else if is_passing(&error) {
            Self::unavailable("database", error)
        } else {
            Self::internal(error)
        }
    }
}

/// Whether the same statement may succeed a moment later: the connection broke, or a limit of time
/// was reached (statement and lock time-outs come as unknown kinds: their words are all there is).
fn is_passing(error: &DieselError) -> bool {
    if let DieselError::DatabaseError(kind, information) = error {
        let words =
            ["timeout", "terminating connection", "server closed", "shutting down", "deadlock"];
        matches!(kind, DatabaseErrorKind::ClosedConnection)
            || words.iter().any(|words| information.message().contains(words))
    } else {
        matches!(error, DieselError::BrokenTransactionManager)
    }
}

/// Whether a statement failed because a unique key is taken; the constraint's name.
#[must_use]
pub fn taken(error: &DieselError) -> Option<&str> {
    if let DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information) = error {
        Some(information.constraint_name().unwrap_or_default())
    } else {
        None
    }
}
