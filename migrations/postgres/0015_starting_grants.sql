-- Who has been given the starting grant.

-- unmet: known by another producer's word alone, without a grant. owed: has a row in owed_grants.
ALTER TABLE users ADD COLUMN grant_state text NOT NULL DEFAULT 'settled'
    CHECK (grant_state IN ('settled', 'unmet', 'owed'));

-- Starting grants are given at most so often within an hour: one row for each that may be given, with the moment from
-- which on it may be given again. A newcomer takes the row that is free first, of those that nobody is taking just now:
-- no two grants of a row are closer than an hour, and no newcomer waits for another.
CREATE TABLE grant_slots (
    slot    integer     NOT NULL PRIMARY KEY,
    free_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX grant_slots_by_moment ON grant_slots (free_at, slot);
INSERT INTO grant_slots (slot, free_at) SELECT slot, 'epoch' FROM generate_series(1, 500) AS slot;

-- Grants whose hour has yet to come.
CREATE TABLE owed_grants (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint      NOT NULL UNIQUE REFERENCES users (id),
    amount     integer     NOT NULL CHECK (amount > 0),
    due_at     timestamptz NOT NULL,
    slot       integer     NOT NULL,
    -- Where the user is told, if anywhere.
    chat_id    bigint,
    created_at timestamptz NOT NULL
);
CREATE INDEX owed_grants_by_moment ON owed_grants (due_at);
CREATE INDEX owed_grants_of_a_slot ON owed_grants (slot, due_at);

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT, UPDATE ON grant_slots TO mlbilling_service;
        GRANT SELECT, INSERT, UPDATE, DELETE ON owed_grants TO mlbilling_service;
        GRANT SELECT ON SEQUENCE owed_grants_id_seq TO mlbilling_service;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_reports') THEN
        GRANT SELECT ON owed_grants TO mlbilling_reports;
    END IF;
END
$$;

-- The moments of so many grants: now, or when a slot is free again; and their slots.
CREATE FUNCTION reserve_grants(at timestamptz, wanted integer, per_hour integer,
                               OUT due timestamptz[], OUT taken integer[])
LANGUAGE plpgsql AS $$
DECLARE
    slots   integer[];
    moments timestamptz[];
BEGIN
    IF per_hour = 0 THEN
        due := array_fill(at, ARRAY[wanted]);
        taken := array_fill(0, ARRAY[wanted]);
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM grant_slots g WHERE g.slot = per_hour) THEN
        INSERT INTO grant_slots (slot, free_at) SELECT s.slot, 'epoch' FROM generate_series(1, per_hour) AS s(slot)
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT array_agg(s.slot), array_agg(greatest(s.free_at, at)) INTO slots, moments
      FROM (SELECT g.slot, g.free_at FROM grant_slots g WHERE g.slot <= per_hour
             ORDER BY g.free_at, g.slot LIMIT wanted FOR UPDATE SKIP LOCKED) s;
    IF slots IS NULL THEN
        -- All are being taken. Whoever waits holds no other, so that nobody waits for them in turn.
        SELECT ARRAY[s.slot], ARRAY[greatest(s.free_at, at)] INTO slots, moments
          FROM (SELECT g.slot, g.free_at FROM grant_slots g WHERE g.slot <= per_hour
                 ORDER BY g.free_at, g.slot LIMIT 1 FOR UPDATE) s;
    END IF;
    -- More grants than slots: each slot again and again, an hour apart.
    SELECT array_agg(moments[1 + n % cardinality(slots)] + n / cardinality(slots) * interval '1 hour' ORDER BY n),
           array_agg(slots[1 + n % cardinality(slots)] ORDER BY n)
      INTO due, taken FROM generate_series(0, wanted - 1) AS n;
    UPDATE grant_slots g SET free_at = t.last + interval '1 hour'
      FROM (SELECT i.slot, max(i.moment) AS last FROM unnest(taken, due) AS i(slot, moment) GROUP BY i.slot) t
     WHERE g.slot = t.slot;
END
$$;

