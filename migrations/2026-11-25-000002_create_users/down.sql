DROP TABLE success_manager_assignments;
DROP TABLE memberships;
DROP INDEX merchants_by_order_confirmations_changed_by;
ALTER TABLE merchants DROP CONSTRAINT merchants_order_confirmations_changed_by_fkey;
DROP TABLE users;
