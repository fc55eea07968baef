-- What became of results that a chat refused for good, and what is known of messages.

-- kept: offered as soon as a message reaches the user. offered: the user was told that it can be had.
-- refunded: paid back.
CREATE TABLE refusals (
    delivery_id bigint      NOT NULL PRIMARY KEY,
    user_id     bigint      NOT NULL,
    task_id     text        COLLATE "C" NOT NULL,
    outcome     text        NOT NULL CHECK (outcome IN ('kept', 'offered', 'refunded')),
    refused_at  timestamptz NOT NULL
);
CREATE INDEX refusals_kept ON refusals (user_id) WHERE outcome = 'kept';
CREATE INDEX refusals_of_a_task ON refusals (task_id);

-- The topic of a forum that a message stands in.
CREATE TABLE topics (
    chat_id    bigint      NOT NULL,
    message_id bigint      NOT NULL,
    topic_id   bigint      NOT NULL,
    noted_at   timestamptz NOT NULL,
    PRIMARY KEY (chat_id, message_id)
);
CREATE INDEX topics_by_age ON topics (noted_at);

-- The bot's messages with buttons: whoever they were made for may press them.
CREATE TABLE button_messages (
    chat_id     bigint      NOT NULL,
    message_id  bigint      NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('menu', 'question')),
    telegram_id bigint      NOT NULL,
    noted_at    timestamptz NOT NULL,
    PRIMARY KEY (chat_id, message_id)
);
CREATE INDEX button_messages_by_age ON button_messages (noted_at);

-- Those that were sent before this was kept, but for questions that became tasks.
INSERT INTO button_messages (chat_id, message_id, kind, telegram_id, noted_at)
SELECT d.chat_id, (d.messages->0->>'message')::bigint, CASE d.kind WHEN 'proposal' THEN 'question' ELSE 'menu' END,
       u.telegram_id, d.sent_at
  FROM deliveries d JOIN users u ON u.id = d.user_id
 WHERE d.state = 'sent' AND d.messages->0->>'message' IS NOT NULL
   AND d.kind IN ('proposal', 'history', 'language_menu', 'voice_menu', 'settings_menu', 'settings_changed',
                  'answer_uncertain')
   AND d.created_at > moment() - interval '30 days'
   AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = d.chat_id || '_' || (d.messages->0->>'message'))
 ORDER BY d.id
ON CONFLICT DO NOTHING;

-- Something has reached the private chats of these deliveries: what their users had refused is offered there.
CREATE FUNCTION offer_kept(at timestamptz, p_delivery bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH back AS (
        SELECT DISTINCT d.user_id, d.chat_id FROM deliveries d JOIN users u ON u.id = d.user_id
         WHERE d.id = ANY (p_delivery) AND d.chat_id = u.telegram_id),
    offered AS (
        UPDATE refusals r SET outcome = 'offered' FROM back b
         WHERE r.user_id = b.user_id AND r.outcome = 'kept' RETURNING r.user_id, r.task_id, b.chat_id)
    INSERT INTO deliveries (user_id, chat_id, kind, facts, due_at, created_at)
    SELECT o.user_id, o.chat_id, 'result_kept', json_build_object('task', o.task_id), at, at FROM offered o
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
    -- Hardly ever is there anything to offer.
    IF EXISTS (SELECT FROM refusals r WHERE r.outcome = 'kept') THEN
        PERFORM offer_kept(at, p_delivery);
    END IF;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON refusals, topics, button_messages TO mlbilling_service;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_reports') THEN
        GRANT SELECT ON refusals TO mlbilling_reports;
    END IF;
END
$$;
