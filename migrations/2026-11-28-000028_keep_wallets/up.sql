SET lock_timeout = '500ms';

-- The wallets of Alipay+, as a file that the platform's people upload: each row is one version of it, the
-- newest counts. The program brings the first one along. Nothing of a merchant's is in it.
CREATE TABLE wallet_catalogues (
    id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    -- CSV, as it was read without a fault.
    content    text        NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 65536),
    wallets    integer     NOT NULL CHECK (wallets > 0),
    created_by uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    -- The version that was put back; null: uploaded, or the first one.
    restores   bigint      REFERENCES wallet_catalogues (id) ON DELETE RESTRICT
);
CREATE INDEX wallet_catalogues_by_created_by ON wallet_catalogues (created_by);
COMMENT ON INDEX wallet_catalogues_by_created_by IS 'Foreign key: taking a user out.';
CREATE INDEX wallet_catalogues_by_restores ON wallet_catalogues (restores) WHERE restores IS NOT NULL;
COMMENT ON INDEX wallet_catalogues_by_restores IS 'Foreign key.';
GRANT SELECT, INSERT ON wallet_catalogues TO app;
