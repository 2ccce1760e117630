SET lock_timeout = '500ms';

-- A partitioned table takes no index CONCURRENTLY; this table is small wherever it exists so far.
CREATE INDEX audit_log_wide ON audit_log (merchant_id, at DESC, id DESC, action, is_done, user_id);
CREATE INDEX audit_log_by_user ON audit_log (user_id, at DESC, id DESC, action, is_done) WHERE merchant_id IS NULL;
COMMENT ON INDEX audit_log_wide IS 'The activity page: one merchant, newest first, and its filters, without a look at the rows.';
COMMENT ON INDEX audit_log_by_user IS 'The activity page: sign-ins and other acts that belong to no merchant, by person.';
-- The same words on the partitions' own indexes. Partitions to come copy index and comment.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT i.inhrelid::regclass AS child, obj_description(i.inhparent, 'pg_class') AS words
        FROM pg_inherits i WHERE i.inhparent IN ('audit_log_wide'::regclass, 'audit_log_by_user'::regclass)
    LOOP
        EXECUTE format('COMMENT ON INDEX %s IS %L', part.child, part.words);
    END LOOP;
END $$;

-- The product itself may still only add. The function below reads, under a role that can't log in
-- and that sees the tenant's rows and those that belong to none. The partitions need no policy of
-- their own: they are reached through their parent only, and nobody has a grant on them.
CREATE POLICY lookup ON audit_log FOR SELECT TO app_lookup
    USING (merchant_id IS NULL OR merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT ON audit_log TO app_lookup;

-- A page of one merchant's activity: what was done for the merchant, and what its users did that
-- belongs to no merchant (signing in and out), from when they joined. Null narrows nothing.
-- Newest first from the cursor on; with `is_newer` the rows before it, oldest first. At most a
-- thousand rows. Nothing without the tenant's setting.
--
-- The statement is put together of words that stand here; what was asked for goes in as values,
-- which are known when it is planned, so that the conditions that narrow nothing cost nothing.
-- First the keys, out of the indexes alone, then the rows. Without sorting, Postgres follows the
-- indexes, whose order is the page's, whatever it guesses about the number of rows (and its price for
-- the one sort that is left must not start the compiler).
CREATE FUNCTION activity_page(
    wanted_merchant uuid, since timestamptz, until timestamptz, actions text[], person uuid, done boolean,
    cursor_at timestamptz, cursor_id bigint, is_newer boolean, most integer)
RETURNS TABLE (
    id bigint, at timestamptz, actor text, user_id uuid, user_name text, user_role text, session_id uuid,
    origin text, action text, object_id uuid, is_done boolean, before jsonb, after jsonb, request_id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_sort = off SET jit = off
AS $$
DECLARE
    direction text := CASE WHEN is_newer THEN 'ASC' ELSE 'DESC' END;
    beyond text := CASE WHEN is_newer THEN '>' ELSE '<' END;
    fits text;
BEGIN
    IF NOT coalesce(wanted_merchant = ANY (current_merchants()), false) THEN
        RETURN;
    END IF;
    fits := format(
        'a.at >= coalesce($2, ''-infinity'') AND a.at < coalesce($3, ''infinity'')
         AND ($4 IS NULL OR a.action = ANY ($4)) AND ($5 IS NULL OR a.user_id = $5)
         AND ($6 IS NULL OR a.is_done = $6) AND ($7 IS NULL OR (a.at, a.id) %s ($7, $8))
         ORDER BY a.at %s, a.id %s LIMIT $9', beyond, direction, direction);
    RETURN QUERY EXECUTE format(
        'SELECT r.id, r.at, r.actor, r.user_id, u.name, r.user_role, r.session_id, r.origin,
                r.action, r.object_id, r.is_done, r.before, r.after, r.request_id
         FROM (SELECT * FROM (
                   (SELECT a.at, a.id FROM audit_log a WHERE a.merchant_id = $1 AND %1$s)
                   UNION ALL
                   SELECT o.* FROM memberships m CROSS JOIN LATERAL (
                       SELECT a.at, a.id FROM audit_log a
                       WHERE a.merchant_id IS NULL AND a.user_id = m.user_id AND a.at >= m.created_at AND %1$s) o
                   WHERE m.merchant_id = $1 AND ($5 IS NULL OR m.user_id = $5)) b
               ORDER BY b.at %2$s, b.id %2$s LIMIT $9) p
         CROSS JOIN LATERAL (SELECT * FROM audit_log a WHERE a.at = p.at AND a.id = p.id LIMIT 1) r
         LEFT JOIN users u ON u.id = r.user_id
         ORDER BY p.at %2$s, p.id %2$s', fits, direction)
    USING wanted_merchant, since, until, actions, person, done, cursor_at, cursor_id, LEAST(most, 1000);
END $$;
ALTER FUNCTION activity_page(uuid, timestamptz, timestamptz, text[], uuid, boolean, timestamptz, bigint, boolean, integer)
    OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION activity_page(uuid, timestamptz, timestamptz, text[], uuid, boolean, timestamptz, bigint, boolean, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION activity_page(uuid, timestamptz, timestamptz, text[], uuid, boolean, timestamptz, bigint, boolean, integer)
    TO app;
SET ROLE app_owner;
