SET lock_timeout = '500ms';

-- The outbox: a mail is a row, inserted by the transaction that it tells about, sent by a job.
-- The words are made when it is sent, so that no pay link stands in a table.
CREATE TABLE mails (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    email_payment_id uuid        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('request', 'receipt', 'cancelled')),
    recipient        text        NOT NULL CHECK (char_length(recipient) BETWEEN 3 AND 100),
    language         text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    state            text        NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'dropped')),
    run_at           timestamptz NOT NULL,
    attempts         integer     NOT NULL DEFAULT 0,
    claim_id         uuid,
    lease_until      timestamptz,
    -- The relay's last answer or our last failure, without addresses; shown to the merchant.
    answer           text        CHECK (char_length(answer) <= 300),
    created_at       timestamptz NOT NULL,
    sent_at          timestamptz,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK ((state = 'sending') = (claim_id IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX mails_ready ON mails (run_at, id) WHERE state = 'ready';
COMMENT ON INDEX mails_ready IS 'Job: the next mails to send.';
CREATE INDEX mails_leased ON mails (lease_until) WHERE state = 'sending';
COMMENT ON INDEX mails_leased IS 'Job: mails whose sender died.';
CREATE INDEX mails_by_email_payment ON mails (merchant_id, email_payment_id, created_at);
COMMENT ON INDEX mails_by_email_payment IS 'The detail page: every mail of a payment; foreign key.';
CREATE INDEX mails_by_recipient ON mails (recipient, created_at);
COMMENT ON INDEX mails_by_recipient IS 'The daily limit per recipient, over all merchants.';
CREATE INDEX mails_by_merchant ON mails (merchant_id, created_at);
COMMENT ON INDEX mails_by_merchant IS 'The hourly limit per merchant.';
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mails
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
-- The sender takes what is due, whosever it is.
CREATE POLICY sender ON mails TO app_jobs USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON mails TO app, app_jobs;
