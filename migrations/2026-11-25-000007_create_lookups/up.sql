SET lock_timeout = '500ms';

-- Questions that come before the tenant is known, one function per kind. Each takes a secret's hash
-- (or a time) and gives back the least that is needed to set the tenant. They belong to a role that
-- can't log in; its policies below are the only ones that see across tenants.
CREATE POLICY lookup ON merchants FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON memberships FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON success_manager_assignments FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON email_payments FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON gateway_sessions FOR SELECT TO app_lookup USING (true);
CREATE POLICY lookup ON mails FOR SELECT TO app_lookup USING (true);
GRANT SELECT ON merchants, memberships, success_manager_assignments, email_payments, gateway_sessions, mails, users TO app_lookup;
GRANT SELECT, UPDATE ON sessions TO app_lookup;

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

-- The payment behind a pay link.
CREATE FUNCTION pay_link_open(wanted bytea) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT p.merchant_id, p.id FROM email_payments p WHERE p.pay_token_hash = wanted $$;

-- The gateway session behind a merchant token.
CREATE FUNCTION gateway_session_open(wanted bytea) RETURNS TABLE (merchant_id uuid, gateway_session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT s.merchant_id, s.id FROM gateway_sessions s WHERE s.merchant_token_hash = wanted $$;

-- What the reconciler has to ask about.
CREATE FUNCTION gateway_sessions_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, gateway_session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT s.merchant_id, s.id FROM gateway_sessions s WHERE s.next_check_at <= at ORDER BY s.next_check_at LIMIT most $$;

-- Payments whose time is over.
CREATE FUNCTION email_payments_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT p.merchant_id, p.id FROM email_payments p WHERE p.status = 'open' AND p.expires_at <= at ORDER BY p.expires_at LIMIT most $$;

-- How many mails an address was sent since a time, over all merchants.
CREATE FUNCTION mails_to(address text, since timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT count(*) FROM mails m WHERE m.recipient = address AND m.created_at > since $$;

-- The search box, as ids. `LIKE` is not leakproof, so that under row-level security no index would
-- serve it; here it does, and the tenant is checked against the same setting as the policies'.
-- From three characters any part of order ID, address or name; below, the order ID's beginning.
CREATE FUNCTION email_payments_search(wanted_merchant uuid, pattern text, is_prefix boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT coalesce(wanted_merchant = ANY (current_merchants()), false) THEN
        RETURN;
    ELSIF is_prefix THEN
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant AND (p.order_id LIKE pattern OR p.order_id LIKE upper(pattern));
    ELSE
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant
              AND lower(p.order_id || ' ' || p.customer_email || ' ' || p.customer_name) LIKE pattern;
    END IF;
END $$;

ALTER FUNCTION session_open(bytea) OWNER TO app_lookup;
ALTER FUNCTION pay_link_open(bytea) OWNER TO app_lookup;
ALTER FUNCTION gateway_session_open(bytea) OWNER TO app_lookup;
ALTER FUNCTION gateway_sessions_due(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION email_payments_due(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION mails_to(text, timestamptz) OWNER TO app_lookup;
ALTER FUNCTION email_payments_search(uuid, text, boolean) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION session_open(bytea), pay_link_open(bytea), gateway_session_open(bytea),
    gateway_sessions_due(timestamptz, integer), email_payments_due(timestamptz, integer),
    mails_to(text, timestamptz), email_payments_search(uuid, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_open(bytea), pay_link_open(bytea), gateway_session_open(bytea),
    mails_to(text, timestamptz), email_payments_search(uuid, text, boolean) TO app;
GRANT EXECUTE ON FUNCTION gateway_sessions_due(timestamptz, integer), email_payments_due(timestamptz, integer),
    mails_to(text, timestamptz) TO app_jobs;
SET ROLE app_owner;
