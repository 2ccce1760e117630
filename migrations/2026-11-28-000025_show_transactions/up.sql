SET lock_timeout = '500ms';
-- Indexes are made in this transaction, not CONCURRENTLY: the tables are small wherever they exist so far.
LOCK TABLE transactions IN SHARE ROW EXCLUSIVE MODE;

-- What people look for a transaction by. Empty or null: the gateway did not tell.
ALTER TABLE transactions
    ADD COLUMN order_id           text NOT NULL DEFAULT '' CHECK (char_length(order_id) <= 100),
    ADD COLUMN customer_name      text NOT NULL DEFAULT '' CHECK (char_length(customer_name) <= 150),
    ADD COLUMN customer_email     text NOT NULL DEFAULT '' CHECK (char_length(customer_email) <= 254),
    -- Brand of a card or name of a wallet, in small letters.
    ADD COLUMN network            text NOT NULL DEFAULT '' CHECK (network ~ '^[a-z0-9]{0,32}$'),
    -- First six and last four, nothing between.
    ADD COLUMN card_number_masked text NOT NULL DEFAULT '' CHECK (card_number_masked ~ '^([0-9X*]{6}X*[0-9X*]{4})?$' AND char_length(card_number_masked) <= 19),
    ADD COLUMN ip_address         text NOT NULL DEFAULT '' CHECK (char_length(ip_address) <= 45),
    -- The customer's, ISO 3166-1 alpha-2.
    ADD COLUMN country            text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    -- What stands on the customer's bank statement.
    ADD COLUMN descriptor         text NOT NULL DEFAULT '' CHECK (char_length(descriptor) <= 64),
    -- Whether the bank answers for the customer (3-D Secure).
    ADD COLUMN is_3d_secure       boolean,
    -- Who asked for the money, where that was one of the merchant's people.
    ADD COLUMN asked_by           uuid REFERENCES users (id) ON DELETE RESTRICT;

-- What is there already, written as the role that sees all tenants. Facts that no sum depends on: a
-- transaction that a statement has summed up gets them too.
ALTER TABLE transactions DISABLE TRIGGER transactions_stand;
CREATE POLICY lookup ON transactions FOR SELECT TO app_lookup USING (true);
CREATE POLICY backfill ON transactions FOR UPDATE TO app_lookup USING (true) WITH CHECK (true);
CREATE POLICY backfill ON payment_attempts FOR SELECT TO app_lookup USING (true);
GRANT SELECT, UPDATE ON transactions TO app_lookup;
GRANT SELECT ON payment_attempts TO app_lookup;
SET ROLE app_lookup;
UPDATE transactions t
SET order_id = p.order_id, customer_name = p.customer_name, customer_email = p.customer_email, asked_by = p.created_by
FROM email_payments p
WHERE p.merchant_id = t.merchant_id AND p.id = t.email_payment_id;
UPDATE transactions t
SET card_number_masked = coalesce(a.card_number_masked, ''),
    network = CASE lower(a.card_brand) WHEN 'mcrd' THEN 'mastercard' WHEN 'american express' THEN 'amex'
              ELSE left(regexp_replace(lower(coalesce(a.card_brand, '')), '[^a-z0-9]', '', 'g'), 32) END
FROM payment_attempts a
WHERE a.merchant_id = t.merchant_id AND a.gateway_transaction_id = t.gateway_transaction_id
  AND num_nonnulls(a.card_number_masked, a.card_brand) > 0;
SET ROLE app_owner;
REVOKE UPDATE ON transactions FROM app_lookup;
REVOKE SELECT ON payment_attempts FROM app_lookup;
DROP POLICY backfill ON transactions;
DROP POLICY backfill ON payment_attempts;
-- Checks that wait for the end, of rows that were written twice, would keep the table from being altered.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE transactions ENABLE TRIGGER transactions_stand;

