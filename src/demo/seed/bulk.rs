//! Two years of payments, made inside Postgres.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::{Count, Seed};
use crate::crypto::{self, Keyring};
use crate::db::Db;
use crate::kernel::{Error, MerchantId, OriginatorId, UserId};

/// What payments are made for.
pub struct World<'a> {
    pub seed: &'a Seed,
    pub merchant_id: MerchantId,
    pub originators: &'a [OriginatorId],
    pub users: &'a [UserId],
    pub now: DateTime<Utc>,
}

/// Names, surnames and things, by place; the same for everybody, so that searches find something.
pub const WORDS: &str = "
    CREATE TEMP TABLE IF NOT EXISTS first_names AS SELECT row_number() OVER () - 1 AS n, w FROM unnest(ARRAY[
        'Alessandro','Francesca','Giorgio','Martina','Luca','Elena','Marco','Giulia','Paolo','Sara','Davide','Anna',
        'Pierre','Camille','Hugo','Chloé','Antoine','Léa','Carlos','Lucía','Javier','Carmen','José','Marta',
        'James','Emily','Oliver','Sophie','Thomas','Alice','Yuki','Haruto','Aiko','Fatima','Omar','Layla']) AS w;
    CREATE TEMP TABLE IF NOT EXISTS last_names AS SELECT row_number() OVER () - 1 AS n, w FROM unnest(ARRAY[
        'Ricci','De Santis','Lombardi','Moretti','Galli','Marchetti','Ferrari','Costa','Fontana','Rinaldi','Caruso',
        'Dupont','Lefèvre','Moreau','Garnier','Roux','García','Muñoz','Navarro','Iglesias','Ortega',
        'Smith','Walker','Hughes','Bennett','Tanaka','Suzuki','Watanabe','Haddad','Mansour','Weber','Keller','Novak']) AS w;
    CREATE TEMP TABLE IF NOT EXISTS things AS SELECT row_number() OVER () - 1 AS n, w FROM unnest(ARRAY[
        'Vaso “Onda” smaltato a mano','Servizio da tavola 24 pezzi, saldo','Set 6 piatti fondi “Terra”, blu','Lampada da terra, acconto',
        'Deposit for custom order','Workshop, two places','Table linen, repair','Gift card','Commande 12 assiettes','Reserva, segundo plazo']) AS w;
    CREATE OR REPLACE FUNCTION pg_temp.uuid_at(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
                || substr('89ab', 1 + floor(random() * 4)::int, 1) || substr(md5(random()::text), 1, 15))::uuid $$;
    CREATE OR REPLACE FUNCTION pg_temp.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT translate(lower(replace($1, ' ', '')), 'éèüñíóúá', 'eeuniouá') $$;
";

/// Whether anything was seeded before.
pub fn has_merchants(admin: &Db) -> Result<bool, Error> {
    admin.with_connection(|conn| {
        let count: Count = sql_query("SELECT count(*) AS count FROM merchants").get_result(conn)?;
        Ok(count.count > 0)
    })
}

/// Past payments of one merchant, then those that are open now.
pub fn fill(admin: &Db, keys: &Keyring, world: &World<'_>) -> Result<(), Error> {
    admin.with_connection(|conn| {
        conn.batch_execute(WORDS)?;
        // Bulk rows are consistent by construction: triggers and foreign keys would only cost time.
        conn.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off")?;
        if world.seed.payments > 0 {
            past(conn, world)?;
            history(conn, world.merchant_id)?;
        }
        open(conn, keys, world)?;
        let total =
            i64::try_from(world.seed.payments + world.seed.open).map_err(Error::internal)?;
        sql_query("UPDATE merchants SET next_order_number = $2 + 1 WHERE id = $1")
            .bind::<SqlUuid, _>(world.merchant_id)
            .bind::<BigInt, _>(total)
            .execute(conn)?;
        conn.batch_execute("RESET session_replication_role")?;
        Ok(())
    })
}

/// The summary per day, which triggers would have kept, and statistics, so that the first page's plan
/// is the right one.
pub fn finish(admin: &Db) -> Result<(), Error> {
    admin.with_connection(|conn| {
        conn.batch_execute(DAYS)?;
        Ok(conn.batch_execute("ANALYZE")?)
    })
}

