SET lock_timeout = '500ms';

-- The portfolio counts what the merchant's own page lists: email_payments_to_deliver serves both.
DROP INDEX email_payments_unreached;
