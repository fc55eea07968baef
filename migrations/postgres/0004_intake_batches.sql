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
