SET lock_timeout = '500ms';
LOCK TABLE documents, document_reads IN SHARE ROW EXCLUSIVE MODE;

-- How many documents a merchant has of a kind: the list's count and tabs without reading the list.
-- Written by a trigger in the transaction that publishes; a document is never deleted and keeps its kind.
-- Two that publish for one merchant wait for each other here, as long as a document's row takes.
CREATE TABLE document_counts (
    merchant_id uuid   NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    kind        text   NOT NULL,
    documents   bigint NOT NULL,
    PRIMARY KEY (merchant_id, kind)
) WITH (fillfactor = 50);

-- How many of them a user has read: what is left is unread.
CREATE TABLE document_read_counts (
    merchant_id uuid   NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    user_id     uuid   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    documents   bigint NOT NULL,
    PRIMARY KEY (merchant_id, user_id)
) WITH (fillfactor = 50);
CREATE INDEX document_read_counts_by_user ON document_read_counts (user_id);
COMMENT ON INDEX document_read_counts_by_user IS 'Foreign key: taking a user out.';

-- What is there already, read as the role that sees all tenants.
CREATE POLICY backfill ON documents FOR SELECT TO app_lookup USING (true);
CREATE POLICY backfill ON document_reads FOR SELECT TO app_lookup USING (true);
GRANT SELECT ON documents, document_reads TO app_lookup;
GRANT INSERT ON document_counts, document_read_counts TO app_lookup;
SET ROLE app_lookup;
INSERT INTO document_counts (merchant_id, kind, documents)
SELECT merchant_id, kind, count(*) FROM documents GROUP BY 1, 2 ORDER BY 1, 2;
INSERT INTO document_read_counts (merchant_id, user_id, documents)
SELECT merchant_id, user_id, count(*) FROM document_reads GROUP BY 1, 2 ORDER BY 1, 2;
SET ROLE app_owner;
REVOKE INSERT ON document_counts, document_read_counts FROM app_lookup;
REVOKE SELECT ON documents, document_reads FROM app_lookup;
DROP POLICY backfill ON document_reads;
DROP POLICY backfill ON documents;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['document_counts', 'document_read_counts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
            WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]))', name);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON document_counts TO app, app_jobs;
GRANT SELECT, INSERT, UPDATE ON document_read_counts TO app;

CREATE FUNCTION documents_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO document_counts AS counted (merchant_id, kind, documents)
    SELECT merchant_id, kind, count(*) FROM new_rows GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (merchant_id, kind) DO UPDATE SET documents = counted.documents + excluded.documents;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_count AFTER INSERT ON documents
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION documents_count();

CREATE FUNCTION document_reads_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO document_read_counts AS counted (merchant_id, user_id, documents)
        SELECT merchant_id, user_id, count(*) FROM new_rows GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (merchant_id, user_id) DO UPDATE SET documents = counted.documents + excluded.documents;
    ELSE
        UPDATE document_read_counts counted SET documents = counted.documents - gone.documents
        FROM (SELECT merchant_id, user_id, count(*) AS documents FROM old_rows GROUP BY 1, 2) gone
        WHERE counted.merchant_id = gone.merchant_id AND counted.user_id = gone.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER document_reads_count_insert AFTER INSERT ON document_reads
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION document_reads_count();
CREATE TRIGGER document_reads_count_delete AFTER DELETE ON document_reads
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION document_reads_count();
