//! Many payments over 2,000 merchants, for whoever wants to see the product at size: ten million in
//! a few minutes. Rows first, in two sessions; then the indexes, in two sessions; at last the
//! statistics. What is interrupted leaves a table without indexes: begin again with `--fresh`.

use std::collections::VecDeque;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::bulk;
use crate::crypto::Keyring;
use crate::db::Db;
use crate::kernel::{Error, MerchantId, UserId};

/// The merchant with 5 % of the payments.
pub const BIGGEST: &str = "Generated 0001";

/// What a payment takes on the disk, its part of the indexes and of what building them needs
/// meanwhile included: 1.35 KB were measured.
const BYTES_EACH: u64 = 1_600;

/// Sessions at a time: as many as the smallest machine has cores.
const SESSIONS: i64 = 2;

/// What is generated, and for whom.
pub struct Generation<'a> {
    pub count: u64,
    /// Subjects of users that are there: the first becomes the biggest merchant's owner, the others
    /// its managers; they have created its payments.
    pub people: &'a [&'a str],
    pub now: DateTime<Utc>,
    /// Hears what is being done.
    pub tell: &'a (dyn Fn(&str) + Sync),
}

/// Adds the payments to the database behind `url`, the superuser's.
pub fn add(url: &str, keys: &Keyring, generation: &Generation<'_>) -> Result<(), Error> {
    let admin = Db::new(url, 1, true);
    let (started, tell) = (Instant::now(), generation.tell);
    let say =
        |words: &str| tell(&format!("{words} ({:.0} s so far)", started.elapsed().as_secs_f64()));
    let afterwards = admin.with_connection(|conn| {
        check_space(conn, generation.count)?;
        conn.batch_execute(SETTINGS)?;
        merchants(conn, keys, generation)?;
        take_indexes_away(conn)
    })?;
    say(&format!("{} payments over 2,000 merchants: writing rows", generation.count));
    side_by_side(url, |session, conn| rows(conn, generation, session))?;
    say("Making indexes");
    let waiting = Mutex::new(afterwards.side_by_side);
    side_by_side(url, |_, conn| {
        while let Some(statement) = next(&waiting) {
            conn.batch_execute(&statement)?;
        }
        Ok(())
    })?;
    say("Gathering statistics");
    admin.with_connection(|conn| Ok(conn.batch_execute(&afterwards.at_last)?))?;
    admin.with_connection(|conn| Ok(conn.batch_execute("VACUUM ANALYZE email_payments")?))?;
    admin.with_connection(|conn| Ok(conn.batch_execute("VACUUM ANALYZE email_payment_days")?))?;
    admin.with_connection(|conn| Ok(conn.batch_execute("ANALYZE")?))?;
    say("Done");
    Ok(())
}

/// Rows are consistent by construction: triggers and foreign keys would only cost time.
const SETTINGS: &str = "
    SET session_replication_role = replica; SET statement_timeout = 0; SET synchronous_commit = off; SET jit = off;
    SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'; SET max_parallel_maintenance_workers = 0";

/// Runs `work` in as many sessions as there are cores, each with its number from 1.
fn side_by_side(
    url: &str,
    work: impl Fn(i64, &mut PgConnection) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let work = &work;
    std::thread::scope(|scope| {
        let sessions: Vec<_> = (1..=SESSIONS)
            .map(|session| {
                scope.spawn(move || {
                    Db::new(url, 1, true).with_connection(|conn| {
                        conn.batch_execute(SETTINGS)?;
                        work(session, conn)
                    })
                })
            })
            .collect();
        sessions.into_iter().try_for_each(|session| {
            session.join().unwrap_or_else(|_| Err(Error::internal("a session panicked")))
        })
    })
}

fn next(waiting: &Mutex<VecDeque<String>>) -> Option<String> {
    waiting.lock().ok()?.pop_front()
}

