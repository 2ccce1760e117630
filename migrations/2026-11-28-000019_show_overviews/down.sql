SET lock_timeout = '500ms';
DROP INDEX tickets_waiting, email_payments_paid_by_creator, email_payments_due_by_creator;
DROP TRIGGER transactions_count_ended ON transactions;
DROP TRIGGER transactions_count_new ON transactions;
DROP FUNCTION transactions_count_ended();
DROP FUNCTION transactions_count_new();
DROP TABLE collected_days;
