-- The database and who may use it. Run once by a superuser, through psql; the passwords come from
-- the environment, so that they are in no file and on no command line.
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
\getenv monitor_password MONITOR_PASSWORD

-- Owns the database: migrates it and backs it up.
CREATE ROLE mlbilling_owner LOGIN PASSWORD :'owner_password';
CREATE DATABASE mlbilling OWNER mlbilling_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE mlbilling FROM PUBLIC;

-- What the migrations grant the running service and its reports.
CREATE ROLE mlbilling_service NOLOGIN;
CREATE ROLE mlbilling_reports NOLOGIN;

-- Bots and workers: they may append to the ledger, and never change it.
CREATE ROLE mlbilling LOGIN PASSWORD :'service_password' IN ROLE mlbilling_service;
GRANT CONNECT ON DATABASE mlbilling TO mlbilling;

-- Sees the statistics of the server, and no row of the service.
CREATE ROLE mlbilling_monitor LOGIN PASSWORD :'monitor_password';
GRANT CONNECT ON DATABASE mlbilling TO mlbilling_monitor;
GRANT pg_monitor TO mlbilling_monitor;
