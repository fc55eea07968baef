-- Backups that are whole and on the disk; the newest tells how much could be lost.
CREATE TABLE backups (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file    text        NOT NULL,
    bytes   bigint      NOT NULL CHECK (bytes > 0),
    made_at timestamptz NOT NULL
);
CREATE INDEX backups_by_age ON backups (made_at);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT ON backups TO mlbilling_service;
    END IF;
END
$$;
