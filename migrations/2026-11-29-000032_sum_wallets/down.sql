SET lock_timeout = '500ms';
DROP INDEX transactions_of_wallets;
