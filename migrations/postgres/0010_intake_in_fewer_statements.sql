-- The functions of 0004_intake_batches.sql with a third of the statements. A statement costs 50 to 100 microseconds
-- before its first row, which is most of a small batch; a look-up in an index costs about two, which is most of a large
-- one. So what was read is kept in arrays, and what is written is written by one statement.
--
-- The planner is told how to plan by the function that the service calls; what that calls runs under the same settings.
-- Arrays are gathered from a sorted subquery: an ORDER BY within an aggregate sorts once for every array.

-- Writes the accepted tasks with their holds, and their outbox rows, claimed by the caller, whose ids are returned in
-- order. The caller has locked the balances.
CREATE OR REPLACE FUNCTION write_accepted(
    at timestamptz, p_id text[], p_user bigint[], p_type text[], p_units bigint[], p_price integer[],
    p_price_id bigint[], p_reply_to text[], p_chat bigint[], p_message bigint[], p_time_limit bigint[],
    p_payload text[], p_outcome text[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    written bigint[];
BEGIN
    WITH accepted AS MATERIALIZED (
        SELECT *, at + time_limit * interval '1 millisecond' AS deadline,
               row_number() OVER (PARTITION BY user_id ORDER BY position) AS nth
          FROM unnest(p_id, p_user, p_type, p_units, p_price, p_price_id, p_reply_to, p_chat, p_message, p_time_limit,
                      p_payload, p_outcome) WITH ORDINALITY
               AS i(id, user_id, type, units, price, price_id, reply_to, chat, message, time_limit, payload, outcome,
                    position)
         WHERE outcome = 'accepted'),
    account AS (
        UPDATE balances b SET held = b.held + g.price, updated_at = at
          FROM (SELECT user_id, sum(price)::integer AS price FROM accepted GROUP BY user_id) g
         WHERE b.user_id = g.user_id),
    task AS (
        INSERT INTO tasks (id, user_id, type, status, created_at, price_id, units_claimed, deadline_at, reply_to,
                           chat_id, message_id, payload)
        SELECT id, user_id, type, 'created', at, price_id, units, deadline, reply_to, chat, message, payload::json
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
-- insufficient, proposed, accepted. p_payload is the beginning of tasks.payload, up to what the settings decide; when
-- it is not valid UTF-8, that of the text that stands for it (documents.hpp).
CREATE OR REPLACE FUNCTION accept_tasks(
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
    prices_hold boolean;
    strangers   boolean;
    v_outcome   text[];
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
    SELECT (SELECT price.holds FROM price), array_agg(s.outcome) INTO prices_hold, v_outcome
      FROM (SELECT CASE WHEN t.id IS NOT NULL
                          OR i.update IS NOT NULL
                             AND (i.bot, i.update) NOT IN (SELECT f.bot_id, f.update_id FROM first_time f)
                        THEN 'known' END AS outcome
              FROM unnest(p_bot, p_update, p_id) WITH ORDINALITY AS i(bot, update, id, position)
              LEFT JOIN tasks t ON t.id = i.id
             ORDER BY i.position) s;
    IF NOT prices_hold THEN
        RETURN;
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
                       i.outcome IS NULL AND (u.id IS NULL OR i.username <> '' AND i.username <> u.username)
                            AS strange
                  FROM unnest(p_telegram, p_username, p_type, p_payload, v_outcome) WITH ORDINALITY
                       AS i(telegram, username, type, payload, outcome, position)
                  LEFT JOIN users u ON u.telegram_id = i.telegram AND i.outcome IS NULL
                 ORDER BY i.position) s;
        EXIT WHEN pass = 2 OR NOT strangers;
        PERFORM register_senders(at, array_agg(i.telegram), array_agg(i.username), array_agg(i.language),
                                 array_agg(i.start))
           FROM unnest(p_telegram, p_username, p_language, p_start_balance, v_outcome)
                AS i(telegram, username, language, start, outcome)
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
        v_outbox := write_accepted(at, p_id, v_user, p_type, p_units, p_price, v_price_id, p_reply_to, p_chat,
                                   p_message, p_time_limit, v_payload, v_outcome);
    END IF;
    IF v_outcome && ARRAY['banned', 'insufficient', 'proposed'] THEN
        v_delivery := answer_refused(at, v_user, v_outcome, p_type, v_payload, p_units, p_price, v_price_id, v_balance,
                                     v_held, p_chat, p_message);
    END IF;

    RETURN QUERY
    SELECT i.outcome, i.user_id, i.language, i.voice, i.speed, i.format, i.spoken, i.balance, i.held, at,
           CASE i.outcome WHEN 'accepted'
                THEN v_outbox[count(*) FILTER (WHERE i.outcome = 'accepted') OVER (ORDER BY i.position)] END,
           v_delivery[i.position]
      FROM unnest(v_outcome, v_user, v_language, v_voice, v_speed, v_format, v_spoken, v_balance, v_held)
           WITH ORDINALITY
           AS i(outcome, user_id, language, voice, speed, format, spoken, balance, held, position)
     ORDER BY i.position;
END
$$;
