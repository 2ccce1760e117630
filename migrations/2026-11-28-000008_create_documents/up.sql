SET lock_timeout = '500ms';

-- Bytes that never change, found by merchant and SHA-256: the store of documents where none is
-- configured. In pieces, so that no row is large and a reader holds one at a time.
CREATE TABLE objects (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    sha256      bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    size_bytes  bigint      NOT NULL CHECK (size_bytes BETWEEN 1 AND 26214400),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (merchant_id, sha256)
);
CREATE TABLE object_pieces (
    merchant_id uuid    NOT NULL,
    sha256      bytea   NOT NULL,
    number      integer NOT NULL CHECK (number >= 0),
    bytes       bytea   NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 262144),
    PRIMARY KEY (merchant_id, sha256, number),
    FOREIGN KEY (merchant_id, sha256) REFERENCES objects (merchant_id, sha256) ON DELETE RESTRICT
);
-- PDFs are packed already.
ALTER TABLE object_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE FUNCTION objects_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is stored never changes';
END $$;
CREATE TRIGGER objects_stand BEFORE UPDATE OR DELETE ON objects
    FOR EACH ROW EXECUTE FUNCTION objects_stand();
CREATE TRIGGER object_pieces_stand BEFORE UPDATE OR DELETE ON object_pieces
    FOR EACH ROW EXECUTE FUNCTION objects_stand();

ALTER TABLE objects ENABLE ROW LEVEL SECURITY;
ALTER TABLE objects FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON objects
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE object_pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE object_pieces FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON object_pieces
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON objects, object_pieces TO app, app_jobs;

-- An accounting document of a merchant. Its bytes lie in the store, under merchant and SHA-256. Only
-- its state moves; what is wrong is corrected by a new document that points to it.
CREATE TABLE documents (
    merchant_id  uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'payout_statement', 'holdback_statement')),
    -- The financial provider whose money it tells about; empty: none in particular.
    provider     text        NOT NULL CHECK (char_length(provider) <= 60),
    number       text        NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    -- Whole days in the merchant's zone, both inclusive.
    period_from  date        NOT NULL,
    period_until date        NOT NULL,
    issued_on    date        NOT NULL,
    due_on       date,
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Minor units; what the merchant is to receive, negative where it is to pay.
    total_minor  bigint      NOT NULL CHECK (total_minor BETWEEN -999999999999 AND 999999999999),
    state        text        NOT NULL CHECK (state IN ('waiting_accountant_payment', 'waiting_customer_payment', 'waiting_accounting', 'blocked_payment', 'blocked_review', 'blocked_missing_information', 'paid', 'cancelled', 'informative')),
    state_at     timestamptz NOT NULL,
    -- The document that this one corrects.
    corrects     uuid,
    sha256       bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    size_bytes   bigint      NOT NULL CHECK (size_bytes BETWEEN 1 AND 26214400),
    -- The door it came through, and the person where there is one.
    source       text        NOT NULL CHECK (source IN ('period_end', 'page', 'command', 'api')),
    created_by   uuid        REFERENCES users (id) ON DELETE RESTRICT,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT documents_number UNIQUE (merchant_id, number, provider),
    FOREIGN KEY (merchant_id, corrects) REFERENCES documents (merchant_id, id) ON DELETE RESTRICT,
    CHECK (period_from <= period_until),
    CHECK (due_on >= issued_on),
    CHECK (corrects <> id),
    -- Statements tell what happened: nobody waits for anything.
    CHECK ((kind IN ('payout_statement', 'holdback_statement')) = (state = 'informative') OR state = 'cancelled'),
    CHECK (state <> 'waiting_customer_payment' OR total_minor < 0),
    CHECK (state NOT IN ('waiting_accountant_payment', 'waiting_accounting') OR total_minor >= 0)
);
CREATE INDEX documents_by_issued_on ON documents (merchant_id, issued_on DESC, id DESC) INCLUDE (kind, state, currency);
COMMENT ON INDEX documents_by_issued_on IS 'The list, newest first; the documents of a month as one file; the counts on the list''s tabs.';
CREATE INDEX documents_owed ON documents (merchant_id, currency, due_on, id)
    WHERE state NOT IN ('waiting_accounting', 'paid', 'cancelled', 'informative');
COMMENT ON INDEX documents_owed IS 'The balance above the list: what is owed, by currency.';
CREATE INDEX documents_by_corrects ON documents (merchant_id, corrects) WHERE corrects IS NOT NULL;
COMMENT ON INDEX documents_by_corrects IS 'A document''s page: what corrects it; foreign key.';
CREATE INDEX documents_by_created_by ON documents (created_by) WHERE created_by IS NOT NULL;
COMMENT ON INDEX documents_by_created_by IS 'Foreign key: taking a user out.';

