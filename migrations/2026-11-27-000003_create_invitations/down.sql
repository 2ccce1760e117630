SET lock_timeout = '500ms';

SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION mails_to(address text, since timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT count(*) FROM mails m WHERE m.recipient = address AND m.created_at > since $$;
SET ROLE app_owner;

DROP TRIGGER sessions_note_sign_in ON sessions;
DROP FUNCTION note_sign_in();
ALTER TABLE users DROP COLUMN last_signed_in_at;

-- The release before can't send these.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE invitation_id IS NOT NULL;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_about_one_thing,
    DROP COLUMN invitation_id,
    ALTER COLUMN email_payment_id SET NOT NULL,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'receipt', 'cancelled'));

SET ROLE app_lookup;
DROP FUNCTION invitation_open(bytea);
SET ROLE app_owner;
DROP TABLE invitations;
