SET lock_timeout = '500ms';

SET ROLE app_lookup;
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
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', p.role, 'zone', m.time_zone) ORDER BY m.name, m.id), '[]')
                    FROM memberships p JOIN merchants m ON m.id = p.merchant_id WHERE p.user_id = u.id)
                WHEN u.staff_role IN ('success_manager', 'accounting', 'administrator') THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.merchant_id) ORDER BY a.merchant_id), '[]')
                    FROM success_manager_assignments a WHERE a.user_id = u.id)
                ELSE '[]' END))
        FROM users u WHERE u.id = row.user_id AND u.is_active);
END $$;
DROP FUNCTION digests_due(timestamptz);
DROP FUNCTION email_payments_expiring(timestamptz, uuid, timestamptz);
SET ROLE app_owner;
REVOKE SELECT ON notices FROM app_lookup;
DROP POLICY lookup ON notices;
DROP TABLE notification_marks;
REVOKE UPDATE (digest_id) ON notices FROM app_jobs;
REVOKE UPDATE (read_at) ON notices FROM app;
-- The release before tells of documents alone.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notices NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails m USING notices n
WHERE n.merchant_id = m.merchant_id AND n.id = m.notice_id AND n.kind <> 'document_created';
UPDATE notices SET digest_id = NULL WHERE digest_id IS NOT NULL;
DELETE FROM notices WHERE kind <> 'document_created';
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
DROP INDEX notices_for_digest;
DROP INDEX notices_unread;
DROP INDEX notices_inbox;
DROP INDEX notices_by_digest;
DROP INDEX notices_by_permission;
DROP INDEX notices_by_email_payment;
ALTER TABLE notices
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind = ANY (ARRAY['document_created'])),
    DROP CONSTRAINT notices_about_one_thing,
    DROP CONSTRAINT notices_digest_fkey,
    DROP CONSTRAINT notices_permission_fkey,
    DROP CONSTRAINT notices_email_payment_fkey,
    DROP COLUMN digest_id,
    DROP COLUMN digest_at,
    DROP COLUMN read_at,
    DROP COLUMN in_app,
    DROP COLUMN permission_id,
    DROP COLUMN email_payment_id;
DROP TABLE notification_choices;
