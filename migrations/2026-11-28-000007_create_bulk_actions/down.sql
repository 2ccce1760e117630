SET lock_timeout = '500ms';

DROP FUNCTION bulk_actions_due(timestamptz, integer);
DROP TABLE bulk_action_rows;
DROP TABLE bulk_actions;
