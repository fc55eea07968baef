-- What comes in from Telegram, and what is owed to the broker and to the users.

-- Updates that took effect; a repeated one changes nothing.
CREATE TABLE inbox (
    bot_id      INTEGER NOT NULL,
    update_id   INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (bot_id, update_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (received_at);

-- Messages that must reach the broker. A task's row stays, as published, until the task is leased or
-- ends, so that a lost message is noticed. Ids are never used twice: a late mark of an old row must
-- not hit a new one.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('task', 'reply')),
    task_id    TEXT    NOT NULL REFERENCES tasks (id),
    user_id    INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('ready', 'claimed', 'later', 'published')),
    -- claimed: when the claim runs out. later: when it is due. published: when that was.
    due_at     INTEGER NOT NULL,
    -- Start-time fair queueing: rows go out by turn; a user's rows have one turn after the other.
    turn       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (task_id, kind)
) STRICT;
CREATE INDEX outbox_by_due ON outbox (state, due_at);
CREATE INDEX outbox_ready ON outbox (turn, id) WHERE state = 'ready';
CREATE INDEX outbox_of_a_user ON outbox (user_id, turn) WHERE state <> 'published';

-- What the bot owes its users.
CREATE TABLE deliveries (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    chat_id    INTEGER NOT NULL,
    reply_to   INTEGER,
    edit       INTEGER,
    kind       TEXT    NOT NULL,
    facts      TEXT    NOT NULL CHECK (json_valid(facts)),
    -- The task whose end this tells.
    task_id    TEXT    REFERENCES tasks (id),
    state      TEXT    NOT NULL DEFAULT 'pending'
                       CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead')),
    -- Sends of the current part that may have arrived.
    attempt    INTEGER NOT NULL DEFAULT 0 CHECK (attempt BETWEEN 0 AND 2),
    -- Fencing token: how many claims there were.
    claim      INTEGER NOT NULL DEFAULT 0,
    -- pending: not before. sending: when the claim runs out.
    due_at     INTEGER NOT NULL,
    parts_sent INTEGER NOT NULL DEFAULT 0 CHECK (parts_sent >= 0),
    -- Of every part: the message and its file_id.
    messages   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(messages)),
    detail     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    sent_at    INTEGER,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (kind <> 'task_result' OR task_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX one_delivery_of_a_task ON deliveries (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_given_up ON deliveries (id) WHERE state IN ('unknown', 'dead');
CREATE INDEX deliveries_being_sent ON deliveries (chat_id, id) WHERE state = 'sending';

-- Tasks whose price the user has yet to agree to. Ids are in buttons, so never used twice.
CREATE TABLE proposals (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    type       TEXT    NOT NULL CHECK (type IN ('text', 'voice')),
    payload    TEXT    NOT NULL CHECK (json_valid(payload)),
    units      INTEGER NOT NULL CHECK (units >= 0),
    price_id   INTEGER NOT NULL REFERENCES prices (id),
    chat_id    INTEGER NOT NULL,
    message_id INTEGER,
    -- The task that it became.
    task_id    TEXT    REFERENCES tasks (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX proposals_by_age ON proposals (created_at);
CREATE INDEX proposals_of_a_chat ON proposals (chat_id);

-- Results that answer the same request again.
CREATE TABLE cached_results (
    key        TEXT    NOT NULL PRIMARY KEY,
    result     TEXT    NOT NULL CHECK (json_valid(result)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX cached_results_by_age ON cached_results (created_at);
