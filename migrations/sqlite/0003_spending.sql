-- What the providers cost us, who asks Telegram for updates, and what the providers allow.

-- In millionths of a rouble, over all attempts.
ALTER TABLE tasks ADD COLUMN provider_cost INTEGER NOT NULL DEFAULT 0 CHECK (provider_cost >= 0);

CREATE TABLE poll_leases (
    bot_id       INTEGER NOT NULL PRIMARY KEY,
    holder       TEXT    NOT NULL,
    leased_until INTEGER NOT NULL
) STRICT;

CREATE TABLE quotas (
    name    TEXT    NOT NULL PRIMARY KEY,
    -- When the next slot is free, in microseconds of UTC.
    next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
