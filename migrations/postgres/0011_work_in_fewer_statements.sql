-- The functions of 0005_work_batches.sql with fewer statements and look-ups; see 0010_intake_in_fewer_statements.sql.
-- What an update has just written is returned by it, and not looked for again.
--
-- Locks are taken in one order: tasks, each before its hold, then balances by user, then the rest.

-- WorkStore::lease. Every task that exists comes back as it stands then, with the operation that an earlier attempt
-- left unfinished.
CREATE OR REPLACE FUNCTION lease_tasks(at timestamptz, p_id text[], p_worker text[], p_lease bigint[])
RETURNS SETOF leased_rows LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    -- What is forgotten with the server was never begun: the task is leased again.
    relaxed text    := set_config('synchronous_commit', 'off', true);
    leases  integer := 0;
BEGIN
    at := coalesce(at, moment());
    RETURN QUERY
    WITH leased AS (
        UPDATE tasks t SET status = 'processing', attempt = t.attempt + 1, epoch = t.epoch + 1, worker = i.worker,
                           leased_until = at + i.lease * interval '1 millisecond', next_attempt_at = NULL
          FROM unnest(p_id, p_worker, p_lease) WITH ORDINALITY AS i(id, worker, lease, position)
         WHERE t.id = i.id AND t.deadline_at > at
           AND (t.status = 'created' AND (t.next_attempt_at IS NULL OR t.next_attempt_at <= at)
                OR t.status = 'processing' AND t.leased_until <= at)
        RETURNING i.position, t.*),
    taken AS (
        DELETE FROM outbox o USING leased l WHERE o.task_id = l.id AND o.kind = 'task'),
    noted AS (
        -- One whose lease ran out is there already.
        INSERT INTO leases (task_id) SELECT l.id FROM leased l
         WHERE l.attempt = 1 OR NOT EXISTS (SELECT FROM leases e WHERE e.task_id = l.id))
    SELECT l.position, true, l.operation,
           l.id, l.user_id, u.telegram_id, l.type, l.status, l.failure, l.payload, l.result, l.cost, h.amount,
           l.units_claimed, l.units_measured, l.cached, l.provider, l.provider_cost, l.attempt, l.epoch, l.reply_to,
           l.chat_id, l.message_id, l.status_message_id, l.created_at, l.leased_until, l.next_attempt_at, l.deadline_at,
           l.finished_at, l.price_id, p.type, p.micro_credits_per_unit, p.min_credits, p.cached_percent, p.valid_from,
           p.valid_until
      FROM leased l
      JOIN users u ON u.id = l.user_id
      JOIN holds h ON h.task_id = l.id
      JOIN prices p ON p.id = l.price_id;
    GET DIAGNOSTICS leases = ROW_COUNT;
    IF leases = cardinality(p_id) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT i.position, false, t.operation, r.*
      FROM unnest(p_id) WITH ORDINALITY AS i(id, position)
      JOIN tasks t ON t.id = i.id
      JOIN task_records r ON r.id = i.id
     -- Those that have been leased above were written by this transaction.
     WHERE t.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid;
END
$$;

