-- What happens to many tasks at once, each kind as one function that handles a whole batch in one statement,
-- one transaction and one round trip (design.md, Speed). Position i of every array belongs to the i-th item; the
-- caller has sorted the items by the key that their rows are locked by, and no key is there twice. Locks are taken in
-- one order: inbox, users, holds by task, balances by user, then the rest.
--
-- A batch touches few rows by their keys, whatever the statistics say of a table that has just begun to grow: so only
-- nested loops over index look-ups are allowed, and plans are made once.

-- One turn after the user's last that is not published yet, but not before the turn that is being served: a newcomer
-- waits for nobody's whole backlog (see outbox.turn).
CREATE FUNCTION next_turn(of_user bigint, served bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(coalesce((SELECT o.turn + 1 FROM outbox o WHERE o.user_id = of_user AND o.state <> 'published'
                               ORDER BY o.turn DESC LIMIT 1), 1), served)
$$;

CREATE FUNCTION turn_being_served() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT turn FROM outbox WHERE state = 'ready' ORDER BY turn LIMIT 1), 1)
$$;

-- Registers the senders that are not known yet, with the starting grant, and notes new names.
CREATE FUNCTION register_senders(at timestamptz, p_telegram bigint[], p_username text[], p_language text[],
                                 p_start_balance integer[])
RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    new_users  bigint[];
    new_grants integer[];
BEGIN
    WITH sender AS (
        SELECT DISTINCT ON (s.telegram) s.telegram, s.username, s.language, s.start
          FROM unnest(p_telegram, p_username, p_language, p_start_balance) WITH ORDINALITY
               AS s(telegram, username, language, start, position)
         WHERE NOT EXISTS (SELECT FROM users u WHERE u.telegram_id = s.telegram)
         ORDER BY s.telegram, s.position),
    registered AS (
        INSERT INTO users (telegram_id, username, language, created_at)
        SELECT telegram, username, language, at FROM sender ORDER BY telegram
        -- Another process may be registering the same sender.
        ON CONFLICT DO NOTHING RETURNING id, telegram_id)
    SELECT array_agg(r.id ORDER BY r.id), array_agg(greatest(s.start, 0) ORDER BY r.id) INTO new_users, new_grants
      FROM registered r JOIN sender s ON s.telegram = r.telegram_id;

    INSERT INTO balances (user_id, balance, sequence, updated_at)
    SELECT g.id, g.start, (g.start > 0)::integer, at FROM unnest(new_users, new_grants) AS g(id, start);
    INSERT INTO transactions (user_id, amount, type, created_at, sequence, balance_after, idempotency_key, actor, reason)
    SELECT g.id, g.start, 'grant', at, 1, g.start, 'registration:' || g.id, 'bot', 'registration'
      FROM unnest(new_users, new_grants) AS g(id, start) WHERE g.start > 0;

    -- A queue message of another producer brings no name.
    UPDATE users u SET username = s.username
      FROM (SELECT DISTINCT ON (telegram) telegram, username
              FROM unnest(p_telegram, p_username) WITH ORDINALITY AS n(telegram, username, position)
             WHERE username <> '' ORDER BY telegram, position DESC) s
     WHERE u.telegram_id = s.telegram AND u.username <> s.username;
END
$$;

-- Makes due what is said to those whose task was not accepted, where there is a place to say it. An id for each item,
-- NULL for none.
CREATE FUNCTION answer_refused(
    at timestamptz, p_user bigint[], p_outcome text[], p_type text[], p_payload text[], p_units bigint[],
    p_price integer[], p_price_id bigint[], p_balance integer[], p_held integer[], p_chat bigint[], p_message bigint[])
RETURNS bigint[] LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    proposals  bigint[];
    deliveries bigint[];
    answers    bigint[];
