DROP TABLE idempotency_keys;
DROP TABLE sessions;
DROP TABLE sign_in_transactions;
