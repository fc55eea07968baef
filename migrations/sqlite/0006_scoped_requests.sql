-- Whose a request is, and who has been given the starting grant.
--
-- A task's id is what its request is called outside, unless the task of another user, chat, bot or producer has
-- it: then with a suffix `.2`, `.3`, the first that is free. Whoever looks for a request reads those ids in order
-- up to the first that is free. No task is ever deleted, so that no gap opens.

-- The bot that was asked; of another producer's task, and of those of earlier releases, unknown.
ALTER TABLE tasks ADD COLUMN bot_id INTEGER;
-- What the request is called outside, where the id is another.
ALTER TABLE tasks ADD COLUMN request_id TEXT;

-- unmet: known by another producer's word alone, without a grant. owed: has a row in owed_grants.
ALTER TABLE users ADD COLUMN grant_state TEXT NOT NULL DEFAULT 'settled'
    CHECK (grant_state IN ('settled', 'unmet', 'owed'));

-- Starting grants are given at most so often within an hour: one row for each that may be given, with the moment
-- from which on it may be given again. No two grants of a row are closer than an hour.
CREATE TABLE grant_slots (
    slot    INTEGER PRIMARY KEY,
    free_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grant_slots_by_moment ON grant_slots (free_at, slot);

-- Grants whose hour has yet to come. Ids are never used twice: the last one is how many there were.
CREATE TABLE owed_grants (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL UNIQUE REFERENCES users (id),
    amount     INTEGER NOT NULL CHECK (amount > 0),
    due_at     INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    -- Where the user is told, if anywhere.
    chat_id    INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX owed_grants_by_moment ON owed_grants (due_at);
CREATE INDEX owed_grants_of_a_slot ON owed_grants (slot, due_at);
