-- Leasing and settling many tasks at once; see 0004_intake_batches.sql.

-- What lease_tasks returns, as work_batch.cpp reads it. A view for its row type alone.
CREATE VIEW leased_rows AS
SELECT 0::bigint AS "position", false AS leased, ''::text AS operation, r.* FROM task_records r WHERE false;

-- WorkStore::lease. Every task that exists comes back as it stands then, with the operation that an earlier attempt
-- left unfinished.
CREATE FUNCTION lease_tasks(at timestamptz, p_id text[], p_worker text[], p_lease bigint[])
RETURNS SETOF leased_rows LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_leased text[];
BEGIN
    -- What is forgotten with the server was never begun: the task is leased again.
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    WITH leased AS (
        UPDATE tasks t SET status = 'processing', attempt = t.attempt + 1, epoch = t.epoch + 1, worker = i.worker,
                           leased_until = at + i.lease * interval '1 millisecond', next_attempt_at = NULL
          FROM unnest(p_id, p_worker, p_lease) AS i(id, worker, lease)
         WHERE t.id = i.id AND t.deadline_at > at
           AND (t.status = 'created' AND (t.next_attempt_at IS NULL OR t.next_attempt_at <= at)
                OR t.status = 'processing' AND t.leased_until <= at)
        RETURNING t.id)
    SELECT array_agg(leased.id) INTO v_leased FROM leased;
    IF v_leased IS NOT NULL THEN
        DELETE FROM outbox o WHERE o.task_id = ANY (v_leased) AND o.kind = 'task';
        INSERT INTO leases (task_id) SELECT unnest(v_leased) ON CONFLICT DO NOTHING;
    END IF;
    RETURN QUERY
    SELECT i.position, i.id IN (SELECT unnest(v_leased)), (SELECT t.operation FROM tasks t WHERE t.id = i.id), r.*
      FROM unnest(p_id) WITH ORDINALITY AS i(id, position)
      JOIN task_records r ON r.id = i.id;
END
$$;

-- Makes the ends of tasks due: to the chat that it came from, or else to the queue that wants the reply, whose outbox
-- row the caller has claimed. With a question, that is due instead: whether to do the task for that price. Returns the
-- outbox row's id for each, NULL for none.
CREATE FUNCTION owe_results(
    at timestamptz, p_id text[], p_user bigint[], p_chat bigint[], p_message bigint[], p_reply_to text[],
    p_deadline timestamptz[], p_measured bigint[], p_question integer[], p_balance integer[], p_held integer[])
RETURNS bigint[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    proposals bigint[];
    written   bigint[];
    replies   bigint[];
    served    bigint;
BEGIN
    IF EXISTS (SELECT FROM unnest(p_question) AS q(price) WHERE q.price IS NOT NULL) THEN
        WITH asked AS (
            INSERT INTO proposals (user_id, type, payload, units, price_id, chat_id, message_id, created_at)
            SELECT i.user_id, t.type, t.payload, i.measured, t.price_id, i.chat, i.message, at
              FROM unnest(p_id, p_user, p_chat, p_message, p_measured, p_question) WITH ORDINALITY
                   AS i(id, user_id, chat, message, measured, question, position)
              JOIN tasks t ON t.id = i.id
             WHERE i.question IS NOT NULL ORDER BY i.position
            RETURNING id)
        -- Ids are given out in the order of the rows.
        SELECT array_agg(id ORDER BY id) INTO proposals FROM asked;
    END IF;

    INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, task_id, due_at, created_at)
    SELECT i.user_id, i.chat, i.message, CASE WHEN i.question IS NULL THEN 'task_result' ELSE 'proposal' END,
           CASE WHEN i.question IS NULL THEN '{}' ELSE json_build_object(
               'proposal', proposals[count(i.question) OVER (ORDER BY i.position)]::text,
               'price', i.question::text, 'units', i.measured::text,
               'type', (SELECT t.type FROM tasks t WHERE t.id = i.id),
               'balance', i.balance::text, 'held', i.held::text) END,
           i.id, at, at
      FROM unnest(p_id, p_user, p_chat, p_message, p_measured, p_question, p_balance, p_held) WITH ORDINALITY
           AS i(id, user_id, chat, message, measured, question, balance, held, position)
     WHERE i.chat IS NOT NULL;

    IF EXISTS (SELECT FROM unnest(p_chat, p_reply_to) AS i(chat, reply_to) WHERE i.chat IS NULL AND i.reply_to <> '') THEN
        served := turn_being_served();
        WITH answered AS (
            SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY position) AS nth
              FROM unnest(p_id, p_user, p_chat, p_reply_to, p_deadline) WITH ORDINALITY
                   AS i(id, user_id, chat, reply_to, deadline, position)
             WHERE chat IS NULL AND reply_to <> ''),
        inserted AS (
            INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
            SELECT 'reply', id, user_id, 'claimed', at + interval '30 seconds',
                   max(CASE WHEN nth = 1 THEN next_turn(user_id, served) END) OVER (PARTITION BY user_id) + nth - 1,
                   deadline, at
              FROM answered ORDER BY position
            RETURNING outbox.id)
        SELECT array_agg(inserted.id ORDER BY inserted.id) INTO written FROM inserted;
    END IF;
    SELECT array_agg(CASE WHEN i.replied THEN written[i.nth] END ORDER BY i.position) INTO replies
      FROM (SELECT position, chat IS NULL AND reply_to <> '' AS replied,
                   count(*) FILTER (WHERE chat IS NULL AND reply_to <> '') OVER (ORDER BY position) AS nth
              FROM unnest(p_chat, p_reply_to) WITH ORDINALITY AS i(chat, reply_to, position)) i;
    RETURN replies;
