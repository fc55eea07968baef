-- The functions of 0006_delivery_batches.sql with fewer statements and look-ups; see 0010_intake_in_fewer_statements.sql.

-- What claim_deliveries returns, as delivery_batch.cpp reads it. A view for its row type alone.
CREATE VIEW claimed_rows ("position", again, delivery_id, claim, place, reply_message, edit, kind, facts, parts_sent,
                          sends, profile_id, profile_telegram_id, username, role, language, voice, speed_percent,
                          reply_format, spoken_language, balance, user_held, registered_at) AS
SELECT 0::bigint, false, d.id, d.claim, d.chat_id, d.reply_to, d.edit, d.kind, d.facts, d.parts_sent, d.attempt, p.*, r.*
  FROM deliveries d CROSS JOIN user_profiles p CROSS JOIN task_records r WHERE false;

-- DeliveryStore::claim_delivery and claim_result: item i is the delivery p_delivery, or that of the task p_task. Those
-- that are claimed come back. again: to be asked again, after another of the same chat in the same batch.
DROP FUNCTION claim_deliveries;
DROP VIEW delivery_records;
CREATE FUNCTION claim_deliveries(at timestamptz, p_delivery bigint[], p_task text[], p_claim bigint[])
RETURNS SETOF claimed_rows LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    -- What is forgotten with the server is due again.
    relaxed    text := set_config('synchronous_commit', 'off', true);
    v_delivery bigint[];
    v_chat     bigint[];
BEGIN
    at := coalesce(at, moment());
    SELECT array_agg(f.id), array_agg(f.chat_id) INTO v_delivery, v_chat
      FROM (SELECT d.id, d.chat_id
              FROM unnest(p_delivery, p_task) WITH ORDINALITY AS i(delivery, task, position)
              LEFT JOIN deliveries d
                     ON d.id = coalesce(i.delivery, (SELECT e.id FROM deliveries e WHERE e.task_id = i.task))
             ORDER BY i.position) f;
    -- All that is open in these chats, so that two claims in one chat come one after the other.
    PERFORM FROM (SELECT FROM deliveries d WHERE d.chat_id = ANY (v_chat) AND d.stage = 'open'
                   ORDER BY d.id FOR UPDATE) locked;
    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT i.position, i.id, i.claim, row_number() OVER (PARTITION BY i.chat ORDER BY d.id, i.position) = 1 AS first
          FROM unnest(v_delivery, v_chat, p_claim) WITH ORDINALITY AS i(id, chat, claim, position)
          LEFT JOIN deliveries d ON d.id = i.id
           AND d.due_at <= at AND (d.state = 'pending' OR d.state = 'sending' AND d.attempt < 2)),
    taken AS (
        UPDATE deliveries d SET state = 'sending', attempt = d.attempt + 1, claim = d.claim + 1,
                                due_at = at + i.claim * interval '1 millisecond'
          FROM item i
         WHERE d.id = i.id AND i.first
           AND d.due_at <= at AND (d.state = 'pending' OR d.state = 'sending' AND d.attempt < 2)
           -- A count, because for NOT EXISTS the planner may read through all that is open.
           AND (SELECT count(*) FROM deliveries older
                 WHERE older.chat_id = d.chat_id AND older.id < d.id AND older.stage = 'open'
                   AND older.state = 'sending' AND older.due_at > at) = 0
        RETURNING i.position, d.*)
    SELECT d.position, false, d.id, d.claim, d.chat_id, d.reply_to,
           -- Looked up now: the status message may have been sent after the task ended.
           coalesce(d.edit, r.status_message_id), d.kind, d.facts, d.parts_sent, d.attempt, p.*, r.*
      FROM taken d
      JOIN user_profiles p ON p.id = d.user_id
      LEFT JOIN task_records r ON r.id = d.task_id
    UNION ALL
    SELECT i.position, true, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::json,
           NULL::integer, NULL::integer, (NULL::user_profiles).*, (NULL::task_records).*
      FROM item i WHERE i.id IS NOT NULL AND NOT i.first;
END
$$;

-- DeliveryStore::part_sent; the positions of those whose claim is the newest.
CREATE OR REPLACE FUNCTION mark_parts_sent(at timestamptz, p_delivery bigint[], p_claim bigint[], p_message bigint[],
                                p_file text[], p_last boolean[], p_claim_for bigint[])
RETURNS TABLE ("position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    relaxed text := set_config('synchronous_commit', 'off', true);
BEGIN
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
CREATE OR REPLACE FUNCTION mark_status_messages(p_task text[], p_message bigint[])
RETURNS TABLE ("position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    relaxed text := set_config('synchronous_commit', 'off', true);
BEGIN
    RETURN QUERY
    UPDATE tasks t SET status_message_id = i.message
      FROM unnest(p_task, p_message) WITH ORDINALITY AS i(id, message, position)
     WHERE t.id = i.id
       AND (t.status IN ('created', 'processing')
            OR EXISTS (SELECT FROM deliveries d WHERE d.task_id = t.id AND d.claim = 0))
    RETURNING i.position;
END
$$;

-- UpkeepStore::published.
CREATE OR REPLACE FUNCTION mark_published(at timestamptz, p_id bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    relaxed text := set_config('synchronous_commit', 'off', true);
BEGIN
    at := coalesce(at, moment());
    PERFORM FROM (SELECT FROM outbox o WHERE o.id = ANY (p_id) ORDER BY o.id FOR UPDATE) locked;
    WITH told AS (DELETE FROM outbox o WHERE o.id = ANY (p_id) AND o.kind = 'reply')
    UPDATE outbox o SET state = 'published', due_at = at WHERE o.id = ANY (p_id) AND o.kind = 'task';
END
$$;
