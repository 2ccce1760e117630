SET lock_timeout = '500ms';

-- What a success manager has put at a merchant's disposal or taken away, change by change. A feature without
-- a row is on: nothing changes for merchants that exist. Nothing in it changes either; a change that is taken
-- back gets a row of its own, which says so.
CREATE TABLE feature_switches (
    merchant_id     uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id              uuid        NOT NULL,
    feature         text        NOT NULL CHECK (feature = ANY (ARRAY['email_payments', 'card', 'alipay_plus'])),
    is_on           boolean     NOT NULL,
    -- From when on it counts: now, or the first instant of a day to come.
    takes_effect_at timestamptz NOT NULL,
    -- Null where a change is taken back: it is as if it had never been made.
    reason          text        CHECK (char_length(reason) BETWEEN 1 AND 300),
    takes_back      uuid,
    switched_by     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    switched_at     timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, takes_back) REFERENCES feature_switches (merchant_id, id) ON DELETE RESTRICT,
    CONSTRAINT feature_switches_reason_or_taken_back CHECK ((reason IS NULL) = (takes_back IS NOT NULL))
);
CREATE UNIQUE INDEX feature_switches_by_takes_back ON feature_switches (merchant_id, takes_back);
COMMENT ON INDEX feature_switches_by_takes_back IS 'Whether a change was taken back; once at most.';
CREATE INDEX feature_switches_by_switched_at ON feature_switches (merchant_id, switched_at DESC, id DESC);
COMMENT ON INDEX feature_switches_by_switched_at IS 'What is on for a merchant, and its history, on both sides.';
CREATE INDEX feature_switches_by_switched_by ON feature_switches (switched_by);
COMMENT ON INDEX feature_switches_by_switched_by IS 'Foreign key: taking a user out.';

ALTER TABLE feature_switches ENABLE ROW LEVEL SECURITY;
ALTER TABLE feature_switches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feature_switches
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON feature_switches TO app;
GRANT SELECT ON feature_switches TO app_jobs;

-- What is to leave, or to be made of a file, and is not any more: email payments were switched off.
ALTER TABLE email_payments
    DROP CONSTRAINT email_payments_send_hindrance_check,
    ADD CONSTRAINT email_payments_send_hindrance_check
        CHECK (send_hindrance IN ('expiry', 'originator', 'switched_off', 'too_many_to_address', 'too_many_of_merchant')) NOT VALID;
ALTER TABLE email_payments VALIDATE CONSTRAINT email_payments_send_hindrance_check;
ALTER TABLE import_rows
    DROP CONSTRAINT import_rows_reason_check,
    ADD CONSTRAINT import_rows_reason_check
        CHECK (reason IN ('faulty', 'order_id_twice', 'order_id_taken', 'repeated', 'too_many_to_address', 'switched_off', 'failed', 'stopped')) NOT VALID;
ALTER TABLE import_rows VALIDATE CONSTRAINT import_rows_reason_check;
