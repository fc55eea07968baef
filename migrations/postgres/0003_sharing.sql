-- What the processes of one installation share: who asks Telegram for updates, and what the providers allow.

CREATE TABLE poll_leases (
    bot_id       bigint      NOT NULL PRIMARY KEY,
    holder       text        NOT NULL,
    leased_until timestamptz NOT NULL
);

CREATE TABLE quotas (
    name    text        NOT NULL PRIMARY KEY,
    -- When the next slot is free.
    next_at timestamptz NOT NULL
) WITH (fillfactor = 50);