/// Makes the summaries anew from payments and transactions. Nobody else writes any meanwhile.
pub const DAYS: &str = "
    TRUNCATE email_payment_days;
    INSERT INTO email_payment_days (merchant_id, currency, day, status, change, count, amount_minor, refunded_minor)
    SELECT merchant_id, currency, (created_at AT TIME ZONE 'UTC')::date, status, 0, count(*), sum(amount_minor), sum(refunded_minor)
    FROM email_payments GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
    TRUNCATE collected_days;
    INSERT INTO collected_days (merchant_id, day, currency, channel, change, count, amount_minor)
    SELECT t.merchant_id, (t.occurred_at AT TIME ZONE m.time_zone)::date, t.currency, t.channel, 0, count(*), sum(t.amount_minor)
    FROM transactions t JOIN merchants m ON m.id = t.merchant_id
    WHERE t.status = 'authorised' AND t.operation IN ('capture', 'sale', 'rebill', 'collection')
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
    TRUNCATE transaction_days;
    INSERT INTO transaction_days (merchant_id, day, currency, operation, status, is_test, change, count, amount_minor)
    SELECT merchant_id, (occurred_at AT TIME ZONE 'UTC')::date, currency, operation, status, is_test, 0, count(*), sum(amount_minor)
    FROM transactions GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6";

fn past(conn: &mut PgConnection, world: &World<'_>) -> Result<(), Error> {
    let seed = world.seed;
    let currencies: Vec<&str> =
        seed.originators.iter().flat_map(|(_, _, currencies)| currencies.iter().copied()).collect();
    sql_query(PAST)
        .bind::<SqlUuid, _>(world.merchant_id)
        .bind::<BigInt, _>(i64::try_from(seed.payments).map_err(Error::internal)?)
        .bind::<Timestamptz, _>(world.now)
        .bind::<Array<SqlUuid>, _>(world.originators)
        .bind::<Array<SqlUuid>, _>(world.users)
        .bind::<Text, _>(seed.prefix)
        .bind::<Array<Text>, _>(currencies)
        .bind::<Text, _>(seed.language.code())
        .execute(conn)?;
    Ok(())
}

/// Payments of the last two years that have ended: two thirds paid, the rest expired, cancelled or
/// failed. What is too young to have expired was paid.
const PAST: &str = "
    INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor, currency,
        customer_email, customer_name, description, message, language, status, end_reason, is_late, delivery,
        last_result_code, payment_method, attempts, sends, last_sent_at, first_opened_at, pay_token_hash,
        created_at, expires_at, paid_at, ended_at)
    SELECT $1, pg_temp.uuid_at(created_at), originators[1 + n % cardinality(originators)], users[1 + n % cardinality(users)],
        prefix || '-' || to_char(created_at, 'YYYY') || '-' || lpad(n::text, greatest(4, length(n::text)), '0'),
        CASE WHEN currency IN ('JPY') THEN 500 + floor(power(random(), 3) * 300000)::bigint
             WHEN currency IN ('KWD') THEN 1000 + floor(power(random(), 3) * 900000)::bigint
             ELSE 900 + floor(power(random(), 3) * 250000)::bigint END,
        currency, email, name, thing, '', language, status,
        CASE status WHEN 'expired' THEN 'date_reached' WHEN 'cancelled' THEN 'by_merchant' WHEN 'failed' THEN 'attempts_exhausted' END,
        false, 'sent', CASE WHEN status = 'failed' THEN '051' END,
        CASE WHEN status IN ('paid', 'failed') THEN CASE WHEN n % 11 = 0 THEN 'Alipay' ELSE 'CreditCard' END END,
        CASE status WHEN 'paid' THEN 1 WHEN 'failed' THEN 3 ELSE 0 END, 1, created_at,
        CASE WHEN status IN ('paid', 'failed') THEN created_at + wait * 0.9 END,
        sha256(convert_to(gen_random_uuid()::text, 'UTF8')),
        created_at, created_at + interval '30 days',
        CASE WHEN status = 'paid' THEN created_at + wait END,
        CASE status WHEN 'expired' THEN created_at + interval '30 days' ELSE created_at + wait END
    FROM (
        SELECT g.n, $4::uuid[] AS originators, $5::uuid[] AS users, $6 AS prefix, $8 AS language,
            r.created_at,
            ($7::text[])[CASE WHEN g.n % 9 < 7 THEN 1 ELSE 1 + (g.n % cardinality($7::text[])) END] AS currency,
            CASE WHEN r.x < 0.70 OR (r.x < 0.88 AND r.created_at > $3::timestamptz - interval '31 days') THEN 'paid' WHEN r.x < 0.88 THEN 'expired' WHEN r.x < 0.95 THEN 'cancelled' ELSE 'failed' END AS status,
            least(interval '1 minute' * (3 + floor(power(r.x * 1.37 - floor(r.x * 1.37), 2) * 9000)), ($3::timestamptz - r.created_at) * 0.9) AS wait,
            f.w || ' ' || l.w AS name, pg_temp.plain(f.w) || '.' || pg_temp.plain(l.w) || '@example.com' AS email, t.w AS thing
        FROM (SELECT n, (n * 7919 + n / 36) % 36 AS f, (n * 104729 + n / 33) % 33 AS l, n % 10 AS t FROM generate_series(1, $2) AS n) g
        JOIN first_names f ON f.n = g.f JOIN last_names l ON l.n = g.l JOIN things t ON t.n = g.t
        CROSS JOIN LATERAL (SELECT abs(hashtext(g.n::text || $6))::double precision / 2147483648 AS x,
            $3::timestamptz - interval '1 hour' - (interval '731 days' * (1 - g.n::double precision / $2)) - interval '1 minute' * (g.n % 7) AS created_at) r
    ) AS raw
    ORDER BY created_at";

