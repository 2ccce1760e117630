SET lock_timeout = '500ms';

CREATE INDEX tickets_by_state ON tickets (state, due_at, id);
COMMENT ON INDEX tickets_by_state IS 'Support''s queue: one state.';

-- The session behind a cookie, who it is, and which merchants are theirs: one question per request.
-- Ended, idle for 15 minutes or past its time: no row. Notes the use at most once a minute.
CREATE FUNCTION session_open(wanted bytea)
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

CREATE FUNCTION session_find(wanted bytea) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT session_find(wanted, true) $$;

CREATE FUNCTION email_payments_search(wanted_merchant uuid, pattern text, is_prefix boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT coalesce(wanted_merchant = ANY (current_merchants()), false) THEN
        RETURN;
    ELSIF is_prefix THEN
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant AND folded(p.order_id) LIKE folded(pattern);
    ELSE
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant
              AND folded(p.order_id || E'\n' || p.customer_email || E'\n' || p.customer_name || E'\n' || p.description) LIKE folded(pattern);
    END IF;
END $$;

CREATE FUNCTION tickets_search(pattern text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF current_support() THEN
        RETURN QUERY SELECT t.id FROM tickets t WHERE folded(t.subject) LIKE pattern;
    END IF;
END $$;

ALTER FUNCTION session_open(bytea) OWNER TO app_lookup;
ALTER FUNCTION session_find(bytea) OWNER TO app_lookup;
ALTER FUNCTION email_payments_search(uuid, text, boolean) OWNER TO app_lookup;
ALTER FUNCTION tickets_search(text) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION session_open(bytea), session_find(bytea), email_payments_search(uuid, text, boolean),
    tickets_search(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_open(bytea), session_find(bytea), email_payments_search(uuid, text, boolean),
    tickets_search(text) TO app;
SET ROLE app_owner;