-- Makes the ends of tasks due: to the chat that it came from, or else to the queue that wants the reply, whose outbox
-- row the caller has claimed. With a question, that is due instead: whether to do the task for that price. Returns the
-- outbox row's id for each, NULL for none; NULL when no task has one.
CREATE OR REPLACE FUNCTION owe_results(
    at timestamptz, p_id text[], p_user bigint[], p_chat bigint[], p_message bigint[], p_reply_to text[],
    p_deadline timestamptz[], p_measured bigint[], p_question integer[], p_balance integer[], p_held integer[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    questions boolean := cardinality(array_remove(p_question, NULL)) > 0;
    proposals bigint[];
    written   bigint[];
    replies   bigint[];
BEGIN
    IF questions THEN
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
        INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, task_id, due_at, created_at)
        SELECT i.user_id, i.chat, i.message, 'proposal',
               json_build_object(
                   'proposal', proposals[row_number() OVER (ORDER BY i.position)]::text,
                   'price', i.question::text, 'units', i.measured::text,
                   'type', (SELECT t.type FROM tasks t WHERE t.id = i.id),
                   'balance', i.balance::text, 'held', i.held::text),
               i.id, at, at
          FROM unnest(p_id, p_user, p_chat, p_message, p_measured, p_question, p_balance, p_held) WITH ORDINALITY
               AS i(id, user_id, chat, message, measured, question, balance, held, position)
         WHERE i.chat IS NOT NULL AND i.question IS NOT NULL;
    END IF;

    IF cardinality(array_remove(p_chat, NULL)) > 0 THEN
        INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, task_id, due_at, created_at)
        SELECT i.user_id, i.chat, i.message, 'task_result', '{}', i.id, at, at
          FROM unnest(p_id, p_user, p_chat, p_message, p_question) AS i(id, user_id, chat, message, question)
         WHERE i.chat IS NOT NULL AND i.question IS NULL;
    END IF;

    IF cardinality(array_remove(p_chat, NULL)) < cardinality(p_chat)
       AND cardinality(array_remove(p_reply_to, '')) > 0 THEN
        WITH item AS (
            SELECT *, chat IS NULL AND reply_to <> '' AS replied
              FROM unnest(p_id, p_user, p_chat, p_reply_to, p_deadline) WITH ORDINALITY
                   AS i(id, user_id, chat, reply_to, deadline, position)),
        answered AS (
            SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY position) AS nth FROM item WHERE replied),
        served AS (
            SELECT turn_being_served() AS turn),
        inserted AS (
            INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
            SELECT 'reply', id, user_id, 'claimed', at + interval '30 seconds',
                   max(CASE WHEN nth = 1 THEN next_turn(user_id, served.turn) END) OVER (PARTITION BY user_id) + nth - 1,
                   deadline, at
              FROM answered, served ORDER BY position
            RETURNING outbox.id)
        SELECT array_agg(inserted.id ORDER BY inserted.id) INTO written FROM inserted;
        SELECT array_agg(CASE WHEN i.replied THEN written[i.nth] END) INTO replies
          FROM (SELECT chat IS NULL AND reply_to <> '' AS replied,
                       count(*) FILTER (WHERE chat IS NULL AND reply_to <> '') OVER (ORDER BY position) AS nth
                  FROM unnest(p_chat, p_reply_to) WITH ORDINALITY AS i(chat, reply_to, position) ORDER BY position) i;
    END IF;
    RETURN replies;
END
$$;

-- Takes what the open holds of tasks that have just ended held (p_amount) from their accounts, charges what is given,
-- and books the charges. The accounts after all of it, for each task.
DROP FUNCTION resolve_holds;
CREATE FUNCTION book_charges(at timestamptz, p_id text[], p_user bigint[], p_type text[], p_charge integer[],
                             p_amount integer[], OUT balances integer[], OUT helds integer[])
LANGUAGE plpgsql AS $$
DECLARE
    -- The accounts by user: as they are afterwards, and as they were.
    v_balance  integer[];
    v_held     integer[];
    v_before   integer[];
    v_sequence bigint[];
    v_users    bigint;
