-- What became of results that a chat refused for good, and what is known of messages.

-- kept: offered as soon as a message reaches the user. offered: the user was told that it can be had.
-- refunded: paid back.
CREATE TABLE refusals (
    delivery_id INTEGER NOT NULL PRIMARY KEY,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    task_id     TEXT    NOT NULL REFERENCES tasks (id),
    outcome     TEXT    NOT NULL CHECK (outcome IN ('kept', 'offered', 'refunded')),
    refused_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX refusals_kept ON refusals (user_id) WHERE outcome = 'kept';
CREATE INDEX refusals_of_a_task ON refusals (task_id);

-- The topic of a forum that a message stands in.
CREATE TABLE topics (
    chat_id    INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    topic_id   INTEGER NOT NULL,
    noted_at   INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX topics_by_age ON topics (noted_at);

-- The bot's messages with buttons: whoever they were made for may press them.
CREATE TABLE button_messages (
    chat_id     INTEGER NOT NULL,
    message_id  INTEGER NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('menu', 'question')),
    telegram_id INTEGER NOT NULL,
    noted_at    INTEGER NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX button_messages_by_age ON button_messages (noted_at);

-- Those that were sent before this was kept, but for questions that became tasks.
INSERT INTO button_messages (chat_id, message_id, kind, telegram_id, noted_at)
SELECT d.chat_id, json_extract(d.messages, '$[0].message'), iif(d.kind = 'proposal', 'question', 'menu'),
       u.telegram_id, d.sent_at
  FROM deliveries d JOIN users u ON u.id = d.user_id
 WHERE d.state = 'sent' AND json_extract(d.messages, '$[0].message') IS NOT NULL
   AND d.kind IN ('proposal', 'history', 'language_menu', 'voice_menu', 'settings_menu', 'settings_changed',
                  'answer_uncertain')
   AND d.created_at > CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 30 * 86400000
   AND NOT EXISTS (SELECT 1 FROM tasks t
                    WHERE t.id = d.chat_id || '_' || json_extract(d.messages, '$[0].message'))
 ORDER BY d.id
ON CONFLICT DO NOTHING;
