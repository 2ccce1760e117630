SET lock_timeout = '500ms';
ALTER TABLE exports NO FORCE ROW LEVEL SECURITY;
DELETE FROM exports WHERE list = 'transactions';
ALTER TABLE exports FORCE ROW LEVEL SECURITY;
ALTER TABLE exports
    DROP CONSTRAINT exports_list_check,
    ADD CONSTRAINT exports_list_check CHECK (list IN ('email_payments', 'activity', 'documents')) NOT VALID;
ALTER TABLE exports VALIDATE CONSTRAINT exports_list_check;
DROP INDEX tickets_by_transaction;
ALTER TABLE tickets DROP CONSTRAINT tickets_about_one_thing, DROP COLUMN transaction_id;
ALTER TABLE tickets ADD CONSTRAINT tickets_about_one_thing CHECK (num_nonnulls(email_payment_id, document_id, notice_id) <= 1);
SET ROLE app_lookup;
DROP VIEW transactions_list;
SET ROLE app_owner;
DROP STATISTICS transactions_askers;
DROP INDEX transactions_wide, transactions_search, transactions_by_number, transactions_by_order, transactions_by_reference,
    transactions_by_amount, transactions_by_currency, transactions_by_country, transactions_not_authorised, transactions_follow_ups,
    transactions_by_asked_by;
ALTER TABLE transactions RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
DROP POLICY lookup ON transactions;
REVOKE SELECT ON transactions FROM app_lookup;
ALTER TABLE transactions
    DROP COLUMN order_id, DROP COLUMN customer_name, DROP COLUMN customer_email, DROP COLUMN network, DROP COLUMN card_number_masked,
    DROP COLUMN ip_address, DROP COLUMN country, DROP COLUMN descriptor, DROP COLUMN is_3d_secure, DROP COLUMN asked_by;
