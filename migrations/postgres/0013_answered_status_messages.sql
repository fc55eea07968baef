-- DeliveryStore::set_status_message; the positions of those that the task's delivery will find, and of those that are
-- answers: the user pressed the button before the message was known as the task's. Two statements, because the first
-- may wait for a cancellation whose answer only a later look can see.
DROP FUNCTION mark_status_messages;
CREATE FUNCTION place_status_messages(p_task text[], p_message bigint[])
RETURNS TABLE ("position" bigint, answered boolean)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    relaxed text := set_config('synchronous_commit', 'off', true);
    shown   bigint[];
BEGIN
    WITH marked AS (
        UPDATE tasks t SET status_message_id = i.message
          FROM unnest(p_task, p_message) WITH ORDINALITY AS i(id, message, position)
         WHERE t.id = i.id
           AND (t.status IN ('created', 'processing')
                OR EXISTS (SELECT FROM deliveries d WHERE d.task_id = t.id AND d.claim = 0))
        RETURNING i.position)
    SELECT coalesce(array_agg(m.position), '{}') INTO shown FROM marked m;
    RETURN QUERY SELECT s, false FROM unnest(shown) s;
    IF cardinality(shown) < cardinality(p_task) THEN
        RETURN QUERY
        SELECT i.position, true
          FROM unnest(p_task, p_message) WITH ORDINALITY AS i(id, message, position)
          JOIN tasks t ON t.id = i.id
         WHERE i.position <> ALL (shown)
           AND EXISTS (SELECT FROM deliveries d WHERE d.task_id = t.id AND d.edit = i.message);
    END IF;
END
$$;
