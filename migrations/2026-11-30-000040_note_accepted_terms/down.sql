SET lock_timeout = '500ms';

ALTER TABLE email_payment_events NO FORCE ROW LEVEL SECURITY;
DELETE FROM email_payment_events WHERE kind = 'terms_accepted';
ALTER TABLE email_payment_events FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money', 'scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced', 'authorised', 'voided', 'refund_asked', 'refunded', 'refund_declined')) NOT VALID;
ALTER TABLE email_payment_events VALIDATE CONSTRAINT email_payment_events_kind_check;
