SET lock_timeout = '500ms';

-- Financial providers, through which merchants' money comes: who stands as the issuer on the invoices
-- about it. They are nobody's rows: every merchant may read them.
CREATE TABLE providers (
    name       text PRIMARY KEY CHECK (char_length(name) BETWEEN 1 AND 60),
    legal_name text NOT NULL CHECK (char_length(legal_name) BETWEEN 1 AND 200),
    address    text NOT NULL CHECK (char_length(address) <= 300),
    tax_number text NOT NULL CHECK (char_length(tax_number) <= 40)
);
GRANT SELECT ON providers TO app, app_jobs;
INSERT INTO providers (name, legal_name, address, tax_number) VALUES ('PayXpert', 'PayXpert', '', '');

-- The provider that an originator's money comes through, until the gateway names it per transaction.
ALTER TABLE originators ADD COLUMN provider text NOT NULL DEFAULT 'PayXpert' REFERENCES providers (name) ON DELETE RESTRICT;
CREATE INDEX originators_by_provider ON originators (provider);
COMMENT ON INDEX originators_by_provider IS 'Foreign key: taking a provider out.';

-- How often a merchant's transactions are summed up.
ALTER TABLE merchants ADD COLUMN statement_rhythm text NOT NULL DEFAULT 'monthly';
ALTER TABLE merchants ADD CONSTRAINT merchants_statement_rhythm_check CHECK (statement_rhythm IN ('weekly', 'monthly')) NOT VALID;
ALTER TABLE merchants VALIDATE CONSTRAINT merchants_statement_rhythm_check;

-- One financial provider's conditions for a merchant and a currency. Never changed: new ones begin on
-- a later day. Amounts in minor units, percentages in basis points (a hundredth of a percent).
CREATE TABLE conditions (
    merchant_id          uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id                   uuid        NOT NULL,
    provider             text        NOT NULL REFERENCES providers (name) ON DELETE RESTRICT,
    currency             text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    valid_from           date        NOT NULL,
    percent_bp           integer     NOT NULL CHECK (percent_bp BETWEEN 0 AND 10000),
    per_sale_minor       bigint      NOT NULL CHECK (per_sale_minor BETWEEN 0 AND 99999999),
    per_refund_minor     bigint      NOT NULL CHECK (per_refund_minor BETWEEN 0 AND 99999999),
    per_chargeback_minor bigint      NOT NULL CHECK (per_chargeback_minor BETWEEN 0 AND 99999999),
    tax_bp               integer     NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
    holdback_bp          integer     NOT NULL CHECK (holdback_bp BETWEEN 0 AND 10000),
    holdback_days        integer     NOT NULL CHECK (holdback_days BETWEEN 0 AND 730),
    -- Days from the invoice to the day on which it is due.
    due_days             integer     NOT NULL CHECK (due_days BETWEEN 0 AND 90),
    -- Why they hold. Null user: the product's own commands.
    reason               text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    created_by           uuid        REFERENCES users (id) ON DELETE RESTRICT,
    created_at           timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT conditions_valid_from UNIQUE (merchant_id, provider, currency, valid_from)
);
CREATE INDEX conditions_by_provider ON conditions (provider);
COMMENT ON INDEX conditions_by_provider IS 'Foreign key: taking a provider out.';
CREATE INDEX conditions_by_created_by ON conditions (created_by) WHERE created_by IS NOT NULL;
COMMENT ON INDEX conditions_by_created_by IS 'Foreign key: taking a user out.';

-- The periods of a merchant, without gaps: whole days in its zone. One of them is open.
CREATE TABLE statement_periods (
    merchant_id  uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    period_from  date        NOT NULL,
    period_until date        NOT NULL,
    -- The first instant after it, in the merchant's zone: what every place reads.
    ends_at      timestamptz NOT NULL,
    closed_at    timestamptz,
    PRIMARY KEY (merchant_id, period_from),
    CHECK (period_from <= period_until),
    CHECK (closed_at >= ends_at)
);
CREATE UNIQUE INDEX statement_periods_open ON statement_periods (merchant_id) WHERE closed_at IS NULL;
COMMENT ON INDEX statement_periods_open IS 'The documents'' page: when the next ones are due. One period of a merchant is open.';
CREATE INDEX statement_periods_due ON statement_periods (ends_at) WHERE closed_at IS NULL;
COMMENT ON INDEX statement_periods_due IS 'Job: periods that are over.';

