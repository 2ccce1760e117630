SET lock_timeout = '500ms';

REVOKE SELECT (merchant_id, id, user_id, list, rows) ON exports FROM app_jobs;
