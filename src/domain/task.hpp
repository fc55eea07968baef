#pragma once

#include <optional>
#include <string_view>

namespace mlbilling {

/// `text`: speech synthesis, the text is voiced. `voice`: recognition, the recording is read.
enum class TaskType { text, voice };

/// tasks.status of interface.md.
enum class TaskStatus { created, processing, completed, error, cancelled, expired };

/// A hold is open until exactly one resolution ends it (design.md, Money rule 3).
enum class HoldState { open, charged, released };

/// What happens to a task; see the arrows of design.md, One task's life.
enum class TaskEvent { lease, settle_completed, settle_retry, settle_failed, cancel, expire };

/// Where an event leads: the task's new status and what becomes of its hold.
struct Transition {
    TaskStatus status;
    HoldState hold;
    friend bool operator==(const Transition&, const Transition&) = default;
};

/// The whole state machine in one table. Nothing for an event that this status does not allow; the
/// loser of a race changes nothing. Whether a lease has run out and whose epoch is the newest is
/// the store's to check.
std::optional<Transition> next(TaskStatus status, TaskEvent event);

/// Whether a task with this status has ended and its hold is resolved.
bool is_final(TaskStatus status);

std::string_view to_string(TaskType type);
std::string_view to_string(TaskStatus status);
std::string_view to_string(HoldState state);
std::optional<TaskType> parse_task_type(std::string_view name);
std::optional<TaskStatus> parse_task_status(std::string_view name);

}  // namespace mlbilling
