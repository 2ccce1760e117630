SET lock_timeout = '500ms';

-- Originators have their own switches since migration 14; no release that turned the merchant's one can
-- still be running.
DROP TRIGGER merchants_switch_originators ON merchants;
DROP FUNCTION merchants_switch_originators();
ALTER TABLE merchants
    DROP COLUMN order_confirmations,
    DROP COLUMN order_confirmations_changed_at,
    DROP COLUMN order_confirmations_changed_by;
