#include "adapters/postgres/owed.hpp"

#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<DeliveryId> owe(Session& session, const Answer& answer) {
    auto row =
        co_await session.query(R"(
        INSERT INTO deliveries (user_id, chat_id, reply_to, edit, kind, facts, task_id, due_at,
                                created_at)
        VALUES ($1, $2, $3, $4, $5, $6::json, $7, $8, $8) RETURNING id)",
                               answer.user, answer.place.chat, answer.place.message, answer.edit,
                               to_string(answer.notice.kind),
                               column_of(to_json(answer.notice.facts)), answer.task, session.now);
    CHECK(row.next());
    co_return row.read<DeliveryId>();
}

Async<std::optional<DeliveryId>> owe_in(Session& session, const std::optional<Place>& place,
                                        UserId user, Notice notice) {
    if (!place) co_return std::nullopt;
    const Answer answer{.user = user,
                        .place = *place,
                        .edit = std::nullopt,
                        .notice = std::move(notice),
                        .task = std::nullopt};
    co_return co_await owe(session, answer);
}

Async<void> owe_result(Session& session, const TaskRecord& task) {
    if (task.place) {
        const Answer answer{.user = task.user,
                            .place = *task.place,
                            .edit = std::nullopt,
                            .notice = {Notice::Kind::task_result, {}},
                            .task = task.id};
        co_await owe(session, answer);
    } else if (!task.reply_to.empty()) {
        co_await put_in_outbox(session, OutboxRecord::Kind::reply, task, Publisher::relay);
    }
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
