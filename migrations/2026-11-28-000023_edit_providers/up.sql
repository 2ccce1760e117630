SET lock_timeout = '500ms';

-- The platform's accounting keeps the providers' details in a page; a name is never changed, as conditions,
-- transactions and originators point to it.
GRANT INSERT ON providers TO app;
GRANT UPDATE (legal_name, address, tax_number) ON providers TO app;
