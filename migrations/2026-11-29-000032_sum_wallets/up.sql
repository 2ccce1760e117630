SET lock_timeout = '500ms';

-- Made in this transaction, not CONCURRENTLY: the table is small wherever it exists so far.
CREATE INDEX transactions_of_wallets ON transactions (merchant_id, occurred_at) INCLUDE (network, currency, amount_minor)
    WHERE method = 'Alipay' AND operation = 'sale' AND status = 'authorised' AND NOT is_test;
COMMENT ON INDEX transactions_of_wallets IS 'Payment methods: what customers paid with each wallet, lately.';
