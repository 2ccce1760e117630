SET lock_timeout = '500ms';

ALTER TABLE transaction_imports DROP COLUMN compared_at;