BEGIN
    WITH account AS (
        UPDATE balances b SET balance = b.balance - g.charge, held = b.held - g.amount, sequence = b.sequence + g.charges,
                              updated_at = at
          FROM (SELECT i.user_id, sum(i.charge)::integer AS charge, sum(i.amount)::integer AS amount,
                       count(*) FILTER (WHERE i.charge > 0) AS charges
                  FROM unnest(p_user, p_charge, p_amount) AS i(user_id, charge, amount)
                 -- In this order the rows are locked.
                 GROUP BY i.user_id ORDER BY i.user_id) g
         WHERE b.user_id = g.user_id
        RETURNING b.user_id, b.balance, b.held, b.balance + g.charge AS before, b.sequence - g.charges AS sequence)
    SELECT array_agg(a.balance), array_agg(a.held), array_agg(a.before), array_agg(a.sequence)
      INTO v_balance, v_held, v_before, v_sequence
      FROM (SELECT * FROM account ORDER BY user_id) a;

    WITH item AS (
        -- account: where the user's account stands among those above.
        SELECT *, dense_rank() OVER (ORDER BY user_id) AS account,
               count(*) FILTER (WHERE charge > 0) OVER user_so_far AS nth, sum(charge) OVER user_so_far AS so_far
          FROM unnest(p_id, p_user, p_type, p_charge) WITH ORDINALITY AS i(id, user_id, type, charge, position)
        WINDOW user_so_far AS (PARTITION BY user_id ORDER BY position)),
    booked AS (
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence, balance_after, idempotency_key,
                                  actor, reason)
        SELECT user_id, -charge, 'charge', id, at, v_sequence[account] + nth, v_before[account] - so_far, 'charge:' || id,
               'worker', type
          FROM item WHERE charge > 0)
    SELECT array_agg(v_balance[i.account]), array_agg(v_held[i.account]), max(i.account) INTO balances, helds, v_users
      FROM (SELECT account FROM item ORDER BY position) i;
    IF v_users IS DISTINCT FROM cardinality(v_balance) THEN
        RAISE EXCEPTION 'a user has no account';
    END IF;
END
$$;

-- WorkStore::complete, fail and retry. Only tasks that run under the epoch are settled; those come back. p_status: what
-- the task becomes, 'created' for one that waits for its next attempt. p_question: the price to be asked for instead of
-- telling the result, see owe_results.
CREATE OR REPLACE FUNCTION settle_tasks(
    at timestamptz, p_id text[], p_epoch bigint[], p_status text[], p_failure text[], p_charge integer[],
    p_measured bigint[], p_cached boolean[], p_result text[], p_provider text[], p_provider_cost bigint[],
    p_cache_key text[], p_next_attempt timestamptz[], p_question integer[])
RETURNS SETOF settled_rows LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    -- Of those that have ended.
    v_position bigint[];
    v_task     tasks[];
    v_id       text[];
    v_user     bigint[];
    v_type     text[];
    v_charge   integer[];
    v_amount   integer[];
    v_measured bigint[];
    v_question integer[];
    v_chat     bigint[];
    v_message  bigint[];
    v_reply_to text[];
    v_deadline timestamptz[];
    v_balance  integer[];
    v_held     integer[];
    v_reply    bigint[];
    ended      bigint;
    waiting    text[];
