SET lock_timeout = '500ms';

-- The release before can't send these.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE kind = 'declined';
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation', 'notice', 'ticket'));
DROP TRIGGER merchants_switch_originators ON merchants;
DROP FUNCTION merchants_switch_originators();
DROP TABLE confirmation_texts;
DROP TABLE confirmation_switches;
ALTER TABLE originators
    DROP COLUMN confirms_failure,
    DROP COLUMN confirms_success;