-- What a merchant's period came to, with one provider and in one currency. Its figures never change;
-- the document that tells them is made afterwards, and noted here in the transaction that publishes it.
CREATE TABLE statements (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    period_from      date        NOT NULL,
    period_until     date        NOT NULL,
    provider         text        NOT NULL REFERENCES providers (name) ON DELETE RESTRICT,
    currency         text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    number           text        NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    conditions_id    uuid        NOT NULL,
    issued_on        date        NOT NULL,
    due_on           date        NOT NULL CHECK (due_on >= issued_on),
    -- What the statement says in all, the invoice, and their difference: what the merchant is to
    -- receive, negative where it is to pay. Minor units.
    statement_minor  bigint      NOT NULL,
    invoice_minor    bigint      NOT NULL CHECK (invoice_minor >= 0),
    receive_minor    bigint      NOT NULL CHECK (receive_minor = statement_minor - invoice_minor),
    -- Both parties as they were, and every line, as the document shows them.
    content          jsonb       NOT NULL,
    created_at       timestamptz NOT NULL,
    -- Who makes the document has until then; a process that died loses it.
    lease_until      timestamptz,
    -- How often it was tried: a document that can't be made keeps no other waiting.
    tries            integer     NOT NULL DEFAULT 0,
    document_id      uuid,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT statements_once UNIQUE (merchant_id, period_from, provider, currency),
    CONSTRAINT statements_number UNIQUE (number),
    FOREIGN KEY (merchant_id, period_from) REFERENCES statement_periods (merchant_id, period_from) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, conditions_id) REFERENCES conditions (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, document_id) REFERENCES documents (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX statements_to_publish ON statements (lease_until NULLS FIRST, created_at) WHERE document_id IS NULL;
COMMENT ON INDEX statements_to_publish IS 'Job: statements without their document.';
CREATE INDEX statements_by_document ON statements (merchant_id, document_id) WHERE document_id IS NOT NULL;
COMMENT ON INDEX statements_by_document IS 'The data of a document; foreign key.';
CREATE INDEX statements_by_conditions ON statements (merchant_id, conditions_id);
COMMENT ON INDEX statements_by_conditions IS 'Foreign key.';
CREATE INDEX statements_by_provider ON statements (provider);
COMMENT ON INDEX statements_by_provider IS 'Foreign key: taking a provider out.';

CREATE FUNCTION statements_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.document_id IS NOT NULL
        OR (to_jsonb(NEW) - 'lease_until' - 'tries' - 'document_id') <> (to_jsonb(OLD) - 'lease_until' - 'tries' - 'document_id') THEN
        RAISE EXCEPTION 'a statement stands as it was made';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statements_stand BEFORE UPDATE OR DELETE ON statements
    FOR EACH ROW EXECUTE FUNCTION statements_stand();

-- Invoices are numbered without gaps, by year: one row, taken last in the transaction that numbers.
CREATE TABLE statement_numbers (
    year integer PRIMARY KEY CHECK (year BETWEEN 2000 AND 2999),
    last bigint  NOT NULL CHECK (last > 0)
);
GRANT SELECT, INSERT, UPDATE ON statement_numbers TO app_jobs;

-- What is kept of a period's sales against chargebacks, and given back later.
CREATE TABLE holdbacks (
    merchant_id    uuid   NOT NULL,
    -- The statement that kept it: at most one holdback each.
    kept_by        uuid   NOT NULL,
    provider       text   NOT NULL REFERENCES providers (name) ON DELETE RESTRICT,
    currency       text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount_minor   bigint NOT NULL CHECK (amount_minor > 0),
    -- It goes to the statement whose period this day lies in, or the next one after.
    release_on     date   NOT NULL,
    released_by    uuid,
    PRIMARY KEY (merchant_id, kept_by),
    FOREIGN KEY (merchant_id, kept_by) REFERENCES statements (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, released_by) REFERENCES statements (merchant_id, id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    CHECK (kept_by <> released_by)
);
CREATE INDEX holdbacks_on_hold ON holdbacks (merchant_id, release_on) WHERE released_by IS NULL;
COMMENT ON INDEX holdbacks_on_hold IS 'Job: what a period gives back.';
CREATE INDEX holdbacks_by_released_by ON holdbacks (merchant_id, released_by) WHERE released_by IS NOT NULL;
COMMENT ON INDEX holdbacks_by_released_by IS 'Foreign key.';
CREATE INDEX holdbacks_by_provider ON holdbacks (provider);
COMMENT ON INDEX holdbacks_by_provider IS 'Foreign key: taking a provider out.';

-- What moved, through every channel: one row for each transaction of the gateway.
CREATE TABLE transactions (
    merchant_id              uuid        NOT NULL,
    id                       uuid        NOT NULL,
    originator_id            uuid        NOT NULL,
    provider                 text        NOT NULL REFERENCES providers (name) ON DELETE RESTRICT,
    channel                  text        NOT NULL CHECK (channel IN ('email', 'ecommerce', 'in_store', 'virtual_terminal')),
    operation                text        NOT NULL CHECK (operation IN ('authorize', 'capture', 'cancel', 'sale', 'rebill', 'refund', 'submission', 'collection', 'chargeback', 'reversal', 'representment')),
    status                   text        NOT NULL CHECK (status IN ('authorised', 'declined', 'pending', 'error', 'expired')),
    -- Never negative: which way the money goes, the operation says.
    amount_minor             bigint      NOT NULL CHECK (amount_minor >= 0),
    currency                 text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    method                   text        NOT NULL CHECK (char_length(method) <= 32),
    result_code              text        NOT NULL CHECK (char_length(result_code) <= 8),
    -- The gateway's number, and that of the transaction which this one follows.
    gateway_transaction_id   text        NOT NULL CHECK (char_length(gateway_transaction_id) BETWEEN 1 AND 40),
    reference_transaction_id text        CHECK (char_length(reference_transaction_id) BETWEEN 1 AND 40),
    email_payment_id         uuid,
    -- No money moves in a test.
    is_test                  boolean     NOT NULL,
    occurred_at              timestamptz NOT NULL,
    recorded_at              timestamptz NOT NULL,
    -- The statement that summed it up: each row once.
    statement_id             uuid,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT transactions_once UNIQUE (merchant_id, gateway_transaction_id),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, statement_id) REFERENCES statements (merchant_id, id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    CHECK (statement_id IS NULL OR (status = 'authorised' AND NOT is_test))
);
-- What is there already, read as the role that sees all tenants: each transaction with the last word on
-- it. The words of operations that the gateway has no first tries of are left out.
CREATE POLICY backfill ON payment_attempts FOR SELECT TO app_lookup USING (true);
GRANT SELECT ON payment_attempts TO app_lookup;
GRANT INSERT ON transactions TO app_lookup;
SET ROLE app_lookup;
INSERT INTO transactions (merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency, method,
    result_code, gateway_transaction_id, email_payment_id, is_test, occurred_at, recorded_at)
SELECT DISTINCT ON (a.merchant_id, a.gateway_transaction_id)
    a.merchant_id, a.id, p.originator_id, 'PayXpert', 'email', a.operation, a.status, a.amount_minor, a.currency, a.payment_method,
    a.result_code, a.gateway_transaction_id, a.email_payment_id, a.is_test, a.attempted_at, a.recorded_at
FROM payment_attempts a
JOIN email_payments p ON p.merchant_id = a.merchant_id AND p.id = a.email_payment_id
WHERE a.operation IN ('authorize', 'sale', 'submission', 'collection') AND a.amount_minor >= 0
ORDER BY a.merchant_id, a.gateway_transaction_id, a.status = 'pending', a.recorded_at DESC;
SET ROLE app_owner;
REVOKE INSERT ON transactions FROM app_lookup;
REVOKE SELECT ON payment_attempts FROM app_lookup;
DROP POLICY backfill ON payment_attempts;

CREATE INDEX transactions_to_sum ON transactions (merchant_id, occurred_at)
    WHERE statement_id IS NULL AND status = 'authorised' AND NOT is_test
      AND operation IN ('capture', 'sale', 'rebill', 'refund', 'collection', 'chargeback', 'reversal', 'representment');
COMMENT ON INDEX transactions_to_sum IS 'Job: what no statement has summed up yet; a merchant''s first day.';
CREATE INDEX transactions_by_statement ON transactions (merchant_id, statement_id) WHERE statement_id IS NOT NULL;
COMMENT ON INDEX transactions_by_statement IS 'The rows of a statement; foreign key.';
CREATE INDEX transactions_by_email_payment ON transactions (merchant_id, email_payment_id) WHERE email_payment_id IS NOT NULL;
COMMENT ON INDEX transactions_by_email_payment IS 'Foreign key; what moved for a payment.';
CREATE INDEX transactions_by_originator ON transactions (merchant_id, originator_id);
COMMENT ON INDEX transactions_by_originator IS 'Foreign key.';
CREATE INDEX transactions_by_provider ON transactions (provider);
COMMENT ON INDEX transactions_by_provider IS 'Foreign key: taking a provider out.';

-- A transaction that has been summed up stands as it is; one that has ended stays ended.
CREATE FUNCTION transactions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.statement_id IS NOT NULL OR (OLD.status <> 'pending' AND NEW.status <> OLD.status)
        OR NEW.amount_minor <> OLD.amount_minor AND OLD.status <> 'pending' OR NEW.currency <> OLD.currency THEN
        RAISE EXCEPTION 'a transaction stands as it was recorded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transactions_stand BEFORE UPDATE OR DELETE ON transactions
    FOR EACH ROW EXECUTE FUNCTION transactions_stand();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['conditions', 'statement_periods', 'statements', 'holdbacks', 'transactions'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
            WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]))', name);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON conditions TO app;
