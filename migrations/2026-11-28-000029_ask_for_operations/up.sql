SET lock_timeout = '500ms';

-- Refunds of more than this need a second person. A currency without a row has no such limit.
CREATE TABLE refund_limits (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    currency    text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    above_minor bigint      NOT NULL CHECK (above_minor BETWEEN 0 AND 999999999),
    set_by      uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    set_at      timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, currency)
);
CREATE INDEX refund_limits_by_set_by ON refund_limits (set_by);
COMMENT ON INDEX refund_limits_by_set_by IS 'Foreign key: taking a user out.';

-- What a merchant's people asked to be done to a transaction. Amounts in minor units (ISO 4217). The row
-- is there before the gateway is asked, so that an answer that gets lost can be looked for.
CREATE TABLE operation_requests (
    merchant_id            uuid        NOT NULL,
    -- The form's own: sent twice it is one request.
    id                     uuid        NOT NULL,
    transaction_id         uuid        NOT NULL,
    operation              text        NOT NULL CHECK (operation IN ('refund', 'capture', 'cancel')),
    amount_minor           bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 999999999),
    currency               text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Why, for colleagues; the customer does not read it.
    reason                 text        NOT NULL CHECK (char_length(reason) <= 500),
    -- Asked for although a chargeback stands on the money.
    is_disputed            boolean     NOT NULL,
    state                  text        NOT NULL CHECK (state IN ('waiting', 'sending', 'unknown', 'requested', 'done', 'declined', 'not_done', 'rejected', 'withdrawn')),
    asked_by               uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    asked_at               timestamptz NOT NULL,
    -- Who allowed or refused what needs a second person.
    decided_by             uuid        REFERENCES users (id) ON DELETE RESTRICT,
    decided_at             timestamptz,
    sent_at                timestamptz,
    -- When the gateway is asked what became of it.
    next_check_at          timestamptz,
    checks                 integer     NOT NULL DEFAULT 0 CHECK (checks >= 0),
    result_code            text        NOT NULL DEFAULT '' CHECK (char_length(result_code) <= 8),
    result_message         text        NOT NULL DEFAULT '' CHECK (char_length(result_message) <= 255),
    -- The number of what it made; of a refund that waits for its confirmation, of the request.
    gateway_transaction_id text        CHECK (char_length(gateway_transaction_id) BETWEEN 1 AND 40),
    ended_at               timestamptz,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, transaction_id) REFERENCES transactions (merchant_id, id) ON DELETE RESTRICT,
    CONSTRAINT operation_requests_second_person CHECK (decided_by IS DISTINCT FROM asked_by),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((state IN ('done', 'declined', 'not_done', 'rejected', 'withdrawn')) = (ended_at IS NOT NULL)),
    CHECK ((state IN ('sending', 'unknown', 'requested')) = (next_check_at IS NOT NULL)),
    CHECK (state NOT IN ('sending', 'unknown', 'requested', 'done', 'declined', 'not_done') OR sent_at IS NOT NULL)
);
CREATE INDEX operation_requests_by_transaction ON operation_requests (merchant_id, transaction_id);
COMMENT ON INDEX operation_requests_by_transaction IS 'Foreign key; a transaction''s page; what is left to refund.';
CREATE INDEX operation_requests_waiting ON operation_requests (merchant_id, asked_at) WHERE state = 'waiting';
COMMENT ON INDEX operation_requests_waiting IS 'What waits for a second person: its page and the overview.';
CREATE INDEX operation_requests_by_next_check ON operation_requests (next_check_at) WHERE next_check_at IS NOT NULL;
COMMENT ON INDEX operation_requests_by_next_check IS 'Job: operations whose outcome has to be asked for.';
CREATE INDEX operation_requests_by_asked_by ON operation_requests (asked_by);
COMMENT ON INDEX operation_requests_by_asked_by IS 'Foreign key: taking a user out.';
CREATE INDEX operation_requests_by_decided_by ON operation_requests (decided_by) WHERE decided_by IS NOT NULL;
COMMENT ON INDEX operation_requests_by_decided_by IS 'Foreign key: taking a user out.';

