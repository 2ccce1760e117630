SET lock_timeout = '500ms';

-- Who did what, when and from where. The product may only add; it may neither read nor change.
CREATE TABLE audit_log (
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor        text        NOT NULL CHECK (actor IN ('user', 'customer', 'gateway', 'clock', 'system', 'operator')),
    user_id      uuid,
    user_role    text,
    session_id   uuid,
    origin       text,
    merchant_id  uuid,
    action       text        NOT NULL CHECK (char_length(action) BETWEEN 1 AND 60),
    object_id    uuid,
    is_done      boolean     NOT NULL,
    before       jsonb,
    after        jsonb,
    request_id   text,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log FOR INSERT TO app, app_jobs
    WITH CHECK (merchant_id IS NULL OR merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY owner ON audit_log TO app_owner USING (true) WITH CHECK (true);
ALTER TABLE audit_log_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log_default FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log_default TO app_owner USING (true) WITH CHECK (true);
-- Number and time are the database's own.
GRANT INSERT (actor, user_id, user_role, session_id, origin, merchant_id, action, object_id, is_done, before, after, request_id)
    ON audit_log TO app, app_jobs;

-- Each seal holds a hash of the rows of its span and of the seal before: a row that is changed,
-- taken out or slipped in later breaks the chain from there on.
CREATE TABLE audit_seals (
    id       bigint      PRIMARY KEY,
    from_at  timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > from_at),
    rows     bigint      NOT NULL,
    hash     bytea       NOT NULL CHECK (octet_length(hash) = 32)
);

-- The hash of a span: SHA-256 of the previous hash and each row's text, one per line.
CREATE FUNCTION audit_hash(previous bytea, from_at timestamptz, until_at timestamptz, OUT rows bigint, OUT hash bytea)
LANGUAGE sql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET bytea_output = 'hex'
AS $$
    SELECT count(*), sha256(previous || convert_to(coalesce(string_agg(a::text, E'\n' ORDER BY a.at, a.id), ''), 'UTF8'))
    FROM audit_log a WHERE a.at >= from_at AND a.at < until_at
$$;

-- Seals everything that is older than two minutes; no transaction of ours lives that long.
-- Returns the number of rows. Run by a job each minute.
CREATE FUNCTION audit_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    last audit_seals;
    first_at timestamptz;
    until_at timestamptz := clock_timestamp() - interval '2 minutes';
    span record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal'));
    SELECT * INTO last FROM audit_seals ORDER BY id DESC LIMIT 1;
    SELECT min(at) INTO first_at FROM audit_log WHERE at >= coalesce(last.until_at, '-infinity');
    IF first_at IS NULL OR first_at >= until_at THEN
        RETURN 0;
    END IF;
    SELECT * INTO span FROM audit_hash(coalesce(last.hash, ''), coalesce(last.until_at, '-infinity'), until_at);
    INSERT INTO audit_seals VALUES
        (coalesce(last.id, 0) + 1, coalesce(last.until_at, '-infinity'), until_at, span.rows, span.hash);
    RETURN span.rows;
END $$;
REVOKE ALL ON FUNCTION audit_seal() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal() TO app_jobs;

-- The seals that do not agree with the rows, oldest first: none when all is well.
CREATE FUNCTION audit_broken_seals() RETURNS TABLE (id bigint, from_at timestamptz, until_at timestamptz)
LANGUAGE sql STABLE
AS $$
    SELECT s.id, s.from_at, s.until_at
    FROM (SELECT *, lag(hash) OVER (ORDER BY id) AS previous, lag(until_at) OVER (ORDER BY id) AS previous_until,
                 row_number() OVER (ORDER BY id) AS place
          FROM audit_seals) s,
         audit_hash(coalesce(s.previous, ''), s.from_at, s.until_at) h
    WHERE h.hash <> s.hash OR h.rows <> s.rows OR s.place <> s.id
       OR s.from_at <> coalesce(s.previous_until, '-infinity')
    ORDER BY s.id
$$;
REVOKE ALL ON FUNCTION audit_broken_seals() FROM PUBLIC;

-- Makes the partitions of this month and the three that follow. Run by a job each day.
CREATE FUNCTION audit_make_partitions() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    first date;
    name text;
    made bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_make_partitions'));
    FOR ahead IN 0..3 LOOP
        first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
        name := 'audit_log_' || to_char(first, 'YYYY_MM');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE audit_log INCLUDING ALL)', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO app_owner USING (true) WITH CHECK (true)', name);
        -- Rows that came before their partition move out of the default one.
        EXECUTE format('WITH moved AS (DELETE FROM audit_log_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I OVERRIDING SYSTEM VALUE SELECT * FROM moved',
            first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC', name);
        EXECUTE format('ALTER TABLE audit_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
            first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION audit_make_partitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_make_partitions() TO app_jobs;
SELECT audit_make_partitions();