GRANT SELECT ON conditions TO app_jobs;
GRANT SELECT ON statement_periods, statements, holdbacks TO app;
GRANT SELECT, INSERT, UPDATE (closed_at) ON statement_periods TO app_jobs;
GRANT SELECT, INSERT, UPDATE (lease_until, tries, document_id) ON statements TO app_jobs;
GRANT SELECT, INSERT, UPDATE (released_by) ON holdbacks TO app_jobs;
GRANT SELECT, INSERT, UPDATE ON transactions TO app, app_jobs;
CREATE POLICY lookup ON statement_periods FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON statements FOR SELECT TO app_lookup USING (true);
CREATE POLICY leasing ON statements FOR UPDATE TO app_lookup USING (document_id IS NULL) WITH CHECK (document_id IS NULL);
GRANT SELECT ON statement_periods, statements TO app_lookup;
GRANT UPDATE (lease_until, tries) ON statements TO app_lookup;

-- Merchants that have no period yet.
CREATE FUNCTION merchants_without_period(most integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT m.id FROM merchants m
    WHERE NOT EXISTS (SELECT FROM statement_periods p WHERE p.merchant_id = m.id) LIMIT most
$$;
-- Periods that are over.
CREATE FUNCTION statement_periods_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT p.merchant_id FROM statement_periods p
    WHERE p.closed_at IS NULL AND p.ends_at <= at ORDER BY p.ends_at LIMIT most
$$;
-- Statements without their document, which are the caller's alone until `until`. Those that failed
-- often come last.
CREATE FUNCTION statements_claim(at timestamptz, until timestamptz, most integer) RETURNS TABLE (merchant_id uuid, statement_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    UPDATE statements s SET lease_until = until, tries = s.tries + 1
    FROM (SELECT w.merchant_id, w.id FROM statements w
          WHERE w.document_id IS NULL AND (w.lease_until IS NULL OR w.lease_until <= at)
          ORDER BY w.lease_until NULLS FIRST, w.created_at LIMIT most FOR UPDATE SKIP LOCKED) due
    WHERE s.merchant_id = due.merchant_id AND s.id = due.id
    RETURNING s.merchant_id, s.id
$$;
ALTER FUNCTION merchants_without_period(integer) OWNER TO app_lookup;
ALTER FUNCTION statement_periods_due(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION statements_claim(timestamptz, timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION merchants_without_period(integer), statement_periods_due(timestamptz, integer), statements_claim(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merchants_without_period(integer), statement_periods_due(timestamptz, integer), statements_claim(timestamptz, timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
