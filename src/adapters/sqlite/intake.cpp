#include "adapters/sqlite/intake.hpp"

#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/prices.hpp"
#include "adapters/sqlite/requests.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/tasks.hpp"
#include "adapters/sqlite/users.hpp"

namespace mlbilling::sqlite {
namespace {

/// What the request says, completed by what the user has chosen.
Payload payload_of(const TaskRequest& request, const Settings& settings) {
    Payload payload{.data = request.data,
                    .file_unique_id = request.file_unique_id,
                    .voice = settings.voice,
                    .speed_percent = settings.speed_percent,
                    .spoken_language = {},
                    .reply_format = settings.reply_format};
    if (request.type == TaskType::voice)
        payload.spoken_language = settings.spoken_language.empty()
                                      ? std::string(to_string(settings.language))
                                      : settings.spoken_language;
    if (!request.update) {
        payload.asked_as = request.id.value();
        payload.correlation = request.correlation;
    }
    return payload;
}

TaskRecord task_of(const Session& session, const TaskRequest& request, const TaskId& id,
                   const Profile& profile, const Price& price) {
    TaskRecord task;
    task.id = id;
    task.user = profile.id;
    task.type = request.type;
    task.payload = payload_of(request, profile.settings);
    task.units_claimed = request.claimed;
    task.price = price;
    task.reply_to = request.reply_to;
    task.place = request.place;
    task.deadline_at = session.now + request.time_limit;
    return task;
}

std::optional<DeliveryId> owe_in(Session& session, const std::optional<Place>& place, UserId user,
                                 Notice notice) {
    if (!place) return std::nullopt;
    return owe(session, {.user = user,
                         .place = *place,
                         .edit = std::nullopt,
                         .notice = std::move(notice),
                         .task = std::nullopt});
}

Insufficient refuse_for_credits(Session& session, const Quoted& quoted) {
    const auto& account = quoted.profile.account;
    const Notice notice{Notice::Kind::insufficient,
                        {{"price", std::to_string(quoted.price.value())},
                         {"balance", std::to_string(account.balance.value())},
                         {"held", std::to_string(account.held.value())},
                         {"type", std::string(to_string(quoted.task.type))}}};
    return {quoted.price, account, owe_in(session, quoted.place, quoted.profile.id, notice)};
}

/// Whether the user is to be asked before this price is held.
bool must_ask(const TaskRequest& request, const Quoted& quoted) {
    return request.place && request.ask_above && quoted.price > *request.ask_above &&
           quoted.price <= quoted.profile.account.available();
}

}  // namespace

bool is_first_time(Session& session, const UpdateKey& update) {
    return session.database.run(R"(
        INSERT INTO inbox (bot_id, update_id, received_at) VALUES (?, ?, ?)
        ON CONFLICT DO NOTHING)",
                                update.bot, update.update, session.now) == 1;
}

TaskOutcome accept_quoted(Session& session, const Quoted& quoted) {
    if (quoted.profile.role == Role::banned)
        return Refused{
            owe_in(session, quoted.place, quoted.profile.id, {Notice::Kind::banned, {}})};
    auto created = create_task(session, quoted.task, quoted.origin, quoted.price);
    if (!created) return refuse_for_credits(session, quoted);
    return Accepted{std::move(created->task), created->account, std::move(created->outbox)};
}

TaskOutcome accept(Session& session, const TaskRequest& request) {
    const bool repeated = request.update && !is_first_time(session, *request.update);
    const auto key = key_of(request);
    const auto place = find_request(session, key);
    if (place.known) return AlreadyKnown{find_task(session, place.id)};
    if (repeated) return AlreadyKnown{};
    const auto sender = registered(
        session, {request.sender, request.start, request.update.has_value(), request.place});
    const auto price = current_price(session, request.type);
    const Quoted quoted{sender.profile,
                        task_of(session, request, place.id, sender.profile, price),
                        {key.bot, key.request},
                        quote(price, request.claimed),
                        request.place};
    if (sender.profile.role != Role::banned && must_ask(request, quoted))
        return Proposed{propose(session, {.profile = sender.profile,
                                          .type = request.type,
                                          .payload = quoted.task.payload,
                                          .units = request.claimed,
                                          .price = price,
                                          .place = *request.place,
                                          .task = std::nullopt})};
    return accept_quoted(session, quoted);
}

AnswerOutcome answer(Session& session, const IntakeStore::AnswerRequest& request) {
    return change_settings(session, request, {});
}

AnswerOutcome change_settings(Session& session, const IntakeStore::AnswerRequest& request,
                              const SettingsChange& change) {
    if (!is_first_time(session, request.update)) return std::nullopt;
    const auto sender = registered(session, arrival_of(request));
    sqlite::change(session, sender.profile.id, change);
    auto notice = request.notice;
    if (notice.kind == Notice::Kind::welcome && sender.granted > Credits(0))
        notice.facts["granted"] = std::to_string(sender.granted.value());
    return owe(session, {.user = sender.profile.id,
                         .place = request.place,
                         .edit = request.edit,
                         .notice = std::move(notice),
                         .task = std::nullopt});
}

std::vector<HistoryLine> history(Session& session, TelegramId user,
                                 std::optional<std::int64_t> before, int limit) {
    CHECK(limit >= 0);
    auto row = session.database.query(R"(
        SELECT x.id, x.user_id, x.amount, x.type, x.task_id, x.sequence, x.balance_after,
               x.idempotency_key, x.actor, x.reason, x.created_at, t.type, coalesce(t.provider, '')
          FROM transactions x LEFT JOIN tasks t ON t.id = x.task_id
         WHERE x.user_id = (SELECT id FROM users WHERE telegram_id = ?1)
           AND (?2 IS NULL OR x.id < ?2)
         ORDER BY x.sequence DESC LIMIT ?3)",
                                      user, before, limit);
    std::vector<HistoryLine> lines;
    while (row.next()) {
        HistoryLine line;
        line.transaction = read_transaction(row);
        if (const auto type = row.read<std::optional<std::string>>())
            line.type = parse_task_type(*type);
        line.provider = row.read<std::string>();
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace mlbilling::sqlite
