SET lock_timeout = '500ms';
DROP TRIGGER email_payments_days_delete ON email_payments;
DROP TRIGGER email_payments_days_update ON email_payments;
DROP TRIGGER email_payments_days_insert ON email_payments;
DROP FUNCTION email_payments_count_days();
DROP TABLE email_payment_days;

SET ROLE app_lookup;
CREATE OR REPLACE FUNCTION email_payments_search(wanted_merchant uuid, pattern text, is_prefix boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT coalesce(wanted_merchant = ANY (current_merchants()), false) THEN
        RETURN;
    ELSIF is_prefix THEN
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant AND (p.order_id LIKE pattern OR p.order_id LIKE upper(pattern));
    ELSE
        RETURN QUERY SELECT p.id FROM email_payments p
            WHERE p.merchant_id = wanted_merchant
              AND lower(p.order_id || ' ' || p.customer_email || ' ' || p.customer_name) LIKE pattern;
    END IF;
END $$;
DROP VIEW email_payments_list;
SET ROLE app_owner;

DROP STATISTICS email_payments_originators;
DROP STATISTICS email_payments_creators;
DROP INDEX email_payments_by_amount, email_payments_by_paid_at, email_payments_by_expires_at, email_payments_undelivered,
    email_payments_by_created_by, email_payments_by_originator, email_payments_by_order, email_payments_wide, email_payments_search;
CREATE INDEX email_payments_wide ON email_payments
    (merchant_id, created_at DESC, id DESC, status, payment_method, currency, amount_minor);
COMMENT ON INDEX email_payments_wide IS 'The list, newest first, and its filters on dates, currency and amount.';
CREATE INDEX email_payments_by_order ON email_payments (merchant_id, order_id text_pattern_ops);
COMMENT ON INDEX email_payments_by_order IS 'Search by the first characters of an order ID; the capped count.';
CREATE INDEX email_payments_search ON email_payments USING gin
    (merchant_id, (lower(order_id || ' ' || customer_email || ' ' || customer_name)) gin_trgm_ops);
COMMENT ON INDEX email_payments_search IS 'The search box: any part of order ID, address or name.';
CREATE INDEX email_payments_by_originator ON email_payments (merchant_id, originator_id);
COMMENT ON INDEX email_payments_by_originator IS 'Foreign key; the list filtered by originator.';
CREATE INDEX email_payments_by_created_by ON email_payments (created_by);
COMMENT ON INDEX email_payments_by_created_by IS 'Foreign key: taking a user out.';

ALTER TABLE email_payments RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
ALTER TABLE email_payments DROP COLUMN refunded_minor;
DROP FUNCTION current_merchant();
DROP FUNCTION folded_literally(text);
DROP FUNCTION folded(text);