END
$$;

-- Resolves the open holds of tasks that have just ended, charging what is given, and books the charges. The accounts
-- after all of it, for each task.
CREATE FUNCTION resolve_holds(at timestamptz, p_id text[], p_user bigint[], p_type text[], p_charge integer[],
                              p_charged boolean[], OUT balances integer[], OUT helds integer[])
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    amounts integer[];
BEGIN
    PERFORM FROM (SELECT FROM balances b WHERE b.user_id = ANY (p_user) ORDER BY b.user_id FOR UPDATE) locked;
    WITH resolved AS (
        UPDATE holds h SET state = CASE WHEN i.charged THEN 'charged' ELSE 'released' END, charged = i.charge,
                           resolved_at = at
          FROM unnest(p_id, p_charge, p_charged) WITH ORDINALITY AS i(id, charge, charged, position)
         WHERE h.task_id = i.id AND h.state = 'open'
        RETURNING i.position, h.amount)
    SELECT array_agg(resolved.amount ORDER BY resolved.position) INTO amounts FROM resolved;
    IF cardinality(amounts) IS DISTINCT FROM cardinality(p_id) THEN
        RAISE EXCEPTION 'a running task has no open hold';
    END IF;

    INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence, balance_after, idempotency_key,
                              actor, reason)
    SELECT c.user_id, -c.charge, 'charge', c.id, at, b.sequence + c.nth, b.balance - c.so_far, 'charge:' || c.id,
           'worker', c.type
      FROM (SELECT *, row_number() OVER user_so_far AS nth, sum(charge) OVER user_so_far AS so_far
              FROM unnest(p_id, p_user, p_type, p_charge) WITH ORDINALITY AS i(id, user_id, type, charge, position)
             WHERE charge > 0
            WINDOW user_so_far AS (PARTITION BY user_id ORDER BY position)) c
      JOIN balances b ON b.user_id = c.user_id;
    UPDATE balances b SET balance = b.balance - g.charge, held = b.held - g.amount, sequence = b.sequence + g.charges,
                          updated_at = at
      FROM (SELECT i.user_id, sum(i.charge)::integer AS charge, sum(i.amount)::integer AS amount,
                   count(*) FILTER (WHERE i.charge > 0) AS charges
              FROM unnest(p_user, p_charge, amounts) AS i(user_id, charge, amount) GROUP BY i.user_id) g
     WHERE b.user_id = g.user_id;
    SELECT array_agg(b.balance ORDER BY i.position), array_agg(b.held ORDER BY i.position) INTO balances, helds
      FROM unnest(p_user) WITH ORDINALITY AS i(user_id, position) JOIN balances b ON b.user_id = i.user_id;
END
$$;

-- What settle_tasks returns, as work_batch.cpp reads it. A view for its row type alone.
CREATE VIEW settled_rows AS
SELECT 0::bigint AS "position", 0 AS balance, 0 AS user_held, 0::bigint AS outbox_id, r.* FROM task_records r WHERE false;

-- WorkStore::complete, fail and retry. Only tasks that run under the epoch are settled; those come back. p_status: what
-- the task becomes, 'created' for one that waits for its next attempt. p_question: the price to be asked for instead of
-- telling the result, see owe_results.
CREATE FUNCTION settle_tasks(
    at timestamptz, p_id text[], p_epoch bigint[], p_status text[], p_failure text[], p_charge integer[],
    p_measured bigint[], p_cached boolean[], p_result text[], p_provider text[], p_provider_cost bigint[],
    p_cache_key text[], p_next_attempt timestamptz[], p_question integer[])
