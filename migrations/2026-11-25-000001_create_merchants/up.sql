SET lock_timeout = '500ms';

-- The tenants whose rows this transaction may see: uuids with commas between them, set by
-- `set_config('app.merchants', …, true)`. Empty or never set: none. Written into each policy as a
-- scalar sub-select, so that it is evaluated once and not per row.
CREATE FUNCTION current_merchants() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT string_to_array(NULLIF(current_setting('app.merchants', true), ''), ',')::uuid[] $$;

-- A merchant: the tenant.
CREATE TABLE merchants (
    id                             uuid        PRIMARY KEY,
    name                           text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    legal_name                     text        NOT NULL CHECK (char_length(legal_name) BETWEEN 1 AND 200),
    address                        text        NOT NULL CHECK (char_length(address) <= 300),
    country                        text        NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    currency                       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    language                       text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    time_zone                      text        NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    -- Where customers' answers and notices to the merchant go.
    email                          text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 100),
    -- Order IDs that the system fills in: prefix, year, number.
    order_prefix                   text        NOT NULL CHECK (order_prefix ~ '^[A-Z0-9]{1,10}$'),
    next_order_number              bigint      NOT NULL DEFAULT 1 CHECK (next_order_number > 0),
    -- Whether customers get a confirmation by e-mail after paying; the success manager's switch.
    order_confirmations            boolean     NOT NULL DEFAULT false,
    order_confirmations_changed_at timestamptz,
    order_confirmations_changed_by uuid,
    created_at                     timestamptz NOT NULL
);
ALTER TABLE merchants ENABLE ROW LEVEL SECURITY;
ALTER TABLE merchants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON merchants
    USING (id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON merchants TO app;
GRANT SELECT ON merchants TO app_jobs;

-- A merchant's source of income, with credentials of its own at the gateway.
CREATE TABLE originators (
    merchant_id       uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id                uuid        NOT NULL,
    name              text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- The user name and the password at the gateway; the password by AES-256-GCM.
    number            text        NOT NULL CHECK (number ~ '^[0-9]{1,20}$'),
    api_key_encrypted bytea       NOT NULL,
    currencies        text[]      NOT NULL CHECK (cardinality(currencies) > 0),
    attempts_max      integer     NOT NULL DEFAULT 3 CHECK (attempts_max BETWEEN 1 AND 20),
    is_active         boolean     NOT NULL DEFAULT true,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, id),
    UNIQUE (merchant_id, number)
);
ALTER TABLE originators ENABLE ROW LEVEL SECURITY;
ALTER TABLE originators FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON originators
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON originators TO app;
GRANT SELECT ON originators TO app_jobs;
