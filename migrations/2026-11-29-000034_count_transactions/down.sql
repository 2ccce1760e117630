SET lock_timeout = '500ms';
LOCK TABLE transactions IN SHARE ROW EXCLUSIVE MODE;
DROP TRIGGER transactions_count_again ON transactions;
DROP FUNCTION transactions_count_again;
CREATE OR REPLACE FUNCTION transactions_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO collected_days (merchant_id, day, currency, channel, count, amount_minor)
    SELECT t.merchant_id, (t.occurred_at AT TIME ZONE m.time_zone)::date, t.currency, t.channel, count(*), sum(t.amount_minor)
    FROM new_rows t JOIN merchants m ON m.id = t.merchant_id
    WHERE t.status = 'authorised' AND t.operation IN ('capture', 'sale', 'rebill', 'collection')
    GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
DROP TABLE transaction_days;
