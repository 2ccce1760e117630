SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION email_payments_to_send(timestamptz, integer);
DROP FUNCTION email_payment_reminders_due(timestamptz, integer);
SET ROLE app_owner;
DROP TABLE email_payment_reminders;

-- The release before knows none of these.
ALTER TABLE mails NO FORCE ROW LEVEL SECURITY;
DELETE FROM mails WHERE kind = 'reminder';
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'receipt', 'cancelled', 'invitation'));
ALTER TABLE email_payment_events NO FORCE ROW LEVEL SECURITY;
DELETE FROM email_payment_events WHERE kind IN ('scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced');
ALTER TABLE email_payment_events FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money'));

ALTER TABLE email_payments NO FORCE ROW LEVEL SECURITY;
UPDATE email_payments SET status = 'draft' WHERE status = 'scheduled';
ALTER TABLE email_payments FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payments
    DROP COLUMN send_at,
    DROP COLUMN send_hindrance,
    DROP COLUMN replaced_by;
