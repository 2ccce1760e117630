SET lock_timeout = '500ms';

-- When a request is to leave, why the last try to let it leave failed, and what took its place.
ALTER TABLE email_payments
    ADD COLUMN send_at timestamptz,
    ADD COLUMN send_hindrance text,
    ADD COLUMN replaced_by uuid,
    ADD CONSTRAINT email_payments_send_hindrance_check
        CHECK (send_hindrance IN ('expiry', 'originator', 'too_many_to_address', 'too_many_of_merchant')) NOT VALID,
    ADD CONSTRAINT email_payments_scheduled_has_a_time CHECK (status <> 'scheduled' OR send_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT email_payments_replaced_by_fkey FOREIGN KEY (merchant_id, replaced_by)
        REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT NOT VALID;
ALTER TABLE email_payments VALIDATE CONSTRAINT email_payments_send_hindrance_check;
ALTER TABLE email_payments VALIDATE CONSTRAINT email_payments_scheduled_has_a_time;
ALTER TABLE email_payments VALIDATE CONSTRAINT email_payments_replaced_by_fkey;
-- Both columns are new and empty: these indexes hold nothing yet, so that they are made at once.
CREATE INDEX email_payments_to_send ON email_payments (send_at) WHERE status = 'scheduled';
COMMENT ON INDEX email_payments_to_send IS 'Job: scheduled requests whose time has come.';
CREATE INDEX email_payments_by_replaced_by ON email_payments (merchant_id, replaced_by) WHERE replaced_by IS NOT NULL;
COMMENT ON INDEX email_payments_by_replaced_by IS 'The detail page: what a request replaces; foreign key.';

-- The list shows when a request leaves, and what took its place.
SET ROLE app_lookup;
CREATE OR REPLACE VIEW email_payments_list AS
SELECT merchant_id, id, originator_id, created_by, order_id, amount_minor, refunded_minor, currency,
    customer_email, customer_name, description, message, language, status, end_reason, is_late,
    delivery, last_result_code, payment_method, attempts, sends, last_sent_at, first_opened_at,
    created_at, expires_at, paid_at, ended_at,
    -- The expression of the index email_payments_search, to the letter.
    folded(order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || description) AS search_text,
    send_at, send_hindrance, replaced_by
FROM email_payments
WHERE merchant_id = (SELECT current_merchant());
SET ROLE app_owner;

-- A reminder of a payment: planned, or sent by hand. Those that hang on the sending or on the end get
-- their instant when the request leaves, and a new one when the end moves.
CREATE TABLE email_payment_reminders (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    email_payment_id uuid        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('after_sending', 'before_end', 'at', 'by_hand')),
    -- How many days after the sending, or before the end.
    days             integer     CHECK (days BETWEEN 1 AND 90),
    due_at           timestamptz,
    state            text        NOT NULL CHECK (state IN ('planned', 'sent', 'skipped', 'stopped')),
    -- Why it is not sent.
    reason           text        CHECK (reason IN ('paid', 'cancelled', 'replaced', 'expired', 'failed', 'out_of_time', 'not_delivered', 'too_many_sends', 'by_merchant', 'by_customer')),
    created_at       timestamptz NOT NULL,
    settled_at       timestamptz,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((kind IN ('after_sending', 'before_end')) = (days IS NOT NULL)),
    CHECK (kind IN ('after_sending', 'before_end') OR due_at IS NOT NULL),
    CHECK ((state IN ('skipped', 'stopped')) = (reason IS NOT NULL)),
    CHECK ((state = 'planned') = (settled_at IS NULL))
);
CREATE INDEX email_payment_reminders_by_email_payment ON email_payment_reminders (merchant_id, email_payment_id, created_at);
COMMENT ON INDEX email_payment_reminders_by_email_payment IS 'The detail page: the reminders of a payment; foreign key.';
CREATE INDEX email_payment_reminders_due ON email_payment_reminders (due_at) WHERE state = 'planned';
COMMENT ON INDEX email_payment_reminders_due IS 'Job: reminders whose time has come.';
ALTER TABLE email_payment_reminders ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_payment_reminders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON email_payment_reminders
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY lookup ON email_payment_reminders FOR SELECT TO app_lookup USING (true);
-- What a draft plans is written anew with the draft.
GRANT SELECT, INSERT, UPDATE, DELETE ON email_payment_reminders TO app;
GRANT SELECT, INSERT, UPDATE ON email_payment_reminders TO app_jobs;
GRANT SELECT ON email_payment_reminders TO app_lookup;

-- Scheduled requests, and reminders, whose time has come.
CREATE FUNCTION email_payments_to_send(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT p.merchant_id, p.id FROM email_payments p WHERE p.status = 'scheduled' AND p.send_at <= at ORDER BY p.send_at LIMIT most $$;
CREATE FUNCTION email_payment_reminders_due(at timestamptz, most integer)
RETURNS TABLE (merchant_id uuid, email_payment_id uuid, reminder_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT r.merchant_id, r.email_payment_id, r.id FROM email_payment_reminders r WHERE r.state = 'planned' AND r.due_at <= at ORDER BY r.due_at LIMIT most $$;
ALTER FUNCTION email_payments_to_send(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION email_payment_reminders_due(timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION email_payments_to_send(timestamptz, integer), email_payment_reminders_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION email_payments_to_send(timestamptz, integer), email_payment_reminders_due(timestamptz, integer) TO app_jobs;
SET ROLE app_owner;

-- A reminder is a mail of its own kind, and each act has its line in the timeline.
ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money', 'scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced')) NOT VALID;
ALTER TABLE email_payment_events VALIDATE CONSTRAINT email_payment_events_kind_check;
