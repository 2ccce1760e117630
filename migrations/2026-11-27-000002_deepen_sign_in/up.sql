SET lock_timeout = '500ms';

-- What a user reads about their sessions: the browser and the system in two words, the network
-- prefix; when the provider last saw the person prove who they are (`auth_time`), for acts that ask
-- for a fresh sign-in, unknown where the provider does not say; and when the person began by
-- themselves: a session that follows another without a click counts its eight hours from there.
ALTER TABLE sessions
    ADD COLUMN device           text NOT NULL DEFAULT '' CHECK (char_length(device) <= 60),
    ADD COLUMN network          text NOT NULL DEFAULT '' CHECK (char_length(network) <= 50),
    ADD COLUMN authenticated_at timestamptz,
    ADD COLUMN began_at         timestamptz NOT NULL DEFAULT now();
CREATE INDEX sessions_by_provider_session ON sessions (provider_session);
COMMENT ON INDEX sessions_by_provider_session IS 'The provider ends one of its sessions: ours of the same sid.';

-- A trip to the provider may ask for more: the same user as before, a sign-in not older than so many
-- seconds, no page of the provider's (`is_silent`). `identity_encrypted` holds, by AES-256-GCM, who came back for an invitation, until the
-- person has said yes.
ALTER TABLE sign_in_transactions
    ADD COLUMN expected_user_id   uuid REFERENCES users (id) ON DELETE CASCADE,
    ADD COLUMN max_age_seconds    integer CHECK (max_age_seconds >= 0),
    ADD COLUMN is_silent          boolean NOT NULL DEFAULT false,
    ADD COLUMN identity_encrypted bytea;
CREATE INDEX sign_in_transactions_by_expected_user ON sign_in_transactions (expected_user_id);
COMMENT ON INDEX sign_in_transactions_by_expected_user IS 'Foreign key: taking a user out.';

-- What was typed into a form whose session was over, by AES-256-GCM: put back after signing in
-- again, never sent by itself.
CREATE TABLE kept_forms (
    id             uuid        PRIMARY KEY,
    user_id        uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body_encrypted bytea       NOT NULL CHECK (octet_length(body_encrypted) <= 70000),
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX kept_forms_by_user ON kept_forms (user_id, created_at);
COMMENT ON INDEX kept_forms_by_user IS 'A form is kept: at most five per user.';
CREATE INDEX kept_forms_by_created_at ON kept_forms (created_at);
COMMENT ON INDEX kept_forms_by_created_at IS 'Job: forms older than ten minutes are swept.';
GRANT SELECT, INSERT, DELETE ON kept_forms TO app;
GRANT SELECT, DELETE ON kept_forms TO app_jobs;

-- The provider's logout tokens of the last minutes: none is taken twice, and a sign-in that was on
-- its way when one came opens no session.
CREATE TABLE provider_logouts (
    jti              text        PRIMARY KEY CHECK (char_length(jti) BETWEEN 1 AND 255),
    subject          text,
    provider_session text,
    received_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (subject IS NOT NULL OR provider_session IS NOT NULL)
);
CREATE INDEX provider_logouts_by_received_at ON provider_logouts (received_at);
COMMENT ON INDEX provider_logouts_by_received_at IS 'Sign-in: logouts of the last minutes; job: older ones are swept.';
GRANT SELECT, INSERT ON provider_logouts TO app;
GRANT SELECT, DELETE ON provider_logouts TO app_jobs;

-- The session behind a cookie, who it is, and which merchants are theirs: one question per request,
-- one document, so that it may grow. It follows `session_open`, which the release before still asks.
--   open:   {"session": {…}, "state": {…}}; the use is noted at most once a minute
--   lapsed: {"lapsed": {…}, "state": {…}}: past its time for less than an hour, not ended by anybody. `is_silent`:
--           only the provider's access token ran out; the user was neither idle for 15 minutes nor
--           signed in for 8 hours, so that the provider may answer for them
--   else:   NULL
CREATE FUNCTION session_find(wanted bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    row sessions;
    idle constant interval := '15 minutes';
BEGIN
    SELECT * INTO row FROM sessions s
    WHERE s.key_hash = wanted AND s.ended_at IS NULL AND s.expires_at > now() - interval '1 hour';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF row.expires_at <= now() OR row.last_used_at <= now() - idle THEN
        RETURN jsonb_build_object('state', row.state, 'lapsed', jsonb_build_object(
            'user_id', row.user_id,
            'csrf_secret', encode(row.csrf_secret, 'hex'),
            'began_at', row.began_at,
            'is_silent', row.expires_at <= now()
                AND now() < row.began_at + interval '8 hours'
                AND row.last_used_at > now() - idle));
    END IF;
    IF row.last_used_at < now() - interval '1 minute' THEN
        UPDATE sessions SET last_used_at = now() WHERE id = row.id AND ended_at IS NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object('state', row.state, 'session', jsonb_build_object(
            'session_id', row.id,
            'csrf_secret', encode(row.csrf_secret, 'hex'),
            'authenticated_at', row.authenticated_at,
            'user_id', u.id, 'name', u.name, 'email', u.email, 'staff_role', u.staff_role,
            'merchants', CASE
                WHEN u.staff_role IS NULL THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', p.role, 'zone', m.time_zone) ORDER BY m.name, m.id), '[]')
                    FROM memberships p JOIN merchants m ON m.id = p.merchant_id WHERE p.user_id = u.id)
                WHEN u.staff_role IN ('success_manager', 'administrator') THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.merchant_id) ORDER BY a.merchant_id), '[]')
                    FROM success_manager_assignments a WHERE a.user_id = u.id)
                ELSE '[]' END))
        FROM users u WHERE u.id = row.user_id AND u.is_active);
END $$;
ALTER FUNCTION session_find(bytea) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION session_find(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_find(bytea) TO app;
SET ROLE app_owner;
