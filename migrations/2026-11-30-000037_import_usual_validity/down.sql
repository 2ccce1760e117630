SET lock_timeout = '500ms';

ALTER TABLE imports DROP COLUMN usual_validity;
