SET lock_timeout = '500ms';

-- The allowed moves, and what never changes.
CREATE OR REPLACE FUNCTION operation_requests_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'waiting sending', 'waiting rejected', 'waiting withdrawn',
        'sending done', 'sending declined', 'sending unknown', 'sending requested', 'sending not_done',
        'unknown done', 'unknown declined', 'unknown requested', 'unknown not_done',
        'requested done', 'requested declined'
    ) OR (OLD.operation, OLD.amount_minor, OLD.currency, OLD.transaction_id, OLD.asked_by)
        IS DISTINCT FROM (NEW.operation, NEW.amount_minor, NEW.currency, NEW.transaction_id, NEW.asked_by) THEN
        RAISE EXCEPTION 'operation request %: % may not become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
