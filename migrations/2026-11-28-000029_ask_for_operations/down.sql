SET lock_timeout = '500ms';
DROP FUNCTION email_payments_lapsing(timestamptz, integer);
DROP FUNCTION operation_requests_due(timestamptz, integer);
ALTER TABLE email_payment_events NO FORCE ROW LEVEL SECURITY;
DELETE FROM email_payment_events WHERE kind IN ('authorised', 'voided', 'refund_asked', 'refunded', 'refund_declined');
ALTER TABLE email_payment_events FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money', 'scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced'));
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE operation_request_id IS NOT NULL;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'declined', 'cancelled', 'invitation', 'notice', 'ticket', 'address', 'address_changed', 'hand_over')),
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id, ticket_message_id, email_change_id, hand_over_id) = 1),
    DROP COLUMN operation_request_id;
SET ROLE app_lookup;
DO $$
DECLARE
    words text := pg_get_viewdef('email_payments_list'::regclass);
BEGIN
    DROP VIEW email_payments_list;
    EXECUTE 'CREATE VIEW email_payments_list AS '
        || regexp_replace(words, ',\s+(email_payments\.)?capture_before\y', '', 'g');
END $$;
GRANT SELECT ON email_payments_list TO app;
SET ROLE app_owner;
ALTER TABLE email_payments DROP COLUMN capture_before;
DROP TABLE operation_requests;
DROP FUNCTION operation_requests_stand();
DROP TABLE refund_limits;
