-- Uses of quotas of which little is allowed in a long time, and places in the lines for them.
CREATE TABLE quota_turns (
    name   TEXT    NOT NULL,
    -- Who stands in line or went last; absent: a use that is counted only.
    holder TEXT,
    -- When it was used, or when it is the holder's turn.
    at     INTEGER NOT NULL,
    used   INTEGER NOT NULL CHECK (used IN (0, 1)),
    CHECK (used OR holder IS NOT NULL)
) STRICT;
CREATE INDEX quota_turns_by_time ON quota_turns (name, at);
CREATE UNIQUE INDEX quota_turns_by_holder ON quota_turns (name, holder) WHERE holder IS NOT NULL;
