SET lock_timeout = '500ms';

-- One way to the identity provider and back, good for ten minutes and one use.
CREATE TABLE sign_in_transactions (
    id            uuid        PRIMARY KEY,
    -- SHA-256 of the cookie that binds the transaction to one browser.
    cookie_hash   bytea       NOT NULL UNIQUE CHECK (octet_length(cookie_hash) = 32),
    state         text        NOT NULL,
    nonce         text        NOT NULL,
    pkce_verifier text        NOT NULL,
    return_to     text        NOT NULL CHECK (return_to ~ '^/([^/\\]|$)' AND char_length(return_to) <= 512),
    created_at    timestamptz NOT NULL DEFAULT now(),
    used_at       timestamptz
);
CREATE INDEX sign_in_transactions_by_created_at ON sign_in_transactions (created_at);
COMMENT ON INDEX sign_in_transactions_by_created_at IS 'Job: old transactions are swept.';
GRANT SELECT, INSERT, UPDATE ON sign_in_transactions TO app;
GRANT SELECT, DELETE ON sign_in_transactions TO app_jobs;

-- One browser that is signed in. The cookie holds 256 random bits, this table their SHA-256.
CREATE TABLE sessions (
    id                 uuid        PRIMARY KEY,
    key_hash           bytea       NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    user_id            uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    -- The secret behind the form tokens.
    csrf_secret        bytea       NOT NULL CHECK (octet_length(csrf_secret) = 32),
    -- What the session remembers: chosen merchant, message for the next page.
    state              jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(state) = 'object'),
    -- Kept for signing out at the provider, by AES-256-GCM.
    id_token_encrypted bytea       NOT NULL,
    provider_session   text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    last_used_at       timestamptz NOT NULL DEFAULT now(),
    -- Eight hours after sign-in or the end of the provider's access token, the earlier.
    expires_at         timestamptz NOT NULL,
    ended_at           timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
COMMENT ON INDEX sessions_by_user IS 'Sign-in: at most five sessions per user, the oldest ends.';
CREATE INDEX sessions_by_expires_at ON sessions (expires_at);
COMMENT ON INDEX sessions_by_expires_at IS 'Job: sessions that ended a day ago are swept.';
GRANT SELECT, INSERT, UPDATE ON sessions TO app;
GRANT SELECT, DELETE ON sessions TO app_jobs;

-- A form that was sent twice acts once: the second finds the first one's result.
CREATE TABLE idempotency_keys (
    session_id uuid        NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    key        uuid        NOT NULL,
    result     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, key)
);
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO app;
