-- Whose a request is.
--
-- A task's id is what its request is called outside, unless the task of another user, chat, bot or producer has it:
-- then with a suffix `.2`, `.3`, the first that is free. Whoever looks for a request reads those ids in order up to the
-- first that is free, which is also where a new task goes: so of two that accept the same request at once one meets the
-- other's row, by the primary key, and starts again. No task is ever deleted, so that no gap opens.

-- The bot that was asked; of another producer's task, and of those of earlier releases, unknown.
ALTER TABLE tasks ADD COLUMN bot_id bigint;
-- What the request is called outside, where the id is another.
ALTER TABLE tasks ADD COLUMN request_id text COLLATE "C";

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_reports') THEN
        GRANT SELECT (bot_id, request_id) ON tasks TO mlbilling_reports;
    END IF;
END
$$;

-- Where a request is, or where its task is to go: the first id that is the request's own, or that is free. p_bot: 0 for
-- another producer. p_telegram: 0 for whoever asked the bot. of_old: tasks of earlier releases count, whose bot is not
-- known. A producer's message whose reply queue is that of our bot's task is a copy of that task's own message.
CREATE FUNCTION find_request(p_request text, p_bot bigint, p_telegram bigint, p_reply_to text, of_old boolean,
                             OUT id text, OUT known boolean)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    nth integer := 1;
BEGIN
    LOOP
        find_request.id := p_request || CASE WHEN nth = 1 THEN '' ELSE '.' || nth END;
        SELECT (p_telegram = 0 OR u.telegram_id = p_telegram)
               AND CASE WHEN p_bot <> 0 THEN coalesce(t.request_id, t.id) = p_request
                             AND coalesce(t.bot_id = p_bot, of_old AND t.chat_id IS NOT NULL)
                        WHEN t.chat_id IS NULL THEN coalesce(t.request_id, t.id) = p_request
                        ELSE t.id = p_request AND t.reply_to = p_reply_to AND p_reply_to <> '' END
          INTO known FROM tasks t JOIN users u ON u.id = t.user_id WHERE t.id = find_request.id;
        EXIT WHEN known IS DISTINCT FROM false;
        nth := nth + 1;
    END LOOP;
    known := coalesce(known, false);
END
$$;

