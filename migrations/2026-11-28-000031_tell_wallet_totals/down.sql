REVOKE SELECT ON wallet_catalogues FROM app_jobs;
ALTER TABLE transactions
    DROP COLUMN wallet_total_minor,
    DROP COLUMN wallet_currency,
    DROP COLUMN exchange_rate;
