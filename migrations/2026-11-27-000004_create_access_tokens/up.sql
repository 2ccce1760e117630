SET lock_timeout = '500ms';

-- A key with which a program asks in its maker's stead, for one merchant. The program holds 256
-- random bits, this table their SHA-256. What it may do is the lesser of its scopes and of the
-- maker's present role.
CREATE TABLE access_tokens (
    merchant_id  uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    name         text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    token_hash   bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    scopes       text[]      NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 20),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    -- Noted at most once a minute.
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id);
COMMENT ON INDEX access_tokens_by_user IS 'Foreign key: taking a user out.';
CREATE INDEX access_tokens_by_created_at ON access_tokens (merchant_id, created_at DESC, id DESC);
COMMENT ON INDEX access_tokens_by_created_at IS 'Settings > Access tokens: one merchant, newest first.';
ALTER TABLE access_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON access_tokens
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON access_tokens TO app;
GRANT UPDATE (revoked_at) ON access_tokens TO app;

-- What the API answered to a request that carried a key: the same request again gets the same
-- answer and does nothing. Written in the transaction of the work, kept for 72 hours.
CREATE TABLE api_answers (
    merchant_id      uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id               uuid        NOT NULL,
    key              text        NOT NULL CHECK (key ~ '^[ -~]{1,255}$'),
    method           text        NOT NULL CHECK (method ~ '^[A-Z]{1,10}$'),
    path             text        NOT NULL CHECK (char_length(path) BETWEEN 1 AND 300),
    body_hash        bytea       NOT NULL CHECK (octet_length(body_hash) = 32),
    status           integer     NOT NULL CHECK (status BETWEEN 200 AND 299),
    location         text        CHECK (char_length(location) <= 500),
    -- The body, by AES-256-GCM: names, addresses and pay links stand in it.
    answer_encrypted bytea       NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    UNIQUE (merchant_id, key)
);
CREATE INDEX api_answers_by_created_at ON api_answers (created_at);
COMMENT ON INDEX api_answers_by_created_at IS 'Job: answers that are older than 72 hours are swept.';
ALTER TABLE api_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_answers
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON api_answers TO app;
-- The sweep knows when an answer was given, and nothing else of it.
CREATE POLICY sweeper ON api_answers TO app_jobs USING (true) WITH CHECK (false);
GRANT SELECT (merchant_id, id, created_at), DELETE ON api_answers TO app_jobs;

-- Two look-ups that come before the tenant is known.
CREATE POLICY lookup ON access_tokens FOR SELECT TO app_lookup USING (true);
CREATE POLICY noting ON access_tokens FOR UPDATE TO app_lookup USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (last_used_at) ON access_tokens TO app_lookup;

-- The token behind a hash, while it is good, its maker is active and still a user of its merchant.
CREATE FUNCTION access_token_open(wanted bytea, at timestamptz)
RETURNS TABLE (access_token_id uuid, merchant_id uuid, user_id uuid, role text, time_zone text, scopes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    opened access_tokens;
BEGIN
    SELECT * INTO opened FROM access_tokens t
    WHERE t.token_hash = wanted AND t.revoked_at IS NULL AND t.expires_at > at;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF coalesce(opened.last_used_at < at - interval '1 minute', true) THEN
        UPDATE access_tokens t SET last_used_at = at
        WHERE t.merchant_id = opened.merchant_id AND t.id = opened.id;
    END IF;
    RETURN QUERY
    SELECT opened.id, opened.merchant_id, u.id, p.role, m.time_zone, opened.scopes
    FROM users u
    JOIN memberships p ON p.user_id = u.id AND p.merchant_id = opened.merchant_id
    JOIN merchants m ON m.id = p.merchant_id
    WHERE u.id = opened.user_id AND u.is_active AND u.staff_role IS NULL;
END $$;

-- The user whom the identity provider knows by these two, and the merchants that are theirs: none
-- for people of the platform. No row for somebody unknown or no longer active.
CREATE FUNCTION api_user_open(wanted_issuer text, wanted_subject text)
RETURNS TABLE (user_id uuid, merchants jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT u.id, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'role', p.role, 'zone', m.time_zone) ORDER BY m.id), '[]')
        FROM memberships p JOIN merchants m ON m.id = p.merchant_id
        WHERE p.user_id = u.id AND u.staff_role IS NULL)
    FROM users u WHERE u.issuer = wanted_issuer AND u.subject = wanted_subject AND u.is_active
$$;

ALTER FUNCTION access_token_open(bytea, timestamptz) OWNER TO app_lookup;
ALTER FUNCTION api_user_open(text, text) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION access_token_open(bytea, timestamptz), api_user_open(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_token_open(bytea, timestamptz), api_user_open(text, text) TO app;
SET ROLE app_owner;
