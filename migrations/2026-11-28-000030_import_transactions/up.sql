SET lock_timeout = '500ms';

-- A transaction that has been summed up keeps what its statement told of it; what describes it (who paid,
-- with which card) may still be filled in when the gateway tells more. One that has ended stays ended. Its
-- channel stands where days are counted by it (collected_days).
CREATE OR REPLACE FUNCTION transactions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.status <> 'pending' AND NEW.status <> OLD.status)
        OR NEW.amount_minor <> OLD.amount_minor AND OLD.status <> 'pending' OR NEW.currency <> OLD.currency
        OR NEW.channel <> OLD.channel AND OLD.operation IN ('capture', 'sale', 'rebill', 'collection')
        OR OLD.statement_id IS NOT NULL AND
            (NEW.merchant_id, NEW.id, NEW.originator_id, NEW.provider, NEW.operation, NEW.status, NEW.amount_minor, NEW.currency,
             NEW.gateway_transaction_id, NEW.is_test, NEW.occurred_at, NEW.statement_id)
            IS DISTINCT FROM
            (OLD.merchant_id, OLD.id, OLD.originator_id, OLD.provider, OLD.operation, OLD.status, OLD.amount_minor, OLD.currency,
             OLD.gateway_transaction_id, OLD.is_test, OLD.occurred_at, OLD.statement_id) THEN
        RAISE EXCEPTION 'a transaction stands as it was recorded';
    END IF;
    RETURN NEW;
END $$;

-- How far the gateway's transactions are read, for each originator and each list of the gateway's.
CREATE TABLE transaction_imports (
    merchant_id    uuid        NOT NULL,
    originator_id  uuid        NOT NULL,
    source         text        NOT NULL CHECK (source IN ('transactions', 'chargebacks')),
    -- From where on anything is read.
    starts_at      timestamptz NOT NULL,
    -- What lies before it was read at least once.
    read_until     timestamptz NOT NULL,
    -- The round that runs: where it goes on, and where it ends.
    round          text        CHECK (round IN ('two_hours', 'two_days', 'thirty_days')),
    round_at       timestamptz,
    round_until    timestamptz,
    -- When each kind of round begins the next time, and the first instant at which anything is to do.
    hours_due_at   timestamptz NOT NULL,
    days_due_at    timestamptz NOT NULL,
    month_due_at   timestamptz NOT NULL,
    next_at        timestamptz NOT NULL,
    -- The length of the next window: it halves where an answer is too long, and grows again.
    window_seconds integer     NOT NULL CHECK (window_seconds BETWEEN 1 AND 2678400),
    -- Transactions that came this way and were not known before.
    rows           bigint      NOT NULL DEFAULT 0 CHECK (rows >= 0),
    -- The window that was read last, to its end.
    last_from      timestamptz,
    last_until     timestamptz,
    succeeded_at   timestamptz,
    -- In a row, and why the last one was none.
    failures       integer     NOT NULL DEFAULT 0,
    failure        text        CHECK (failure IN ('unavailable', 'too_large', 'internal')),
    failed_at      timestamptz,
    -- Who reads has until then; the value is the proof that it is still theirs.
    lease_until    timestamptz,
    PRIMARY KEY (merchant_id, originator_id, source),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    CHECK (num_nonnulls(round, round_at, round_until) IN (0, 3)),
    CHECK ((failures > 0) = (failure IS NOT NULL))
);
CREATE INDEX transaction_imports_due ON transaction_imports (next_at);
COMMENT ON INDEX transaction_imports_due IS 'Job: whose transactions are to be read now.';

