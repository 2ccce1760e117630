SET lock_timeout = '500ms';

-- Rows are valid for as long as their originators say; `valid_days` then counts for the release before alone.
ALTER TABLE imports ADD COLUMN usual_validity boolean NOT NULL DEFAULT false;
