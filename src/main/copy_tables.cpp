#include "main/copy_tables.hpp"

namespace mlbilling {
namespace {

using enum CopiedAs;

constexpr std::array users_columns{number, number, text, text,   text, text,
                                   number, text,   text, moment, text};
constexpr std::array balances_columns{number, number, number, number, moment};
constexpr std::array prices_columns{number, text, number, number, number, moment, moment};
constexpr std::array tasks_columns{
    number, text,   number, text,   text,   text,   number,   moment,   moment, number,
    number, number, number, text,   number, number, number,   text,     moment, text,
    moment, moment, text,   number, number, number, document, document, number, text};
constexpr std::array holds_columns{text, number, number, number, text, moment, moment};
constexpr std::array transactions_columns{number, number, number, text, text, moment,
                                          number, number, text,   text, text};
constexpr std::array audit_columns{number, text, text, text, text, moment};
constexpr std::array inbox_columns{number, number, moment};
constexpr std::array outbox_columns{number, text,   text,   number, text,
                                    moment, number, moment, moment};
constexpr std::array deliveries_columns{number,   number,   number, number, number, text,
                                        document, text,     text,   number, number, moment,
                                        number,   document, text,   moment, moment};
constexpr std::array proposals_columns{number, number, text,   document, number,
                                       number, number, number, text,     moment};
constexpr std::array cached_results_columns{text, document, moment};
constexpr std::array quotas_columns{text, number};
constexpr std::array grant_slots_columns{number, moment};
constexpr std::array owed_grants_columns{number, number, number, moment, number, number, moment};

constexpr std::array refusals_columns{number, number, text, text, moment};
constexpr std::array topics_columns{number, number, number, moment};
constexpr std::array button_messages_columns{number, number, text, number, moment};
constexpr std::array quota_turns_columns{text, text, moment, number};

constexpr std::array tables{
    CopiedTable{"users", users_columns, R"(
        SELECT id, telegram_id, username, role, language, voice, speed_percent, reply_format,
               spoken_language, created_at, grant_state FROM users ORDER BY id)",
                R"(
        INSERT INTO users (id, telegram_id, username, role, language, voice, speed_percent,
                           reply_format, spoken_language, created_at, grant_state)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[],
                             $6::text[], $7::bigint[], $8::text[], $9::text[], $10::timestamptz[],
                             $11::text[]))",
                "SELECT count(*) FROM users", "SELECT count(*) FROM users"},
    CopiedTable{"balances", balances_columns, R"(
        SELECT user_id, balance, held, sequence, updated_at FROM balances ORDER BY user_id)",
                R"(
        INSERT INTO balances (user_id, balance, held, sequence, updated_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],
                             $5::timestamptz[]))",
                "SELECT count(*) FROM balances", "SELECT count(*) FROM balances"},
    // The first prices are in the target already, and may only be closed; a type's open price comes
    // after its closed ones.
    CopiedTable{"prices", prices_columns, R"(
        SELECT id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from, valid_until
          FROM prices ORDER BY id)",
                R"(
        WITH source AS (
            SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
                                 $6::timestamptz[], $7::timestamptz[])
                AS s (id, type, micro, least, cached, since, until)),
        closed AS (
            UPDATE prices p SET valid_until = s.until FROM source s
             WHERE p.id = s.id AND s.until IS NOT NULL RETURNING p.id)
        INSERT INTO prices (id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from,
                            valid_until) OVERRIDING SYSTEM VALUE
        SELECT * FROM source s
         WHERE NOT EXISTS (SELECT 1 FROM prices p WHERE p.id = s.id)
           AND (SELECT count(*) FROM closed) >= 0)",
                "SELECT count(*) FROM prices", "SELECT count(*) FROM prices"},
    CopiedTable{"tasks", tasks_columns, R"(
        SELECT number, id, user_id, type, status, failure, cost, created_at, finished_at, price_id,
               units_claimed, units_measured, cached, provider, provider_cost, attempt, epoch, worker,
               leased_until, operation, next_attempt_at, deadline_at, reply_to, chat_id, message_id,
               status_message_id, payload, result, bot_id, request_id FROM tasks ORDER BY number)",
                R"(
        INSERT INTO tasks (number, id, user_id, type, status, failure, cost, created_at, finished_at,
                           price_id, units_claimed, units_measured, cached, provider, provider_cost,
                           attempt, epoch, worker, leased_until, operation, next_attempt_at,
                           deadline_at, reply_to, chat_id, message_id, status_message_id, payload,
                           result, bot_id, request_id) OVERRIDING SYSTEM VALUE
        SELECT number, id, user_id, type, status, failure, cost, created_at, finished_at, price_id,
               units_claimed, units_measured, cached <> 0, provider, provider_cost, attempt, epoch,
               worker, leased_until, operation, next_attempt_at, deadline_at, reply_to, chat_id,
               message_id, status_message_id, payload::json, result::json, bot_id, request_id
          FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                      $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::bigint[],
                      $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::bigint[],
                      $16::bigint[], $17::bigint[], $18::text[], $19::timestamptz[], $20::text[],
                      $21::timestamptz[], $22::timestamptz[], $23::text[], $24::bigint[],
                      $25::bigint[], $26::bigint[], $27::text[], $28::text[], $29::bigint[],
                      $30::text[])
            AS s (number, id, user_id, type, status, failure, cost, created_at, finished_at, price_id,
                  units_claimed, units_measured, cached, provider, provider_cost, attempt, epoch,
                  worker, leased_until, operation, next_attempt_at, deadline_at, reply_to, chat_id,
                  message_id, status_message_id, payload, result, bot_id, request_id))",
                "SELECT count(*) FROM tasks", "SELECT count(*) FROM tasks"},
    CopiedTable{"holds", holds_columns, R"(
        SELECT task_id, user_id, amount, charged, state, created_at, resolved_at
          FROM holds ORDER BY task_id)",
                R"(
        INSERT INTO holds (task_id, user_id, amount, charged, state, created_at, resolved_at)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[],
                             $6::timestamptz[], $7::timestamptz[]))",
                "SELECT count(*) FROM holds", "SELECT count(*) FROM holds"},
    CopiedTable{"transactions", transactions_columns, R"(
        SELECT id, user_id, amount, type, task_id, created_at, sequence, balance_after,
               idempotency_key, actor, reason FROM transactions ORDER BY id)",
                R"(
        INSERT INTO transactions (id, user_id, amount, type, task_id, created_at, sequence,
                                  balance_after, idempotency_key, actor, reason)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
                             $6::timestamptz[], $7::bigint[], $8::bigint[], $9::text[], $10::text[],
                             $11::text[]))",
                "SELECT count(*) FROM transactions", "SELECT count(*) FROM transactions"},
    CopiedTable{"audit", audit_columns,
                "SELECT id, actor, action, target, detail, at FROM audit ORDER BY id", R"(
        INSERT INTO audit (id, actor, action, target, detail, at) OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
                             $6::timestamptz[]))",
                "SELECT count(*) FROM audit", "SELECT count(*) FROM audit"},
    CopiedTable{"inbox", inbox_columns,
                "SELECT bot_id, update_id, received_at FROM inbox ORDER BY bot_id, update_id", R"(
        INSERT INTO inbox (bot_id, update_id, received_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]))",
                "SELECT count(*) FROM inbox", "SELECT count(*) FROM inbox"},
    CopiedTable{"outbox", outbox_columns, R"(
        SELECT o.id, o.kind, o.task_id, o.user_id, o.state, o.due_at, o.turn, t.deadline_at,
               o.created_at FROM outbox o JOIN tasks t ON t.id = o.task_id ORDER BY o.id)",
                R"(
        INSERT INTO outbox (id, kind, task_id, user_id, state, due_at, turn, deadline_at, created_at)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[],
                             $6::timestamptz[], $7::bigint[], $8::timestamptz[], $9::timestamptz[]))",
                "SELECT count(*) FROM outbox", "SELECT count(*) FROM outbox"},
    CopiedTable{"deliveries", deliveries_columns, R"(
        SELECT id, user_id, chat_id, reply_to, edit, kind, facts, task_id, state, attempt, claim,
               due_at, parts_sent, messages, detail, created_at, sent_at FROM deliveries ORDER BY id)",
                R"(
        INSERT INTO deliveries (id, user_id, chat_id, reply_to, edit, kind, facts, task_id, state,
                                attempt, claim, due_at, parts_sent, messages, detail, created_at,
                                sent_at) OVERRIDING SYSTEM VALUE
        SELECT id, user_id, chat_id, reply_to, edit, kind, facts::json, task_id, state, attempt,
               claim, due_at, parts_sent, messages::jsonb, detail, created_at, sent_at
          FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
                      $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[],
                      $12::timestamptz[], $13::bigint[], $14::text[], $15::text[],
                      $16::timestamptz[], $17::timestamptz[])
            AS s (id, user_id, chat_id, reply_to, edit, kind, facts, task_id, state, attempt, claim,
                  due_at, parts_sent, messages, detail, created_at, sent_at))",
                "SELECT count(*) FROM deliveries", "SELECT count(*) FROM deliveries"},
    CopiedTable{"proposals", proposals_columns, R"(
        SELECT id, user_id, type, payload, units, price_id, chat_id, message_id, task_id, created_at
          FROM proposals ORDER BY id)",
                R"(
        INSERT INTO proposals (id, user_id, type, payload, units, price_id, chat_id, message_id,
                               task_id, created_at) OVERRIDING SYSTEM VALUE
        SELECT id, user_id, type, payload::json, units, price_id, chat_id, message_id, task_id,
               created_at
          FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
                      $7::bigint[], $8::bigint[], $9::text[], $10::timestamptz[])
            AS s (id, user_id, type, payload, units, price_id, chat_id, message_id, task_id,
                  created_at))",
                "SELECT count(*) FROM proposals", "SELECT count(*) FROM proposals"},
    CopiedTable{"cached_results", cached_results_columns,
                "SELECT key, result, created_at FROM cached_results ORDER BY key", R"(
        INSERT INTO cached_results (key, result, created_at)
        SELECT key, result::json, created_at
          FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS s (key, result, created_at))",
                "SELECT count(*) FROM cached_results", "SELECT count(*) FROM cached_results"},
    CopiedTable{"quotas", quotas_columns, "SELECT name, next_at FROM quotas ORDER BY name", R"(
        INSERT INTO quotas (name, next_at)
        SELECT name, 'epoch'::timestamptz + next_at * interval '1 microsecond'
          FROM unnest($1::text[], $2::bigint[]) AS s (name, next_at))",
                "SELECT count(*) FROM quotas", "SELECT count(*) FROM quotas"},
    CopiedTable{"refusals", refusals_columns, R"(
        SELECT delivery_id, user_id, task_id, outcome, refused_at FROM refusals
         ORDER BY delivery_id)",
                R"(
        INSERT INTO refusals (delivery_id, user_id, task_id, outcome, refused_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[],
                             $5::timestamptz[]))",
                "SELECT count(*) FROM refusals", "SELECT count(*) FROM refusals"},
    CopiedTable{"topics", topics_columns, R"(
        SELECT chat_id, message_id, topic_id, noted_at FROM topics ORDER BY chat_id, message_id)",
                R"(
        INSERT INTO topics (chat_id, message_id, topic_id, noted_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[]))",
                "SELECT count(*) FROM topics", "SELECT count(*) FROM topics"},
    CopiedTable{"button_messages", button_messages_columns, R"(
        SELECT chat_id, message_id, kind, telegram_id, noted_at FROM button_messages
         ORDER BY chat_id, message_id)",
                R"(
        INSERT INTO button_messages (chat_id, message_id, kind, telegram_id, noted_at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[],
                             $5::timestamptz[]))",
                "SELECT count(*) FROM button_messages", "SELECT count(*) FROM button_messages"},
    // The first slots are in the target already.
    CopiedTable{"grant_slots", grant_slots_columns,
                "SELECT slot, free_at FROM grant_slots ORDER BY slot", R"(
        INSERT INTO grant_slots (slot, free_at)
        SELECT * FROM unnest($1::bigint[], $2::timestamptz[]) AS s (slot, free_at)
        ON CONFLICT (slot) DO UPDATE SET free_at = excluded.free_at)",
                "SELECT count(*) FROM grant_slots WHERE free_at > 0",
                "SELECT count(*) FROM grant_slots WHERE free_at > 'epoch'"},
    CopiedTable{"owed_grants", owed_grants_columns, R"(
        SELECT id, user_id, amount, due_at, slot, chat_id, created_at FROM owed_grants ORDER BY id)",
                R"(
        INSERT INTO owed_grants (id, user_id, amount, due_at, slot, chat_id, created_at)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[],
                             $5::bigint[], $6::bigint[], $7::timestamptz[]))",
                "SELECT count(*) FROM owed_grants", "SELECT count(*) FROM owed_grants"},
    CopiedTable{"quota_turns", quota_turns_columns,
                "SELECT name, holder, at, used FROM quota_turns ORDER BY name, at", R"(
        INSERT INTO quota_turns (name, holder, at, used)
        SELECT name, holder, at, used <> 0
          FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[])
            AS s (name, holder, at, used))",
                "SELECT count(*) FROM quota_turns", "SELECT count(*) FROM quota_turns"}};

}  // namespace

std::span<const CopiedTable> copied_tables() { return tables; }

}  // namespace mlbilling
