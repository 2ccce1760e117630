SET lock_timeout = '500ms';
SET ROLE app_lookup;
DROP FUNCTION tickets_found(text, integer);
SET ROLE app_owner;
DROP INDEX tickets_of_assignee, tickets_in_state, tickets_by_merchant_due, tickets_by_category, tickets_by_priority, tickets_by_notice, tickets_by_document;
ALTER TABLE tickets DROP COLUMN notice_id, DROP COLUMN document_id;
