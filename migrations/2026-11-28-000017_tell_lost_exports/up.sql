-- Who closes the record of a file whose process has gone tells the audit whose it was and how far it came.
SET lock_timeout = '500ms';

GRANT SELECT (merchant_id, id, user_id, list, rows) ON exports TO app_jobs;
