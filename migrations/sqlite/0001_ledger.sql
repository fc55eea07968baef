-- Users, prices, tasks, holds and the ledger. Times are milliseconds of UTC, amounts whole credits.

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    telegram_id     INTEGER NOT NULL UNIQUE,
    username        TEXT    NOT NULL DEFAULT '',
    role            TEXT    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'banned')),
    language        TEXT    NOT NULL CHECK (language IN ('ru', 'en')),
    voice           TEXT    NOT NULL DEFAULT '',
    speed_percent   INTEGER NOT NULL DEFAULT 100 CHECK (speed_percent BETWEEN 50 AND 200),
    reply_format    TEXT    NOT NULL DEFAULT 'message' CHECK (reply_format IN ('message', 'file')),
    spoken_language TEXT    NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE balances (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    -- What is the user's; the sum of their transactions.
    balance    INTEGER NOT NULL DEFAULT 0 CHECK (balance BETWEEN 0 AND 2147483647),
    -- What of it is promised to tasks; the sum of their open holds.
    held       INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    -- How many transactions the user has.
    sequence   INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    updated_at INTEGER NOT NULL,
    CHECK (held <= balance)
) STRICT;

CREATE TABLE prices (
    id                     INTEGER PRIMARY KEY,
    type                   TEXT    NOT NULL CHECK (type IN ('text', 'voice')),
    micro_credits_per_unit INTEGER NOT NULL CHECK (micro_credits_per_unit >= 0),
    min_credits            INTEGER NOT NULL CHECK (min_credits BETWEEN 1 AND 2147483647),
    cached_percent         INTEGER NOT NULL CHECK (cached_percent BETWEEN 0 AND 100),
    valid_from             INTEGER NOT NULL,
    valid_until            INTEGER CHECK (valid_until >= valid_from)
) STRICT;
CREATE INDEX prices_by_type ON prices (type, valid_from);
CREATE UNIQUE INDEX one_open_price_of_a_type ON prices (type) WHERE valid_until IS NULL;

INSERT INTO prices (type, micro_credits_per_unit, min_credits, cached_percent, valid_from)
VALUES ('text', 100000, 1, 50, 0), ('voice', 500000, 1, 50, 0);

CREATE TRIGGER a_price_is_only_closed BEFORE UPDATE ON prices
WHEN OLD.valid_until IS NOT NULL OR NEW.valid_until IS NULL OR NEW.id IS NOT OLD.id
  OR NEW.type IS NOT OLD.type OR NEW.micro_credits_per_unit IS NOT OLD.micro_credits_per_unit
  OR NEW.min_credits IS NOT OLD.min_credits OR NEW.cached_percent IS NOT OLD.cached_percent
  OR NEW.valid_from IS NOT OLD.valid_from
BEGIN
    SELECT RAISE(ABORT, 'a price is never changed, only closed');
END;
CREATE TRIGGER a_price_is_never_deleted BEFORE DELETE ON prices
BEGIN
    SELECT RAISE(ABORT, 'a price is never deleted');
END;

