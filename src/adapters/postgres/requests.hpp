#pragma once

#include <optional>

#include "adapters/postgres/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::postgres {

/// The first id that is the prompt's own, or that is free: there the task of a yes to it is to go.
struct RequestPlace {
    TaskId id;
    bool known = false;
};
Async<RequestPlace> find_prompt(Session& session, const IntakeStore::ProposalRequest& request);

/// What `{chat}_{message}` asks for is called outside.
TaskId request_of(ChatId chat, MessageId message);

/// The task that the bot made of that message or of the yes to it, whoever asked.
Async<std::optional<TaskRecord>> find_asked_task(Session& session, BotId bot, ChatId chat,
                                                 MessageId message);

}  // namespace mlbilling::postgres
