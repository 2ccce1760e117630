SET lock_timeout = '500ms';

-- Of a draft: only its link is to be made, no letter leaves.
ALTER TABLE email_payments ADD COLUMN is_link_only boolean NOT NULL DEFAULT false;
SET ROLE app_lookup;
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW email_payments_list AS ' || regexp_replace(
        pg_get_viewdef('email_payments_list'::regclass), '\s+FROM email_payments\s',
        ', is_link_only FROM email_payments ');
END $$;
SET ROLE app_owner;