-- Books starting grants, each once in a user's life.
CREATE FUNCTION book_grants(at timestamptz, p_user bigint[], p_amount integer[])
RETURNS void LANGUAGE sql AS $$
    WITH account AS (
        UPDATE balances b SET balance = b.balance + g.amount, sequence = b.sequence + 1, updated_at = at
          FROM (SELECT i.user_id, i.amount FROM unnest(p_user, p_amount) AS i(user_id, amount) ORDER BY i.user_id) g
         WHERE b.user_id = g.user_id AND g.amount > 0 AND b.balance <= 2147483647 - g.amount
           AND NOT EXISTS (SELECT FROM transactions x WHERE x.idempotency_key = 'registration:' || g.user_id)
        RETURNING b.user_id, g.amount, b.sequence, b.balance)
    INSERT INTO transactions (user_id, amount, type, created_at, sequence, balance_after, idempotency_key, actor,
                              reason)
    SELECT a.user_id, a.amount, 'grant', at, a.sequence, a.balance, 'registration:' || a.user_id, 'bot', 'registration'
      FROM account a ORDER BY a.user_id;
$$;

-- Registers the senders that are not known yet, with the starting grant, and notes new names. Who was known by another
-- producer's word alone is granted when the bot meets them. Beyond so many an hour the grant is owed, which is said
-- where there is a place. The users that were granted now.
DROP FUNCTION register_senders;
CREATE FUNCTION register_senders(
    at timestamptz, p_telegram bigint[], p_username text[], p_language text[], p_start_balance integer[],
    p_by_bot boolean[], p_chat bigint[], p_message bigint[], per_hour integer)
RETURNS bigint[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    v_new     bigint[];
    v_user    bigint[];
    v_amount  integer[];
    v_chat    bigint[];
    v_message bigint[];
    v_due     timestamptz[];
    v_slot    integer[];
    v_granted bigint[];
BEGIN
    WITH sender AS (
        -- What the bot says of a sender goes before what a producer says.
        SELECT DISTINCT ON (s.telegram) s.*, s.by_bot OR s.start > 0 AS met
          FROM unnest(p_telegram, p_username, p_language, p_start_balance, p_by_bot, p_chat, p_message) WITH ORDINALITY
               AS s(telegram, username, language, start, by_bot, chat, message, position)
         ORDER BY s.telegram, s.by_bot DESC, s.start DESC, s.position),
    registered AS (
        INSERT INTO users (telegram_id, username, language, grant_state, created_at)
        SELECT s.telegram, s.username, s.language, CASE WHEN s.met THEN 'settled' ELSE 'unmet' END, at FROM sender s
         WHERE NOT EXISTS (SELECT FROM users u WHERE u.telegram_id = s.telegram) ORDER BY s.telegram
        -- Another process may be registering the same sender.
        ON CONFLICT DO NOTHING RETURNING id, telegram_id),
    first_met AS (
        UPDATE users u SET grant_state = 'settled' FROM sender s
         WHERE u.telegram_id = s.telegram AND u.grant_state = 'unmet' AND s.met
        RETURNING u.id, u.telegram_id),
    newcomer AS (
        SELECT n.id, s.start, s.chat, s.message
          FROM (SELECT * FROM registered UNION ALL SELECT * FROM first_met) n
          JOIN sender s ON s.telegram = n.telegram_id
         WHERE s.start > 0 ORDER BY n.id)
    SELECT (SELECT array_agg(r.id) FROM registered r), array_agg(n.id), array_agg(n.start), array_agg(n.chat),
           array_agg(n.message)
      INTO v_new, v_user, v_amount, v_chat, v_message FROM newcomer n;

    INSERT INTO balances (user_id, updated_at) SELECT n.id, at FROM unnest(v_new) AS n(id);
    IF v_user IS NOT NULL THEN
        SELECT r.due, r.taken INTO v_due, v_slot FROM reserve_grants(at, cardinality(v_user), per_hour) r;
        SELECT array_agg(n.id) INTO v_granted FROM unnest(v_user, v_due) AS n(id, due) WHERE n.due <= at;
        PERFORM book_grants(at, array_agg(n.id), array_agg(n.amount))
           FROM unnest(v_user, v_amount, v_due) AS n(id, amount, due) WHERE n.due <= at;
        IF cardinality(v_granted) IS DISTINCT FROM cardinality(v_user) THEN
            PERFORM owe_grants(at, v_user, v_amount, v_due, v_slot, v_chat, v_message);
        END IF;
    END IF;

    -- A queue message of another producer brings no name.
    UPDATE users u SET username = s.username
      FROM (SELECT DISTINCT ON (telegram) telegram, username
              FROM unnest(p_telegram, p_username) WITH ORDINALITY AS n(telegram, username, position)
             WHERE username <> '' ORDER BY telegram, position DESC) s
     WHERE u.telegram_id = s.telegram AND u.username <> s.username;
    RETURN v_granted;
END
$$;

-- Notes the grants of those whose moment has yet to come, and says so.
CREATE FUNCTION owe_grants(at timestamptz, p_user bigint[], p_amount integer[], p_due timestamptz[],
                           p_slot integer[], p_chat bigint[], p_message bigint[])
RETURNS void LANGUAGE sql AS $$
    UPDATE users u SET grant_state = 'owed'
      FROM unnest(p_user, p_due) AS i(user_id, due) WHERE u.id = i.user_id AND i.due > at;
    INSERT INTO owed_grants (user_id, amount, due_at, slot, chat_id, created_at)
    SELECT i.user_id, i.amount, i.due, i.slot, i.chat, at
      FROM unnest(p_user, p_amount, p_due, p_slot, p_chat) AS i(user_id, amount, due, slot, chat) WHERE i.due > at;
    INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, due_at, created_at)
    SELECT i.user_id, i.chat, i.message, 'grant_owed',
           json_build_object('credits', i.amount::text,
                             'due', (extract(epoch FROM i.due) * 1000)::bigint::text,
                             'minutes', ceil(extract(epoch FROM i.due - at) / 60)::bigint::text), at, at
      FROM unnest(p_user, p_amount, p_due, p_chat, p_message) AS i(user_id, amount, due, chat, message)
     WHERE i.due > at AND i.chat IS NOT NULL;
