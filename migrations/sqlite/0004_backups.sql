-- Backups that are whole and on the disk; the newest tells how much could be lost.
CREATE TABLE backups (
    id      INTEGER PRIMARY KEY,
    file    TEXT    NOT NULL,
    bytes   INTEGER NOT NULL CHECK (bytes > 0),
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX backups_by_age ON backups (made_at);
