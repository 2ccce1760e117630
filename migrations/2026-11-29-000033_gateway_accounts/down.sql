SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION gateway_accounts_claim(timestamptz, timestamptz, integer);
DROP FUNCTION originators_without_account(integer);
SET ROLE app_owner;
DROP TABLE gateway_accounts;
