SET lock_timeout = '500ms';

-- One thing that is done to many payments: confirmed once, then done row by row by a job.
CREATE TABLE bulk_actions (
    merchant_id  uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id           uuid        NOT NULL,
    act          text        NOT NULL CHECK (act IN ('remind', 'cancel')),
    created_by   uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at   timestamptz NOT NULL,
    -- Which rows were asked for, as the list's query string and in words.
    filter       text        NOT NULL CHECK (char_length(filter) <= 8192),
    filter_words text[]      NOT NULL,
    -- Why they are cancelled; empty: nothing was typed.
    reason       text        NOT NULL CHECK (char_length(reason) <= 200),
    rows         integer     NOT NULL CHECK (rows BETWEEN 1 AND 10000),
    state        text        NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
    -- When the job looks next: at once, or when the merchant's pace has room again.
    next_at      timestamptz,
    ended_at     timestamptz,
    PRIMARY KEY (merchant_id, id),
    CHECK ((next_at IS NOT NULL) = (state = 'running')),
    CHECK ((ended_at IS NULL) = (state = 'running'))
);
CREATE INDEX bulk_actions_by_created_at ON bulk_actions (merchant_id, created_at DESC, id DESC);
COMMENT ON INDEX bulk_actions_by_created_at IS 'The list of bulk actions, newest first.';
CREATE INDEX bulk_actions_due ON bulk_actions (next_at) WHERE next_at IS NOT NULL;
COMMENT ON INDEX bulk_actions_due IS 'Job: bulk actions that are not done yet.';
CREATE INDEX bulk_actions_by_created_by ON bulk_actions (created_by);
COMMENT ON INDEX bulk_actions_by_created_by IS 'Foreign key: taking a user out.';
ALTER TABLE bulk_actions ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulk_actions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_actions
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY lookup ON bulk_actions FOR SELECT TO app_lookup USING (true);
GRANT SELECT, INSERT, UPDATE ON bulk_actions TO app;
GRANT SELECT, UPDATE ON bulk_actions TO app_jobs;
GRANT SELECT ON bulk_actions TO app_lookup;

-- One payment of a bulk action, in the order of the list. What is done and its row are settled in
-- one transaction: nothing is done twice.
CREATE TABLE bulk_action_rows (
    merchant_id      uuid    NOT NULL,
    bulk_action_id   uuid    NOT NULL,
    number           integer NOT NULL CHECK (number > 0),
    email_payment_id uuid    NOT NULL,
    state            text    NOT NULL CHECK (state IN ('queued', 'done', 'skipped')),
    -- Why it was skipped.
    reason           text    CHECK (reason IN ('not_sent', 'open', 'processing', 'paid', 'expired', 'cancelled', 'failed_payment', 'never_sent', 'not_delivered', 'on_its_way', 'too_soon', 'too_many_sends', 'too_many_to_address', 'reminders_stopped', 'error', 'stopped')),
    PRIMARY KEY (merchant_id, bulk_action_id, number),
    FOREIGN KEY (merchant_id, bulk_action_id) REFERENCES bulk_actions (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((state = 'skipped') = (reason IS NOT NULL))
);
CREATE INDEX bulk_action_rows_by_state ON bulk_action_rows (merchant_id, bulk_action_id, state, number);
COMMENT ON INDEX bulk_action_rows_by_state IS 'Job: the next row. The page of a bulk action: its counts, the rows that were skipped.';
CREATE INDEX bulk_action_rows_by_email_payment ON bulk_action_rows (merchant_id, email_payment_id);
COMMENT ON INDEX bulk_action_rows_by_email_payment IS 'Foreign key.';
ALTER TABLE bulk_action_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE bulk_action_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_action_rows
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON bulk_action_rows TO app;
GRANT SELECT, UPDATE ON bulk_action_rows TO app_jobs;

-- Bulk actions whose next rows are to be done.
CREATE FUNCTION bulk_actions_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, bulk_action_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT b.merchant_id, b.id FROM bulk_actions b WHERE b.next_at <= at ORDER BY b.next_at LIMIT most $$;

ALTER FUNCTION bulk_actions_due(timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION bulk_actions_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bulk_actions_due(timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
