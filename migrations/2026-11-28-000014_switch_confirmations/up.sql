SET lock_timeout = '500ms';

-- Whether the customers of an originator are told by e-mail that a payment went well, or did not: the
-- success manager's switches.
ALTER TABLE originators
    ADD COLUMN confirms_success boolean NOT NULL DEFAULT false,
    ADD COLUMN confirms_failure boolean NOT NULL DEFAULT false;

-- Every turn of a switch. Nothing in it changes.
CREATE TABLE confirmation_switches (
    merchant_id   uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id            uuid        NOT NULL,
    originator_id uuid        NOT NULL,
    confirmation  text        NOT NULL CHECK (confirmation = ANY (ARRAY['success', 'failure'])),
    is_on         boolean     NOT NULL,
    -- Null: turned for all originators at once, before there were switches for each, when nobody was asked why.
    reason        text        CHECK (char_length(reason) BETWEEN 1 AND 300),
    switched_by   uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    switched_at   timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX confirmation_switches_by_switched_at ON confirmation_switches (merchant_id, switched_at DESC, id DESC);
COMMENT ON INDEX confirmation_switches_by_switched_at IS 'Order confirmations of a merchant, the newest first, on both sides.';
CREATE INDEX confirmation_switches_by_originator ON confirmation_switches (merchant_id, originator_id);
COMMENT ON INDEX confirmation_switches_by_originator IS 'Foreign key.';
CREATE INDEX confirmation_switches_by_switched_by ON confirmation_switches (switched_by);
COMMENT ON INDEX confirmation_switches_by_switched_by IS 'Foreign key: taking a user out.';

-- Who writes to customers, and in which words: an originator's own, by language. Empty: the product's.
CREATE TABLE confirmation_texts (
    merchant_id   uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    originator_id uuid        NOT NULL,
    language      text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    sender_name   text        NOT NULL CHECK (char_length(sender_name) <= 60),
    success_text  text        NOT NULL CHECK (char_length(success_text) <= 1000),
    failure_text  text        NOT NULL CHECK (char_length(failure_text) <= 1000),
    changed_by    uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at    timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, originator_id, language),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX confirmation_texts_by_changed_by ON confirmation_texts (changed_by);
COMMENT ON INDEX confirmation_texts_by_changed_by IS 'Foreign key: taking a user out.';

-- What stood for a whole merchant stands for each of its originators: nobody gets a mail more or less.
ALTER TABLE merchants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE originators NO FORCE ROW LEVEL SECURITY;
UPDATE originators o SET confirms_success = true
FROM merchants m WHERE m.id = o.merchant_id AND m.order_confirmations;
INSERT INTO confirmation_switches (merchant_id, id, originator_id, confirmation, is_on, switched_by, switched_at)
SELECT m.id, gen_random_uuid(), o.id, 'success', m.order_confirmations, m.order_confirmations_changed_by, m.order_confirmations_changed_at
FROM merchants m JOIN originators o ON o.merchant_id = m.id
WHERE m.order_confirmations_changed_by IS NOT NULL AND m.order_confirmations_changed_at IS NOT NULL;
ALTER TABLE merchants FORCE ROW LEVEL SECURITY;
ALTER TABLE originators FORCE ROW LEVEL SECURITY;

-- The release before turns the merchant's one switch: while it still runs, that turns each originator's.
CREATE FUNCTION merchants_switch_originators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE originators SET confirms_success = NEW.order_confirmations WHERE merchant_id = NEW.id;
    INSERT INTO confirmation_switches (merchant_id, id, originator_id, confirmation, is_on, switched_by, switched_at)
    SELECT NEW.id, gen_random_uuid(), o.id, 'success', NEW.order_confirmations, NEW.order_confirmations_changed_by, NEW.order_confirmations_changed_at
    FROM originators o WHERE o.merchant_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER merchants_switch_originators AFTER UPDATE OF order_confirmations ON merchants
    FOR EACH ROW WHEN (NEW.order_confirmations_changed_by IS NOT NULL) EXECUTE FUNCTION merchants_switch_originators();

ALTER TABLE confirmation_switches ENABLE ROW LEVEL SECURITY;
ALTER TABLE confirmation_switches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON confirmation_switches
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
ALTER TABLE confirmation_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE confirmation_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON confirmation_texts
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON confirmation_switches TO app;
GRANT SELECT, INSERT, UPDATE ON confirmation_texts TO app;
GRANT SELECT ON confirmation_texts TO app_jobs;

ALTER TABLE mails
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'declined', 'cancelled', 'invitation', 'notice', 'ticket')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
