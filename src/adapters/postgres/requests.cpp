#include "adapters/postgres/requests.hpp"

#include "adapters/postgres/one_task.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// By find_request(), for what our bot was asked. `user`: 0 for whoever asked it.
Async<RequestPlace> find_request(Session& session, TaskId request, BotId bot, TelegramId user) {
    auto row = co_await session.query("SELECT id, known FROM find_request($1, $2, $3, '', true)",
                                      request, bot, user);
    CHECK(row.next());
    RequestPlace place;
    place.id = row.read<TaskId>();
    place.known = row.read<bool>();
    co_return place;
}

}  // namespace

TaskId request_of(ChatId chat, MessageId message) {
    return TaskId(std::to_string(chat.value()) + '_' + std::to_string(message.value()));
}

Async<RequestPlace> find_prompt(Session& session, const IntakeStore::ProposalRequest& request) {
    co_return co_await find_request(session, request_of(request.chat, request.prompt),
                                    request.update.bot, request.sender.telegram);
}

Async<std::optional<TaskRecord>> find_asked_task(Session& session, BotId bot, ChatId chat,
                                                 MessageId message) {
    const auto place =
        co_await find_request(session, request_of(chat, message), bot, TelegramId(0));
    if (!place.known) co_return std::nullopt;
    co_return co_await find_task(session, place.id);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
