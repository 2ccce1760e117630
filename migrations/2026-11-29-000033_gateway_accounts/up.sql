SET lock_timeout = '500ms';

-- What the gateway says of each originator's account: asked for regularly, shown beside our settings.
CREATE TABLE gateway_accounts (
    merchant_id   uuid        NOT NULL,
    originator_id uuid        NOT NULL,
    -- What it said last, as `gateway_accounts::Told` reads it; since when it says so.
    told          jsonb       CHECK (jsonb_typeof(told) = 'object'),
    told_at       timestamptz,
    changed_at    timestamptz,
    -- The last question that got no answer, if it came after the last answer.
    failed_at     timestamptz,
    -- When it is asked the next time.
    next_at       timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, originator_id),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    CHECK (num_nonnulls(told, told_at, changed_at) IN (0, 3))
);
CREATE INDEX gateway_accounts_due ON gateway_accounts (next_at);
COMMENT ON INDEX gateway_accounts_due IS 'Job: whose account the gateway is to be asked for now.';

ALTER TABLE gateway_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gateway_accounts
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON gateway_accounts TO app, app_jobs;
CREATE POLICY lookup ON gateway_accounts FOR SELECT TO app_lookup USING (true);
CREATE POLICY leasing ON gateway_accounts FOR UPDATE TO app_lookup USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (next_at) ON gateway_accounts TO app_lookup;

-- Originators whose account was never asked for.
CREATE FUNCTION originators_without_account(most integer) RETURNS TABLE (merchant_id uuid, originator_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT o.merchant_id, o.id FROM originators o
    WHERE NOT EXISTS (SELECT FROM gateway_accounts a WHERE a.merchant_id = o.merchant_id AND a.originator_id = o.id) LIMIT most
$$;
-- Accounts that are due; nobody else asks for them before `until`.
CREATE FUNCTION gateway_accounts_claim(at timestamptz, until timestamptz, most integer)
RETURNS TABLE (merchant_id uuid, originator_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    UPDATE gateway_accounts a SET next_at = until
    FROM (SELECT w.merchant_id, w.originator_id FROM gateway_accounts w
          WHERE w.next_at <= at ORDER BY w.next_at LIMIT most FOR UPDATE SKIP LOCKED) due
    WHERE (a.merchant_id, a.originator_id) = (due.merchant_id, due.originator_id)
    RETURNING a.merchant_id, a.originator_id
$$;
ALTER FUNCTION originators_without_account(integer) OWNER TO app_lookup;
ALTER FUNCTION gateway_accounts_claim(timestamptz, timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION originators_without_account(integer), gateway_accounts_claim(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION originators_without_account(integer), gateway_accounts_claim(timestamptz, timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