-- The allowed moves, once more where no code path can go around them; and that nothing else moves.
CREATE FUNCTION documents_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'state' - 'state_at') <> (to_jsonb(OLD) - 'state' - 'state_at') THEN
        RAISE EXCEPTION 'a document stands as it was published: a correction is a new one';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'waiting_accountant_payment paid', 'waiting_accountant_payment waiting_accounting',
        'waiting_accountant_payment blocked_payment', 'waiting_accountant_payment blocked_review',
        'waiting_accountant_payment blocked_missing_information', 'waiting_accountant_payment cancelled',
        'waiting_customer_payment paid', 'waiting_customer_payment blocked_payment',
        'waiting_customer_payment blocked_review', 'waiting_customer_payment blocked_missing_information',
        'waiting_customer_payment cancelled',
        'waiting_accounting paid', 'waiting_accounting cancelled',
        'blocked_payment waiting_accountant_payment', 'blocked_payment waiting_customer_payment',
        'blocked_payment blocked_review', 'blocked_payment blocked_missing_information', 'blocked_payment cancelled',
        'blocked_review waiting_accountant_payment', 'blocked_review waiting_customer_payment',
        'blocked_review blocked_payment', 'blocked_review blocked_missing_information', 'blocked_review cancelled',
        'blocked_missing_information waiting_accountant_payment', 'blocked_missing_information waiting_customer_payment',
        'blocked_missing_information blocked_payment', 'blocked_missing_information blocked_review',
        'blocked_missing_information cancelled',
        'informative cancelled')
    THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_stand BEFORE UPDATE OR DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION documents_stand();

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON documents
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE (state, state_at) ON documents TO app, app_jobs;

-- Each state that a document came into: when, by whom, and why. Merchant and staff read the reason.
CREATE TABLE document_states (
    merchant_id uuid        NOT NULL,
    document_id uuid        NOT NULL,
    id          uuid        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting_accountant_payment', 'waiting_customer_payment', 'waiting_accounting', 'blocked_payment', 'blocked_review', 'blocked_missing_information', 'paid', 'cancelled', 'informative')),
    reason      text        NOT NULL CHECK (char_length(reason) <= 500),
    -- Null: the product itself, or a program.
    user_id     uuid        REFERENCES users (id) ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, document_id, id),
    FOREIGN KEY (merchant_id, document_id) REFERENCES documents (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX document_states_by_user ON document_states (user_id) WHERE user_id IS NOT NULL;
COMMENT ON INDEX document_states_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE document_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_states FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_states
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON document_states TO app, app_jobs;

-- Which documents a user has read; no row: unread. Nothing to do with whether it is paid.
CREATE TABLE document_reads (
    merchant_id uuid        NOT NULL,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    document_id uuid        NOT NULL,
    read_at     timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, user_id, document_id),
    FOREIGN KEY (merchant_id, document_id) REFERENCES documents (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX document_reads_by_document ON document_reads (merchant_id, document_id);
COMMENT ON INDEX document_reads_by_document IS 'Foreign key; a document''s page: who has read it.';
CREATE INDEX document_reads_by_user ON document_reads (user_id);
COMMENT ON INDEX document_reads_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE document_reads ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_reads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_reads
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON document_reads TO app;

-- A second list is taken along as a file.
ALTER TABLE exports
    DROP CONSTRAINT exports_list_check,
    ADD CONSTRAINT exports_list_check CHECK (list IN ('email_payments', 'activity', 'documents')) NOT VALID;
ALTER TABLE exports VALIDATE CONSTRAINT exports_list_check;

-- The person of the platform whom the identity provider knows by these two, with the merchants that
-- they look after: programs of the platform ask in their stead.
CREATE FUNCTION api_staff_open(wanted_issuer text, wanted_subject text)
RETURNS TABLE (user_id uuid, role text, merchants uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT u.id, u.staff_role, ARRAY(SELECT a.merchant_id FROM success_manager_assignments a WHERE a.user_id = u.id ORDER BY a.merchant_id)
    FROM users u
    WHERE u.issuer = wanted_issuer AND u.subject = wanted_subject AND u.is_active AND u.staff_role IS NOT NULL
$$;
ALTER FUNCTION api_staff_open(text, text) OWNER TO app_lookup;
-- The platform's accountants look after merchants too.
SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION session_find(wanted bytea) RETURNS jsonb
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
    IF row.last_used_at < now() - interval '1 minute' THEN
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
REVOKE ALL ON FUNCTION api_staff_open(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_staff_open(text, text) TO app;
SET ROLE app_owner;
