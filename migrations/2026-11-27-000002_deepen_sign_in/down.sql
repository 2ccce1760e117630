SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION session_find(bytea);
SET ROLE app_owner;
DROP TABLE provider_logouts;
DROP TABLE kept_forms;
ALTER TABLE sign_in_transactions
    DROP COLUMN identity_encrypted,
    DROP COLUMN is_silent,
    DROP COLUMN max_age_seconds,
    DROP COLUMN expected_user_id;
DROP INDEX sessions_by_provider_session;
ALTER TABLE sessions
    DROP COLUMN began_at,
    DROP COLUMN authenticated_at,
    DROP COLUMN network,
    DROP COLUMN device;
