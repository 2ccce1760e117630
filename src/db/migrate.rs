//! `central migrate`: roles, extensions, schema. Safe to run from several places at once.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::kernel::Error;
use crate::kernel::text::percent_decoded;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The roles: who owns, who serves requests, who works in the background, who answers the questions
/// that come before the tenant is known. Only the first three may log in.
const ROLES: [(&str, &str); 4] =
    [("app_owner", "LOGIN"), ("app", "LOGIN"), ("app_jobs", "LOGIN"), ("app_lookup", "NOLOGIN")];

/// Limits that the roles carry, so that no connection can forget them (SEC-16). Beside them, no
/// compilation of statements: it takes longer than any statement of ours runs.
const LIMITS: [(&str, &str); 2] = [("app", "5s"), ("app_jobs", "30s")];

/// Any number that nobody else locks: "central" in ASCII.
const LOCK: i64 = 0x63_656e_7472_616c;

/// Brings roles, extensions and schema up. `url` may name any user that owns the database or may
/// become `app_owner`; roles that exist are left as they are. `logins` are the product's database
/// URLs: a role that is made here gets the password that its URL names.
///
/// Returns the names of the migrations that were run.
pub fn up(url: &str, logins: &[&str]) -> Result<Vec<String>, Error> {
    let mut conn =
        PgConnection::establish(url).map_err(|cause| Error::unavailable("database", cause))?;
    sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(&mut conn)?;
    make_roles(&mut conn, logins)?;
    conn.batch_execute("SET ROLE app_owner")?;
    let done = conn.run_pending_migrations(MIGRATIONS).map_err(Error::internal)?;
    let done = done.iter().map(ToString::to_string).collect();
    conn.batch_execute("GRANT SELECT ON __diesel_schema_migrations TO app, app_jobs")?;
    Ok(done)
}

/// A connection under the owner's role, for what the product itself may not do.
pub fn owner(url: &str) -> Result<PgConnection, Error> {
    let mut conn =
        PgConnection::establish(url).map_err(|cause| Error::unavailable("database", cause))?;
    conn.batch_execute("SET ROLE app_owner")?;
    Ok(conn)
}

/// Takes the whole schema down again: for the test that proves migrations reversible.
pub fn down(url: &str) -> Result<(), Error> {
    owner(url)?.revert_all_migrations(MIGRATIONS).map_err(Error::internal)?;
    Ok(())
}

/// Whether a database can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    Fit,
    /// Migrations that this program knows have not been run.
    Behind,
    /// A standby, or a database that was set to read only: every write would fail.
    ReadOnly,
}

/// What the database is fit for. Asked by `/readyz`, as the role that serves requests.
pub fn fitness(conn: &mut PgConnection) -> Result<Fitness, Error> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
        #[diesel(sql_type = Bool)]
        is_read_only: bool,
    }
    let known = diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
        .map_err(Error::internal)?
        .len();
    let found: Found = sql_query(
        "SELECT count(*) AS count,
                pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS is_read_only
         FROM __diesel_schema_migrations",
    )
    .get_result(conn)?;
    let is_current = usize::try_from(found.count).is_ok_and(|run| run >= known);
    Ok(match (found.is_read_only, is_current) {
        (true, _) => Fitness::ReadOnly,
        (false, false) => Fitness::Behind,
        (false, true) => Fitness::Fit,
    })
}

fn make_roles(conn: &mut PgConnection, logins: &[&str]) -> Result<(), Error> {
    let may_make: Flag = sql_query(
        "SELECT rolsuper OR rolcreaterole AS is_so FROM pg_roles WHERE rolname = current_user",
    )
    .get_result(conn)?;
    for (role, login) in ROLES {
        let exists: Flag =
            sql_query("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS is_so")
                .bind::<Text, _>(role)
                .get_result(conn)?;
        if exists.is_so {
            continue;
        }
        if !may_make.is_so {
            return Err(Error::internal(format!(
                "the role {role} does not exist and this user may not make it: run `central migrate` \
                 once as a superuser, or create app_owner, app, app_jobs (LOGIN) and app_lookup (NOLOGIN)"
            )));
        }
        let password = password_of(role, logins).map(|word| format!(" PASSWORD {}", quoted(&word)));
        conn.batch_execute(&format!("CREATE ROLE {role} {login}{}", password.unwrap_or_default()))?;
    }
    if may_make.is_so {
        settle(conn)?;
    }
    Ok(())
}

