SET lock_timeout = '500ms';

-- How long an originator's links are valid where nothing else is typed, and whether somebody has looked
-- after its payment page: who has not is led through it before the first email payment.
ALTER TABLE originators
    ADD COLUMN valid_days integer NOT NULL DEFAULT 30 CHECK (valid_days BETWEEN 1 AND 90),
    ADD COLUMN is_page_set_up boolean NOT NULL DEFAULT false;

-- Those who have asked for money already are not stopped on their way to do it again.
ALTER TABLE originators NO FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payments NO FORCE ROW LEVEL SECURITY;
UPDATE originators o SET is_page_set_up = true
WHERE EXISTS (SELECT FROM email_payments p WHERE p.merchant_id = o.merchant_id AND p.originator_id = o.id);
ALTER TABLE email_payments FORCE ROW LEVEL SECURITY;
ALTER TABLE originators FORCE ROW LEVEL SECURITY;

-- Logos as they are shown: pictures that were made anew. Their bytes lie in the store. Nothing in it changes.
CREATE TABLE page_logos (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    -- Random: it says nothing and can't be guessed.
    id          uuid        NOT NULL,
    sha256      bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    size_bytes  bigint      NOT NULL CHECK (size_bytes BETWEEN 1 AND 26214400),
    uploaded_by uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX page_logos_by_uploaded_by ON page_logos (uploaded_by);
COMMENT ON INDEX page_logos_by_uploaded_by IS 'Foreign key: taking a user out.';

-- How an originator's payment page and letters look. Each row is one state, whole; the greatest version
-- counts, those before it are the history. Nothing in it changes.
CREATE TABLE page_settings (
    merchant_id       uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    originator_id     uuid        NOT NULL,
    version           integer     NOT NULL CHECK (version > 0),
    displayed_name    text        NOT NULL CHECK (char_length(displayed_name) BETWEEN 1 AND 60),
    -- Empty: the displayed name.
    sender_name       text        NOT NULL CHECK (char_length(sender_name) <= 60),
    colour            text        CHECK (colour ~ '^#[0-9a-f]{6}$'),
    logo_id           uuid,
    -- Empty: there are none.
    terms_url         text        NOT NULL CHECK (char_length(terms_url) <= 500),
    must_accept_terms boolean     NOT NULL,
    -- An e-mail address, or a page.
    support           text        NOT NULL CHECK (char_length(support) BETWEEN 1 AND 500),
    attempts_max      integer     NOT NULL CHECK (attempts_max BETWEEN 1 AND 20),
    valid_days        integer     NOT NULL CHECK (valid_days BETWEEN 1 AND 90),
    -- The version whose values were taken back.
    taken_back_from   integer     CHECK (taken_back_from < version),
    changed_by        uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at        timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, originator_id, version),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, logo_id) REFERENCES page_logos (merchant_id, id) ON DELETE RESTRICT,
    CONSTRAINT page_settings_terms CHECK (NOT must_accept_terms OR terms_url <> '')
);
CREATE INDEX page_settings_by_logo ON page_settings (merchant_id, logo_id) WHERE logo_id IS NOT NULL;
COMMENT ON INDEX page_settings_by_logo IS 'Foreign key.';
CREATE INDEX page_settings_by_changed_by ON page_settings (changed_by);
COMMENT ON INDEX page_settings_by_changed_by IS 'Foreign key: taking a user out.';

-- What a state says in a language; a language without words has no row.
CREATE TABLE page_texts (
    merchant_id   uuid    NOT NULL,
    originator_id uuid    NOT NULL,
    version       integer NOT NULL,
    language      text    NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    mail_text     text    NOT NULL CHECK (char_length(mail_text) <= 500),
    page_text     text    NOT NULL CHECK (char_length(page_text) <= 300),
    PRIMARY KEY (merchant_id, originator_id, version, language),
    FOREIGN KEY (merchant_id, originator_id, version) REFERENCES page_settings (merchant_id, originator_id, version) ON DELETE RESTRICT
);

ALTER TABLE page_logos ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_logos FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON page_logos
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE page_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON page_settings
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE page_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON page_texts
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON page_logos, page_settings, page_texts TO app;
-- The letters are written by a job.
GRANT SELECT ON page_logos, page_settings, page_texts TO app_jobs;
