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

-- A view loses no column: it is made anew.
SET ROLE app_lookup;
DROP VIEW email_payments_list;
SET ROLE app_owner;
CREATE VIEW email_payments_list AS
SELECT merchant_id, id, originator_id, created_by, order_id, amount_minor, refunded_minor, currency,
    customer_email, customer_name, description, message, language, status, end_reason, is_late,
    delivery, last_result_code, payment_method, attempts, sends, last_sent_at, first_opened_at,
    created_at, expires_at, paid_at, ended_at,
    folded(order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || description) AS search_text
FROM email_payments
WHERE merchant_id = (SELECT current_merchant());
GRANT SELECT ON email_payments_list TO app;
ALTER VIEW email_payments_list OWNER TO app_lookup;

ALTER TABLE email_payments NO FORCE ROW LEVEL SECURITY;
UPDATE email_payments SET status = 'draft' WHERE status = 'scheduled';
ALTER TABLE email_payments FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payments
    DROP COLUMN send_at,
    DROP COLUMN send_hindrance,
    DROP COLUMN replaced_by;