/// What the roles need around the schema. All of it may be said twice.
fn settle(conn: &mut PgConnection) -> Result<(), Error> {
    conn.batch_execute(
        "GRANT app_lookup TO app_owner;
         CREATE EXTENSION IF NOT EXISTS pg_trgm;
         CREATE EXTENSION IF NOT EXISTS btree_gin;
         CREATE EXTENSION IF NOT EXISTS unaccent;
         REVOKE CREATE ON SCHEMA public FROM PUBLIC;
         GRANT USAGE, CREATE ON SCHEMA public TO app_owner, app_lookup;
         GRANT USAGE ON SCHEMA public TO app, app_jobs;",
    )?;
    let needs_membership: Flag =
        sql_query("SELECT NOT pg_has_role('app_owner', 'MEMBER') AS is_so").get_result(conn)?;
    if needs_membership.is_so {
        conn.batch_execute("GRANT app_owner TO current_user")?;
    }
    for (role, statement_timeout) in LIMITS {
        conn.batch_execute(&format!(
            "ALTER ROLE {role} SET statement_timeout = '{statement_timeout}';
             ALTER ROLE {role} SET lock_timeout = '1s';
             ALTER ROLE {role} SET idle_in_transaction_session_timeout = '10s';
             ALTER ROLE {role} SET jit = off;"
        ))?;
    }
    Ok(())
}

/// The password that one of the URLs gives for `role`, if any does.
fn password_of(role: &str, logins: &[&str]) -> Option<String> {
    logins.iter().map(|login| login_of(login)).find(|(user, _)| user == role)?.1
}

/// User and password of a database's URL, read as libpq does: several hosts, which no other reader of
/// URLs knows, may follow, and both may stand in the query instead.
fn login_of(url: &str) -> (String, Option<String>) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let named = authority.split_once('@').map_or("", |(named, _)| named);
    let (user, password) = named.split_once(':').unwrap_or((named, ""));
    let asked = |name: &str| {
        query.split('&').filter_map(|pair| pair.split_once('=')).rfind(|(known, _)| *known == name)
    };
    let user = asked("user").map_or(user, |(_, user)| user);
    let password = asked("password").map_or(password, |(_, password)| password);
    (percent_decoded(user), Some(percent_decoded(password)).filter(|word| !word.is_empty()))
}

/// A text as an SQL literal: role statements take no parameters.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[derive(QueryableByName)]
struct Flag {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_gets_the_password_of_its_url() {
        let logins = ["postgres://app:p%40ss%2Bw@db/central", "postgres://app_jobs@db/central"];
        assert_eq!(password_of("app", &logins), Some("p@ss+w".to_owned()));
        assert_eq!(password_of("app_jobs", &logins), None);
        for url in [
            "postgres://app:p%40ss%2Bw@db1:5432,db2:5432/central?target_session_attrs=read-write",
            "postgresql://app:p%40ss+w@/central?host=/run/postgresql",
            "postgres://db1,db2/central?user=app&password=p%40ss%2Bw",
        ] {
            let given = password_of("app", &["postgres://app_jobs:x@db1,db2/central", url]);
            assert_eq!(given.as_deref(), Some("p@ss+w"), "{url}");
        }
        assert_eq!(password_of("app", &["postgres://db/central", "host=db user=app"]), None);
        assert_eq!(quoted("o'neil"), "'o''neil'");
    }
}