/// Refuses before anything is written what would fill the disk up.
fn check_space(conn: &mut PgConnection, count: u64) -> Result<(), Error> {
    let folder: Word =
        sql_query("SELECT current_setting('data_directory') AS word").get_result(conn)?;
    let needed = count.saturating_mul(BYTES_EACH);
    match free_bytes(&folder.word) {
        Some(free) if free < needed => Err(Error::internal(format!(
            "{count} payments take about {} GB, and {} has {} GB free: choose fewer, or another --data-dir",
            needed.div_ceil(1_000_000_000),
            folder.word,
            free / 1_000_000_000,
        ))),
        // Where nobody tells what is free, Postgres will say when there is no more.
        _ => Ok(()),
    }
}

/// What `df` says; Rust has no word for it.
fn free_bytes(folder: &str) -> Option<u64> {
    let told = Command::new("df").args(["-Pk", folder]).env("LC_ALL", "C").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let kilobytes: u64 = told.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes.saturating_mul(1024))
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn merchants(
    conn: &mut PgConnection,
    keys: &Keyring,
    generation: &Generation<'_>,
) -> Result<(), Error> {
    let (biggest, user) = (MerchantId::new(), UserId::new());
    let sealed = keys.seal(biggest.as_uuid(), "not-known-to-the-gateway")?;
    sql_query(
        "INSERT INTO users (id, issuer, subject, name, email, created_at)
         VALUES ($1, 'generated', $1::text, 'Generated', 'generated@example.com', $2)",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<Timestamptz, _>(generation.now)
    .execute(conn)?;
    sql_query(
        "INSERT INTO merchants (id, name, legal_name, address, country, currency, language, time_zone, email, order_prefix, created_at)
         SELECT CASE n WHEN 1 THEN $1 ELSE gen_random_uuid() END, 'Generated ' || lpad(n::text, 4, '0'), 'Generated ' || lpad(n::text, 4, '0'),
                '', 'IT', 'EUR', 'en', 'Europe/Rome', 'generated@example.com', 'G' || n, $2
         FROM generate_series(1, 2000) AS n",
    )
    .bind::<SqlUuid, _>(biggest)
    .bind::<Timestamptz, _>(generation.now)
    .execute(conn)?;
    sql_query(
        "INSERT INTO originators (merchant_id, id, name, number, api_key_encrypted, currencies, created_at, is_page_set_up)
         SELECT id, gen_random_uuid(), 'Shop ' || n, substr(order_prefix, 2) || n, $2, '{EUR,USD}', $3, true
         FROM merchants, generate_series(1, 3) AS n WHERE created_at = $3 AND order_prefix ~ '^G[0-9]+$' AND (n = 1 OR id = $1)",
    )
    .bind::<SqlUuid, _>(biggest)
    .bind::<Binary, _>(&sealed)
    .bind::<Timestamptz, _>(generation.now)
    .execute(conn)?;
    // The gateway knows none of them: nobody asks it.
    let never = generation.now + Duration::days(36_500);
    sql_query(
        "INSERT INTO gateway_accounts (merchant_id, originator_id, next_at)
         SELECT merchant_id, id, $2 FROM originators WHERE api_key_encrypted = $1",
    )
    .bind::<Binary, _>(&sealed)
    .bind::<Timestamptz, _>(never)
    .execute(conn)?;
    sql_query(
        "INSERT INTO transaction_imports (merchant_id, originator_id, source, starts_at, read_until,
             hours_due_at, days_due_at, month_due_at, next_at, window_seconds)
         SELECT merchant_id, id, source, $3, $3, $2, $2, $2, $2, 86400
         FROM originators, unnest(ARRAY['transactions', 'chargebacks']) AS source WHERE api_key_encrypted = $1",
    )
    .bind::<Binary, _>(&sealed)
    .bind::<Timestamptz, _>(never)
    .bind::<Timestamptz, _>(generation.now)
    .execute(conn)?;
    sql_query(
        "INSERT INTO memberships (merchant_id, user_id, role, created_at)
         SELECT $1, u.id, CASE p.place WHEN 1 THEN 'owner' ELSE 'manager' END, $3
         FROM users u JOIN unnest($2) WITH ORDINALITY AS p (subject, place) ON p.subject = u.subject",
    )
    .bind::<SqlUuid, _>(biggest)
    .bind::<Array<Text>, _>(generation.people)
    .bind::<Timestamptz, _>(generation.now)
    .execute(conn)?;
    Ok(())
}