-- Writes the accepted tasks with their holds, and their outbox rows, claimed by the caller, whose ids are returned in
-- order. The caller has locked the balances.
DROP FUNCTION write_accepted;
CREATE FUNCTION write_accepted(
    at timestamptz, p_id text[], p_bot bigint[], p_request text[], p_user bigint[], p_type text[], p_units bigint[],
    p_price integer[], p_price_id bigint[], p_reply_to text[], p_chat bigint[], p_message bigint[],
    p_time_limit bigint[], p_payload text[], p_outcome text[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    written bigint[];
BEGIN
    WITH accepted AS MATERIALIZED (
        SELECT *, at + time_limit * interval '1 millisecond' AS deadline,
               row_number() OVER (PARTITION BY user_id ORDER BY position) AS nth
          FROM unnest(p_id, p_bot, p_request, p_user, p_type, p_units, p_price, p_price_id, p_reply_to, p_chat,
                      p_message, p_time_limit, p_payload, p_outcome) WITH ORDINALITY
               AS i(id, bot, request, user_id, type, units, price, price_id, reply_to, chat, message, time_limit,
                    payload, outcome, position)
         WHERE outcome = 'accepted'),
    account AS (
        UPDATE balances b SET held = b.held + g.price, updated_at = at
          FROM (SELECT user_id, sum(price)::integer AS price FROM accepted GROUP BY user_id) g
         WHERE b.user_id = g.user_id),
    task AS (
        INSERT INTO tasks (id, user_id, type, status, created_at, price_id, units_claimed, deadline_at, reply_to,
                           chat_id, message_id, payload, bot_id, request_id)
        SELECT id, user_id, type, 'created', at, price_id, units, deadline, reply_to, chat, message, payload::json,
               bot, nullif(request, id)
          FROM accepted),
    hold AS (
        INSERT INTO holds (task_id, user_id, amount, created_at) SELECT id, user_id, price, at FROM accepted),
    -- One turn after the user's last that is not published yet, but not before the turn that is being served
    -- (outbox.turn). Looked up for a user's first task; the others follow it.
    served AS (
        SELECT coalesce((SELECT o.turn FROM outbox o WHERE o.state = 'ready' ORDER BY o.turn LIMIT 1), 1) AS turn),
    turned AS (
        SELECT a.*, CASE WHEN nth = 1 THEN greatest(served.turn,
                   (SELECT o.turn + 1 FROM outbox o WHERE o.user_id = a.user_id AND o.state <> 'published'
                     ORDER BY o.turn DESC LIMIT 1)) END AS first_turn
          FROM accepted a, served),
    queued AS (
        INSERT INTO outbox (kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
        SELECT 'task', id, user_id, 'claimed', at + interval '30 seconds',
               max(first_turn) OVER (PARTITION BY user_id) + nth - 1, deadline, at
          FROM turned ORDER BY position
        RETURNING outbox.id)
    -- Ids are given out in the order of the rows.
    SELECT array_agg(q.id) INTO written FROM (SELECT id FROM queued ORDER BY id) q;
    RETURN written;
END
$$;

-- IntakeStore::accept. Returns nothing, and does nothing, when a price is not the current one of its type any more.
-- outcome: known, again (to be asked again, since what stood before it in the batch leaves its price open), banned,
-- insufficient, proposed, accepted. id: the task's. p_payload is the beginning of tasks.payload, up to what the user's
-- settings decide; when it is not valid UTF-8, that of the text that stands for it (documents.hpp).
DROP FUNCTION accept_tasks;
CREATE FUNCTION accept_tasks(
    at timestamptz, p_text_price bigint, p_voice_price bigint, p_bot bigint[], p_update bigint[], p_telegram bigint[],
    p_username text[], p_language text[], p_start_balance integer[], p_id text[], p_type text[], p_payload text[],
    p_units bigint[], p_price integer[], p_ask_above integer[], p_reply_to text[], p_chat bigint[],
    p_message bigint[], p_time_limit bigint[], p_grants_per_hour integer)
RETURNS TABLE (outcome text, id text, user_id bigint, language text, voice text, speed_percent integer, reply_format text,
               spoken_language text, balance integer, held integer, created_at timestamptz, outbox_id bigint,
               delivery_id bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    prices_hold boolean;
    strangers   boolean;
    v_outcome   text[];
    -- Whose plain id a task has, and the ids that there are or are to be.
    v_taken     boolean[];
    v_id        text[] := p_id;
    -- Of those that are not known: who sends them, and how it is to be done.
    v_user      bigint[];
    v_banned    boolean[];
    v_language  text[];
    v_voice     text[];
    v_speed     integer[];
    v_format    text[];
    v_spoken    text[];
    v_payload   text[];
    v_price_id  bigint[];
    -- Their accounts, by user, as they are while locked.
    locked      bigint[];
    balances    integer[];
    helds       integer[];
    v_balance   integer[];
    v_held      integer[];
    v_outbox    bigint[];
    v_delivery  bigint[];
BEGIN
    at := coalesce(at, moment());

    -- What has been seen before.
    WITH price AS (
        SELECT (SELECT p.id FROM prices p WHERE p.type = 'text' AND p.valid_from <= at
                 ORDER BY p.valid_from DESC, p.id DESC LIMIT 1) = p_text_price
           AND (SELECT p.id FROM prices p WHERE p.type = 'voice' AND p.valid_from <= at
                 ORDER BY p.valid_from DESC, p.id DESC LIMIT 1) = p_voice_price AS holds),
    first_time AS (
        INSERT INTO inbox (bot_id, update_id, received_at)
        SELECT i.bot, i.update, at FROM price, unnest(p_bot, p_update) AS i(bot, update)
         WHERE price.holds AND i.update IS NOT NULL
         ORDER BY i.bot, i.update
        ON CONFLICT DO NOTHING RETURNING bot_id, update_id)
    SELECT (SELECT price.holds FROM price), array_agg(s.outcome), array_agg(s.taken)
      INTO prices_hold, v_outcome, v_taken
      FROM (SELECT CASE WHEN i.update IS NOT NULL
                             AND (i.bot, i.update) NOT IN (SELECT f.bot_id, f.update_id FROM first_time f)
                        THEN 'known' END AS outcome, t.id IS NOT NULL AS taken
              FROM unnest(p_bot, p_update, p_id) WITH ORDINALITY AS i(bot, update, id, position)
              LEFT JOIN tasks t ON t.id = i.id
             ORDER BY i.position) s;
    IF NOT prices_hold THEN
        RETURN;
    END IF;

    IF true = ANY (v_taken) THEN
        -- Two requests of a batch may come to the same id; the later one is asked again.
        SELECT array_agg(r.id), array_agg(CASE WHEN r.outcome IS NULL AND r.nth > 1 THEN 'again' ELSE r.outcome END)
          INTO v_id, v_outcome
          FROM (SELECT s.*, row_number() OVER (PARTITION BY s.id, s.outcome ORDER BY s.position) AS nth
                  FROM (SELECT coalesce(f.id, i.id) AS id, CASE WHEN f.known THEN 'known' ELSE i.outcome END AS outcome,
                               i.position
                          FROM unnest(p_id, p_bot, p_telegram, p_reply_to, v_taken, v_outcome) WITH ORDINALITY
                               AS i(id, bot, telegram, reply_to, taken, outcome, position)
                          LEFT JOIN LATERAL (
                              SELECT r.* FROM find_request(i.id, coalesce(i.bot, 0), i.telegram, i.reply_to, false) r
                               WHERE i.taken) f ON true) s
                 ORDER BY s.position) r;
    END IF;

    -- Who sends them; read again when somebody has to be registered first.
    FOR pass IN 1..2 LOOP
        SELECT bool_or(s.strange), array_agg(s.id), array_agg(s.role = 'banned'), array_agg(s.language),
               array_agg(s.voice), array_agg(s.speed_percent), array_agg(s.reply_format), array_agg(s.spoken_language),
               array_agg(CASE WHEN s.payload LIKE '{"bytes": "%'
                              THEN s.payload || encode(convert_to(s.settings, 'UTF8'), 'hex') || '"}'
                              ELSE s.payload || s.settings END)
          INTO strangers, v_user, v_banned, v_language, v_voice, v_speed, v_format, v_spoken, v_payload
          FROM (SELECT u.*, i.payload,
                       ',"voice":' || to_json(u.voice) || ',"speed_percent":' || u.speed_percent
                       || ',"spoken_language":'
                       || to_json(CASE WHEN i.type = 'text' THEN '' WHEN u.spoken_language = '' THEN u.language
                                       ELSE u.spoken_language END)
                       || ',"reply_format":"' || u.reply_format || '"}' AS settings,
                       i.outcome IS NULL AND (u.id IS NULL OR i.username <> '' AND i.username <> u.username
                            OR u.grant_state = 'unmet' AND (i.bot IS NOT NULL OR i.start > 0)) AS strange
                  FROM unnest(p_telegram, p_username, p_type, p_payload, p_bot, p_start_balance, v_outcome)
                       WITH ORDINALITY AS i(telegram, username, type, payload, bot, start, outcome, position)
                  LEFT JOIN users u ON u.telegram_id = i.telegram AND i.outcome IS NULL
                 ORDER BY i.position) s;
        EXIT WHEN pass = 2 OR NOT strangers;
        PERFORM register_senders(at, array_agg(i.telegram), array_agg(i.username), array_agg(i.language),
                                 array_agg(i.start), array_agg(i.bot IS NOT NULL), array_agg(i.chat),
                                 array_agg(i.message), p_grants_per_hour)
           FROM unnest(p_telegram, p_username, p_language, p_start_balance, p_bot, p_chat, p_message, v_outcome)
                AS i(telegram, username, language, start, bot, chat, message, outcome)
          WHERE i.outcome IS NULL;
    END LOOP;

    SELECT array_agg(l.user_id), array_agg(l.balance), array_agg(l.held) INTO locked, balances, helds
      FROM (SELECT b.user_id, b.balance, b.held FROM balances b WHERE b.user_id = ANY (v_user)
             ORDER BY b.user_id FOR UPDATE) l;

    -- What they may have. Of a user's tasks that would be affordable alone, the first ones are.
    WITH numbered AS (
        -- nth: where the user's account stands among the locked ones.
        SELECT *, dense_rank() OVER (ORDER BY user_id) AS nth
          FROM unnest(v_user, v_banned, v_outcome, p_type, p_price, p_ask_above, p_chat) WITH ORDINALITY
               AS i(user_id, banned, outcome, type, price, ask_above, chat, position)),
    item AS (
        SELECT i.position, i.price, i.type, i.user_id, balances[i.nth] AS balance, helds[i.nth] AS held,
               CASE WHEN i.outcome IS NOT NULL THEN i.outcome
                    WHEN i.banned THEN 'banned'
                    WHEN (locked[i.nth] = i.user_id) IS NOT TRUE THEN 'no account'
                    WHEN i.price > balances[i.nth] - helds[i.nth] THEN 'insufficient'
                    WHEN i.chat IS NOT NULL AND i.price > i.ask_above THEN 'proposed'
               END AS outcome
          FROM numbered i),
    summed AS (
        SELECT *, sum(price) FILTER (WHERE outcome IS NULL) OVER (PARTITION BY user_id ORDER BY position) AS so_far
          FROM item),
    decided AS (
        SELECT *, coalesce(outcome, CASE WHEN so_far <= balance - held THEN 'accepted' END) AS decision FROM summed),
    totalled AS (
        SELECT *, coalesce(sum(price) FILTER (WHERE decision = 'accepted') OVER (PARTITION BY user_id), 0)::integer AS taken
          FROM decided),
    ended AS (
        -- One that does not fit behind all others may fit behind those of them that do.
        SELECT coalesce(decision, CASE WHEN price <= balance - held - taken THEN 'again' ELSE 'insufficient' END)
                   AS outcome,
               CASE type WHEN 'text' THEN p_text_price ELSE p_voice_price END AS price_id,
               balance, held + taken AS held
          FROM totalled ORDER BY position)
    SELECT array_agg(e.outcome), array_agg(e.price_id), array_agg(e.balance), array_agg(e.held)
      INTO v_outcome, v_price_id, v_balance, v_held FROM ended e;

    IF 'no account' = ANY (v_outcome) THEN
        RAISE EXCEPTION 'a user has no account';
    END IF;
    IF 'accepted' = ANY (v_outcome) THEN
        v_outbox := write_accepted(at, v_id, p_bot, p_id, v_user, p_type, p_units, p_price, v_price_id, p_reply_to,
                                   p_chat, p_message, p_time_limit, v_payload, v_outcome);
    END IF;
    IF v_outcome && ARRAY['banned', 'insufficient', 'proposed'] THEN
        v_delivery := answer_refused(at, v_user, v_outcome, p_type, v_payload, p_units, p_price, v_price_id, v_balance,
                                     v_held, p_chat, p_message);
    END IF;

    IF 'again' = ANY (v_outcome) THEN
        -- What is asked again has not taken effect.
        DELETE FROM inbox b USING unnest(p_bot, p_update, v_outcome) AS i(bot, update, outcome)
         WHERE i.outcome = 'again' AND b.bot_id = i.bot AND b.update_id = i.update;
    END IF;

    RETURN QUERY
    SELECT i.outcome, i.id, i.user_id, i.language, i.voice, i.speed, i.format, i.spoken, i.balance, i.held, at,
           CASE i.outcome WHEN 'accepted'
                THEN v_outbox[count(*) FILTER (WHERE i.outcome = 'accepted') OVER (ORDER BY i.position)] END,
           v_delivery[i.position]
      FROM unnest(v_outcome, v_id, v_user, v_language, v_voice, v_speed, v_format, v_spoken, v_balance, v_held)
           WITH ORDINALITY
           AS i(outcome, id, user_id, language, voice, speed, format, spoken, balance, held, position)
     ORDER BY i.position;
END
$$;
