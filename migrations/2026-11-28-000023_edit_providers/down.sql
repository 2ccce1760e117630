REVOKE INSERT, UPDATE (legal_name, address, tax_number) ON providers FROM app;
