DROP TABLE exports;
DROP FUNCTION exports_stand();
