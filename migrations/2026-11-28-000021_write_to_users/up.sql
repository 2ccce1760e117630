SET lock_timeout = '500ms';

-- The zone that a user reads by; null: the merchant's.
ALTER TABLE users ADD COLUMN time_zone text CHECK (char_length(time_zone) BETWEEN 1 AND 60);

-- Addresses are for display and for mails: the provider may have given two accounts the same one. A change
-- never makes two of one.
CREATE INDEX users_by_email ON users (lower(email));
COMMENT ON INDEX users_by_email IS 'A change of address: whether somebody else has the new one.';

-- A user's address is to change: both addresses confirm, each by a link that is good once. The rows stay,
-- as the record of which address was whose.
CREATE TABLE email_changes (
    id                  uuid        PRIMARY KEY,
    user_id             uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    old_email           text        NOT NULL CHECK (char_length(old_email) BETWEEN 3 AND 100),
    new_email           text        NOT NULL CHECK (char_length(new_email) BETWEEN 3 AND 100),
    -- The tokens of the mails' links: SHA-256 to find them; AES-256-GCM until the mail has left.
    old_token_hash      bytea       NOT NULL UNIQUE CHECK (octet_length(old_token_hash) = 32),
    new_token_hash      bytea       NOT NULL UNIQUE CHECK (octet_length(new_token_hash) = 32),
    old_token_encrypted bytea,
    new_token_encrypted bytea,
    created_at          timestamptz NOT NULL,
    expires_at          timestamptz NOT NULL CHECK (expires_at > created_at),
    old_confirmed_at    timestamptz,
    new_confirmed_at    timestamptz,
    -- Under way while both are empty; past its time it is of no use. `taken`: both have confirmed, and
    -- somebody else has got the new address meanwhile.
    ended_at            timestamptz,
    end_reason          text        CHECK (end_reason IN ('done', 'cancelled', 'replaced', 'taken')),
    CHECK (lower(old_email) <> lower(new_email)),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CHECK (end_reason NOT IN ('done', 'taken') OR (old_confirmed_at IS NOT NULL AND new_confirmed_at IS NOT NULL)),
    CHECK (ended_at IS NULL OR (old_token_encrypted IS NULL AND new_token_encrypted IS NULL))
);
CREATE UNIQUE INDEX email_changes_open ON email_changes (user_id) WHERE ended_at IS NULL;
COMMENT ON INDEX email_changes_open IS 'The profile: the change that is under way; one for each user.';
CREATE INDEX email_changes_by_user ON email_changes (user_id, created_at);
COMMENT ON INDEX email_changes_by_user IS 'The daily limit of changes; foreign key.';
GRANT SELECT, INSERT, UPDATE ON email_changes TO app;
GRANT SELECT, UPDATE (old_token_encrypted, new_token_encrypted) ON email_changes TO app_jobs;

-- Who gets merchants from a colleague is told in one mail, however many they are: how many changed hands
-- with this one.
ALTER TABLE hand_overs ADD COLUMN together integer CHECK (together > 0);
GRANT SELECT ON hand_overs TO app_jobs;

-- Mails about a user's address are no merchant's: their merchant_id is the nil UUID.
ALTER TABLE mails
    ADD COLUMN email_change_id uuid,
    ADD COLUMN hand_over_id uuid,
    ADD CONSTRAINT mails_email_change_id_fkey FOREIGN KEY (email_change_id) REFERENCES email_changes (id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT mails_hand_over_id_fkey FOREIGN KEY (merchant_id, hand_over_id) REFERENCES hand_overs (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id, ticket_message_id, email_change_id, hand_over_id) = 1) NOT VALID,
    ADD CONSTRAINT mails_about_users CHECK ((email_change_id IS NOT NULL) = (merchant_id = '00000000-0000-0000-0000-000000000000')) NOT VALID,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'declined', 'cancelled', 'invitation', 'notice', 'ticket', 'address', 'address_changed', 'hand_over')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_email_change_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_hand_over_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_one_thing;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_users;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
CREATE INDEX mails_by_email_change ON mails (email_change_id) WHERE email_change_id IS NOT NULL;
COMMENT ON INDEX mails_by_email_change IS 'Foreign key; what became of a change''s mails.';
CREATE INDEX mails_by_hand_over ON mails (merchant_id, hand_over_id) WHERE hand_over_id IS NOT NULL;
COMMENT ON INDEX mails_by_hand_over IS 'Foreign key: what was told of a hand-over.';

-- Each request reads the zone with the session.
SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION session_find(wanted bytea, is_use boolean) RETURNS jsonb
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
    IF is_use AND row.last_used_at < now() - interval '1 minute' THEN
        UPDATE sessions SET last_used_at = now() WHERE id = row.id AND ended_at IS NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object('state', row.state, 'session', jsonb_build_object(
            'session_id', row.id,
            'csrf_secret', encode(row.csrf_secret, 'hex'),
            'authenticated_at', row.authenticated_at,
            'user_id', u.id, 'name', u.name, 'email', u.email, 'staff_role', u.staff_role, 'time_zone', u.time_zone,
            'merchants', CASE
                WHEN u.staff_role IS NULL THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'role', p.role, 'zone', m.time_zone, 'unread', (
                        SELECT count(*) FROM (
                            SELECT FROM notices n
                            WHERE n.merchant_id = m.id AND n.user_id = u.id AND n.in_app AND n.read_at IS NULL LIMIT 100) w)) ORDER BY m.name, m.id), '[]')
                    FROM memberships p JOIN merchants m ON m.id = p.merchant_id WHERE p.user_id = u.id)
                WHEN u.staff_role IN ('success_manager', 'accounting', 'administrator') THEN (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.merchant_id) ORDER BY a.merchant_id), '[]')
                    FROM success_manager_assignments a WHERE a.user_id = u.id)
                ELSE '[]' END))
        FROM users u WHERE u.id = row.user_id AND u.is_active);
END $$;
SET ROLE app_owner;
