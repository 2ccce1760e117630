SET lock_timeout = '500ms';

SET ROLE app_lookup;
DO $$
DECLARE
    words text := pg_get_viewdef('email_payments_list'::regclass);
BEGIN
    DROP VIEW email_payments_list;
    EXECUTE 'CREATE VIEW email_payments_list AS '
        || regexp_replace(words, ',\s+(email_payments\.)?is_link_only\y', '', 'g');
END $$;
GRANT SELECT ON email_payments_list TO app;
SET ROLE app_owner;
ALTER TABLE email_payments DROP COLUMN is_link_only;
