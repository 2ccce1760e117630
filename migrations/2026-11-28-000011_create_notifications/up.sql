SET lock_timeout = '500ms';

-- The language of the pages that a user last chose: mails to them speak it. Null: the merchant's.
ALTER TABLE users ADD COLUMN language text CHECK (language IN ('en', 'it', 'es', 'fr'));

-- The ledger of who may be told what: a grant is a row, and what ends it is written into it once.
CREATE TABLE notification_permissions (
    merchant_id   uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id            uuid        NOT NULL,
    user_id       uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind          text        NOT NULL CHECK (kind = ANY (ARRAY['document_created'])),
    reason        text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 300),
    granted_by    uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    granted_at    timestamptz NOT NULL,
    -- The last second of a day in the merchant's zone. Null: without an end.
    valid_until   timestamptz CHECK (valid_until > granted_at),
    withdrawn_at  timestamptz CHECK (withdrawn_at >= granted_at),
    withdrawn_by  uuid        REFERENCES users (id) ON DELETE RESTRICT,
    withdrawn_for text        CHECK (char_length(withdrawn_for) BETWEEN 1 AND 300),
    PRIMARY KEY (merchant_id, id),
    CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_for) IN (0, 3))
);
CREATE INDEX notification_permissions_by_granted_at ON notification_permissions (merchant_id, granted_at DESC, id DESC);
COMMENT ON INDEX notification_permissions_by_granted_at IS 'Permissions of a merchant, the newest first, on both sides.';
CREATE INDEX notification_permissions_standing ON notification_permissions (merchant_id, kind, user_id) WHERE withdrawn_at IS NULL;
COMMENT ON INDEX notification_permissions_standing IS 'Who is told when something happens.';
CREATE INDEX notification_permissions_by_user ON notification_permissions (user_id);
COMMENT ON INDEX notification_permissions_by_user IS 'Foreign key: taking a user out.';
CREATE INDEX notification_permissions_by_granted_by ON notification_permissions (granted_by);
COMMENT ON INDEX notification_permissions_by_granted_by IS 'Foreign key: taking a user out.';
CREATE INDEX notification_permissions_by_withdrawn_by ON notification_permissions (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
COMMENT ON INDEX notification_permissions_by_withdrawn_by IS 'Foreign key: taking a user out.';

-- A user asks for a permission; a success manager grants or refuses it.
CREATE TABLE notification_requests (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind        text        NOT NULL CHECK (kind = ANY (ARRAY['document_created'])),
    words       text        NOT NULL CHECK (char_length(words) <= 300),
    asked_at    timestamptz NOT NULL,
    answer      text        CHECK (answer IN ('granted', 'refused')),
    answered_at timestamptz CHECK (answered_at >= asked_at),
    answered_by uuid        REFERENCES users (id) ON DELETE RESTRICT,
    -- Why; of a grant it stands in the permission.
    reason      text        CHECK (char_length(reason) BETWEEN 1 AND 300),
    PRIMARY KEY (merchant_id, id),
    CHECK (num_nulls(answer, answered_at, answered_by) IN (0, 3)),
    CHECK ((answer IS NOT DISTINCT FROM 'refused') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX notification_requests_open ON notification_requests (merchant_id, user_id, kind) WHERE answer IS NULL;
COMMENT ON INDEX notification_requests_open IS 'What waits for a success manager; one of each kind for each user.';
CREATE INDEX notification_requests_by_asked_at ON notification_requests (merchant_id, asked_at DESC, id DESC);
COMMENT ON INDEX notification_requests_by_asked_at IS 'Permissions of a merchant, the newest first, on both sides.';
CREATE INDEX notification_requests_by_user ON notification_requests (user_id);
COMMENT ON INDEX notification_requests_by_user IS 'Foreign key: taking a user out.';
CREATE INDEX notification_requests_by_answered_by ON notification_requests (answered_by) WHERE answered_by IS NOT NULL;
COMMENT ON INDEX notification_requests_by_answered_by IS 'Foreign key: taking a user out.';

-- The ledger is added to: what stands in it stays, and what has ended does not begin again.
CREATE FUNCTION notification_permissions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by' - 'withdrawn_for')
            <> (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by' - 'withdrawn_for')
    THEN
        RAISE EXCEPTION 'a permission stands as it was granted; it can be withdrawn, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notification_permissions_stand BEFORE UPDATE OR DELETE ON notification_permissions
    FOR EACH ROW EXECUTE FUNCTION notification_permissions_stand();
CREATE FUNCTION notification_requests_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answer IS NOT NULL
        OR (to_jsonb(NEW) - 'answer' - 'answered_at' - 'answered_by' - 'reason')
            <> (to_jsonb(OLD) - 'answer' - 'answered_at' - 'answered_by' - 'reason')
    THEN
        RAISE EXCEPTION 'a request stands as it was made; it is answered once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notification_requests_stand BEFORE UPDATE OR DELETE ON notification_requests
    FOR EACH ROW EXECUTE FUNCTION notification_requests_stand();

-- One thing told to one user. Its mails are in the outbox.
CREATE TABLE notices (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind        text        NOT NULL CHECK (kind = ANY (ARRAY['document_created'])),
    -- Null: a test, which the user asked for.
    document_id uuid,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, document_id) REFERENCES documents (merchant_id, id) ON DELETE RESTRICT,
    CONSTRAINT notices_once UNIQUE (merchant_id, document_id, user_id)
);
CREATE INDEX notices_by_created_at ON notices (merchant_id, created_at DESC, id DESC);
COMMENT ON INDEX notices_by_created_at IS 'What was sent, the newest first, on both sides.';
CREATE INDEX notices_by_user ON notices (user_id);
COMMENT ON INDEX notices_by_user IS 'Foreign key: taking a user out.';

ALTER TABLE notification_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification_permissions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notification_permissions
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE notification_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notification_requests
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notices
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by, withdrawn_for) ON notification_permissions TO app;
GRANT SELECT, INSERT, UPDATE (answer, answered_at, answered_by, reason) ON notification_requests TO app;
GRANT SELECT, INSERT ON notices TO app, app_jobs;
GRANT SELECT ON notification_permissions TO app_jobs;

-- A mail tells about one thing: a payment, an invitation, or a notice.
ALTER TABLE mails
    ADD COLUMN notice_id uuid,
    ADD CONSTRAINT mails_notice_id_fkey FOREIGN KEY (merchant_id, notice_id)
        REFERENCES notices (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id) = 1) NOT VALID,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation', 'notice')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_notice_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_one_thing;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
-- The column is new and empty: this index holds nothing yet, so that it is made at once.
CREATE INDEX mails_by_notice ON mails (merchant_id, notice_id) WHERE notice_id IS NOT NULL;
COMMENT ON INDEX mails_by_notice IS 'What was sent: what became of a notice''s mail; foreign key.';
