SET lock_timeout = '500ms';
-- Indexes are made in this transaction, not CONCURRENTLY: the table is small wherever it exists so far.
LOCK TABLE email_payments IN SHARE ROW EXCLUSIVE MODE;

-- A text as it is searched: no case, no accents. `unaccent(text)` alone is only stable, since its
-- dictionary is found by the search path; here the dictionary is named when the function is made.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, words));

-- The same for LIKE, in which nothing is a pattern. After folding: unaccent makes `%` of `％`.
CREATE FUNCTION folded_literally(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(folded(words), '\', '\\'), '%', '\%'), '_', '\_');

-- The tenant of a transaction that has exactly one; else none.
CREATE FUNCTION current_merchant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (current_merchants())[1] WHERE cardinality(current_merchants()) = 1 $$;

-- Of a payment that is paid: what went back to the customer.
ALTER TABLE email_payments ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0
    CHECK (refunded_minor BETWEEN 0 AND amount_minor);

-- Pages are read straight from the indexes where vacuum has passed; the defaults wait for 20 %.
ALTER TABLE email_payments SET (autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- What the list, its filters, totals and files read: email payments without what opens pay links.
-- Under row-level security only leakproof operators reach an index, and LIKE is none: each search
-- would read all rows of the merchant. Here the condition on the tenant is one of the query's own,
-- so that it always holds and yet the planner is free. The owner's policy on the table lets it see
-- all rows; its condition is an equality with one value, so that together with `merchant_id = …` of
-- the query it becomes a single comparison before the first row is read. No more and no less of a
-- wall than the policies: both compare with `app.merchants`, which a crafted statement could set.
CREATE VIEW email_payments_list AS
SELECT merchant_id, id, originator_id, created_by, order_id, amount_minor, refunded_minor, currency,
    customer_email, customer_name, description, message, language, status, end_reason, is_late,
    delivery, last_result_code, payment_method, attempts, sends, last_sent_at, first_opened_at,
    created_at, expires_at, paid_at, ended_at,
    -- The expression of the index email_payments_search, to the letter.
    folded(order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || description) AS search_text
FROM email_payments
WHERE merchant_id = (SELECT current_merchant());
GRANT SELECT ON email_payments_list TO app;
ALTER VIEW email_payments_list OWNER TO app_lookup;

DROP INDEX email_payments_search, email_payments_wide, email_payments_by_order, email_payments_by_originator,
    email_payments_by_created_by;
CREATE INDEX email_payments_search ON email_payments USING gin
    (merchant_id, (folded(order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || description)) gin_trgm_ops);
COMMENT ON INDEX email_payments_search IS 'The list searched by text of three characters or more, anywhere in order ID, address, name or description.';
-- Every column that the list filters on, but for text, is a key here: Postgres 15 checks conditions
-- on key columns inside the index. A filter that finds nothing then costs the merchant's part of the
-- index (30 ms at 500,000 rows), not half a million visits to the table (2 s).
CREATE INDEX email_payments_wide ON email_payments
    (merchant_id, created_at DESC, id DESC, status, currency, amount_minor, delivery, language, payment_method,
     originator_id, created_by, folded(order_id) text_pattern_ops, expires_at, paid_at, refunded_minor);
COMMENT ON INDEX email_payments_wide IS 'The list, newest first: each of its filters but text is checked here. Totals that the summary can''t give.';
CREATE INDEX email_payments_by_order ON email_payments (merchant_id, folded(order_id) text_pattern_ops);
COMMENT ON INDEX email_payments_by_order IS 'The list filtered by an order ID or its first characters.';
CREATE INDEX email_payments_by_originator ON email_payments (merchant_id, originator_id, created_at DESC, id DESC);
COMMENT ON INDEX email_payments_by_originator IS 'Foreign key; the list filtered by originator.';
CREATE INDEX email_payments_by_created_by ON email_payments (created_by, merchant_id, created_at DESC, id DESC);
COMMENT ON INDEX email_payments_by_created_by IS 'Foreign key: taking a user out; the list filtered by who created, and a clerk''s own list.';
CREATE INDEX email_payments_undelivered ON email_payments (merchant_id, delivery, created_at DESC, id DESC)
    WHERE delivery IN ('queued', 'deferred', 'bounced', 'suppressed', 'failed', 'not_sent');
COMMENT ON INDEX email_payments_undelivered IS 'The list filtered by a delivery that did not succeed: a rare few.';
CREATE INDEX email_payments_by_expires_at ON email_payments (merchant_id, expires_at, id);
COMMENT ON INDEX email_payments_by_expires_at IS 'The list sorted by expiry; filtered by it, or by what expires soon.';
CREATE INDEX email_payments_by_paid_at ON email_payments (merchant_id, paid_at, id) WHERE paid_at IS NOT NULL;
COMMENT ON INDEX email_payments_by_paid_at IS 'The list of what is paid, sorted by when or filtered by it.';
CREATE INDEX email_payments_by_amount ON email_payments (merchant_id, amount_minor, id);
COMMENT ON INDEX email_payments_by_amount IS 'The list sorted by amount, or filtered by a narrow range.';

-- A user works for few merchants and an originator for one: without this the planner multiplies
-- what is the same thing said twice, and walks the wrong index.
CREATE STATISTICS email_payments_creators (dependencies, mcv) ON merchant_id, created_by FROM email_payments;
CREATE STATISTICS email_payments_originators (dependencies, mcv) ON merchant_id, originator_id FROM email_payments;

-- Asked by the previous release.
SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION email_payments_search(wanted_merchant uuid, pattern text, is_prefix boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT coalesce(wanted_merchant = ANY (current_merchants()), false) THEN
        RETURN;
    ELSIF is_prefix THEN
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant AND folded(p.order_id) LIKE folded(pattern);
    ELSE
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant
              AND folded(p.order_id || E'\n' || p.customer_email || E'\n' || p.customer_name || E'\n' || p.description) LIKE folded(pattern);
    END IF;
END $$;
SET ROLE app_owner;

-- How many payments were created on a day (UTC), per status and currency, and their sums: totals of
-- the list without reading the list. Written by triggers in the transaction that changes a payment.
-- A row with `change` 0 is a sum; each other is a change that a job has yet to add to it. A change is
-- only ever inserted: two transactions never wait for each other here, however many payments of one
-- merchant and day they touch, and however long they take. The total is the sum over both kinds.
-- No foreign key: these rows follow those of email_payments, which has it.
CREATE TABLE email_payment_days (
    merchant_id    uuid    NOT NULL,
    currency       text    NOT NULL,
    day            date    NOT NULL,
    status         text    NOT NULL,
    change         bigint  NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    count          bigint  NOT NULL,
    amount_minor   bigint  NOT NULL,
    refunded_minor bigint  NOT NULL,
    -- Currency first: which ones a merchant uses is found by leaping from one to the next.
    PRIMARY KEY (merchant_id, currency, day, status, change) INCLUDE (count, amount_minor, refunded_minor)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- What is there already, read as the role that sees all tenants.
GRANT INSERT ON email_payment_days TO app_lookup;
SET ROLE app_lookup;
INSERT INTO email_payment_days (merchant_id, currency, day, status, change, count, amount_minor, refunded_minor)
SELECT merchant_id, currency, (created_at AT TIME ZONE 'UTC')::date, status, 0, count(*), sum(amount_minor), sum(refunded_minor)
FROM email_payments GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SET ROLE app_owner;
REVOKE INSERT ON email_payment_days FROM app_lookup;

CREATE INDEX email_payment_days_to_tidy ON email_payment_days (change) WHERE change <> 0 OR count = 0;
COMMENT ON INDEX email_payment_days_to_tidy IS 'Job: changes that are to be added to their sums, and sums over nothing.';
ALTER TABLE email_payment_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_payment_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON email_payment_days
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY adding ON email_payment_days TO app_jobs USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON email_payment_days TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON email_payment_days TO app_jobs;

-- One statement, one row per key that it changes; what it leaves as it was cancels out.
CREATE FUNCTION email_payments_count_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO email_payment_days (merchant_id, currency, day, status, count, amount_minor, refunded_minor)
        SELECT merchant_id, currency, (created_at AT TIME ZONE 'UTC')::date, status, count(*), sum(amount_minor), sum(refunded_minor)
        FROM new_rows GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO email_payment_days (merchant_id, currency, day, status, count, amount_minor, refunded_minor)
        SELECT merchant_id, currency, (created_at AT TIME ZONE 'UTC')::date, status, sum(n), sum(n * amount_minor), sum(n * refunded_minor)
        FROM (SELECT -1 AS n, merchant_id, currency, created_at, status, amount_minor, refunded_minor FROM old_rows
              UNION ALL SELECT 1, merchant_id, currency, created_at, status, amount_minor, refunded_minor FROM new_rows) both_rows
        GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0 OR sum(n * amount_minor) <> 0 OR sum(n * refunded_minor) <> 0;
    ELSE
        INSERT INTO email_payment_days (merchant_id, currency, day, status, count, amount_minor, refunded_minor)
        SELECT merchant_id, currency, (created_at AT TIME ZONE 'UTC')::date, status, -count(*), -sum(amount_minor), -sum(refunded_minor)
        FROM old_rows GROUP BY 1, 2, 3, 4;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER email_payments_days_insert AFTER INSERT ON email_payments
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION email_payments_count_days();
CREATE TRIGGER email_payments_days_update AFTER UPDATE ON email_payments
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION email_payments_count_days();
CREATE TRIGGER email_payments_days_delete AFTER DELETE ON email_payments
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION email_payments_count_days();