/// What happened to the past payments, for their timelines.
fn history(conn: &mut PgConnection, merchant_id: MerchantId) -> Result<(), Error> {
    sql_query(
        "INSERT INTO email_payment_events (merchant_id, id, email_payment_id, kind, from_status, to_status, actor, user_id, details, at)
         SELECT merchant_id, pg_temp.uuid_at(e.at), id, e.kind, e.f, e.t, e.actor, CASE WHEN e.actor = 'user' THEN created_by END, e.details, e.at
         FROM email_payments p CROSS JOIN LATERAL (VALUES
             ('submitted', 'draft', 'open', 'user', p.created_at, '{}'::jsonb),
             ('mail_sent', NULL, NULL, 'system', p.created_at + interval '2 seconds', jsonb_build_object('to', p.customer_email, 'mail', 'request', 'try', 1)),
             (CASE p.status WHEN 'failed' THEN 'declined' ELSE p.status END, 'open', p.status,
              CASE p.status WHEN 'paid' THEN 'gateway' WHEN 'failed' THEN 'gateway' WHEN 'cancelled' THEN 'user' ELSE 'clock' END, p.ended_at,
              CASE WHEN p.status = 'paid' AND p.payment_method = 'CreditCard' THEN '{\"brand\": \"VISA\", \"last_four\": \"1111\", \"method\": \"CreditCard\", \"result_code\": \"000\"}'::jsonb
                   WHEN p.status = 'failed' THEN '{\"brand\": \"VISA\", \"last_four\": \"0051\", \"method\": \"CreditCard\", \"result_code\": \"051\"}'::jsonb
                   ELSE jsonb_build_object('method', coalesce(p.payment_method, '')) END)
         ) AS e (kind, f, t, actor, at, details)
         WHERE p.merchant_id = $1 AND p.status IN ('paid', 'expired', 'cancelled', 'failed')",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .execute(conn)?;
    sql_query(
        "INSERT INTO payment_attempts (merchant_id, id, email_payment_id, gateway_transaction_id, status, operation, result_code,
             amount_minor, currency, payment_method, card_brand, card_number_masked, is_test, attempted_at, recorded_at)
         SELECT merchant_id, pg_temp.uuid_at(ended_at), id, 'seed-' || order_id, CASE status WHEN 'paid' THEN 'authorised' ELSE 'declined' END, 'sale',
             CASE status WHEN 'paid' THEN '000' ELSE '051' END, amount_minor, currency, payment_method,
             CASE payment_method WHEN 'CreditCard' THEN 'VISA' END,
             CASE payment_method WHEN 'CreditCard' THEN CASE status WHEN 'paid' THEN '411111XXXXXX1111' ELSE '400000XXXXXX0051' END END,
             false, ended_at, ended_at
         FROM email_payments WHERE merchant_id = $1 AND status IN ('paid', 'failed')",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .execute(conn)?;
    // What moved last month and in this one, as the gateway would have told it.
    sql_query(
        "INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
             method, result_code, gateway_transaction_id, email_payment_id, is_test, occurred_at, recorded_at,
             order_id, customer_name, customer_email, network, card_number_masked, asked_by)
         SELECT a.merchant_id, a.id, p.originator_id, o.provider, 'email', a.operation, a.status, a.amount_minor, a.currency,
             a.payment_method, a.result_code, a.gateway_transaction_id, p.id, a.is_test, a.attempted_at, a.recorded_at,
             p.order_id, p.customer_name, p.customer_email,
             CASE a.payment_method WHEN 'Alipay' THEN (ARRAY['alipay', 'alipayhk', 'gcash', 'kakaopay', 'dana'])[1 + abs(hashtext(p.order_id)) % 5]
                 ELSE lower(coalesce(a.card_brand, '')) END, coalesce(a.card_number_masked, ''), p.created_by
         FROM payment_attempts a
         JOIN email_payments p ON p.merchant_id = a.merchant_id AND p.id = a.email_payment_id
         JOIN originators o ON o.merchant_id = p.merchant_id AND o.id = p.originator_id
         WHERE a.merchant_id = $1 AND a.attempted_at >= date_trunc('month', now()) - interval '1 month'",
    )
    .bind::<SqlUuid, _>(merchant_id)
    .execute(conn)?;
    Ok(())
}

