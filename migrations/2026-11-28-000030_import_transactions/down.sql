SET lock_timeout = '500ms';

SET ROLE app_lookup;
DROP FUNCTION transaction_imports_claim(timestamptz, timestamptz, integer);
DROP FUNCTION originators_without_import(integer);
SET ROLE app_owner;
DROP TABLE transaction_differences;
DROP TABLE transaction_imports;
DROP POLICY lookup ON originators;
REVOKE SELECT (merchant_id, id) ON originators FROM app_lookup;
CREATE OR REPLACE FUNCTION transactions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.statement_id IS NOT NULL OR (OLD.status <> 'pending' AND NEW.status <> OLD.status)
        OR NEW.amount_minor <> OLD.amount_minor AND OLD.status <> 'pending' OR NEW.currency <> OLD.currency THEN
        RAISE EXCEPTION 'a transaction stands as it was recorded';
    END IF;
    RETURN NEW;
END $$;
