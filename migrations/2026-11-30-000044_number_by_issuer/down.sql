SET lock_timeout = '500ms';
LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE;

CREATE INDEX statements_by_provider ON statements (provider);
COMMENT ON INDEX statements_by_provider IS 'Foreign key: taking a provider out.';
ALTER TABLE statements
    DROP CONSTRAINT statements_number_of_issuer,
    ADD CONSTRAINT statements_number UNIQUE (number);
-- The one series goes on after the last number of all.
INSERT INTO statement_numbers AS n (year, last) SELECT year, max(last) FROM invoice_numbers GROUP BY year
ON CONFLICT (year) DO UPDATE SET last = greatest(n.last, EXCLUDED.last);
DROP TABLE invoice_numbers;
