SET lock_timeout = '500ms';

-- When all that is compared was last compared with what this list told. Null: not yet.
ALTER TABLE transaction_imports ADD COLUMN compared_at timestamptz;
