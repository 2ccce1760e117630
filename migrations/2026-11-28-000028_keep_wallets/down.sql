DROP TABLE wallet_catalogues;
