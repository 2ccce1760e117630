SET lock_timeout = '500ms';

-- The release before can't send these.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE ticket_message_id IS NOT NULL;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_about_one_thing,
    DROP COLUMN ticket_message_id,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id) = 1),
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation', 'notice'));
DROP POLICY support ON merchants;
SET ROLE app_lookup;
DROP FUNCTION tickets_search(text);
DROP FUNCTION tickets_to_close(timestamptz, integer);
SET ROLE app_owner;
DROP TABLE canned_answers, ticket_notes, ticket_watchers, ticket_files, ticket_states, ticket_messages, tickets;
DROP FUNCTION tickets_move();
DROP FUNCTION current_support();
