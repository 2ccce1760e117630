SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION statements_claim(timestamptz, timestamptz, integer);
DROP FUNCTION statement_periods_due(timestamptz, integer);
DROP FUNCTION merchants_without_period(integer);
SET ROLE app_owner;
DROP TABLE transactions;
DROP FUNCTION transactions_stand();
DROP TABLE holdbacks;
DROP TABLE statement_numbers;
DROP TABLE statements;
DROP FUNCTION statements_stand();
DROP TABLE statement_periods;
DROP TABLE conditions;
ALTER TABLE merchants DROP COLUMN statement_rhythm;
ALTER TABLE originators DROP COLUMN provider;
DROP TABLE providers;