/// What is done when all rows are there.
struct Afterwards {
    /// Indexes and the summary per day, what takes longest first; in any session.
    side_by_side: VecDeque<String>,
    /// Constraints, which wait for the table to be free.
    at_last: String,
}

/// Takes the table's indexes away but for the primary key, to which other tables point.
fn take_indexes_away(conn: &mut PgConnection) -> Result<Afterwards, Error> {
    #[derive(QueryableByName)]
    struct Index {
        #[diesel(sql_type = Text)]
        away: String,
        #[diesel(sql_type = Text)]
        back: String,
        /// Empty where the index is no constraint's.
        #[diesel(sql_type = Text)]
        constraint_back: String,
    }
    let indexes: Vec<Index> = sql_query(
        "SELECT coalesce('ALTER TABLE email_payments DROP CONSTRAINT ' || quote_ident(k.conname), 'DROP INDEX ' || i.indexrelid::regclass) AS away,
             coalesce('ALTER TABLE email_payments ADD CONSTRAINT ' || quote_ident(k.conname) || ' UNIQUE USING INDEX ' || i.indexrelid::regclass, '') AS constraint_back,
             concat_ws(E';\\n', pg_get_indexdef(i.indexrelid),
                 'COMMENT ON INDEX ' || i.indexrelid::regclass || ' IS ' || quote_literal(obj_description(i.indexrelid, 'pg_class'))) AS back
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u'
         WHERE i.indrelid = 'email_payments'::regclass AND NOT i.indisprimary
         ORDER BY a.amname = 'gin' DESC, i.indnatts DESC",
    )
    .load(conn)?;
    for index in &indexes {
        conn.batch_execute(&index.away)?;
    }
    let at_last: Vec<&str> = indexes.iter().map(|index| index.constraint_back.as_str()).collect();
    let at_last = at_last.join(";");
    let mut side_by_side: VecDeque<String> = indexes.into_iter().map(|index| index.back).collect();
    side_by_side.insert(side_by_side.len().min(1), bulk::DAYS.to_owned());
    Ok(Afterwards { side_by_side, at_last })
}

/// Every second payment, beginning with `session`.
fn rows(conn: &mut PgConnection, generation: &Generation<'_>, session: i64) -> Result<(), Error> {
    conn.batch_execute(bulk::WORDS)?;
    conn.batch_execute(MORE_WORDS)?;
    sql_query(ROWS)
        .bind::<BigInt, _>(i64::try_from(generation.count).map_err(Error::internal)?)
        .bind::<Timestamptz, _>(generation.now)
        .bind::<BigInt, _>(session)
        .bind::<BigInt, _>(SESSIONS)
        .execute(conn)?;
    Ok(())
}

const MORE_WORDS: &str = "
    CREATE TEMP TABLE names AS SELECT f.n + 36 * l.n AS n, f.w || ' ' || l.w AS name, pg_temp.plain(f.w) || '.' || pg_temp.plain(l.w) AS mail
        FROM first_names f, last_names l;
    ANALYZE names; ANALYZE things";

