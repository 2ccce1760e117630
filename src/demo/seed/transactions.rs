//! What moved through other channels than email payments, last month and in this one: shop and store,
//! declined tries with their codes, refunds, chargebacks. Made inside Postgres, like the bulk.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};

use super::bulk::{WORDS, World};
use crate::db::Db;
use crate::kernel::Error;

/// One for each so many past email payments, at least [`FEWEST`].
const PAYMENTS_EACH: u64 = 40;
const FEWEST: u64 = 180;

/// Adds the movements of one merchant; none for one that has no past.
pub fn add(admin: &Db, world: &World<'_>) -> Result<(), Error> {
    if world.seed.payments == 0 {
        return Ok(());
    }
    let count = (world.seed.payments / PAYMENTS_EACH).max(FEWEST);
    admin.with_connection(|conn| {
        conn.batch_execute(WORDS)?;
        // Consistent by construction: triggers and foreign keys would only cost time.
        conn.batch_execute("SET session_replication_role = replica")?;
        sql_query(FIRST)
            .bind::<SqlUuid, _>(world.merchant_id)
            .bind::<BigInt, _>(i64::try_from(count).map_err(Error::internal)?)
            .bind::<Timestamptz, _>(world.now)
            .bind::<Array<SqlUuid>, _>(world.originators)
            .bind::<Text, _>(world.seed.prefix)
            .bind::<Text, _>(world.seed.currency)
            .bind::<Text, _>(world.seed.country)
            .execute(conn)?;
        sql_query(FOLLOWING)
            .bind::<SqlUuid, _>(world.merchant_id)
            .bind::<Timestamptz, _>(world.now)
            .execute(conn)?;
        Ok(conn.batch_execute("RESET session_replication_role")?)
    })
}

/// Sales of shop and store: one in nine is declined, one in seven is paid with a wallet. Their numbers are
/// none that the sandbox gives: the same number is the same transaction.
const FIRST: &str = "
    INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
        method, network, result_code, gateway_transaction_id, is_test, occurred_at, recorded_at, order_id, customer_name,
        customer_email, card_number_masked, ip_address, country, descriptor, is_3d_secure)
    SELECT $1, pg_temp.uuid_at(r.at), o.id, o.provider, r.channel, 'sale', r.status, 700 + (r.n * 7919) % 24300, $6,
        r.method, r.network, CASE r.status WHEN 'authorised' THEN '000' WHEN 'pending' THEN ''
            ELSE (ARRAY['051', '005', '054', '065', '007', '091', '034', '041', '502', '957'])[1 + (r.n / 9) % 10] END,
        (3000000 + r.n)::text, r.n % 61 = 0, r.at, r.at + interval '2 seconds',
        CASE r.channel WHEN 'in_store' THEN 'POS-' ELSE 'WEB-' END || $5 || '-' || lpad(r.n::text, 5, '0'),
        CASE WHEN r.channel = 'in_store' THEN '' ELSE f.w || ' ' || l.w END,
        CASE WHEN r.channel = 'in_store' THEN '' ELSE pg_temp.plain(f.w) || '.' || pg_temp.plain(l.w) || '@example.com' END,
        CASE WHEN r.method = 'CreditCard' THEN (ARRAY['411111', '555555', '378282'])[1 + r.n % 3] || 'XXXXXX' || lpad((r.n * 37 % 10000)::text, 4, '0') ELSE '' END,
        CASE WHEN r.channel = 'ecommerce' THEN '203.0.113.' || 1 + r.n % 250 ELSE '' END,
        CASE WHEN r.channel = 'ecommerce' THEN (ARRAY[$7, $7, $7, 'DE', 'CH', 'GB', 'US'])[1 + r.n % 7] ELSE '' END,
        $5 || '*SHOP', CASE WHEN r.method = 'CreditCard' AND r.channel = 'ecommerce' THEN r.n % 4 <> 0 END
    FROM (
        SELECT n, date_trunc('month', $3::timestamptz) - interval '1 month'
                  + ($3::timestamptz - date_trunc('month', $3::timestamptz) + interval '1 month') * ((n - 0.5) / $2::double precision) AS at,
            CASE WHEN n % 20 < 12 THEN 'ecommerce' WHEN n % 20 < 19 THEN 'in_store' ELSE 'virtual_terminal' END AS channel,
            CASE WHEN n % 9 = 0 THEN 'declined' WHEN n > $2 - 40 AND n % 13 = 5 THEN 'pending' ELSE 'authorised' END AS status,
            CASE WHEN n % 7 = 3 THEN 'Alipay' ELSE 'CreditCard' END AS method,
            CASE WHEN n % 7 = 3 THEN (ARRAY['alipay', 'alipayhk', 'gcash', 'kakaopay'])[1 + (n / 7) % 4]
                 ELSE (ARRAY['visa', 'mastercard', 'amex'])[1 + n % 3] END AS network
        FROM generate_series(1, $2) AS n) AS r
    JOIN originators o ON o.merchant_id = $1 AND o.id = ($4::uuid[])[1 + r.n % cardinality($4::uuid[])]
    JOIN first_names f ON f.n = (r.n * 7919) % 36 JOIN last_names l ON l.n = (r.n * 104729) % 33";

/// What became of some of them: refunds, whole or half; chargebacks, one in three of them won.
const FOLLOWING: &str = "
    INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency,
        method, network, result_code, gateway_transaction_id, reference_transaction_id, is_test, occurred_at, recorded_at,
        order_id, customer_name, customer_email, card_number_masked, country, descriptor)
    SELECT s.merchant_id, pg_temp.uuid_at(e.at), s.originator_id, s.provider, s.channel, e.operation, e.status, e.amount, s.currency,
        s.method, s.network, CASE e.status WHEN 'authorised' THEN '000' ELSE '' END, e.prefix || s.gateway_transaction_id,
        s.gateway_transaction_id, s.is_test, e.at, e.at + interval '2 seconds', s.order_id, s.customer_name, s.customer_email,
        s.card_number_masked, s.country, s.descriptor
    FROM (SELECT *, gateway_transaction_id::bigint AS n FROM transactions
          WHERE merchant_id = $1 AND email_payment_id IS NULL AND operation = 'sale' AND status = 'authorised') AS s
    CROSS JOIN LATERAL (VALUES
        (s.n % 23 = 0, 'refund', 'authorised', s.amount_minor, '8', s.occurred_at + interval '26 hours'),
        (s.n % 29 = 0 AND s.n % 23 <> 0, 'refund', 'authorised', s.amount_minor / 2, '8', s.occurred_at + interval '50 hours'),
        (s.n % 173 = 0 AND s.n % 23 <> 0, 'refund', 'pending', s.amount_minor / 4, '81', $2::timestamptz - interval '3 hours'),
        (s.n % 67 = 0 AND s.method = 'CreditCard' AND s.n % 23 <> 0 AND s.n % 29 <> 0, 'chargeback', 'authorised', s.amount_minor, '9', s.occurred_at + interval '9 days'),
        (s.n % 201 = 0 AND s.method = 'CreditCard' AND s.n % 23 <> 0 AND s.n % 29 <> 0, 'representment', 'authorised', s.amount_minor, '91', s.occurred_at + interval '16 days')
    ) AS e (is_so, operation, status, amount, prefix, at)
    WHERE e.is_so AND e.amount > 0 AND e.at > s.occurred_at AND e.at < $2";
