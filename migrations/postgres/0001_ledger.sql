-- Users, prices, tasks, holds and the ledger. Amounts are whole credits.
--
-- Made for updates in place (HOT): no index, not even the predicate of a partial one, names a column of
-- balances, holds or tasks that ever changes, and their pages keep room for the next version of a row.
-- What is looked for by such a column stands in a small table of its own: a task that waits has its row in
-- outbox, one that runs has its row in leases.
--
-- Foreign keys stand where rows are rare. On the hot tables each would cost a look-up and a share lock of
-- the parent's row for every task, which for one busy user queues up behind a single row; the service writes
-- both rows in one statement there, and verify() finds any that has no parent.

-- The moment that a transaction takes place at: the database's clock, which alone decides leases.
CREATE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc('milliseconds', now())
$$;

-- Raises its argument. The reason why it fires stands in the trigger.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TABLE users (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    telegram_id     bigint      NOT NULL UNIQUE,
    username        text        NOT NULL DEFAULT '',
    role            text        NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'banned')),
    language        text        NOT NULL CHECK (language IN ('ru', 'en')),
    voice           text        NOT NULL DEFAULT '',
    speed_percent   integer     NOT NULL DEFAULT 100 CHECK (speed_percent BETWEEN 50 AND 200),
    reply_format    text        NOT NULL DEFAULT 'message' CHECK (reply_format IN ('message', 'file')),
    spoken_language text        NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL
);