$$;

-- Gives the owed grants whose moment has come, and says so. How many. What is given late, because nobody swept, puts
-- off what comes after it in its slot.
CREATE FUNCTION give_owed_grants(at timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_user   bigint[];
    v_amount integer[];
    v_chat   bigint[];
    v_slot   integer[];
    v_late   interval[];
BEGIN
    WITH due AS (
        SELECT o.id FROM owed_grants o
         WHERE o.due_at <= at
           AND NOT EXISTS (SELECT FROM owed_grants e WHERE e.slot = o.slot AND e.due_at < o.due_at)
         ORDER BY o.due_at LIMIT most FOR UPDATE SKIP LOCKED),
    given AS (
        DELETE FROM owed_grants o USING due d WHERE o.id = d.id
        RETURNING o.user_id, o.amount, o.chat_id, o.slot, at - o.due_at AS late)
    SELECT array_agg(g.user_id), array_agg(g.amount), array_agg(g.chat_id), array_agg(g.slot), array_agg(g.late)
      INTO v_user, v_amount, v_chat, v_slot, v_late FROM (SELECT * FROM given ORDER BY user_id) g;
    IF v_user IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE owed_grants o SET due_at = o.due_at + l.late
      FROM unnest(v_slot, v_late) AS l(slot, late) WHERE o.slot = l.slot;
    UPDATE grant_slots g SET free_at = g.free_at + l.late
      FROM unnest(v_slot, v_late) AS l(slot, late) WHERE g.slot = l.slot;
    PERFORM book_grants(at, v_user, v_amount);
    UPDATE users u SET grant_state = 'settled' WHERE u.id = ANY (v_user);
    INSERT INTO deliveries (user_id, chat_id, kind, facts, due_at, created_at)
    SELECT i.user_id, i.chat, 'grant_given', json_build_object('credits', i.amount::text), at, at
      FROM unnest(v_user, v_amount, v_chat) AS i(user_id, amount, chat) WHERE i.chat IS NOT NULL;
    RETURN cardinality(v_user);
END
$$;
