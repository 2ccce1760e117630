SET lock_timeout = '500ms';

DROP INDEX documents_by_currency;
DELETE FROM notification_choices WHERE kind = 'ticket_answered';
UPDATE notices SET digest_id = NULL WHERE kind = 'ticket_answered';
DELETE FROM notices WHERE kind = 'ticket_answered';
ALTER TABLE notification_choices
    DROP CONSTRAINT notification_choices_kind_check,
    ADD CONSTRAINT notification_choices_kind_check CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring'])) NOT VALID;
DROP INDEX notices_by_ticket;
ALTER TABLE notices
    DROP CONSTRAINT notices_about_one_thing,
    DROP CONSTRAINT notices_kind_check,
    DROP COLUMN ticket_id,
    ADD CONSTRAINT notices_about_one_thing CHECK (num_nonnulls(document_id, email_payment_id, permission_id) <= 1) NOT VALID,
    ADD CONSTRAINT notices_kind_check CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring', 'permission_granted', 'permission_withdrawn', 'digest'])) NOT VALID;
