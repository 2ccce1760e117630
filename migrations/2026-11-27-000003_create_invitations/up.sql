SET lock_timeout = '500ms';

-- Somebody is asked by e-mail to work for a merchant. Sending again makes a new row: a token is good
-- for one mail.
CREATE TABLE invitations (
    merchant_id     uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id              uuid        NOT NULL,
    email           text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 100),
    role            text        NOT NULL CHECK (role IN ('owner', 'manager', 'accountant', 'customer_care', 'clerk', 'developer', 'read_only')),
    language        text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    -- The token of the mail's link: SHA-256 to find it; AES-256-GCM until the mail has left.
    token_hash      bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    token_encrypted bytea,
    invited_by      uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL CHECK (expires_at > created_at),
    -- Open while both are empty; past its time it stays open and is of no use.
    ended_at        timestamptz,
    end_reason      text        CHECK (end_reason IN ('accepted', 'withdrawn', 'replaced')),
    PRIMARY KEY (merchant_id, id),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CHECK (ended_at IS NULL OR token_encrypted IS NULL)
);
CREATE UNIQUE INDEX invitations_open ON invitations (merchant_id, lower(email)) WHERE ended_at IS NULL;
COMMENT ON INDEX invitations_open IS 'The team page: open invitations; one for each address.';
CREATE INDEX invitations_by_created_at ON invitations (merchant_id, created_at);
COMMENT ON INDEX invitations_by_created_at IS 'The daily limit of invitations.';
CREATE INDEX invitations_by_invited_by ON invitations (invited_by);
COMMENT ON INDEX invitations_by_invited_by IS 'Foreign key; what somebody sent ends with their access.';

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY lookup ON invitations FOR SELECT TO app_lookup USING (true);
GRANT SELECT, INSERT, UPDATE ON invitations TO app;
GRANT SELECT, UPDATE (token_encrypted) ON invitations TO app_jobs;
GRANT SELECT ON invitations TO app_lookup;

-- The invitation behind a link.
CREATE FUNCTION invitation_open(wanted bytea) RETURNS TABLE (merchant_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT i.merchant_id, i.id FROM invitations i WHERE i.token_hash = wanted $$;
ALTER FUNCTION invitation_open(bytea) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION invitation_open(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation_open(bytea) TO app;
SET ROLE app_owner;

-- A mail tells about one thing: a payment, or an invitation.
ALTER TABLE mails
    ALTER COLUMN email_payment_id DROP NOT NULL,
    ADD COLUMN invitation_id uuid,
    ADD CONSTRAINT mails_invitation_id_fkey FOREIGN KEY (merchant_id, invitation_id)
        REFERENCES invitations (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id) = 1) NOT VALID,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'receipt', 'cancelled', 'invitation')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_invitation_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_one_thing;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
-- The column is new and empty: this index holds nothing yet, so that it is made at once.
CREATE INDEX mails_by_invitation ON mails (merchant_id, invitation_id) WHERE invitation_id IS NOT NULL;
COMMENT ON INDEX mails_by_invitation IS 'The team page: what became of an invitation''s mail; foreign key.';

-- When somebody last signed in; sessions themselves are swept after a day.
ALTER TABLE users ADD COLUMN last_signed_in_at timestamptz;
CREATE FUNCTION note_sign_in() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE users SET last_signed_in_at = NEW.created_at WHERE id = NEW.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_note_sign_in AFTER INSERT ON sessions
    FOR EACH ROW EXECUTE FUNCTION note_sign_in();

-- The cap on mails to one address is about payments: what a team sends to a colleague must not keep
-- other merchants from asking their customers.
SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION mails_to(address text, since timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT count(*) FROM mails m WHERE m.recipient = address AND m.created_at > since AND m.email_payment_id IS NOT NULL $$;
SET ROLE app_owner;
