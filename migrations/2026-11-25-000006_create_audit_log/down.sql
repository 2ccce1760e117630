DROP FUNCTION audit_make_partitions();
DROP FUNCTION audit_broken_seals();
DROP FUNCTION audit_seal();
DROP FUNCTION audit_hash(bytea, timestamptz, timestamptz);
DROP TABLE audit_seals;
DROP TABLE audit_log;
