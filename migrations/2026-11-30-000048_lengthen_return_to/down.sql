SET lock_timeout = '500ms';

-- Sign-ins that go on to a longer address begin anew.
DELETE FROM sign_in_transactions WHERE char_length(return_to) > 512;

ALTER TABLE sign_in_transactions
    DROP CONSTRAINT sign_in_transactions_return_to_check,
    ADD CONSTRAINT sign_in_transactions_return_to_check
        CHECK (return_to ~ '^/([^/\\]|$)' AND char_length(return_to) <= 512) NOT VALID;

ALTER TABLE sign_in_transactions VALIDATE CONSTRAINT sign_in_transactions_return_to_check;
