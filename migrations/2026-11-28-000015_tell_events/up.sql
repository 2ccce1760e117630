SET lock_timeout = '500ms';

-- What a user wants to be told, kind by kind. No row: as the program says.
CREATE TABLE notification_choices (
    merchant_id        uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    user_id            uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind               text        NOT NULL CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring'])),
    in_app             boolean     NOT NULL,
    at_once            boolean     NOT NULL,
    digest             boolean     NOT NULL,
    -- Of payments: those of everybody, where the role sees them; else only the user's own.
    is_all             boolean     NOT NULL DEFAULT false,
    -- Ended by a link in a mail, until the user chooses anew or takes it back.
    at_once_stopped_at timestamptz,
    digest_stopped_at  timestamptz,
    changed_at         timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, user_id, kind)
);
CREATE INDEX notification_choices_by_user ON notification_choices (user_id);
COMMENT ON INDEX notification_choices_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE notification_choices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification_choices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notification_choices
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON notification_choices TO app;
GRANT SELECT ON notification_choices TO app_jobs;

-- A notice may be about a payment or a permission, stand in the user's inbox, and wait for a digest.
ALTER TABLE notices
    ADD COLUMN email_payment_id uuid,
    ADD COLUMN permission_id    uuid,
    ADD COLUMN in_app           boolean NOT NULL DEFAULT false,
    ADD COLUMN read_at          timestamptz,
    -- When it is due for the user's digest. Null: it is for none.
    ADD COLUMN digest_at        timestamptz,
    -- The digest that told it: a notice too.
    ADD COLUMN digest_id        uuid,
    ADD CONSTRAINT notices_email_payment_fkey FOREIGN KEY (merchant_id, email_payment_id)
        REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT notices_permission_fkey FOREIGN KEY (merchant_id, permission_id)
        REFERENCES notification_permissions (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT notices_digest_fkey FOREIGN KEY (merchant_id, digest_id)
        REFERENCES notices (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT notices_about_one_thing CHECK (num_nonnulls(document_id, email_payment_id, permission_id) <= 1) NOT VALID,
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring', 'permission_granted', 'permission_withdrawn', 'digest'])) NOT VALID;
ALTER TABLE notices VALIDATE CONSTRAINT notices_email_payment_fkey;
ALTER TABLE notices VALIDATE CONSTRAINT notices_permission_fkey;
ALTER TABLE notices VALIDATE CONSTRAINT notices_digest_fkey;
ALTER TABLE notices VALIDATE CONSTRAINT notices_about_one_thing;
ALTER TABLE notices VALIDATE CONSTRAINT notices_kind_check;
-- The columns are new and empty: these indexes hold nothing yet, so that they are made at once.
CREATE INDEX notices_by_email_payment ON notices (merchant_id, email_payment_id) WHERE email_payment_id IS NOT NULL;
COMMENT ON INDEX notices_by_email_payment IS 'Foreign key.';
CREATE INDEX notices_by_permission ON notices (merchant_id, permission_id) WHERE permission_id IS NOT NULL;
COMMENT ON INDEX notices_by_permission IS 'Foreign key.';
CREATE INDEX notices_by_digest ON notices (merchant_id, digest_id) WHERE digest_id IS NOT NULL;
COMMENT ON INDEX notices_by_digest IS 'What a digest tells; foreign key.';
CREATE INDEX notices_inbox ON notices (merchant_id, user_id, created_at DESC, id DESC) WHERE in_app;
COMMENT ON INDEX notices_inbox IS 'A user''s inbox, the newest first.';
CREATE INDEX notices_unread ON notices (merchant_id, user_id) WHERE in_app AND read_at IS NULL;
COMMENT ON INDEX notices_unread IS 'How many are unread, on every page; marking them read.';
CREATE INDEX notices_for_digest ON notices (digest_at) WHERE digest_at IS NOT NULL AND digest_id IS NULL;
COMMENT ON INDEX notices_for_digest IS 'Job: whose digest is due.';
GRANT UPDATE (read_at) ON notices TO app;
GRANT UPDATE (digest_id) ON notices TO app_jobs;

-- How far the job has come that tells about payments a day before their end.
CREATE TABLE notification_marks (
    name       text        PRIMARY KEY CHECK (name = ANY (ARRAY['payment_expiring'])),
    reached_at timestamptz NOT NULL,
    reached_id uuid        NOT NULL
);
-- What ends within the day of the upgrade is no news.
INSERT INTO notification_marks VALUES ('payment_expiring', now() + interval '24 hours', '00000000-0000-0000-0000-000000000000');
GRANT SELECT, UPDATE ON notification_marks TO app_jobs;

CREATE POLICY lookup ON notices FOR SELECT TO app_lookup USING (true);
GRANT SELECT ON notices TO app_lookup;
-- The next payments that wait and end soon, beyond a place in the order of their ends.
CREATE FUNCTION email_payments_expiring(after_at timestamptz, after_id uuid, until timestamptz)
RETURNS TABLE (merchant_id uuid, email_payment_id uuid, created_by uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT p.merchant_id, p.id, p.created_by, p.expires_at FROM email_payments p
    WHERE p.status = 'open' AND p.expires_at >= after_at AND (p.expires_at, p.id) > (after_at, after_id) AND p.expires_at <= until
      -- What was made with less than a day to live is no news.
      AND p.created_at <= p.expires_at - interval '24 hours'
    ORDER BY p.expires_at, p.id LIMIT 50
$$;
-- Whose digest is due. Reads a bounded number of waiting notices, the longest waiting first.
CREATE FUNCTION digests_due(now_at timestamptz) RETURNS TABLE (merchant_id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT w.merchant_id, w.user_id FROM (
        SELECT n.merchant_id, n.user_id FROM notices n
        WHERE n.digest_at IS NOT NULL AND n.digest_id IS NULL AND n.digest_at <= now_at
        ORDER BY n.digest_at LIMIT 500) w
$$;
ALTER FUNCTION email_payments_expiring(timestamptz, uuid, timestamptz) OWNER TO app_lookup;
ALTER FUNCTION digests_due(timestamptz) OWNER TO app_lookup;

-- The same question as before; each membership says how many notices are unread, up to a hundred.
CREATE OR REPLACE FUNCTION session_find(wanted bytea, is_use boolean) RETURNS jsonb
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
    IF is_use AND row.last_used_at < now() - interval '1 minute' THEN
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
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', p.role, 'zone', m.time_zone, 'unread', (
                        SELECT count(*) FROM (
                            SELECT FROM notices n
                            WHERE n.merchant_id = m.id AND n.user_id = u.id AND n.in_app AND n.read_at IS NULL LIMIT 100) w)) ORDER BY m.name, m.id), '[]')
                    FROM memberships p JOIN merchants m ON m.id = p.merchant_id WHERE p.user_id = u.id)
                WHEN u.staff_role IN ('success_manager', 'accounting', 'administrator') THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.merchant_id) ORDER BY a.merchant_id), '[]')
                    FROM success_manager_assignments a WHERE a.user_id = u.id)
                ELSE '[]' END))
        FROM users u WHERE u.id = row.user_id AND u.is_active);
END $$;

SET ROLE app_lookup;
REVOKE ALL ON FUNCTION email_payments_expiring(timestamptz, uuid, timestamptz), digests_due(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION email_payments_expiring(timestamptz, uuid, timestamptz), digests_due(timestamptz) TO app_jobs;
SET ROLE app_owner;
