DROP TABLE page_texts;
DROP TABLE page_settings;
DROP TABLE page_logos;
ALTER TABLE originators
    DROP COLUMN is_page_set_up,
    DROP COLUMN valid_days;
