SET lock_timeout = '500ms';

-- A file that left: which rows of which list, as of when, for whom, and the SHA-256 of its bytes, so
-- that it can be proven which figures were used. Once it has ended, its record stands as it is.
CREATE TABLE exports (
    merchant_id   uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id            uuid        NOT NULL,
    user_id       uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    list          text        NOT NULL CHECK (list IN ('email_payments', 'activity')),
    format        text        NOT NULL CHECK (format IN ('csv', 'xlsx')),
    file_name     text        NOT NULL CHECK (file_name ~ '^[A-Za-z0-9_-]{1,180}\.(csv|xlsx)$'),
    -- The heads of its columns, in their order, and the rows that were asked for: as a query string,
    -- and in words of this language.
    heads         text[]      NOT NULL CHECK (cardinality(heads) BETWEEN 1 AND 100),
    language      text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    time_zone     text        NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    filter        text        NOT NULL CHECK (char_length(filter) <= 16000),
    filter_words  text[]      NOT NULL CHECK (cardinality(filter_words) <= 100),
    state         text        NOT NULL CHECK (state IN ('running', 'done', 'broken', 'stopped')),
    started_at    timestamptz NOT NULL,
    -- The snapshot's: what was committed until then is in the file, and nothing else.
    as_of         timestamptz,
    progress_at   timestamptz NOT NULL,
    finished_at   timestamptz,
    rows          bigint      NOT NULL DEFAULT 0 CHECK (rows >= 0),
    -- How many there will be, where that was counted before.
    rows_total    bigint      CHECK (rows_total >= 0),
    bytes         bigint      NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    sha256        bytea       CHECK (octet_length(sha256) = 32),
    -- Somebody wants it to end; who writes it looks at this about once a second.
    stop_asked_at timestamptz,
    PRIMARY KEY (merchant_id, id),
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK ((state = 'done') = (sha256 IS NOT NULL)),
    CHECK (state <> 'done' OR as_of IS NOT NULL)
);
CREATE INDEX exports_by_started_at ON exports (merchant_id, list, started_at DESC, id DESC);
COMMENT ON INDEX exports_by_started_at IS 'A list''s exports: one merchant, newest first.';
CREATE INDEX exports_by_user ON exports (user_id, merchant_id, list, started_at DESC, id DESC);
COMMENT ON INDEX exports_by_user IS 'Foreign key: taking a user out; a list''s exports of one person.';
CREATE INDEX exports_running ON exports (progress_at) WHERE state = 'running';
COMMENT ON INDEX exports_running IS 'Job: exports whose process has gone are closed.';

CREATE FUNCTION exports_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of an export that has ended stands as it is';
END $$;
CREATE TRIGGER exports_stand BEFORE UPDATE ON exports
    FOR EACH ROW WHEN (OLD.state <> 'running') EXECUTE FUNCTION exports_stand();

ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON exports
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
-- The job may end what has stopped moving, and learns nothing of what is in it.
CREATE POLICY closing ON exports TO app_jobs USING (state IN ('running', 'broken')) WITH CHECK (state = 'broken');
GRANT SELECT, INSERT ON exports TO app;
GRANT UPDATE (state, as_of, progress_at, finished_at, rows, rows_total, bytes, sha256, stop_asked_at) ON exports TO app;
GRANT SELECT (state, progress_at), UPDATE (state, finished_at) ON exports TO app_jobs;
