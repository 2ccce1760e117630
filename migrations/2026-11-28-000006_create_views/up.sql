SET lock_timeout = '500ms';

-- Which columns of a list somebody sees, and in which order; no row: those of the product. A user's
-- own taste, the same at every merchant, and nobody's data: it has no tenant. Keys that the product
-- no longer knows stay and are passed over.
CREATE TABLE list_layouts (
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    list       text        NOT NULL CHECK (list ~ '^[a-z_]{1,40}$'),
    column_keys text[]     NOT NULL CHECK (cardinality(column_keys) BETWEEN 1 AND 60),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, list)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON list_layouts TO app;

-- A question that somebody asks again and again, under a name: their own, or everybody's at the
-- merchant. The query string is read anew each time, so that "last 30 days" moves with the calendar.
CREATE TABLE saved_views (
    merchant_id uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id          uuid        NOT NULL,
    list        text        NOT NULL CHECK (list ~ '^[a-z_]{1,40}$'),
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    is_shared   boolean     NOT NULL,
    name        text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
    query       text        NOT NULL CHECK (octet_length(query) BETWEEN 1 AND 8192),
    -- Among the user's own, or among the shared ones.
    position    integer     NOT NULL,
    created_at  timestamptz NOT NULL,
    -- Of each user the view that was deleted last is kept, so that it can be put back.
    deleted_at  timestamptz,
    PRIMARY KEY (merchant_id, id)
);
CREATE UNIQUE INDEX saved_views_own ON saved_views (merchant_id, list, user_id, lower(name))
    WHERE NOT is_shared AND deleted_at IS NULL;
COMMENT ON INDEX saved_views_own IS 'Tabs of a list: one user''s own; names differ.';
CREATE UNIQUE INDEX saved_views_shared ON saved_views (merchant_id, list, lower(name))
    WHERE is_shared AND deleted_at IS NULL;
COMMENT ON INDEX saved_views_shared IS 'Tabs of a list: those that everybody at the merchant has; names differ.';
CREATE INDEX saved_views_by_user ON saved_views (user_id);
COMMENT ON INDEX saved_views_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_views FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON saved_views
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (is_shared, name, position, deleted_at) ON saved_views TO app;
