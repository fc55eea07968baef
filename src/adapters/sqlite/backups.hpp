#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/backups.hpp"

namespace mlbilling::sqlite {

/// BackupLog, each within the caller's transaction.
void record_backup(Session& session, const BackupRecord& record);
std::optional<Time> last_backup(Session& session);

}  // namespace mlbilling::sqlite