-- Pages are read straight from the indexes where vacuum has passed; the defaults wait for 20 %.
ALTER TABLE transactions SET (autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- What the list, its filters, totals and files read, for the same reason as email_payments_list: under
-- row-level security conditions on texts don't reach an index; here the condition on the tenant is one
-- of the query's own.
CREATE VIEW transactions_list AS
SELECT merchant_id, id, originator_id, provider, channel, operation, status, amount_minor, currency, method,
    network, result_code, gateway_transaction_id, coalesce(reference_transaction_id, '') AS reference_id,
    email_payment_id, is_test, occurred_at, order_id, customer_name, customer_email, card_number_masked,
    ip_address, country, asked_by,
    -- The expression of the index transactions_search, to the letter.
    folded(gateway_transaction_id || E'\n' || order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || card_number_masked || E'\n' || coalesce(reference_transaction_id, '') || E'\n' || ip_address) AS search_text
FROM transactions
WHERE merchant_id = (SELECT current_merchant());
GRANT SELECT ON transactions_list TO app;
ALTER VIEW transactions_list OWNER TO app_lookup;

-- Every column that the list filters on, but for text, is a key here: Postgres checks conditions on key
-- columns inside the index, so that a filter that finds nothing never visits the table.
CREATE INDEX transactions_wide ON transactions
    (merchant_id, occurred_at DESC, id DESC, status, operation, currency, amount_minor, channel, method, network,
     result_code, originator_id, provider, country, is_test, asked_by);
COMMENT ON INDEX transactions_wide IS 'The list, newest first: each of its filters but text is checked here; its totals.';
CREATE INDEX transactions_search ON transactions USING gin
    (merchant_id, (folded(gateway_transaction_id || E'\n' || order_id || E'\n' || customer_email || E'\n' || customer_name || E'\n' || card_number_masked || E'\n' || coalesce(reference_transaction_id, '') || E'\n' || ip_address)) gin_trgm_ops);
COMMENT ON INDEX transactions_search IS 'The list searched by text of three characters or more, anywhere in what it tells in words.';
CREATE INDEX transactions_by_number ON transactions (merchant_id, folded(gateway_transaction_id) text_pattern_ops);
COMMENT ON INDEX transactions_by_number IS 'The list filtered by a transaction''s number or its first characters.';
CREATE INDEX transactions_by_order ON transactions (merchant_id, folded(order_id) text_pattern_ops);
COMMENT ON INDEX transactions_by_order IS 'The list filtered by an order ID or its first characters; what moved for an order.';
CREATE INDEX transactions_by_reference ON transactions (merchant_id, reference_transaction_id) WHERE reference_transaction_id IS NOT NULL;
COMMENT ON INDEX transactions_by_reference IS 'A transaction''s page: those that follow it.';
CREATE INDEX transactions_by_amount ON transactions (merchant_id, amount_minor, id);
COMMENT ON INDEX transactions_by_amount IS 'The list sorted by amount, or filtered by a narrow range.';
CREATE INDEX transactions_by_currency ON transactions (merchant_id, currency, occurred_at DESC, id DESC);
COMMENT ON INDEX transactions_by_currency IS 'Which currencies a merchant uses: from each to the next; the list filtered by one.';
CREATE INDEX transactions_by_country ON transactions (merchant_id, country, occurred_at DESC, id DESC) WHERE country <> '';
COMMENT ON INDEX transactions_by_country IS 'Which countries a merchant''s customers are in: from each to the next; the list filtered by one.';
CREATE INDEX transactions_not_authorised ON transactions (merchant_id, status, occurred_at DESC, id DESC)
    WHERE status IN ('declined', 'pending', 'error', 'expired');
COMMENT ON INDEX transactions_not_authorised IS 'The list filtered by a status that is none of success: a rare few.';
CREATE INDEX transactions_follow_ups ON transactions (merchant_id, operation, occurred_at DESC, id DESC)
    WHERE operation IN ('cancel', 'rebill', 'refund', 'submission', 'collection', 'chargeback', 'reversal', 'representment');
COMMENT ON INDEX transactions_follow_ups IS 'The list filtered by an operation that is none of a first payment: a rare few.';
CREATE INDEX transactions_by_asked_by ON transactions (asked_by, merchant_id, occurred_at DESC, id DESC) WHERE asked_by IS NOT NULL;
COMMENT ON INDEX transactions_by_asked_by IS 'Foreign key: taking a user out; a clerk''s own list.';
CREATE STATISTICS transactions_askers (dependencies, mcv) ON merchant_id, asked_by FROM transactions;

-- A ticket may be about a transaction.
ALTER TABLE tickets
    ADD COLUMN transaction_id uuid,
    ADD CONSTRAINT tickets_transaction_fkey FOREIGN KEY (merchant_id, transaction_id)
        REFERENCES transactions (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT tickets_about_one_thing;
ALTER TABLE tickets
    ADD CONSTRAINT tickets_about_one_thing CHECK (num_nonnulls(email_payment_id, document_id, notice_id, transaction_id) <= 1) NOT VALID;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_transaction_fkey;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_about_one_thing;
CREATE INDEX tickets_by_transaction ON tickets (merchant_id, transaction_id) WHERE transaction_id IS NOT NULL;
COMMENT ON INDEX tickets_by_transaction IS 'Foreign key; a transaction''s tickets.';

-- A list more that is taken along as a file.
ALTER TABLE exports
    DROP CONSTRAINT exports_list_check,
    ADD CONSTRAINT exports_list_check CHECK (list IN ('email_payments', 'activity', 'documents', 'transactions')) NOT VALID;
ALTER TABLE exports VALIDATE CONSTRAINT exports_list_check;