CREATE TABLE balances (
    user_id    bigint      PRIMARY KEY REFERENCES users (id),
    -- What is the user's; the sum of their transactions.
    balance    integer     NOT NULL DEFAULT 0 CHECK (balance >= 0),
    -- What of it is promised to tasks; the sum of their open holds.
    held       integer     NOT NULL DEFAULT 0 CHECK (held >= 0),
    -- How many transactions the user has.
    sequence   bigint      NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    updated_at timestamptz NOT NULL,
    CHECK (held <= balance)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE TABLE prices (
    id                     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type                   text        NOT NULL CHECK (type IN ('text', 'voice')),
    micro_credits_per_unit bigint      NOT NULL CHECK (micro_credits_per_unit >= 0),
    min_credits            integer     NOT NULL CHECK (min_credits >= 1),
    cached_percent         integer     NOT NULL CHECK (cached_percent BETWEEN 0 AND 100),
    valid_from             timestamptz NOT NULL,
    valid_until            timestamptz CHECK (valid_until >= valid_from)
);
CREATE INDEX prices_by_type ON prices (type, valid_from);
CREATE UNIQUE INDEX one_open_price_of_a_type ON prices (type) WHERE valid_until IS NULL;

INSERT INTO prices (type, micro_credits_per_unit, min_credits, cached_percent, valid_from)
VALUES ('text', 100000, 1, 50, 'epoch'), ('voice', 500000, 1, 50, 'epoch');

CREATE TRIGGER a_price_is_only_closed BEFORE UPDATE ON prices FOR EACH ROW
WHEN (OLD.valid_until IS NOT NULL OR NEW.valid_until IS NULL
   OR (NEW.id, NEW.type, NEW.micro_credits_per_unit, NEW.min_credits, NEW.cached_percent, NEW.valid_from)
      IS DISTINCT FROM
      (OLD.id, OLD.type, OLD.micro_credits_per_unit, OLD.min_credits, OLD.cached_percent, OLD.valid_from))
EXECUTE FUNCTION refuse_change('a price is never changed, only closed');
CREATE TRIGGER a_price_is_never_deleted BEFORE DELETE OR TRUNCATE ON prices
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a price is never deleted');

CREATE TABLE tasks (
    -- Keys that are texts are compared byte by byte: faster, and in the order that the service sorts by.
    id                text        COLLATE "C" NOT NULL PRIMARY KEY,
    -- Order of acceptance.
    number            bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    user_id           bigint      NOT NULL,
    type              text        NOT NULL CHECK (type IN ('text', 'voice')),
    status            text        NOT NULL CHECK (status IN ('created', 'processing', 'completed',
                                                             'error', 'cancelled', 'expired')),
    failure           text        NOT NULL DEFAULT 'none',
    cost              integer     CHECK (cost >= 0),
    created_at        timestamptz NOT NULL,
    finished_at       timestamptz,
    price_id          bigint      NOT NULL,
    units_claimed     bigint      NOT NULL CHECK (units_claimed >= 0),
    units_measured    bigint      CHECK (units_measured >= 0),
    cached            boolean     NOT NULL DEFAULT false,
    provider          text        NOT NULL DEFAULT '',
    -- What all attempts cost us at the providers, in millionths of a rouble.
    provider_cost     bigint      NOT NULL DEFAULT 0 CHECK (provider_cost >= 0),
    attempt           integer     NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    -- Fencing token: how many leases there were.
    epoch             bigint      NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    worker            text        NOT NULL DEFAULT '',
    leased_until      timestamptz,
    -- Unfinished operation of an asynchronous provider.
    operation         text        NOT NULL DEFAULT '',
    next_attempt_at   timestamptz,
    deadline_at       timestamptz NOT NULL,
    reply_to          text        NOT NULL DEFAULT '',
    chat_id           bigint,
    message_id        bigint,
    status_message_id bigint,
    -- json, not jsonb: what a user wrote is given back as it was, U+0000 too.
    payload           json        NOT NULL,
    result            json,
    CHECK ((status IN ('completed', 'error', 'cancelled', 'expired')) = (finished_at IS NOT NULL)),
    CHECK ((finished_at IS NOT NULL) = (cost IS NOT NULL)),
    CHECK (status = 'completed' OR coalesce(cost, 0) = 0),
    CHECK ((status = 'completed') = (result IS NOT NULL)),
    CHECK ((status = 'processing') = (leased_until IS NOT NULL)),
    CHECK (status = 'created' OR next_attempt_at IS NULL),
    CHECK ((status IN ('error', 'cancelled', 'expired')) = (failure <> 'none'))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX tasks_by_user ON tasks (user_id, number);

CREATE TRIGGER an_ended_task_stays_ended BEFORE UPDATE OF status, cost, result, finished_at ON tasks
FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL)
EXECUTE FUNCTION refuse_change('a task that has ended never changes its end');

-- The tasks that run: one row from the lease to the end or the next wait. When the lease runs out is said by
-- tasks.leased_until. So few that the sweeper reads them all.
CREATE TABLE leases (
    task_id text COLLATE "C" NOT NULL PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE holds (
    task_id     text        COLLATE "C" NOT NULL PRIMARY KEY,
    user_id     bigint      NOT NULL,
    amount      integer     NOT NULL CHECK (amount >= 0),
    charged     integer     NOT NULL DEFAULT 0,
    state       text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'charged', 'released')),
    created_at  timestamptz NOT NULL,
    resolved_at timestamptz,
    CHECK (charged BETWEEN 0 AND amount),
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    CHECK (state = 'charged' OR charged = 0)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

CREATE TRIGGER a_hold_is_resolved_once BEFORE UPDATE ON holds FOR EACH ROW WHEN (OLD.state <> 'open')
EXECUTE FUNCTION refuse_change('a hold is resolved once');

-- The ledger. One plain table for 100 million rows and more, not monthly partitions: a unique key of a
-- partitioned table must contain the month, so that neither "this key was never booked" nor "one charge of a
-- task" would hold across months, and the one thing that partitions make cheap, dropping a month, is
-- forbidden here. What grows is looked after otherwise: rows are only appended, so each vacuum reads the new
-- pages alone and freezes them at once; reports by time use a BRIN index of a few kilobytes; the two large
-- indexes are written near their user's or chat's last entry, so that the part in use stays in memory
-- (docs/postgresql.md, Size).
CREATE TABLE transactions (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id         bigint      NOT NULL,
    amount          integer     NOT NULL CHECK (amount <> 0),
    type            text        NOT NULL CHECK (type IN ('grant', 'purchase', 'charge', 'refund', 'adjustment')),
    task_id         text COLLATE "C",
    created_at      timestamptz NOT NULL,
    sequence        bigint      NOT NULL CHECK (sequence >= 1),
    balance_after   integer     NOT NULL CHECK (balance_after >= 0),
    idempotency_key text        COLLATE "C" NOT NULL UNIQUE,
    actor           text        NOT NULL,
    reason          text        NOT NULL,
    UNIQUE (user_id, sequence),
    CHECK (type = 'adjustment' OR (type = 'charge') = (amount < 0)),
    CHECK (type NOT IN ('charge', 'refund') OR task_id IS NOT NULL),
    -- With the unique key this is: one charge of a task, without a third large index.
    CONSTRAINT one_charge_of_a_task CHECK (type <> 'charge' OR idempotency_key = 'charge:' || task_id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 500000,
        autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX refunds_of_a_task ON transactions (task_id) WHERE type = 'refund';
CREATE INDEX transactions_by_time ON transactions USING brin (created_at) WITH (autosummarize = on);

CREATE TRIGGER transactions_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transactions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transactions are append-only');
-- Also for a session that applies another server's changes.
ALTER TABLE transactions ENABLE ALWAYS TRIGGER transactions_are_append_only;

-- What operators did.
CREATE TABLE audit (
    id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor  text        NOT NULL,
    action text        NOT NULL,
    target text        NOT NULL,
    detail text        NOT NULL DEFAULT '',
    at     timestamptz NOT NULL
);

-- A task with all that the service knows of it, in the order in which rows.cpp reads it. New columns go to
-- the end.
CREATE VIEW task_records AS
SELECT t.id, t.user_id, u.telegram_id, t.type, t.status, t.failure, t.payload, t.result,
       t.cost, h.amount AS held, t.units_claimed, t.units_measured, t.cached, t.provider, t.provider_cost,
       t.attempt, t.epoch, t.reply_to, t.chat_id, t.message_id, t.status_message_id,
       t.created_at, t.leased_until, t.next_attempt_at, t.deadline_at, t.finished_at,
       t.price_id, p.type AS price_type, p.micro_credits_per_unit, p.min_credits, p.cached_percent,
       p.valid_from, p.valid_until
  FROM tasks t
  JOIN users u ON u.id = t.user_id
  JOIN holds h ON h.task_id = t.id
  JOIN prices p ON p.id = t.price_id;

-- A user with their account, as rows.cpp reads it.
CREATE VIEW user_profiles AS
SELECT u.id, u.telegram_id, u.username, u.role, u.language, u.voice, u.speed_percent, u.reply_format,
       u.spoken_language, b.balance, b.held, u.created_at
  FROM users u JOIN balances b ON b.user_id = u.id;
