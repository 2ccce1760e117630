DROP TABLE email_payment_events;
DROP TABLE payment_attempts;
DROP TABLE gateway_sessions;
DROP TABLE email_payments;
DROP FUNCTION email_payments_check_status();