RETURNS SETOF settled_rows LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    won        bigint[];  -- positions
    v_id       text[];
    v_user     bigint[];
    v_type     text[];
    v_charge   integer[];
    v_charged  boolean[];
    v_measured bigint[];
    v_question integer[];
    v_chat     bigint[];
    v_message  bigint[];
    v_reply_to text[];
    v_deadline timestamptz[];
    v_balance  integer[];
    v_held     integer[];
    v_reply    bigint[];
    waiting    text[];
BEGIN
    at := coalesce(at, moment());
    PERFORM FROM (SELECT FROM holds h WHERE h.task_id = ANY (p_id) ORDER BY h.task_id FOR UPDATE) locked;
    WITH settled AS (
        UPDATE tasks t
           SET status = i.status, failure = i.failure,
               cost = CASE i.status WHEN 'completed' THEN i.charge WHEN 'error' THEN 0 END,
               units_measured = coalesce(i.measured, t.units_measured), cached = coalesce(i.cached, t.cached),
               result = i.result::json, provider = CASE i.provider WHEN '' THEN t.provider ELSE i.provider END,
               provider_cost = t.provider_cost + CASE i.provider WHEN '' THEN 0 ELSE i.provider_cost END,
               finished_at = CASE i.status WHEN 'created' THEN NULL ELSE at END, leased_until = NULL,
               next_attempt_at = i.next_attempt,
               operation = CASE i.status WHEN 'created' THEN t.operation ELSE '' END
          FROM unnest(p_id, p_epoch, p_status, p_failure, p_charge, p_measured, p_cached, p_result, p_provider,
                      p_provider_cost, p_cache_key, p_next_attempt, p_question) WITH ORDINALITY
               AS i(id, epoch, status, failure, charge, measured, cached, result, provider, provider_cost, cache_key,
                    next_attempt, question, position)
         WHERE t.id = i.id AND t.status = 'processing' AND t.epoch = i.epoch
        RETURNING i.*, t.user_id, t.type, t.chat_id, t.message_id, t.reply_to, t.deadline_at),
    -- An answer from the cache is as old as the one that it repeats.
    kept AS (
        INSERT INTO cached_results (key, result, created_at)
        SELECT DISTINCT ON (cache_key) cache_key, result::json, at FROM settled
         WHERE cache_key <> '' AND NOT cached ORDER BY cache_key, position DESC
        ON CONFLICT (key) DO UPDATE SET result = excluded.result, created_at = excluded.created_at)
    SELECT array_agg(s.position ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.id ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.user_id ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.type ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.charge ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.status = 'completed' ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.measured ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.question ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.chat_id ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.message_id ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.reply_to ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.deadline_at ORDER BY s.position) FILTER (WHERE s.status <> 'created'),
           array_agg(s.id ORDER BY s.position) FILTER (WHERE s.status = 'created')
      INTO won, v_id, v_user, v_type, v_charge, v_charged, v_measured, v_question, v_chat, v_message, v_reply_to,
           v_deadline, waiting
      FROM settled s;

    DELETE FROM leases l WHERE l.task_id = ANY (v_id || waiting);
    IF waiting IS NOT NULL THEN
        DELETE FROM outbox o WHERE o.task_id = ANY (waiting) AND o.kind = 'task';
        INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
        SELECT 'task', t.id, t.user_id, 'later', t.next_attempt_at,
               next_turn(t.user_id, turn_being_served()), t.deadline_at, at
          FROM unnest(waiting) AS w(id) JOIN tasks t ON t.id = w.id;
    END IF;
    IF won IS NOT NULL THEN
        SELECT r.balances, r.helds INTO v_balance, v_held
          FROM resolve_holds(at, v_id, v_user, v_type, v_charge, v_charged) r;
        v_reply := owe_results(at, v_id, v_user, v_chat, v_message, v_reply_to, v_deadline, v_measured, v_question,
                               v_balance, v_held);
    END IF;

    RETURN QUERY
    SELECT w.position, w.balance, w.held, w.reply, r.*
      FROM unnest(won, v_id, v_balance, v_held, v_reply) AS w(position, id, balance, held, reply)
      JOIN task_records r ON r.id = w.id;
    IF waiting IS NOT NULL THEN
        RETURN QUERY
        SELECT i.position, b.balance, b.held, NULL::bigint, r.*
          FROM unnest(p_id) WITH ORDINALITY AS i(id, position)
          JOIN task_records r ON r.id = i.id
          JOIN balances b ON b.user_id = r.user_id
         WHERE i.id IN (SELECT unnest(waiting));
    END IF;
END
$$;
