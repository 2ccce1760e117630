SET lock_timeout = '500ms';

-- What a wallet took of its customer: minor units of the wallet's own currency, and how many of its units
-- one of the transaction's is, a decimal number as the gateway writes it. Null: not told.
ALTER TABLE transactions
    ADD COLUMN wallet_total_minor bigint,
    ADD COLUMN wallet_currency text,
    ADD COLUMN exchange_rate text,
    ADD CONSTRAINT transactions_wallet_total CHECK (wallet_total_minor >= 0 AND wallet_currency ~ '^[A-Z]{3}$'
        OR wallet_total_minor IS NULL AND wallet_currency IS NULL) NOT VALID,
    ADD CONSTRAINT transactions_exchange_rate CHECK (exchange_rate ~ '^[0-9]{1,20}([.][0-9]{1,20})?$') NOT VALID;

-- Jobs ask the gateway too, and look up what a wallet's customers pay in.
GRANT SELECT ON wallet_catalogues TO app_jobs;
