#pragma once

#include "adapters/sqlite/session.hpp"
#include "adapters/sqlite/tasks.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::sqlite {

/// IntakeStore, each within the caller's transaction.
TaskOutcome accept(Session& session, const TaskRequest& request);
TaskOutcome accept_proposal(Session& session, const IntakeStore::ProposalRequest& request);
AnswerOutcome answer(Session& session, const IntakeStore::AnswerRequest& request);
AnswerOutcome change_settings(Session& session, const IntakeStore::AnswerRequest& request,
                              const SettingsChange& change);
CancelOutcome cancel(Session& session, const IntakeStore::AnswerRequest& request,
                     const std::optional<TaskId>& task);
std::vector<HistoryLine> history(Session& session, TelegramId user,
                                 std::optional<std::int64_t> before, int limit);

/// Records that the update takes effect now; false when it did before.
bool is_first_time(Session& session, const UpdateKey& update);

/// What a task would need to be accepted, whoever asks for it.
struct Quoted {
    Profile profile;
    /// As for create_task.
    TaskRecord task;
    Origin origin;
    Credits price;
    /// Where to say so when it is not accepted; nothing: nowhere.
    std::optional<Place> place;
};
/// Accepts the task, or makes due why not.
TaskOutcome accept_quoted(Session& session, const Quoted& quoted);

}  // namespace mlbilling::sqlite