/// Payments of the last 30 days that wait for money; their links work.
fn open(conn: &mut PgConnection, keys: &Keyring, world: &World<'_>) -> Result<(), Error> {
    let (seed, count) = (world.seed, i64::try_from(world.seed.open).map_err(Error::internal)?);
    for place in 0..count {
        let created_at = world.now
            - chrono::Duration::minutes(7 + (count - 1 - place) * (29 * 24 * 60) / count.max(1));
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(
            uuid::NoContext,
            created_at.timestamp().unsigned_abs(),
            created_at.timestamp_subsec_nanos(),
        ));
        let token = crypto::token::<24>()?;
        let number = i64::try_from(seed.payments).map_err(Error::internal)? + place + 1;
        sql_query(OPEN)
            .bind::<SqlUuid, _>(world.merchant_id)
            .bind::<SqlUuid, _>(id)
            .bind::<BigInt, _>(number)
            .bind::<Timestamptz, _>(created_at)
            .bind::<Array<SqlUuid>, _>(world.originators)
            .bind::<Array<SqlUuid>, _>(world.users)
            .bind::<Text, _>(seed.prefix)
            .bind::<Text, _>(seed.currency)
            .bind::<Text, _>(seed.language.code())
            .bind::<Binary, _>(crypto::hash(&token))
            .bind::<Binary, _>(keys.seal(id, &token)?)
            .execute(conn)?;
    }
    Ok(())
}

const OPEN: &str = "
    WITH new AS (
        INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor, currency, customer_email,
            customer_name, description, message, language, status, delivery, last_result_code, payment_method, attempts, sends,
            last_sent_at, first_opened_at, pay_token_hash, pay_token_encrypted, created_at, expires_at, delivery_answer)
        SELECT $1, $2, ($5::uuid[])[1 + $3 % cardinality($5::uuid[])], ($6::uuid[])[1 + $3 % cardinality($6::uuid[])],
            $7 || '-' || to_char($4::timestamptz, 'YYYY') || '-' || lpad($3::text, greatest(4, length($3::text)), '0'),
            CASE $8 WHEN 'JPY' THEN 500 ELSE 900 END + abs(hashtext($3::text)) % 180000, $8,
            pg_temp.plain(f.w) || '.' || pg_temp.plain(l.w) || '@example.com', f.w || ' ' || l.w, t.w, '', $9, 'open',
            CASE WHEN $3 % 23 = 0 THEN 'bounced' WHEN $3 % 41 = 0 THEN 'deferred' ELSE 'sent' END,
            CASE WHEN $3 % 17 = 0 THEN '051' END, CASE WHEN $3 % 17 = 0 THEN 'CreditCard' END, CASE WHEN $3 % 17 = 0 THEN 1 ELSE 0 END, 1,
            $4, CASE WHEN $3 % 3 = 0 AND $3 % 23 <> 0 THEN $4::timestamptz + interval '5 minutes' END,
            $10, $11, $4, $4::timestamptz + interval '30 days',
            CASE WHEN $3 % 23 = 0 THEN (ARRAY['550 5.1.1 User unknown', '552 5.2.2 Mailbox full', '550 5.7.1 Message refused as spam'])[1 + ($3 / 23) % 3]
                 WHEN $3 % 41 = 0 THEN '450 4.7.1 Greylisted, try again later' END
        FROM first_names f, last_names l, things t
        WHERE f.n = ($3 * 7919) % 36 AND l.n = ($3 * 104729) % 33 AND t.n = $3 % 10
        RETURNING *)
    INSERT INTO email_payment_events (merchant_id, id, email_payment_id, kind, from_status, to_status, actor, user_id, details, at)
    SELECT merchant_id, pg_temp.uuid_at(e.at), id, e.kind, e.f, e.t, e.actor, CASE WHEN e.actor = 'user' THEN created_by END, e.details, e.at
    FROM new p CROSS JOIN LATERAL (VALUES
        ('submitted', 'draft', 'open', 'user', p.created_at, '{}'::jsonb),
        (CASE p.delivery WHEN 'bounced' THEN 'mail_failed' WHEN 'deferred' THEN 'mail_deferred' ELSE 'mail_sent' END, NULL, NULL, 'system',
         p.created_at + interval '2 seconds', jsonb_build_object('to', p.customer_email, 'mail', 'request', 'try', 1)),
        ('opened', NULL, NULL, 'customer', p.first_opened_at, '{}'::jsonb),
        ('declined', 'processing', 'open', 'gateway', CASE WHEN p.attempts > 0 THEN p.created_at + interval '6 minutes' END,
         '{\"brand\": \"VISA\", \"last_four\": \"0051\", \"method\": \"CreditCard\", \"result_code\": \"051\"}'::jsonb)
    ) AS e (kind, f, t, actor, at, details)
    WHERE e.at IS NOT NULL";
