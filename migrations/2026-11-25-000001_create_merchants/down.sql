DROP TABLE originators;
DROP TABLE merchants;
DROP FUNCTION current_merchants();
