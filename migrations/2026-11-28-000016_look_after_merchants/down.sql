SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION merchants_without_manager(integer);
SET ROLE app_owner;
DROP INDEX documents_blocked, email_payments_expiring, email_payments_unreached, tickets_for_success_managers, tickets_owed;
-- The release before does not know the category.
ALTER TABLE tickets NO FORCE ROW LEVEL SECURITY;
UPDATE tickets SET category = 'commercial' WHERE category = 'success_manager';
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
ALTER TABLE tickets
    DROP CONSTRAINT tickets_category_check,
    ADD CONSTRAINT tickets_category_check CHECK (category IN ('technical', 'email_payments', 'transactions', 'risk', 'accounting', 'access', 'commercial'));
DROP TABLE hand_overs;
ALTER TABLE users DROP COLUMN spoken, DROP COLUMN hours;
