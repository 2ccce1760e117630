SET lock_timeout = '500ms';

-- The release before can't send these.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE notice_id IS NOT NULL;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
DROP INDEX mails_by_notice;
ALTER TABLE mails
    DROP CONSTRAINT mails_about_one_thing,
    DROP CONSTRAINT mails_kind_check,
    DROP CONSTRAINT mails_notice_id_fkey,
    DROP COLUMN notice_id,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id) = 1),
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation'));
DROP TABLE notices;
DROP TABLE notification_requests;
DROP TABLE notification_permissions;
DROP FUNCTION notification_requests_stand();
DROP FUNCTION notification_permissions_stand();
ALTER TABLE users DROP COLUMN language;
