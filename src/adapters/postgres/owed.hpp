#pragma once

#include <optional>

#include "adapters/postgres/session.hpp"
#include "ports/store/notice.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::postgres {

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
Async<DeliveryId> owe(Session& session, const Answer& answer);
/// Makes the answer due where there is a place for it.
Async<std::optional<DeliveryId>> owe_in(Session& session, const std::optional<Place>& place,
                                        UserId user, Notice notice);

/// Makes the end of the task due: to the chat that it came from, or else to the queue that wants
/// the reply. A task without either is told to nobody.
Async<void> owe_result(Session& session, const TaskRecord& task);

}  // namespace mlbilling::postgres
