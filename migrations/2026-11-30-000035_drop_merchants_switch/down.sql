SET lock_timeout = '500ms';

ALTER TABLE merchants
    ADD COLUMN order_confirmations boolean NOT NULL DEFAULT false,
    ADD COLUMN order_confirmations_changed_at timestamptz,
    ADD COLUMN order_confirmations_changed_by uuid,
    ADD FOREIGN KEY (order_confirmations_changed_by) REFERENCES users (id) ON DELETE RESTRICT;
CREATE INDEX merchants_by_order_confirmations_changed_by ON merchants (order_confirmations_changed_by);
COMMENT ON INDEX merchants_by_order_confirmations_changed_by IS 'Foreign key: taking a user out.';
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
