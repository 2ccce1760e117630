SET lock_timeout = '500ms';

-- What the relay or the recipient's server said to the latest mail that did not arrive; empty where
-- there was no letter to hand over; null while one is on its way, and once one has been taken.
ALTER TABLE email_payments ADD COLUMN delivery_answer text;
-- Visits of the pay link by people; the first one's instant is `first_opened_at`.
ALTER TABLE email_payments ADD COLUMN opens integer NOT NULL DEFAULT 0;
ALTER TABLE email_payments ADD COLUMN last_opened_at timestamptz;
-- Visits by programs, and those that may be either's.
ALTER TABLE email_payments ADD COLUMN scanner_visits integer NOT NULL DEFAULT 0;
-- Every row that is written from here on; those that stand fulfil both by their defaults.
ALTER TABLE email_payments ADD CONSTRAINT email_payments_delivery_answer_check
    CHECK (char_length(delivery_answer) <= 300) NOT VALID;
ALTER TABLE email_payments ADD CONSTRAINT email_payments_visits_check
    CHECK (opens >= 0 AND scanner_visits >= 0) NOT VALID;

CREATE INDEX email_payments_to_deliver ON email_payments (merchant_id, last_sent_at DESC, id DESC)
    WHERE status = 'open' AND delivery IN ('deferred', 'bounced', 'suppressed', 'failed');
COMMENT ON INDEX email_payments_to_deliver IS 'Undelivered emails: the page, newest first, and the count on its tab.';

-- One visit of a pay link. Neither address nor name of the visitor's program is kept: only when, what
-- it was taken for, and by which rule. The first hundred of a payment; beyond, the counters alone.
CREATE TABLE pay_link_visits (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    email_payment_id uuid        NOT NULL,
    at               timestamptz NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('person', 'scanner', 'unsure')),
    why              text        NOT NULL CHECK (why IN ('navigation', 'head_only', 'looks_ahead', 'no_agent', 'known_agent', 'no_navigation', 'no_fetch_metadata', 'no_language', 'too_soon')),
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX pay_link_visits_by_email_payment ON pay_link_visits (merchant_id, email_payment_id, at DESC, id DESC);
COMMENT ON INDEX pay_link_visits_by_email_payment IS 'The detail page: visits of the link, newest first; foreign key.';
ALTER TABLE pay_link_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE pay_link_visits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pay_link_visits
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON pay_link_visits TO app;

-- The list sees the new columns behind those that it has, whichever these are.
SET ROLE app_lookup;
DO $$
BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW email_payments_list AS ' || regexp_replace(
        pg_get_viewdef('email_payments_list'::regclass), '\s+FROM email_payments\s',
        ', delivery_answer, opens, last_opened_at, scanner_visits FROM email_payments ');
END $$;
SET ROLE app_owner;
