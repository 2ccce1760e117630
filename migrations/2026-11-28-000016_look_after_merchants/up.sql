SET lock_timeout = '500ms';

-- What merchants read of who looks after them, beside name and address. Null-free, for the release before.
ALTER TABLE users
    ADD COLUMN spoken text[] NOT NULL DEFAULT '{}' CHECK (spoken <@ '{en,it,es,fr}'::text[]),
    ADD COLUMN hours text NOT NULL DEFAULT '' CHECK (char_length(hours) <= 100);

-- Each change of who looks after a merchant, with its reason. A row stays as it is.
CREATE TABLE hand_overs (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id          uuid        NOT NULL,
    -- Null: nobody looked after it.
    from_id     uuid        REFERENCES users (id) ON DELETE RESTRICT,
    to_id       uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    by_id       uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    -- Null: the merchant had nobody and asked.
    reason      text        CHECK (char_length(reason) BETWEEN 1 AND 300),
    at          timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    CHECK (from_id <> to_id),
    CHECK (from_id IS NULL OR reason IS NOT NULL)
);
CREATE INDEX hand_overs_by_from ON hand_overs (from_id) WHERE from_id IS NOT NULL;
COMMENT ON INDEX hand_overs_by_from IS 'Foreign key: taking a user out.';
CREATE INDEX hand_overs_by_to ON hand_overs (to_id);
COMMENT ON INDEX hand_overs_by_to IS 'Foreign key: taking a user out.';
CREATE INDEX hand_overs_by_by ON hand_overs (by_id);
COMMENT ON INDEX hand_overs_by_by IS 'Foreign key: taking a user out.';
ALTER TABLE hand_overs ENABLE ROW LEVEL SECURITY;
ALTER TABLE hand_overs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON hand_overs
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON hand_overs TO app;

-- A merchant that knows no success manager asks for one.
ALTER TABLE tickets
    DROP CONSTRAINT tickets_category_check,
    ADD CONSTRAINT tickets_category_check CHECK (category IN ('technical', 'email_payments', 'transactions', 'risk', 'accounting', 'access', 'commercial', 'success_manager')) NOT VALID;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_category_check;

-- What a portfolio counts, merchant by merchant: each index holds the few rows that need somebody.
-- Made in this transaction, not CONCURRENTLY: the tables are small wherever they exist so far.
CREATE INDEX tickets_owed ON tickets (merchant_id, category, visibility) WHERE state IN ('open', 'waiting_support');
COMMENT ON INDEX tickets_owed IS 'Portfolio: tickets that wait for the platform.';
CREATE INDEX tickets_for_success_managers ON tickets (created_at) WHERE category = 'success_manager' AND state IN ('open', 'waiting_support');
COMMENT ON INDEX tickets_for_success_managers IS 'Portfolio: merchants that look for a success manager.';
CREATE INDEX email_payments_unreached ON email_payments (merchant_id) WHERE status = 'open' AND delivery IN ('bounced', 'suppressed', 'failed');
COMMENT ON INDEX email_payments_unreached IS 'Portfolio: requests that did not reach their customer.';
CREATE INDEX email_payments_expiring ON email_payments (merchant_id, expires_at) WHERE status = 'open';
COMMENT ON INDEX email_payments_expiring IS 'Portfolio: requests that run out soon.';
CREATE INDEX documents_blocked ON documents (merchant_id) WHERE state IN ('blocked_payment', 'blocked_review', 'blocked_missing_information');
COMMENT ON INDEX documents_blocked IS 'Portfolio: documents that are blocked.';

-- Merchants that ask for a success manager and have none, the longest wait first.
CREATE FUNCTION merchants_without_manager(most integer) RETURNS TABLE (merchant_id uuid, name text, asked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT m.id, m.name, min(t.created_at)
    FROM tickets t JOIN merchants m ON m.id = t.merchant_id
    WHERE t.category = 'success_manager' AND t.state IN ('open', 'waiting_support')
        AND NOT EXISTS (
            SELECT FROM success_manager_assignments a JOIN users u ON u.id = a.user_id
            WHERE a.merchant_id = t.merchant_id AND u.staff_role = 'success_manager' AND u.is_active)
    GROUP BY m.id, m.name
    ORDER BY 3, 1
    LIMIT most
$$;
ALTER FUNCTION merchants_without_manager(integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION merchants_without_manager(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merchants_without_manager(integer) TO app;
SET ROLE app_owner;
