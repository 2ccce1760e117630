SET lock_timeout = '500ms';
-- Indexes are made in this transaction, not CONCURRENTLY: the tables are small wherever they exist so far.

-- A ticket may be about a document, or about what somebody was told.
ALTER TABLE tickets
    ADD COLUMN document_id uuid,
    ADD COLUMN notice_id   uuid,
    ADD CONSTRAINT tickets_document_fkey FOREIGN KEY (merchant_id, document_id)
        REFERENCES documents (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT tickets_notice_fkey FOREIGN KEY (merchant_id, notice_id)
        REFERENCES notices (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    ADD CONSTRAINT tickets_about_one_thing CHECK (num_nonnulls(email_payment_id, document_id, notice_id) <= 1) NOT VALID;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_document_fkey;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_notice_fkey;
ALTER TABLE tickets VALIDATE CONSTRAINT tickets_about_one_thing;
CREATE INDEX tickets_by_document ON tickets (merchant_id, document_id) WHERE document_id IS NOT NULL;
COMMENT ON INDEX tickets_by_document IS 'Foreign key; a document''s tickets.';
CREATE INDEX tickets_by_notice ON tickets (merchant_id, notice_id) WHERE notice_id IS NOT NULL;
COMMENT ON INDEX tickets_by_notice IS 'Foreign key; a notification''s tickets.';

-- Support's queue over a million tickets. With what the policies ask for: counts read the index alone.
CREATE INDEX tickets_in_state ON tickets (state, due_at, id) INCLUDE (merchant_id);
COMMENT ON INDEX tickets_in_state IS 'Support''s queue: how many are in one state.';
CREATE INDEX tickets_of_assignee ON tickets (assignee_id, state, due_at, id) INCLUDE (merchant_id);
COMMENT ON INDEX tickets_of_assignee IS 'Support''s queue: mine and nobody''s, in some states.';
CREATE INDEX tickets_by_priority ON tickets (priority, due_at, id) INCLUDE (merchant_id);
COMMENT ON INDEX tickets_by_priority IS 'Support''s queue: one priority.';
CREATE INDEX tickets_by_category ON tickets (category, due_at, id) INCLUDE (merchant_id);
COMMENT ON INDEX tickets_by_category IS 'Support''s queue: one category.';
CREATE INDEX tickets_by_merchant_due ON tickets (merchant_id, due_at, id);
COMMENT ON INDEX tickets_by_merchant_due IS 'Support''s queue: one merchant.';

-- The search box of support's queue: so many tickets of those whose subject fits, in no order. `LIKE`
-- reaches its index only here (it is not leakproof). What fits one ticket in ten is found sooner without
-- the index; statistics can't tell under row-level security, a look at a thousand does.
CREATE FUNCTION tickets_found(pattern text, most integer) RETURNS TABLE (merchant_id uuid, ticket_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT current_support() THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM (SELECT t.subject FROM tickets t LIMIT 1000) s WHERE folded(s.subject) LIKE pattern) > 100 THEN
        RETURN QUERY SELECT t.merchant_id, t.id FROM tickets t WHERE folded(t.subject) || '' LIKE pattern LIMIT most;
    ELSE
        RETURN QUERY SELECT t.merchant_id, t.id FROM tickets t WHERE folded(t.subject) LIKE pattern LIMIT most;
    END IF;
END $$;
ALTER FUNCTION tickets_found(text, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION tickets_found(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_found(text, integer) TO app;
SET ROLE app_owner;
