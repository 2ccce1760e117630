SET lock_timeout = '500ms';

-- A notice may tell that support has answered in a ticket. The column is new and empty, so that its index
-- is made at once.
ALTER TABLE notices
    ADD COLUMN ticket_id uuid,
    ADD CONSTRAINT notices_ticket_fkey FOREIGN KEY (merchant_id, ticket_id)
        REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT notices_about_one_thing,
    ADD CONSTRAINT notices_about_one_thing CHECK (num_nonnulls(document_id, email_payment_id, permission_id, ticket_id) <= 1) NOT VALID,
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring', 'ticket_answered', 'permission_granted', 'permission_withdrawn', 'digest'])) NOT VALID;
ALTER TABLE notices VALIDATE CONSTRAINT notices_ticket_fkey;
ALTER TABLE notices VALIDATE CONSTRAINT notices_about_one_thing;
ALTER TABLE notices VALIDATE CONSTRAINT notices_kind_check;
CREATE INDEX notices_by_ticket ON notices (merchant_id, ticket_id) WHERE ticket_id IS NOT NULL;
COMMENT ON INDEX notices_by_ticket IS 'Foreign key.';
ALTER TABLE notification_choices
    DROP CONSTRAINT notification_choices_kind_check,
    ADD CONSTRAINT notification_choices_kind_check CHECK (kind = ANY (ARRAY['document_created', 'payment_paid', 'payment_declined', 'payment_undelivered', 'payment_expiring', 'ticket_answered'])) NOT VALID;
ALTER TABLE notification_choices VALIDATE CONSTRAINT notification_choices_kind_check;

-- Made in this transaction, not CONCURRENTLY: the table is small wherever it exists so far.
CREATE INDEX documents_by_currency ON documents (merchant_id, currency);
COMMENT ON INDEX documents_by_currency IS 'The list: which currencies there are, step by step.';
