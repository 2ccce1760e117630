SET lock_timeout = '500ms';

-- A request for payment sent to a customer by e-mail. Amounts in minor units (ISO 4217).
CREATE TABLE email_payments (
    merchant_id         uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id                  uuid        NOT NULL,
    originator_id       uuid        NOT NULL,
    created_by          uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    order_id            text        NOT NULL CHECK (char_length(order_id) BETWEEN 1 AND 100),
    amount_minor        bigint      NOT NULL CHECK (amount_minor BETWEEN 1 AND 999999999),
    currency            text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    customer_email      text        NOT NULL CHECK (char_length(customer_email) BETWEEN 3 AND 100),
    customer_name       text        NOT NULL CHECK (char_length(customer_name) <= 80),
    description         text        NOT NULL CHECK (char_length(description) <= 500),
    message             text        NOT NULL CHECK (char_length(message) <= 500),
    language            text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    status              text        NOT NULL CHECK (status IN ('draft', 'scheduled', 'open', 'processing', 'authorised', 'paid', 'expired', 'cancelled', 'failed')),
    -- Why it ended, for expired, cancelled and failed.
    end_reason          text        CHECK (end_reason IN ('date_reached', 'by_merchant', 'by_staff', 'replaced', 'voided', 'attempts_exhausted', 'blocked_by_risk')),
    -- Paid by an attempt begun in time whose money came after the end.
    is_late             boolean     NOT NULL DEFAULT false,
    -- What became of the latest mail with the link; null before the first.
    delivery            text        CHECK (delivery IN ('queued', 'sent', 'deferred', 'bounced', 'suppressed', 'failed', 'not_sent')),
    -- The acquirer's word at the last declined attempt, while it still can be paid.
    last_result_code    text        CHECK (char_length(last_result_code) <= 8),
    payment_method      text        CHECK (char_length(payment_method) <= 32),
    attempts            integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    sends               integer     NOT NULL DEFAULT 0 CHECK (sends BETWEEN 0 AND 10),
    last_sent_at        timestamptz,
    first_opened_at     timestamptz,
    -- The pay link's token: SHA-256 to find it, AES-256-GCM to show it again.
    pay_token_hash      bytea       UNIQUE CHECK (octet_length(pay_token_hash) = 32),
    pay_token_encrypted bytea,
    created_at          timestamptz NOT NULL,
    expires_at          timestamptz NOT NULL,
    paid_at             timestamptz,
    ended_at            timestamptz,
    PRIMARY KEY (merchant_id, id),
    UNIQUE (merchant_id, order_id),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CHECK ((status IN ('expired', 'cancelled', 'failed')) = (end_reason IS NOT NULL)),
    CHECK ((status IN ('paid', 'expired', 'cancelled', 'failed')) = (ended_at IS NOT NULL)),
    CHECK (status IN ('draft', 'scheduled') OR pay_token_hash IS NOT NULL OR status IN ('cancelled'))
) WITH (fillfactor = 90);

CREATE INDEX email_payments_wide ON email_payments
    (merchant_id, created_at DESC, id DESC, status, payment_method, currency, amount_minor);
COMMENT ON INDEX email_payments_wide IS 'The list, newest first, and its filters on dates, currency and amount.';
CREATE INDEX email_payments_by_status ON email_payments (merchant_id, status, created_at DESC, id DESC);
COMMENT ON INDEX email_payments_by_status IS 'The list filtered by status; the counts on its tabs.';
CREATE INDEX email_payments_by_order ON email_payments (merchant_id, order_id text_pattern_ops);
COMMENT ON INDEX email_payments_by_order IS 'Search by the first characters of an order ID; the capped count.';
CREATE INDEX email_payments_search ON email_payments USING gin
    (merchant_id, (lower(order_id || ' ' || customer_email || ' ' || customer_name)) gin_trgm_ops);
COMMENT ON INDEX email_payments_search IS 'The search box: any part of order ID, address or name.';
CREATE INDEX email_payments_by_originator ON email_payments (merchant_id, originator_id);
COMMENT ON INDEX email_payments_by_originator IS 'Foreign key; the list filtered by originator.';
CREATE INDEX email_payments_by_created_by ON email_payments (created_by);
COMMENT ON INDEX email_payments_by_created_by IS 'Foreign key: taking a user out.';
CREATE INDEX email_payments_to_expire ON email_payments (expires_at) WHERE status = 'open';
COMMENT ON INDEX email_payments_to_expire IS 'Job: payments whose time is over.';

ALTER TABLE email_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_payments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON email_payments
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON email_payments TO app, app_jobs;

-- The allowed moves, once more where no code path can go around them.
CREATE FUNCTION email_payments_check_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status || ' ' || NEW.status) NOT IN (
        'draft scheduled', 'draft open', 'draft cancelled',
        'scheduled draft', 'scheduled open', 'scheduled cancelled',
        'open processing', 'open expired', 'open cancelled',
        'processing open', 'processing paid', 'processing authorised', 'processing failed', 'processing expired',
        'authorised paid', 'authorised cancelled',
        'expired open', 'expired paid', 'expired cancelled',
        'failed paid', 'failed cancelled'
    ) THEN
        RAISE EXCEPTION 'email payment %: % may not become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER email_payments_status BEFORE UPDATE OF status ON email_payments
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION email_payments_check_status();

