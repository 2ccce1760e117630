SET lock_timeout = '500ms';
LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE;

-- Each issuer's invoices are numbered without gaps, by year: one row, taken last in the transaction that
-- numbers. `statement_numbers` counts for the release before alone.
CREATE TABLE invoice_numbers (
    provider text    NOT NULL REFERENCES providers (name) ON DELETE RESTRICT,
    year     integer NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    last     bigint  NOT NULL CHECK (last > 0),
    PRIMARY KEY (provider, year)
);
GRANT SELECT, INSERT, UPDATE ON invoice_numbers TO app_jobs;

-- Each goes on after its last one.
ALTER TABLE statements NO FORCE ROW LEVEL SECURITY;
INSERT INTO invoice_numbers (provider, year, last)
SELECT provider, split_part(number, '-', 1)::integer, max(split_part(number, '-', 2)::bigint) FROM statements GROUP BY 1, 2;
ALTER TABLE statements FORCE ROW LEVEL SECURITY;

-- Made in this transaction, not CONCURRENTLY: the table is small wherever it exists so far.
ALTER TABLE statements
    DROP CONSTRAINT statements_number,
    ADD CONSTRAINT statements_number_of_issuer UNIQUE (provider, number);
DROP INDEX statements_by_provider;
