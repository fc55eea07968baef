#pragma once

#include <optional>

#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/session.hpp"
#include "ports/store/notice.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::sqlite {

/// An answer to be written into deliveries.
struct Answer {
    UserId user;
    Place place;
    std::optional<MessageId> edit;
    Notice notice;
    /// The task whose end this tells; it has one such answer.
    std::optional<TaskId> task;
};

/// Makes the answer due at once.
DeliveryId owe(Session& session, const Answer& answer);

/// Makes the end of the task due: to the chat that it came from, or else to the queue that wants
/// the reply, whose row is returned. A task without either is told to nobody.
std::optional<OutboxRecord> owe_result(Session& session, const TaskRecord& task, Outgoing::Who who);

/// Writes a proposal to run the task with this payload for `units` at that price, and asks for the
/// yes.
struct ProposedTask {
    Profile profile;
    TaskType type = TaskType::text;
    Payload payload;
    Units units;
    Price price;
    Place place;
    /// The ended task that this question is the answer to.
    std::optional<TaskId> task;
};
DeliveryId propose(Session& session, const ProposedTask& proposed);

}  // namespace mlbilling::sqlite
