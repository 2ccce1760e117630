SET lock_timeout = '500ms';

-- A confirmation of a hundred picked rows comes back after a sign-in with all of them.
ALTER TABLE sign_in_transactions
    DROP CONSTRAINT sign_in_transactions_return_to_check,
    ADD CONSTRAINT sign_in_transactions_return_to_check
        CHECK (return_to ~ '^/([^/\\]|$)' AND char_length(return_to) <= 6144) NOT VALID;

ALTER TABLE sign_in_transactions VALIDATE CONSTRAINT sign_in_transactions_return_to_check;