-- The allowed moves, and what never changes.
CREATE FUNCTION operation_requests_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'waiting sending', 'waiting rejected', 'waiting withdrawn',
        'sending done', 'sending declined', 'sending unknown', 'sending requested', 'sending not_done',
        'unknown done', 'unknown declined', 'unknown requested', 'unknown not_done',
        'requested done', 'requested declined'
    ) OR (OLD.operation, OLD.amount_minor, OLD.currency, OLD.transaction_id, OLD.asked_by)
        IS DISTINCT FROM (NEW.operation, NEW.amount_minor, NEW.currency, NEW.transaction_id, NEW.asked_by) THEN
        RAISE EXCEPTION 'operation request %: % may not become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER operation_requests_stand BEFORE UPDATE ON operation_requests
    FOR EACH ROW EXECUTE FUNCTION operation_requests_stand();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['refund_limits', 'operation_requests'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I
            USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
            WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]))', name);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON refund_limits TO app;
GRANT SELECT, INSERT, UPDATE ON operation_requests TO app;
GRANT SELECT, UPDATE ON operation_requests TO app_jobs;
GRANT SELECT ON refund_limits TO app_jobs;

-- Authorised money has to be captured before this, or it lapses.
ALTER TABLE email_payments ADD COLUMN capture_before timestamptz;
SET ROLE app_lookup;
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW email_payments_list AS ' || regexp_replace(
        pg_get_viewdef('email_payments_list'::regclass), '\s+FROM email_payments\s',
        ', capture_before FROM email_payments ');
END $$;
SET ROLE app_owner;
CREATE INDEX email_payments_to_lapse ON email_payments (capture_before) WHERE status = 'authorised';
COMMENT ON INDEX email_payments_to_lapse IS 'Job: authorisations that were not captured in time.';

-- The customer is told of a refund.
LOCK TABLE mails IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE mails
    ADD COLUMN operation_request_id uuid,
    ADD CONSTRAINT mails_operation_request_id_fkey FOREIGN KEY (merchant_id, operation_request_id)
        REFERENCES operation_requests (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id, ticket_message_id, email_change_id, hand_over_id, operation_request_id) = 1) NOT VALID,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'declined', 'cancelled', 'invitation', 'notice', 'ticket', 'address', 'address_changed', 'hand_over', 'refunded')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_operation_request_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_one_thing;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
CREATE INDEX mails_by_operation_request ON mails (merchant_id, operation_request_id) WHERE operation_request_id IS NOT NULL;
COMMENT ON INDEX mails_by_operation_request IS 'Foreign key: what the customer was told of a refund.';

ALTER TABLE email_payment_events
    DROP CONSTRAINT email_payment_events_kind_check,
    ADD CONSTRAINT email_payment_events_kind_check CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money', 'scheduled', 'unscheduled', 'send_hindered', 'link_made', 'reminded', 'reminder_planned', 'reminder_removed', 'reminder_skipped', 'reminders_stopped', 'extended', 'replaced', 'authorised', 'voided', 'refund_asked', 'refunded', 'refund_declined')) NOT VALID;
ALTER TABLE email_payment_events VALIDATE CONSTRAINT email_payment_events_kind_check;

-- What jobs find across merchants.
CREATE POLICY lookup ON operation_requests FOR SELECT TO app_lookup USING (true);
GRANT SELECT ON operation_requests TO app_lookup;
CREATE FUNCTION operation_requests_due(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, operation_request_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT r.merchant_id, r.id FROM operation_requests r WHERE r.next_check_at <= at ORDER BY r.next_check_at LIMIT most $$;
CREATE FUNCTION email_payments_lapsing(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT p.merchant_id, p.id FROM email_payments p WHERE p.status = 'authorised' AND p.capture_before <= at ORDER BY p.capture_before LIMIT most $$;
ALTER FUNCTION operation_requests_due(timestamptz, integer) OWNER TO app_lookup;
ALTER FUNCTION email_payments_lapsing(timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION operation_requests_due(timestamptz, integer), email_payments_lapsing(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operation_requests_due(timestamptz, integer), email_payments_lapsing(timestamptz, integer) TO app_jobs;
SET ROLE app_owner;
