#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::postgres {

/// IntakeStore without accept, each within the caller's transaction.
Async<TaskOutcome> accept_proposal(Session& session, const IntakeStore::ProposalRequest& request);
Async<AnswerOutcome> change_settings(Session& session, const IntakeStore::AnswerRequest& request,
                                     const SettingsChange& settings);
Async<CancelOutcome> cancel(Session& session, const IntakeStore::AnswerRequest& request,
                            const std::optional<TaskId>& task);
Async<std::vector<HistoryLine>> history(Session& session, TelegramId user,
                                        std::optional<std::int64_t> before, int limit);

}  // namespace mlbilling::postgres
