-- What comes in from Telegram, and what is owed to the broker and to the users.

-- Updates that took effect; a repeated one changes nothing.
CREATE TABLE inbox (
    bot_id      bigint      NOT NULL,
    update_id   bigint      NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, update_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX inbox_by_age ON inbox (received_at);

-- Messages that must reach the broker. A task's row stays, as published, until the task is leased or ends, so
-- that a lost message is noticed; every task that is `created` has one. A row that is written anew gets a new
-- id: a late mark of the old one must not hit it.
CREATE TABLE outbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text        NOT NULL CHECK (kind IN ('task', 'reply')),
    task_id     text        COLLATE "C" NOT NULL,
    user_id     bigint      NOT NULL,
    state       text        NOT NULL CHECK (state IN ('ready', 'claimed', 'later', 'published')),
    -- claimed: when the claim runs out. later: when it is due. published: when that was.
    due_at      timestamptz NOT NULL,
    -- Start-time fair queueing: rows go out by turn; a user's rows have one turn after the other.
    turn        bigint      NOT NULL,
    -- tasks.deadline_at, so that the sweeper finds what has waited too long without reading tasks.
    deadline_at timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    UNIQUE (task_id, kind)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
CREATE INDEX outbox_by_due ON outbox (state, due_at);
CREATE INDEX outbox_ready ON outbox (turn, id) WHERE state = 'ready';
CREATE INDEX outbox_of_a_user ON outbox (user_id, turn);

-- What the bot owes its users.
CREATE TABLE deliveries (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint      NOT NULL,
    chat_id    bigint      NOT NULL,
    reply_to   bigint,
    edit       bigint,
    kind       text        NOT NULL,
    facts      json        NOT NULL,
    -- The task whose end this tells.
    task_id    text COLLATE "C",
    state      text        NOT NULL DEFAULT 'pending'
                           CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead')),
    -- Sends of the current part that may have arrived.
    attempt    integer     NOT NULL DEFAULT 0 CHECK (attempt BETWEEN 0 AND 2),
    -- Fencing token: how many claims there were.
    claim      bigint      NOT NULL DEFAULT 0,
    -- pending: not before. sending: when the claim runs out.
    due_at     timestamptz NOT NULL,
    parts_sent integer     NOT NULL DEFAULT 0 CHECK (parts_sent >= 0),
    -- Of every part: the message and its file_id.
    messages   jsonb       NOT NULL DEFAULT '[]',
    detail     text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (kind <> 'task_result' OR task_id IS NOT NULL)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE UNIQUE INDEX one_delivery_of_a_task ON deliveries (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_given_up ON deliveries (id) WHERE state IN ('unknown', 'dead');
CREATE INDEX deliveries_of_a_chat ON deliveries (chat_id, id) WHERE state IN ('pending', 'sending');

-- Tasks whose price the user has yet to agree to. Their ids are in buttons.
CREATE TABLE proposals (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint      NOT NULL REFERENCES users (id),
    type       text        NOT NULL CHECK (type IN ('text', 'voice')),
    payload    json        NOT NULL,
    units      bigint      NOT NULL CHECK (units >= 0),
    price_id   bigint      NOT NULL REFERENCES prices (id),
    chat_id    bigint      NOT NULL,
    message_id bigint,
    -- The task that it became.
    task_id    text COLLATE "C",
    created_at timestamptz NOT NULL
);
CREATE INDEX proposals_by_age ON proposals (created_at);
CREATE INDEX proposals_of_a_chat ON proposals (chat_id);

-- Results that answer the same request again.
CREATE TABLE cached_results (
    key        text        COLLATE "C" NOT NULL PRIMARY KEY,
    result     json        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX cached_results_by_age ON cached_results (created_at);