BEGIN
    WITH written AS (
        INSERT INTO proposals (user_id, type, payload, units, price_id, chat_id, message_id, created_at)
        SELECT i.user_id, i.type, i.payload::json, i.units, i.price_id, i.chat, i.message, at
          FROM unnest(p_user, p_outcome, p_type, p_payload, p_units, p_price_id, p_chat, p_message) WITH ORDINALITY
               AS i(user_id, outcome, type, payload, units, price_id, chat, message, position)
         WHERE i.outcome = 'proposed' ORDER BY i.position
        RETURNING id)
    -- Ids are given out in the order of the rows.
    SELECT array_agg(id ORDER BY id) INTO proposals FROM written;

    WITH item AS (
        SELECT *, proposals[count(*) FILTER (WHERE outcome = 'proposed') OVER (ORDER BY position)] AS proposal
          FROM unnest(p_user, p_outcome, p_type, p_units, p_price, p_balance, p_held, p_chat, p_message)
               WITH ORDINALITY AS i(user_id, outcome, type, units, price, balance, held, chat, message, position)),
    written AS (
        INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, due_at, created_at)
        SELECT user_id, chat, message, CASE outcome WHEN 'proposed' THEN 'proposal' ELSE outcome END,
               CASE outcome
                   WHEN 'banned' THEN '{}'
                   WHEN 'insufficient' THEN json_build_object(
                       'price', price::text, 'balance', balance::text, 'held', held::text, 'type', type)
                   ELSE json_build_object(
                       'proposal', proposal::text, 'price', price::text, 'units', units::text, 'type', type,
                       'balance', balance::text, 'held', held::text)
               END, at, at
          FROM item WHERE outcome IN ('banned', 'insufficient', 'proposed') AND chat IS NOT NULL ORDER BY position
        RETURNING id)
    SELECT array_agg(id ORDER BY id) INTO deliveries FROM written;

    SELECT array_agg(CASE WHEN i.answered THEN deliveries[i.nth] END ORDER BY i.position) INTO answers
      FROM (SELECT position, outcome IN ('banned', 'insufficient', 'proposed') AND chat IS NOT NULL AS answered,
                   count(*) FILTER (WHERE outcome IN ('banned', 'insufficient', 'proposed') AND chat IS NOT NULL)
                       OVER (ORDER BY position) AS nth
              FROM unnest(p_outcome, p_chat) WITH ORDINALITY AS i(outcome, chat, position)) i;
    RETURN answers;
END
$$;

-- Writes the accepted tasks with their holds, and their outbox rows, claimed by the caller, whose ids are returned in
-- order.
CREATE FUNCTION write_accepted(
    at timestamptz, p_id text[], p_user bigint[], p_type text[], p_units bigint[], p_price integer[],
    p_price_id bigint[], p_reply_to text[], p_chat bigint[], p_message bigint[], p_time_limit bigint[],
    p_payload text[], p_outcome text[])
RETURNS bigint[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    served  bigint := turn_being_served();
    written bigint[];
BEGIN
    UPDATE balances b SET held = b.held + g.price, updated_at = at
      FROM (SELECT i.user_id, sum(i.price)::integer AS price
              FROM unnest(p_user, p_price, p_outcome) AS i(user_id, price, outcome)
             WHERE i.outcome = 'accepted' GROUP BY i.user_id) g
     WHERE b.user_id = g.user_id;
    INSERT INTO tasks (id, user_id, type, status, created_at, price_id, units_claimed, deadline_at, reply_to, chat_id,
                       message_id, payload)
    SELECT i.id, i.user_id, i.type, 'created', at, i.price_id, i.units, at + i.time_limit * interval '1 millisecond',
           i.reply_to, i.chat, i.message, i.payload::json
      FROM unnest(p_id, p_user, p_type, p_price_id, p_units, p_time_limit, p_reply_to, p_chat, p_message, p_payload,
                  p_outcome)
           AS i(id, user_id, type, price_id, units, time_limit, reply_to, chat, message, payload, outcome)
     WHERE i.outcome = 'accepted';
    INSERT INTO holds (task_id, user_id, amount, created_at)
    SELECT i.id, i.user_id, i.price, at
      FROM unnest(p_id, p_user, p_price, p_outcome) AS i(id, user_id, price, outcome) WHERE i.outcome = 'accepted';

    WITH accepted AS (
        SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY position) AS nth
          FROM unnest(p_id, p_user, p_time_limit, p_outcome) WITH ORDINALITY
               AS i(id, user_id, time_limit, outcome, position)
         WHERE outcome = 'accepted'),
    inserted AS (
        INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
        SELECT 'task', id, user_id, 'claimed', at + interval '30 seconds',
               max(CASE WHEN nth = 1 THEN next_turn(user_id, served) END) OVER (PARTITION BY user_id) + nth - 1,
               at + time_limit * interval '1 millisecond', at
          FROM accepted ORDER BY position
        RETURNING outbox.id)
    -- Ids are given out in the order of the rows.
    SELECT array_agg(inserted.id ORDER BY inserted.id) INTO written FROM inserted;
    RETURN written;
