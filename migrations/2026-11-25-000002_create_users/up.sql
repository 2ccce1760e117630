SET lock_timeout = '500ms';

-- A person with access: of merchants (memberships) or of the platform (staff_role). Who it is, is
-- (issuer, subject) and nothing else; the e-mail address is for display.
CREATE TABLE users (
    id         uuid        PRIMARY KEY,
    issuer     text        NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 300),
    subject    text        NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    email      text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 100),
    staff_role text        CHECK (staff_role IN ('success_manager', 'support', 'accounting', 'administrator')),
    is_active  boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    UNIQUE (issuer, subject)
);
GRANT SELECT, INSERT, UPDATE ON users TO app;
GRANT SELECT ON users TO app_jobs;

ALTER TABLE merchants
    ADD FOREIGN KEY (order_confirmations_changed_by) REFERENCES users (id) ON DELETE RESTRICT;
CREATE INDEX merchants_by_order_confirmations_changed_by ON merchants (order_confirmations_changed_by);
COMMENT ON INDEX merchants_by_order_confirmations_changed_by IS 'Foreign key: taking a user out.';

-- What a user may do for a merchant.
CREATE TABLE memberships (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    role        text        NOT NULL CHECK (role IN ('owner', 'manager', 'accountant', 'customer_care', 'clerk', 'developer', 'read_only')),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
COMMENT ON INDEX memberships_by_user IS 'Every request: the merchants of who is signed in.';
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON memberships
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO app;
GRANT SELECT ON memberships TO app_jobs;

-- The merchants that a success manager looks after.
CREATE TABLE success_manager_assignments (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, user_id)
);
CREATE INDEX success_manager_assignments_by_user ON success_manager_assignments (user_id);
COMMENT ON INDEX success_manager_assignments_by_user IS 'Every request of a success manager: the portfolio.';
ALTER TABLE success_manager_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE success_manager_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON success_manager_assignments
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON success_manager_assignments TO app;
GRANT SELECT ON success_manager_assignments TO app_jobs;
