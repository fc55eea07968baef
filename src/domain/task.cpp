#include "domain/task.hpp"

#include "domain/names.hpp"

namespace mlbilling {
namespace {

constexpr Names<TaskType, 2> type_names{{{TaskType::text, "text"}, {TaskType::voice, "voice"}}};
constexpr Names<TaskStatus, 6> status_names{{{TaskStatus::created, "created"},
                                             {TaskStatus::processing, "processing"},
                                             {TaskStatus::completed, "completed"},
                                             {TaskStatus::error, "error"},
                                             {TaskStatus::cancelled, "cancelled"},
                                             {TaskStatus::expired, "expired"}}};
constexpr Names<HoldState, 3> hold_names{{{HoldState::open, "open"},
                                          {HoldState::charged, "charged"},
                                          {HoldState::released, "released"}}};

std::optional<Transition> from_created(TaskEvent event) {
    switch (event) {
        case TaskEvent::lease: return Transition{TaskStatus::processing, HoldState::open};
        case TaskEvent::cancel: return Transition{TaskStatus::cancelled, HoldState::released};
        case TaskEvent::expire: return Transition{TaskStatus::expired, HoldState::released};
        case TaskEvent::settle_completed:
        case TaskEvent::settle_retry:
        case TaskEvent::settle_failed: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Transition> from_processing(TaskEvent event) {
    switch (event) {
        // A lease that ran out may be taken again; the new epoch fences the old holder out.
        case TaskEvent::lease: return Transition{TaskStatus::processing, HoldState::open};
        case TaskEvent::settle_completed:
            return Transition{TaskStatus::completed, HoldState::charged};
        case TaskEvent::settle_retry: return Transition{TaskStatus::created, HoldState::open};
        case TaskEvent::settle_failed: return Transition{TaskStatus::error, HoldState::released};
        // Past its deadline with a lease that ran out: nobody works on it any more.
        case TaskEvent::expire: return Transition{TaskStatus::expired, HoldState::released};
        case TaskEvent::cancel: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Transition> next(TaskStatus status, TaskEvent event) {
    switch (status) {
        case TaskStatus::created: return from_created(event);
        case TaskStatus::processing: return from_processing(event);
        case TaskStatus::completed:
        case TaskStatus::error:
        case TaskStatus::cancelled:
        case TaskStatus::expired: return std::nullopt;
    }
    return std::nullopt;
}

bool is_final(TaskStatus status) {
    return status != TaskStatus::created && status != TaskStatus::processing;
}

std::string_view to_string(TaskType type) { return name_of(type_names, type); }
std::string_view to_string(TaskStatus status) { return name_of(status_names, status); }
std::string_view to_string(HoldState state) { return name_of(hold_names, state); }
std::optional<TaskType> parse_task_type(std::string_view name) {
    return value_of(type_names, name);
}
std::optional<TaskStatus> parse_task_status(std::string_view name) {
    return value_of(status_names, name);
}

}  // namespace mlbilling
