SET lock_timeout = '500ms';

-- A file of payments to be made: uploaded, checked, confirmed, then made row by row by a job.
CREATE TABLE imports (
    merchant_id     uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id              uuid        NOT NULL,
    created_by      uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at      timestamptz NOT NULL,
    -- As the browser called it; empty: the rows were pasted.
    file_name       text        NOT NULL CHECK (char_length(file_name) <= 120),
    -- SHA-256 of what came: the same file again is warned about.
    file_hash       bytea       NOT NULL CHECK (octet_length(file_hash) = 32),
    rows            integer     NOT NULL CHECK (rows BETWEEN 1 AND 10000),
    -- Heads of columns that nothing is read from.
    unknown_columns text[]      NOT NULL DEFAULT '{}',
    -- What counts where a row says nothing.
    originator_id   uuid,
    currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    language        text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    valid_days      integer     NOT NULL CHECK (valid_days BETWEEN 1 AND 89),
    -- Rows with the address and amount of another one are made too.
    with_repeats    boolean     NOT NULL DEFAULT false,
    state           text        NOT NULL CHECK (state IN ('checked', 'waiting', 'running', 'done', 'stopped', 'undone', 'discarded')),
    confirmed_by    uuid        REFERENCES users (id) ON DELETE RESTRICT,
    confirmed_at    timestamptz,
    -- The end of the undo window: nothing is made before.
    starts_at       timestamptz,
    -- When the job looks next: the window's end, or when the merchant's pace has room again.
    next_at         timestamptz,
    ended_at        timestamptz,
    -- When what was typed was deleted.
    forgotten_at    timestamptz,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK ((confirmed_at IS NULL) = (starts_at IS NULL)),
    CHECK ((confirmed_at IS NULL) = (state IN ('checked', 'discarded'))),
    CHECK ((next_at IS NOT NULL) = (state IN ('waiting', 'running'))),
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'stopped', 'undone', 'discarded')))
);
CREATE INDEX imports_by_created_at ON imports (merchant_id, created_at DESC, id DESC);
COMMENT ON INDEX imports_by_created_at IS 'The list of imports, newest first.';
CREATE INDEX imports_by_hash ON imports (merchant_id, file_hash, created_at);
COMMENT ON INDEX imports_by_hash IS 'The page of an import: the same file, uploaded before.';
CREATE INDEX imports_due ON imports (next_at) WHERE next_at IS NOT NULL;
COMMENT ON INDEX imports_due IS 'Job: imports whose rows are to be made.';
CREATE INDEX imports_unconfirmed ON imports (created_at) WHERE state = 'checked';
COMMENT ON INDEX imports_unconfirmed IS 'Job: imports that nobody has confirmed.';
CREATE INDEX imports_remembered ON imports (ended_at) WHERE ended_at IS NOT NULL AND forgotten_at IS NULL;
COMMENT ON INDEX imports_remembered IS 'Job: imports whose typed content is to be deleted.';
CREATE INDEX imports_by_originator ON imports (merchant_id, originator_id) WHERE originator_id IS NOT NULL;
COMMENT ON INDEX imports_by_originator IS 'Foreign key.';
CREATE INDEX imports_by_created_by ON imports (created_by);
COMMENT ON INDEX imports_by_created_by IS 'Foreign key: taking a user out.';
CREATE INDEX imports_by_confirmed_by ON imports (confirmed_by) WHERE confirmed_by IS NOT NULL;
COMMENT ON INDEX imports_by_confirmed_by IS 'Foreign key: taking a user out.';
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON imports
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY lookup ON imports FOR SELECT TO app_lookup USING (true);
GRANT SELECT, INSERT, UPDATE ON imports TO app;
GRANT SELECT, UPDATE ON imports TO app_jobs;
GRANT SELECT ON imports TO app_lookup;

-- One row of a file. Its payment is noted in the transaction that makes it: (import, number) is the
-- key that keeps a row from being made twice.
CREATE TABLE import_rows (
    merchant_id      uuid    NOT NULL,
    import_id        uuid    NOT NULL,
    -- As a spreadsheet counts: the head is 1.
    number           integer NOT NULL CHECK (number > 1),
    -- What stood in its cells, by field; null when it was deleted.
    typed            jsonb,
    state            text    NOT NULL CHECK (state IN ('checked', 'queued', 'made', 'left_out')),
    -- Why it was left out.
    reason           text    CHECK (reason IN ('faulty', 'order_id_twice', 'order_id_taken', 'repeated', 'too_many_to_address', 'failed', 'stopped')),
    email_payment_id uuid,
    PRIMARY KEY (merchant_id, import_id, number),
    FOREIGN KEY (merchant_id, import_id) REFERENCES imports (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((state = 'made') = (email_payment_id IS NOT NULL)),
    CHECK ((state = 'left_out') = (reason IS NOT NULL)),
    CHECK (state NOT IN ('checked', 'queued') OR typed IS NOT NULL)
);
CREATE INDEX import_rows_by_state ON import_rows (merchant_id, import_id, state, number);
COMMENT ON INDEX import_rows_by_state IS 'Job: the next row to be made. The page of an import: its counts, the rows left out.';
CREATE INDEX import_rows_by_email_payment ON import_rows (merchant_id, email_payment_id) WHERE email_payment_id IS NOT NULL;
COMMENT ON INDEX import_rows_by_email_payment IS 'Foreign key; the import that a payment comes from.';
ALTER TABLE import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON import_rows
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_rows TO app;
GRANT SELECT, UPDATE, DELETE ON import_rows TO app_jobs;

-- A row without an order ID takes the merchant's next one.
GRANT UPDATE (next_order_number) ON merchants TO app_jobs;

-- Imports whose rows are to be made.
CREATE FUNCTION imports_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, import_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT i.merchant_id, i.id FROM imports i WHERE i.next_at <= at ORDER BY i.next_at LIMIT most $$;

-- Imports that nobody has confirmed since one time, and those that ended before another.
CREATE FUNCTION imports_to_forget(unconfirmed_before timestamptz, ended_before timestamptz, most integer)
RETURNS TABLE (merchant_id uuid, import_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    (SELECT i.merchant_id, i.id FROM imports i
     WHERE i.state = 'checked' AND i.created_at < unconfirmed_before LIMIT most)
    UNION ALL
    (SELECT i.merchant_id, i.id FROM imports i
     WHERE i.ended_at < ended_before AND i.forgotten_at IS NULL LIMIT most)
$$;

ALTER FUNCTION imports_due(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION imports_to_forget(timestamptz, timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION imports_due(timestamptz, integer), imports_to_forget(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION imports_due(timestamptz, integer), imports_to_forget(timestamptz, timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
