-- A view can't lose columns: it is made again without them.
SET ROLE app_lookup;
DO $$
DECLARE
    words text := pg_get_viewdef('email_payments_list'::regclass);
BEGIN
    DROP VIEW email_payments_list;
    EXECUTE 'CREATE VIEW email_payments_list AS '
        || regexp_replace(words, ',\s+(email_payments\.)?(delivery_answer|opens|last_opened_at|scanner_visits)\y', '', 'g');
END $$;
GRANT SELECT ON email_payments_list TO app;
SET ROLE app_owner;
DROP TABLE pay_link_visits;
DROP INDEX email_payments_to_deliver;
ALTER TABLE email_payments
    DROP COLUMN delivery_answer,
    DROP COLUMN opens,
    DROP COLUMN last_opened_at,
    DROP COLUMN scanner_visits;