END
$$;

-- IntakeStore::accept. Returns nothing, and does nothing, when a price is not the current one of its type any more.
-- outcome: known, again (to be asked again, since what stood before it in the batch leaves its price open), banned,
-- insufficient, proposed, accepted. p_payload is the beginning of tasks.payload, up to what the settings decide; when
-- it is not valid UTF-8, that of the text that stands for it (documents.hpp).
CREATE FUNCTION accept_tasks(
    at timestamptz, p_text_price bigint, p_voice_price bigint, p_bot bigint[], p_update bigint[], p_telegram bigint[],
    p_username text[], p_language text[], p_start_balance integer[], p_id text[], p_type text[], p_payload text[],
    p_units bigint[], p_price integer[], p_ask_above integer[], p_reply_to text[], p_chat bigint[],
    p_message bigint[], p_time_limit bigint[])
RETURNS TABLE (outcome text, user_id bigint, language text, voice text, speed_percent integer, reply_format text,
               spoken_language text, balance integer, held integer, created_at timestamptz, outbox_id bigint,
               delivery_id bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_user     bigint[];
    v_outcome  text[];
    v_payload  text[];
    v_price_id bigint[];
    v_balance  integer[];
    v_held     integer[];
    v_outbox   bigint[];
    v_delivery bigint[];
    strangers  boolean;
BEGIN
    at := coalesce(at, moment());
    IF (SELECT p.id FROM prices p WHERE p.type = 'text' AND p.valid_from <= at
         ORDER BY p.valid_from DESC, p.id DESC LIMIT 1) <> p_text_price
       OR (SELECT p.id FROM prices p WHERE p.type = 'voice' AND p.valid_from <= at
            ORDER BY p.valid_from DESC, p.id DESC LIMIT 1) <> p_voice_price THEN
        RETURN;
    END IF;

    -- What has been seen before.
    WITH first_time AS (
        INSERT INTO inbox (bot_id, update_id, received_at)
        SELECT i.bot, i.update, at FROM unnest(p_bot, p_update) AS i(bot, update) WHERE i.update IS NOT NULL
         ORDER BY i.bot, i.update
        ON CONFLICT DO NOTHING RETURNING bot_id, update_id)
    SELECT array_agg(CASE WHEN i.update IS NOT NULL
                               AND (i.bot, i.update) NOT IN (SELECT f.bot_id, f.update_id FROM first_time f)
                            OR EXISTS (SELECT FROM tasks t WHERE t.id = i.id) THEN 'known' END ORDER BY i.position)
      INTO v_outcome FROM unnest(p_bot, p_update, p_id) WITH ORDINALITY AS i(bot, update, id, position);

    -- Who sends them.
    SELECT bool_or(u.id IS NULL OR i.username <> '' AND i.username <> u.username) INTO strangers
      FROM unnest(p_telegram, p_username, v_outcome) AS i(telegram, username, outcome)
      LEFT JOIN users u ON u.telegram_id = i.telegram
     WHERE i.outcome IS NULL;
    IF strangers THEN
        PERFORM register_senders(at, array_agg(i.telegram), array_agg(i.username), array_agg(i.language),
                                 array_agg(i.start))
           FROM unnest(p_telegram, p_username, p_language, p_start_balance, v_outcome)
                AS i(telegram, username, language, start, outcome)
          WHERE i.outcome IS NULL;
    END IF;

    -- What they may have. Of a user's tasks that would be affordable alone, the first ones are.
    PERFORM FROM (SELECT FROM balances b
                   WHERE b.user_id = ANY (ARRAY(SELECT u.id FROM users u WHERE u.telegram_id = ANY (p_telegram)))
                   ORDER BY b.user_id FOR UPDATE) locked;
    WITH item AS (
        SELECT i.position, i.price, i.payload, i.type, u.id AS user_id, b.balance, b.held,
               CASE WHEN i.outcome IS NOT NULL THEN i.outcome
                    WHEN u.role = 'banned' THEN 'banned'
                    WHEN i.price > b.balance - b.held THEN 'insufficient'
                    WHEN i.chat IS NOT NULL AND i.price > i.ask_above THEN 'proposed'
               END AS outcome,
               ',"voice":' || to_json(u.voice) || ',"speed_percent":' || u.speed_percent || ',"spoken_language":'
               || to_json(CASE WHEN i.type = 'text' THEN '' WHEN u.spoken_language = '' THEN u.language
                               ELSE u.spoken_language END)
               || ',"reply_format":"' || u.reply_format || '"}' AS settings
          FROM unnest(p_telegram, p_type, p_price, p_ask_above, p_chat, p_payload, v_outcome) WITH ORDINALITY
               AS i(telegram, type, price, ask_above, chat, payload, outcome, position)
          LEFT JOIN users u ON u.telegram_id = i.telegram
          LEFT JOIN balances b ON b.user_id = u.id),
    summed AS (
        SELECT *, sum(price) FILTER (WHERE outcome IS NULL) OVER (PARTITION BY user_id ORDER BY position) AS so_far
          FROM item),
    decided AS (
        SELECT *, coalesce(outcome, CASE WHEN so_far <= balance - held THEN 'accepted' END) AS decision FROM summed),
    totalled AS (
        SELECT *, coalesce(sum(price) FILTER (WHERE decision = 'accepted') OVER (PARTITION BY user_id), 0)::integer AS taken
          FROM decided)
    SELECT array_agg(t.user_id ORDER BY t.position),
           -- One that does not fit behind all others may fit behind those of them that do.
           array_agg(coalesce(t.decision, CASE WHEN t.price <= t.balance - t.held - t.taken THEN 'again'
                                               ELSE 'insufficient' END) ORDER BY t.position),
           array_agg(CASE WHEN t.payload LIKE '{"bytes": "%'
                          THEN t.payload || encode(convert_to(t.settings, 'UTF8'), 'hex') || '"}'
                          ELSE t.payload || t.settings END ORDER BY t.position),
           array_agg(CASE t.type WHEN 'text' THEN p_text_price ELSE p_voice_price END ORDER BY t.position),
           array_agg(t.balance ORDER BY t.position),
           array_agg(t.held + t.taken ORDER BY t.position)
      INTO v_user, v_outcome, v_payload, v_price_id, v_balance, v_held FROM totalled t;

    IF 'accepted' = ANY (v_outcome) THEN
        v_outbox := write_accepted(at, p_id, v_user, p_type, p_units, p_price, v_price_id, p_reply_to, p_chat,
                                   p_message, p_time_limit, v_payload, v_outcome);
    END IF;
    IF v_outcome && ARRAY['banned', 'insufficient', 'proposed'] THEN
        v_delivery := answer_refused(at, v_user, v_outcome, p_type, v_payload, p_units, p_price, v_price_id, v_balance,
                                     v_held, p_chat, p_message);
    END IF;

    RETURN QUERY
    SELECT i.outcome, i.user_id, u.language, u.voice, u.speed_percent, u.reply_format, u.spoken_language, i.balance,
           i.held, at,
           CASE i.outcome WHEN 'accepted'
                THEN v_outbox[count(*) FILTER (WHERE i.outcome = 'accepted') OVER (ORDER BY i.position)] END,
           v_delivery[i.position]
      FROM unnest(v_user, v_outcome, v_balance, v_held) WITH ORDINALITY
           AS i(user_id, outcome, balance, held, position)
      LEFT JOIN users u ON u.id = i.user_id
     ORDER BY i.position;
END
$$;

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

-- A delivery as delivery_batch.cpp reads it.
CREATE VIEW delivery_records AS
SELECT d.id, d.claim, d.chat_id, d.reply_to,
       -- Looked up now: the status message may have been sent after the task ended.
       coalesce(d.edit, t.status_message_id) AS edit, d.kind, d.facts, d.parts_sent, d.attempt, d.user_id, d.task_id
  FROM deliveries d LEFT JOIN tasks t ON t.id = d.task_id;

-- DeliveryStore::claim_delivery and claim_result: item i is the delivery p_delivery, or that of the task p_task. Those
-- that are claimed come back. again: to be asked again, after another of the same chat in the same batch.
CREATE FUNCTION claim_deliveries(at timestamptz, p_delivery bigint[], p_task text[], p_claim bigint[])
RETURNS TABLE ("position" bigint, again boolean, delivery delivery_records, profile user_profiles, task task_records)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_delivery bigint[];
    v_chat     bigint[];
    v_first    boolean[];
    claimed    bigint[];
    positions  bigint[];
BEGIN
    -- What is forgotten with the server is due again.
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    SELECT array_agg(d.id ORDER BY i.position), array_agg(d.chat_id ORDER BY i.position) INTO v_delivery, v_chat
      FROM unnest(p_delivery, p_task) WITH ORDINALITY AS i(delivery, task, position)
      LEFT JOIN deliveries d ON d.id = coalesce(i.delivery, (SELECT e.id FROM deliveries e WHERE e.task_id = i.task));
    -- All that is open in these chats, so that two claims in one chat come one after the other.
    PERFORM FROM (SELECT FROM deliveries d
                   WHERE d.chat_id = ANY (v_chat) AND d.state IN ('pending', 'sending') ORDER BY d.id FOR UPDATE) locked;
    SELECT array_agg(f.first ORDER BY f.position) INTO v_first
      FROM (SELECT i.position, row_number() OVER (PARTITION BY i.chat ORDER BY d.id, i.position) = 1 AS first
              FROM unnest(v_delivery, v_chat) WITH ORDINALITY AS i(id, chat, position)
              LEFT JOIN deliveries d ON d.id = i.id
               AND d.due_at <= at AND (d.state = 'pending' OR d.state = 'sending' AND d.attempt < 2)) f;
    WITH taken AS (
        UPDATE deliveries d SET state = 'sending', attempt = d.attempt + 1, claim = d.claim + 1,
                                due_at = at + i.claim * interval '1 millisecond'
          FROM unnest(v_delivery, p_claim, v_first) WITH ORDINALITY AS i(id, claim, first, position)
         WHERE d.id = i.id AND i.first
           AND d.due_at <= at AND (d.state = 'pending' OR d.state = 'sending' AND d.attempt < 2)
           AND NOT EXISTS (SELECT FROM deliveries older
                            WHERE older.chat_id = d.chat_id AND older.id < d.id
                              AND older.state = 'sending' AND older.due_at > at)
        RETURNING i.position, d.id)
    SELECT array_agg(taken.position), array_agg(taken.id) INTO positions, claimed FROM taken;
    RETURN QUERY
    SELECT c.position, false, d, p, r
      FROM unnest(positions, claimed) AS c(position, id)
      JOIN delivery_records d ON d.id = c.id
      JOIN user_profiles p ON p.id = d.user_id
      LEFT JOIN task_records r ON r.id = d.task_id;
    RETURN QUERY
    SELECT i.position, true, NULL::delivery_records, NULL::user_profiles, NULL::task_records
      FROM unnest(v_delivery, v_first) WITH ORDINALITY AS i(id, first, position) WHERE i.id IS NOT NULL AND NOT i.first;
END
$$;

-- DeliveryStore::part_sent; the positions of those whose claim is the newest.
CREATE FUNCTION mark_parts_sent(at timestamptz, p_delivery bigint[], p_claim bigint[], p_message bigint[],
                                p_file text[], p_last boolean[], p_claim_for bigint[])
RETURNS TABLE ("position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    RETURN QUERY
    UPDATE deliveries d
       SET state = CASE WHEN i.last THEN 'sent' ELSE d.state END, sent_at = CASE WHEN i.last THEN at END,
           due_at = CASE WHEN i.last THEN d.due_at ELSE at + i.claim_for * interval '1 millisecond' END,
           attempt = CASE WHEN i.last THEN d.attempt ELSE 1 END, parts_sent = d.parts_sent + 1,
           messages = d.messages || jsonb_build_array(jsonb_build_object('message', i.message, 'file', i.file))
      FROM unnest(p_delivery, p_claim, p_message, p_file, p_last, p_claim_for) WITH ORDINALITY
           AS i(id, claim, message, file, last, claim_for, position)
     WHERE d.id = i.id AND d.claim = i.claim AND d.state = 'sending'
    RETURNING i.position;
END
$$;

-- DeliveryStore::set_status_message; the positions of those that the result's delivery will find.
CREATE FUNCTION mark_status_messages(p_task text[], p_message bigint[])
RETURNS TABLE ("position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY
    UPDATE tasks t SET status_message_id = i.message
      FROM unnest(p_task, p_message) WITH ORDINALITY AS i(id, message, position)
     WHERE t.id = i.id
       AND (t.status IN ('created', 'processing')
            OR EXISTS (SELECT FROM deliveries d WHERE d.task_id = t.id AND d.claim = 0))
    RETURNING i.position;
END
$$;

-- UpkeepStore::take_outbox; rows of tasks that are not to be run any more go.
CREATE FUNCTION take_outbox(at timestamptz, p_limit integer, p_claim_for bigint)
RETURNS TABLE (outbox_id bigint, kind text, task task_records)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_ids bigint[];
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    UPDATE outbox o SET state = 'ready'
     WHERE o.id = ANY (ARRAY(SELECT d.id FROM outbox d WHERE d.state IN ('claimed', 'later') AND d.due_at <= at
                              ORDER BY d.id FOR UPDATE SKIP LOCKED));
    SELECT array_agg(l.id) INTO v_ids
      FROM (SELECT o.id FROM outbox o WHERE o.state = 'ready' ORDER BY o.turn, o.id LIMIT p_limit
              FOR UPDATE SKIP LOCKED) l;
    DELETE FROM outbox o USING unnest(v_ids) AS i(id)
     WHERE o.id = i.id AND o.kind = 'task'
       AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = o.task_id AND t.status = 'created');
    RETURN QUERY
    WITH taken AS (
        UPDATE outbox o SET state = 'claimed', due_at = at + p_claim_for * interval '1 millisecond'
          FROM unnest(v_ids) AS i(id) WHERE o.id = i.id
        RETURNING o.id, o.kind, o.task_id, o.turn)
    SELECT t.id, t.kind, r FROM taken t JOIN task_records r ON r.id = t.task_id ORDER BY t.turn, t.id;
END
$$;

-- UpkeepStore::published.
CREATE FUNCTION mark_published(at timestamptz, p_id bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    PERFORM FROM (SELECT FROM outbox o WHERE o.id = ANY (p_id) ORDER BY o.id FOR UPDATE) locked;
    DELETE FROM outbox o WHERE o.id = ANY (p_id) AND o.kind = 'reply';
    UPDATE outbox o SET state = 'published', due_at = at WHERE o.id = ANY (p_id);
END
$$;

-- UpkeepStore::not_published.
CREATE FUNCTION mark_not_published(at timestamptz, p_id bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    at := coalesce(at, moment());
    PERFORM FROM (SELECT FROM outbox o WHERE o.id = ANY (p_id) ORDER BY o.id FOR UPDATE) locked;
    UPDATE outbox o SET state = 'ready', due_at = at WHERE o.id = ANY (p_id) AND o.state = 'claimed';
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT ON delivery_records TO mlbilling_service;
    END IF;
END
$$;
