SET lock_timeout = '500ms';

CREATE OR REPLACE FUNCTION email_payments_lapsing(at timestamptz, most integer) RETURNS TABLE (merchant_id uuid, email_payment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT p.merchant_id, p.id FROM email_payments p WHERE p.status = 'authorised' AND p.capture_before <= at ORDER BY p.capture_before LIMIT most $$;
