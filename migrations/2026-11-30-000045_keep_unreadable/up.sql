SET lock_timeout = '500ms';

-- What the gateway told and nobody can read, each once: rounds overlap, and only what is new among it is news.
CREATE TABLE unreadable_transactions (
    merchant_id   uuid        NOT NULL,
    originator_id uuid        NOT NULL,
    -- Its number; where it has none, what else was told of it.
    told          text        NOT NULL CHECK (char_length(told) BETWEEN 1 AND 200),
    told_at       timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, originator_id, told),
    FOREIGN KEY (merchant_id, originator_id) REFERENCES originators (merchant_id, id) ON DELETE RESTRICT
);
ALTER TABLE unreadable_transactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE unreadable_transactions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON unreadable_transactions
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT ON unreadable_transactions TO app;
GRANT SELECT, INSERT ON unreadable_transactions TO app_jobs;
