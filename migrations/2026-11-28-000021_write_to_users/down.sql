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
SET ROLE app_owner;
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE email_change_id IS NOT NULL OR hand_over_id IS NOT NULL;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'declined', 'cancelled', 'invitation', 'notice', 'ticket')),
    DROP CONSTRAINT mails_about_users,
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id, ticket_message_id) = 1),
    DROP COLUMN email_change_id,
    DROP COLUMN hand_over_id;
REVOKE SELECT ON hand_overs FROM app_jobs;
ALTER TABLE hand_overs DROP COLUMN together;
DROP TABLE email_changes;
DROP INDEX users_by_email;
ALTER TABLE users DROP COLUMN time_zone;
