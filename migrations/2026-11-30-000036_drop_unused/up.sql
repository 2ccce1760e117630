SET lock_timeout = '500ms';

-- Nothing asks these any more: the session is found by `session_find` with two arguments (migration 12),
-- lists by their views, support's queue by `tickets_found`; no release that asked can still be running.
DROP FUNCTION session_open(bytea);
DROP FUNCTION session_find(bytea);
DROP FUNCTION email_payments_search(uuid, text, boolean);
DROP FUNCTION tickets_search(text);
-- `tickets_in_state` (migration 22) has the same columns, and the merchant besides.
DROP INDEX tickets_by_state;
