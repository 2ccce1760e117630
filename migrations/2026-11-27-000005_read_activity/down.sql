SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION activity_page(uuid, timestamptz, timestamptz, text[], uuid, boolean, timestamptz, bigint, boolean, integer);
SET ROLE app_owner;
REVOKE ALL ON audit_log FROM app_lookup;
DROP POLICY lookup ON audit_log;
DROP INDEX audit_log_by_user;
DROP INDEX audit_log_wide;
