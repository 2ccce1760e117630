SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION imports_due(timestamptz, integer);
DROP FUNCTION imports_to_forget(timestamptz, timestamptz, integer);
SET ROLE app_owner;
REVOKE UPDATE (next_order_number) ON merchants FROM app_jobs;
DROP TABLE import_rows;
DROP TABLE imports;
