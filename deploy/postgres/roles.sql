-- The database and who may use it. Run once by a superuser, through psql; the passwords come from
-- the environment, so that they are in no file and on no command line.
\getenv mlbilling_password MLBILLING_PASSWORD
\getenv monitor_password MONITOR_PASSWORD

-- Owns the database: migrates it, works in it, backs it up.
CREATE ROLE mlbilling LOGIN PASSWORD :'mlbilling_password';
CREATE DATABASE mlbilling OWNER mlbilling;
REVOKE CONNECT, TEMPORARY ON DATABASE mlbilling FROM PUBLIC;

-- Sees the statistics of the server, and no row of the service.
CREATE ROLE mlbilling_monitor LOGIN PASSWORD :'monitor_password';
GRANT CONNECT ON DATABASE mlbilling TO mlbilling_monitor;
GRANT pg_monitor TO mlbilling_monitor;
