#include "adapters/sqlite/owed.hpp"

#include "adapters/sqlite/prices.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

namespace mlbilling::sqlite {

DeliveryId owe(Session& session, const Answer& answer) {
    session.database.run(R"(
        INSERT INTO deliveries (user_id, chat_id, reply_to, edit, kind, facts, task_id, due_at,
                                created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8))",
                         answer.user, answer.place.chat, answer.place.message, answer.edit,
                         to_string(answer.notice.kind), to_json(answer.notice.facts), answer.task,
                         session.now);
    return DeliveryId(session.database.last_insert_id());
}

std::optional<OutboxRecord> owe_result(Session& session, const TaskRecord& task,
                                       Outgoing::Who who) {
    if (task.place) {
        owe(session, {.user = task.user,
                      .place = *task.place,
                      .edit = std::nullopt,
                      .notice = {Notice::Kind::task_result, {}},
                      .task = task.id});
        return std::nullopt;
    }
    if (task.reply_to.empty()) return std::nullopt;
    return put_in_outbox(session, OutboxRecord::Kind::reply, task, {who, {}});
}

DeliveryId propose(Session& session, const ProposedTask& proposed) {
    session.database.run(
        R"(
        INSERT INTO proposals (user_id, type, payload, units, price_id, chat_id, message_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?))",
        proposed.profile.id, to_string(proposed.type), to_json(proposed.payload), proposed.units,
        proposed.price.id, proposed.place.chat, proposed.place.message, session.now);
    const auto proposal = session.database.last_insert_id();
    const auto cost = quote(proposed.price, proposed.units);
    const auto& account = proposed.profile.account;
    return owe(session, {.user = proposed.profile.id,
                         .place = proposed.place,
                         .edit = std::nullopt,
                         .notice = {Notice::Kind::proposal,
                                    {{"proposal", std::to_string(proposal)},
                                     {"price", std::to_string(cost.value())},
                                     {"units", std::to_string(proposed.units.value())},
                                     {"type", std::string(to_string(proposed.type))},
                                     {"balance", std::to_string(account.balance.value())},
                                     {"held", std::to_string(account.held.value())}}},
                         .task = proposed.task});
}

}  // namespace mlbilling::sqlite
