SET lock_timeout = '500ms';

CREATE INDEX email_payments_unreached ON email_payments (merchant_id) WHERE status = 'open' AND delivery IN ('bounced', 'suppressed', 'failed');
COMMENT ON INDEX email_payments_unreached IS 'Portfolio: requests that did not reach their customer.';
