-- Delivering and publishing much at once; see 0004_intake_batches.sql.

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
