SET lock_timeout = '500ms';

-- A customer has accepted a merchant's terms: which, and when.
ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money', 'scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced', 'authorised', 'voided', 'refund_asked', 'refunded', 'refund_declined', 'terms_accepted')) NOT VALID;
ALTER TABLE email_payment_events VALIDATE CONSTRAINT email_payment_events_kind_check;
