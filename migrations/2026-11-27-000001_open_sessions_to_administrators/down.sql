SET lock_timeout = '500ms';

SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION session_open(wanted bytea)
RETURNS TABLE (session_id uuid, csrf_secret bytea, state jsonb, user_id uuid, name text, email text, staff_role text, merchants jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    opened sessions;
BEGIN
    SELECT * INTO opened FROM sessions s
    WHERE s.key_hash = wanted AND s.ended_at IS NULL
      AND s.expires_at > now() AND s.last_used_at > now() - interval '15 minutes';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF opened.last_used_at < now() - interval '1 minute' THEN
        UPDATE sessions SET last_used_at = now() WHERE id = opened.id AND ended_at IS NULL;
    END IF;
    RETURN QUERY
    SELECT opened.id, opened.csrf_secret, opened.state, u.id, u.name, u.email, u.staff_role,
           CASE WHEN u.staff_role IS NULL
           THEN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', p.role, 'zone', m.time_zone) ORDER BY m.name, m.id), '[]')
                 FROM memberships p JOIN merchants m ON m.id = p.merchant_id WHERE p.user_id = u.id)
           WHEN u.staff_role = 'success_manager'
           THEN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.merchant_id) ORDER BY a.merchant_id), '[]')
                 FROM success_manager_assignments a WHERE a.user_id = u.id)
           ELSE '[]' END
    FROM users u WHERE u.id = opened.user_id AND u.is_active;
END $$;

SET ROLE app_owner;
