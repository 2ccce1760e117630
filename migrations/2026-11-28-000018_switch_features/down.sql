SET lock_timeout = '500ms';

-- The release before knows neither word.
ALTER TABLE email_payments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE import_rows NO FORCE ROW LEVEL SECURITY;
UPDATE email_payments SET send_hindrance = 'originator' WHERE send_hindrance = 'switched_off';
UPDATE import_rows SET reason = 'failed' WHERE reason = 'switched_off';
ALTER TABLE email_payments FORCE ROW LEVEL SECURITY;
ALTER TABLE import_rows FORCE ROW LEVEL SECURITY;
ALTER TABLE email_payments
    DROP CONSTRAINT email_payments_send_hindrance_check,
    ADD CONSTRAINT email_payments_send_hindrance_check
        CHECK (send_hindrance IN ('expiry', 'originator', 'too_many_to_address', 'too_many_of_merchant'));
ALTER TABLE import_rows
    DROP CONSTRAINT import_rows_reason_check,
    ADD CONSTRAINT import_rows_reason_check
        CHECK (reason IN ('faulty', 'order_id_twice', 'order_id_taken', 'repeated', 'too_many_to_address', 'failed', 'stopped'));
DROP TABLE feature_switches;
