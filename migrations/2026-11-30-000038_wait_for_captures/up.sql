SET lock_timeout = '500ms';

-- What the gateway is being asked to take has not lapsed.
CREATE OR REPLACE FUNCTION email_payments_lapsing(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT p.merchant_id, p.id FROM email_payments p
    WHERE p.status = 'authorised' AND p.capture_before <= at AND NOT EXISTS (
        SELECT FROM transactions t
        JOIN operation_requests r ON r.merchant_id = t.merchant_id AND r.transaction_id = t.id
        WHERE t.merchant_id = p.merchant_id AND t.email_payment_id = p.id
          AND r.operation = 'capture' AND r.next_check_at IS NOT NULL)
    ORDER BY p.capture_before LIMIT most
$$;