/// Merchant 1 has each twentieth payment, the others share the rest. All else comes from a hash of
/// the payment's number, so that it is spread evenly and is the same each time: `a` to `e` are
/// pieces of it. Payments of the last 30 days may still wait for money.
const ROWS: &str = "
    INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor, currency, customer_email,
        customer_name, description, message, language, status, end_reason, delivery, payment_method, attempts, sends,
        last_sent_at, first_opened_at, pay_token_hash, created_at, expires_at, paid_at, ended_at)
    SELECT m.id, (encode(substring(int8send((extract(epoch FROM raw.created_at) * 1000)::bigint) FROM 3), 'hex')
            || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
        m.originators[1 + b % cardinality(m.originators)], m.creators[1 + c % cardinality(m.creators)],
        m.prefix || '-' || to_char(raw.created_at, 'YYYY') || '-' || lpad(k::text, 8, '0'),
        900 + (power(a / 1e6, 3) * 250000)::bigint, CASE WHEN b % 50 = 7 THEN 'USD' ELSE 'EUR' END,
        w.mail || k % 997 || '@example.com', w.name, t.w, '',
        CASE WHEN c % 100 < 60 THEN 'it' WHEN c % 100 < 80 THEN 'en' WHEN c % 100 < 92 THEN 'fr' ELSE 'es' END, status,
        CASE status WHEN 'expired' THEN 'date_reached' WHEN 'cancelled' THEN 'by_merchant' WHEN 'failed' THEN 'attempts_exhausted' END,
        CASE WHEN status = 'draft' THEN NULL WHEN d < 970 THEN 'sent' WHEN d < 985 THEN 'bounced' WHEN d < 990 THEN 'deferred'
             WHEN d < 995 THEN 'failed' ELSE 'suppressed' END,
        CASE WHEN status IN ('paid', 'failed', 'processing', 'authorised')
             THEN CASE WHEN b % 11 = 0 THEN 'Alipay' WHEN b % 29 = 0 THEN 'WeChat' ELSE 'CreditCard' END END,
        CASE status WHEN 'paid' THEN 1 WHEN 'failed' THEN 3 ELSE 0 END, CASE status WHEN 'draft' THEN 0 ELSE 1 END,
        CASE WHEN status <> 'draft' THEN raw.created_at END,
        CASE WHEN d < 970 AND status <> 'draft' AND b % 3 > 0 THEN raw.created_at + interval '1 hour' END,
        CASE WHEN status <> 'draft' THEN sha256(int8send(k) || uuid_send(m.id)) END,
        raw.created_at, raw.created_at + interval '30 days', CASE WHEN status = 'paid' THEN raw.created_at + interval '2 hours' END,
        CASE WHEN status = 'expired' THEN raw.created_at + interval '30 days'
             WHEN status IN ('paid', 'cancelled', 'failed') THEN raw.created_at + interval '2 hours' END
    FROM (
        SELECT k, place, a, b, c, d, created_at, CASE WHEN $2 - created_at > interval '30 days'
            THEN CASE WHEN e < 660 THEN 'paid' WHEN e < 860 THEN 'expired' WHEN e < 980 THEN 'cancelled' ELSE 'failed' END
            ELSE CASE WHEN e < 500 THEN 'paid' WHEN e < 540 THEN 'cancelled' WHEN e < 560 THEN 'failed' WHEN e < 580 THEN 'processing'
                WHEN e < 600 THEN 'authorised' WHEN e < 620 THEN 'draft' ELSE 'open' END END AS status
        FROM (
            SELECT k, CASE WHEN k % 20 = 0 THEN 1 ELSE 2 + ((k * 7919) % 1999)::int END AS place,
                (h & 1048575) % 1000000 AS a, i & 1048575 AS b, (i >> 20) & 1048575 AS c, ((i >> 40) & 1048575) % 1000 AS d,
                ((h >> 40) & 1048575) % 1000 AS e, $2 - interval '3 hours' - interval '700 days' * (1 - k::double precision / $1) AS created_at
            FROM (SELECT k, hashint8extended(k, 1) AS h, hashint8extended(k, 2) AS i FROM generate_series($3, $1, $4) AS k) hashed
        ) pieces
    ) raw
    JOIN (
        SELECT m.id, m.order_prefix AS prefix, substr(m.order_prefix, 2)::int AS place,
            (SELECT array_agg(o.id ORDER BY o.number) FROM originators o WHERE o.merchant_id = m.id) AS originators,
            coalesce((SELECT array_agg(p.user_id ORDER BY p.role DESC, p.user_id) FROM memberships p WHERE p.merchant_id = m.id),
                (SELECT array_agg(u.id) FROM users u WHERE u.issuer = 'generated' AND u.created_at = $2)) AS creators
        FROM merchants m WHERE m.created_at = $2 AND m.order_prefix ~ '^G[0-9]+$'
    ) m ON m.place = raw.place
    JOIN names w ON w.n = raw.a % 1188 JOIN things t ON t.n = raw.c % 10";