-- Where the gateway and the email payments disagree: work for a person. Amounts in minor units.
CREATE TABLE transaction_differences (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('missing', 'amount', 'twice', 'unexpected', 'refunds', 'unreadable')),
    -- What it is about: a payment, or what an originator's gateway told.
    email_payment_id uuid,
    originator_id    uuid,
    subject_id       uuid        NOT NULL GENERATED ALWAYS AS (coalesce(email_payment_id, originator_id)) STORED,
    -- What the email payment says and what the transactions say; of what can't be read, how many there are.
    expected_minor   bigint      NOT NULL,
    found_minor      bigint      NOT NULL,
    currency         text        CHECK (currency ~ '^[A-Z]{3}$'),
    -- `gone`: the two agree again by themselves.
    state            text        NOT NULL CHECK (state IN ('open', 'settled', 'gone')),
    found_at         timestamptz NOT NULL,
    settled_at       timestamptz,
    settled_by       uuid        REFERENCES users (id) ON DELETE RESTRICT,
    note             text        CHECK (char_length(note) BETWEEN 1 AND 500),
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT transaction_differences_once UNIQUE (merchant_id, subject_id, kind),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    CHECK (num_nonnulls(email_payment_id, originator_id) = 1),
    CHECK ((kind = 'unreadable') = (originator_id IS NOT NULL)),
    CHECK ((currency IS NULL) = (kind = 'unreadable')),
    CHECK (num_nonnulls(settled_at, settled_by, note) = CASE state WHEN 'settled' THEN 3 ELSE 0 END)
);
CREATE INDEX transaction_differences_open ON transaction_differences (merchant_id, found_at DESC, id DESC) WHERE state = 'open';
COMMENT ON INDEX transaction_differences_open IS 'Reconciliation: what is to be looked at, newest first; the count above the list of transactions.';
CREATE INDEX transaction_differences_settled ON transaction_differences (merchant_id, settled_at DESC, id DESC) WHERE state = 'settled';
COMMENT ON INDEX transaction_differences_settled IS 'Reconciliation: what was settled last.';
CREATE INDEX transaction_differences_by_email_payment ON transaction_differences (merchant_id, email_payment_id) WHERE email_payment_id IS NOT NULL;
COMMENT ON INDEX transaction_differences_by_email_payment IS 'Foreign key; job: what was found about these payments before.';
CREATE INDEX transaction_differences_by_originator ON transaction_differences (merchant_id, originator_id) WHERE originator_id IS NOT NULL;
COMMENT ON INDEX transaction_differences_by_originator IS 'Foreign key.';
CREATE INDEX transaction_differences_by_settled_by ON transaction_differences (settled_by) WHERE settled_by IS NOT NULL;
COMMENT ON INDEX transaction_differences_by_settled_by IS 'Foreign key: taking a user out.';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['transaction_imports', 'transaction_differences'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
            WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]))', name);
    END LOOP;
END $$;
GRANT SELECT ON transaction_imports TO app;
GRANT SELECT, INSERT, UPDATE ON transaction_imports TO app_jobs;
GRANT SELECT, UPDATE (state, settled_at, settled_by, note) ON transaction_differences TO app;
GRANT SELECT, INSERT, UPDATE ON transaction_differences TO app_jobs;
CREATE POLICY lookup ON originators FOR SELECT TO app_lookup USING (true);
GRANT SELECT (merchant_id, id) ON originators TO app_lookup;
CREATE POLICY lookup ON transaction_imports FOR SELECT TO app_lookup USING (true);
CREATE POLICY leasing ON transaction_imports FOR UPDATE TO app_lookup USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (lease_until) ON transaction_imports TO app_lookup;

-- Originators of which nothing has been read yet.
CREATE FUNCTION originators_without_import(most integer) RETURNS TABLE (merchant_id uuid, originator_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT o.merchant_id, o.id FROM originators o
    WHERE NOT EXISTS (SELECT FROM transaction_imports i WHERE i.merchant_id = o.merchant_id AND i.originator_id = o.id) LIMIT most
$$;
-- Imports that are due, which are the caller's alone until `until`.
CREATE FUNCTION transaction_imports_claim(at timestamptz, until timestamptz, most integer)
RETURNS TABLE (merchant_id uuid, originator_id uuid, source text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    UPDATE transaction_imports i SET lease_until = until
    FROM (SELECT w.merchant_id, w.originator_id, w.source FROM transaction_imports w
          WHERE w.next_at <= at AND (w.lease_until IS NULL OR w.lease_until <= at)
          ORDER BY w.next_at LIMIT most FOR UPDATE SKIP LOCKED) due
    WHERE (i.merchant_id, i.originator_id, i.source) = (due.merchant_id, due.originator_id, due.source)
    RETURNING i.merchant_id, i.originator_id, i.source
$$;
ALTER FUNCTION originators_without_import(integer) OWNER TO app_lookup;
ALTER FUNCTION transaction_imports_claim(timestamptz, timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION originators_without_import(integer), transaction_imports_claim(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION originators_without_import(integer), transaction_imports_claim(timestamptz, timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
