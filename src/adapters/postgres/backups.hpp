#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/store/backups.hpp"

namespace mlbilling::postgres {

/// BackupLog, each within the caller's transaction.
Async<void> record_backup(Session& session, const BackupRecord& record);
Async<std::optional<Time>> last_backup(Session& session);

}  // namespace mlbilling::postgres