-- A payment prepared at the gateway: the page that the customer is sent to. A payment may have
-- several one after another; all are asked about until they can't bring money any more.
CREATE TABLE gateway_sessions (
    merchant_id              uuid        NOT NULL,
    id                       uuid        NOT NULL,
    email_payment_id         uuid        NOT NULL,
    merchant_token_hash      bytea       NOT NULL UNIQUE CHECK (octet_length(merchant_token_hash) = 32),
    merchant_token_encrypted bytea       NOT NULL,
    customer_token_encrypted bytea       NOT NULL,
    -- SHA-256 of the random part of the callback's address.
    callback_key_hash        bytea       NOT NULL CHECK (octet_length(callback_key_hash) = 32),
    prepared_at              timestamptz NOT NULL,
    expires_at               timestamptz NOT NULL,
    -- Whether customers are still sent there.
    is_current               boolean     NOT NULL,
    -- The reconciler's next question; null when nothing can come any more.
    next_check_at            timestamptz,
    checks                   integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX gateway_sessions_current ON gateway_sessions (merchant_id, email_payment_id) WHERE is_current;
COMMENT ON INDEX gateway_sessions_current IS 'The pay link: where the customer is sent. At most one per payment.';
CREATE INDEX gateway_sessions_by_email_payment ON gateway_sessions (merchant_id, email_payment_id);
COMMENT ON INDEX gateway_sessions_by_email_payment IS 'Foreign key; the customer''s return asks about each.';
CREATE INDEX gateway_sessions_by_next_check ON gateway_sessions (next_check_at) WHERE next_check_at IS NOT NULL;
COMMENT ON INDEX gateway_sessions_by_next_check IS 'Job: the reconciler takes what is due.';
ALTER TABLE gateway_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gateway_sessions
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON gateway_sessions TO app, app_jobs;

-- What the gateway said about one try of the customer. One row per transaction and status.
CREATE TABLE payment_attempts (
    merchant_id            uuid        NOT NULL,
    id                     uuid        NOT NULL,
    email_payment_id       uuid        NOT NULL,
    gateway_transaction_id text        NOT NULL CHECK (char_length(gateway_transaction_id) BETWEEN 1 AND 40),
    status                 text        NOT NULL CHECK (status IN ('authorised', 'declined', 'pending', 'error', 'expired')),
    operation              text        NOT NULL CHECK (char_length(operation) <= 32),
    result_code            text        NOT NULL CHECK (char_length(result_code) <= 8),
    amount_minor           bigint      NOT NULL,
    currency               text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    payment_method         text        NOT NULL CHECK (char_length(payment_method) <= 32),
    -- Beyond these two nothing of a card is kept.
    card_brand             text        CHECK (char_length(card_brand) <= 32),
    card_number_masked     text        CHECK (card_number_masked ~ '^[0-9]{0,6}[X*]*[0-9]{0,4}$'),
    is_test                boolean     NOT NULL DEFAULT false,
    attempted_at           timestamptz NOT NULL,
    recorded_at            timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    UNIQUE (merchant_id, gateway_transaction_id, status),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX payment_attempts_by_email_payment ON payment_attempts (merchant_id, email_payment_id, attempted_at);
COMMENT ON INDEX payment_attempts_by_email_payment IS 'The detail page; foreign key.';
ALTER TABLE payment_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_attempts
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON payment_attempts TO app, app_jobs;

-- What happened to an email payment, for the timeline. Never changed.
CREATE TABLE email_payment_events (
    merchant_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    email_payment_id uuid        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('created', 'edited', 'submitted', 'mail_sent', 'mail_deferred', 'mail_failed', 'mail_dropped', 'gateway_unavailable', 'opened', 'attempt_started', 'declined', 'pending', 'paid', 'expired', 'cancelled', 'failed', 'resent', 'address_corrected', 'renewed', 'receipt_sent', 'unexpected_money')),
    from_status      text,
    to_status        text,
    actor            text        NOT NULL CHECK (actor IN ('user', 'customer', 'gateway', 'clock', 'system')),
    user_id          uuid        REFERENCES users (id) ON DELETE RESTRICT,
    details          jsonb       NOT NULL DEFAULT '{}',
    at               timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    CHECK ((actor = 'user') = (user_id IS NOT NULL))
);
CREATE INDEX email_payment_events_by_email_payment ON email_payment_events (merchant_id, email_payment_id, at DESC, id DESC);
COMMENT ON INDEX email_payment_events_by_email_payment IS 'The timeline, newest first; foreign key.';
CREATE INDEX email_payment_events_by_user ON email_payment_events (user_id) WHERE user_id IS NOT NULL;
COMMENT ON INDEX email_payment_events_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE email_payment_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_payment_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON email_payment_events
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON email_payment_events TO app, app_jobs;