CREATE TABLE tasks (
    -- Order of acceptance.
    number            INTEGER PRIMARY KEY,
    id                TEXT    NOT NULL UNIQUE,
    user_id           INTEGER NOT NULL REFERENCES users (id),
    type              TEXT    NOT NULL CHECK (type IN ('text', 'voice')),
    status            TEXT    NOT NULL CHECK (status IN ('created', 'processing', 'completed',
                                                         'error', 'cancelled', 'expired')),
    failure           TEXT    NOT NULL DEFAULT 'none',
    cost              INTEGER CHECK (cost >= 0),
    created_at        INTEGER NOT NULL,
    finished_at       INTEGER,
    price_id          INTEGER NOT NULL REFERENCES prices (id),
    units_claimed     INTEGER NOT NULL CHECK (units_claimed >= 0),
    units_measured    INTEGER CHECK (units_measured >= 0),
    cached            INTEGER NOT NULL DEFAULT 0 CHECK (cached IN (0, 1)),
    provider          TEXT    NOT NULL DEFAULT '',
    attempt           INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    -- Fencing token: how many leases there were.
    epoch             INTEGER NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    worker            TEXT    NOT NULL DEFAULT '',
    leased_until      INTEGER,
    -- Unfinished operation of an asynchronous provider.
    operation         TEXT    NOT NULL DEFAULT '',
    next_attempt_at   INTEGER,
    deadline_at       INTEGER NOT NULL,
    reply_to          TEXT    NOT NULL DEFAULT '',
    chat_id           INTEGER,
    message_id        INTEGER,
    status_message_id INTEGER,
    payload           TEXT    NOT NULL CHECK (json_valid(payload)),
    result            TEXT    CHECK (result IS NULL OR json_valid(result)),
    CHECK ((status IN ('completed', 'error', 'cancelled', 'expired')) = (finished_at IS NOT NULL)),
    CHECK ((finished_at IS NOT NULL) = (cost IS NOT NULL)),
    CHECK (status = 'completed' OR coalesce(cost, 0) = 0),
    CHECK ((status = 'completed') = (result IS NOT NULL)),
    CHECK ((status = 'processing') = (leased_until IS NOT NULL)),
    CHECK (status = 'created' OR next_attempt_at IS NULL),
    CHECK ((status IN ('error', 'cancelled', 'expired')) = (failure <> 'none'))
) STRICT;
CREATE INDEX tasks_by_user ON tasks (user_id, number);
CREATE INDEX tasks_by_lease ON tasks (leased_until) WHERE status = 'processing';
CREATE INDEX tasks_by_deadline ON tasks (deadline_at) WHERE status = 'created';
CREATE INDEX tasks_not_started ON tasks (user_id, number) WHERE status = 'created';

CREATE TRIGGER an_ended_task_stays_ended BEFORE UPDATE OF status, cost, result ON tasks
WHEN OLD.finished_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a task that has ended never changes its end');
END;

CREATE TABLE holds (
    task_id     TEXT    NOT NULL PRIMARY KEY REFERENCES tasks (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    amount      INTEGER NOT NULL CHECK (amount >= 0),
    charged     INTEGER NOT NULL DEFAULT 0,
    state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'charged', 'released')),
    created_at  INTEGER NOT NULL,
    resolved_at INTEGER,
    CHECK (charged BETWEEN 0 AND amount),
    CHECK ((state = 'open') = (resolved_at IS NULL)),
    CHECK (state = 'charged' OR charged = 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER a_hold_is_resolved_once BEFORE UPDATE ON holds
WHEN OLD.state <> 'open'
BEGIN
    SELECT RAISE(ABORT, 'a hold is resolved once');
END;

CREATE TABLE transactions (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    amount          INTEGER NOT NULL CHECK (amount <> 0),
    type            TEXT    NOT NULL CHECK (type IN ('grant', 'purchase', 'charge', 'refund',
                                                     'adjustment')),
    task_id         TEXT    REFERENCES tasks (id),
    created_at      INTEGER NOT NULL,
    sequence        INTEGER NOT NULL CHECK (sequence >= 1),
    balance_after   INTEGER NOT NULL CHECK (balance_after BETWEEN 0 AND 2147483647),
    idempotency_key TEXT    NOT NULL UNIQUE,
    actor           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    UNIQUE (user_id, sequence),
    CHECK (type = 'adjustment' OR (type = 'charge') = (amount < 0)),
    CHECK (type NOT IN ('charge', 'refund') OR task_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX one_charge_of_a_task ON transactions (task_id) WHERE type = 'charge';
CREATE INDEX refunds_of_a_task ON transactions (task_id) WHERE type = 'refund';

CREATE TRIGGER a_transaction_is_never_changed BEFORE UPDATE ON transactions
BEGIN
    SELECT RAISE(ABORT, 'transactions are append-only');
END;
CREATE TRIGGER a_transaction_is_never_deleted BEFORE DELETE ON transactions
BEGIN
    SELECT RAISE(ABORT, 'transactions are append-only');
END;

-- What operators did.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    actor  TEXT    NOT NULL,
    action TEXT    NOT NULL,
    target TEXT    NOT NULL,
    detail TEXT    NOT NULL DEFAULT '',
    at     INTEGER NOT NULL
) STRICT;
