SET ROLE app_lookup;
DROP FUNCTION api_user_open(text, text);
DROP FUNCTION access_token_open(bytea, timestamptz);
SET ROLE app_owner;
DROP TABLE api_answers;
DROP TABLE access_tokens;