BEGIN
    at := coalesce(at, moment());
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
        RETURNING t AS task, i.*),
    left_worker AS (
        DELETE FROM leases l USING settled s WHERE l.task_id = s.id),
    -- An answer from the cache is as old as the one that it repeats.
    kept AS (
        INSERT INTO cached_results (key, result, created_at)
        SELECT DISTINCT ON (cache_key) cache_key, result::json, at FROM settled
         WHERE cache_key <> '' AND NOT cached ORDER BY cache_key, position DESC
        ON CONFLICT (key) DO UPDATE SET result = excluded.result, created_at = excluded.created_at),
    resolved AS (
        UPDATE holds h SET state = CASE s.status WHEN 'completed' THEN 'charged' ELSE 'released' END,
                           charged = s.charge, resolved_at = at
          FROM settled s
         WHERE s.status <> 'created' AND h.task_id = s.id AND h.state = 'open'
        RETURNING s.*, h.amount)
    SELECT array_agg(r.position), array_agg(r.task), array_agg(r.id), array_agg((r.task).user_id),
           array_agg((r.task).type), array_agg(r.charge), array_agg(r.amount), array_agg(r.measured),
           array_agg(r.question), array_agg((r.task).chat_id), array_agg((r.task).message_id),
           array_agg((r.task).reply_to), array_agg((r.task).deadline_at),
           (SELECT count(*) FROM settled s WHERE s.status <> 'created'),
           (SELECT array_agg(s.id) FROM settled s WHERE s.status = 'created')
      INTO v_position, v_task, v_id, v_user, v_type, v_charge, v_amount, v_measured, v_question, v_chat, v_message,
           v_reply_to, v_deadline, ended, waiting
      FROM (SELECT * FROM resolved ORDER BY position) r;
    IF ended <> coalesce(cardinality(v_id), 0) THEN
        RAISE EXCEPTION 'a running task has no open hold';
    END IF;

    IF ended > 0 THEN
        SELECT c.balances, c.helds INTO v_balance, v_held
          FROM book_charges(at, v_id, v_user, v_type, v_charge, v_amount) c;
        v_reply := owe_results(at, v_id, v_user, v_chat, v_message, v_reply_to, v_deadline, v_measured, v_question,
                               v_balance, v_held);
        RETURN QUERY
        SELECT t.position, t.balance, t.user_held, t.outbox_id,
               t.id, t.user_id, u.telegram_id, t.type, t.status, t.failure, t.payload, t.result, t.cost, t.amount,
               t.units_claimed, t.units_measured, t.cached, t.provider, t.provider_cost, t.attempt, t.epoch, t.reply_to,
               t.chat_id, t.message_id, t.status_message_id, t.created_at, t.leased_until, t.next_attempt_at,
               t.deadline_at, t.finished_at, t.price_id, p.type, p.micro_credits_per_unit, p.min_credits,
               p.cached_percent, p.valid_from, p.valid_until
          FROM unnest(v_position, v_balance, v_held, v_reply, v_amount, v_task)
               AS t(position, balance, user_held, outbox_id, amount)
          JOIN users u ON u.id = t.user_id
          JOIN prices p ON p.id = t.price_id;
    END IF;
    IF waiting IS NOT NULL THEN
        DELETE FROM outbox o WHERE o.task_id = ANY (waiting) AND o.kind = 'task';
        INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
        SELECT 'task', t.id, t.user_id, 'later', t.next_attempt_at,
               next_turn(t.user_id, turn_being_served()), t.deadline_at, at
          FROM unnest(waiting) AS w(id) JOIN tasks t ON t.id = w.id;
        RETURN QUERY
        SELECT i.position, b.balance, b.held, NULL::bigint, r.*
          FROM unnest(p_id) WITH ORDINALITY AS i(id, position)
          JOIN task_records r ON r.id = i.id
          JOIN balances b ON b.user_id = r.user_id
         WHERE i.id = ANY (waiting);
    END IF;
END
$$;

-- WorkStore::adjust_hold. Nothing when the task does not run under the epoch; a lease that ran out is still the
-- worker's until another takes it. adjusted: whether the account has what the new price asks for. The account as it is
-- afterwards.
CREATE FUNCTION adjust_hold(at timestamptz, p_id text, p_epoch bigint, p_measured bigint, p_price integer)
RETURNS TABLE (adjusted boolean, balance integer, held integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_user   bigint;
    v_amount integer;
BEGIN
    SELECT t.user_id, h.amount INTO v_user, v_amount
      FROM tasks t JOIN holds h ON h.task_id = t.id
     WHERE t.id = p_id AND t.status = 'processing' AND t.epoch = p_epoch AND h.state = 'open' FOR UPDATE OF t, h;
    IF v_user IS NULL THEN
        RETURN;
    END IF;
    SELECT true, b.balance, b.held - v_amount + p_price INTO adjusted, balance, held
      FROM balances b WHERE b.user_id = v_user FOR UPDATE;
    IF held > balance THEN
        RETURN QUERY SELECT false, b.balance, b.held FROM balances b WHERE b.user_id = v_user;
        RETURN;
    END IF;
    UPDATE holds h SET amount = p_price WHERE h.task_id = p_id;
    UPDATE balances b SET held = adjust_hold.held, updated_at = coalesce(at, moment()) WHERE b.user_id = v_user;
    UPDATE tasks t SET units_measured = p_measured WHERE t.id = p_id;
    RETURN NEXT;
END
$$;
