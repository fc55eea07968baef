#include "adapters/sqlite/backups.hpp"

namespace mlbilling::sqlite {

void record_backup(Session& session, const BackupRecord& record) {
    session.database.run("INSERT INTO backups (file, bytes, made_at) VALUES (?, ?, ?)", record.file,
                         record.bytes, record.made_at);
}

std::optional<Time> last_backup(Session& session) {
    auto newest = session.database.query("SELECT max(made_at) FROM backups");
    CHECK(newest.next());
    return newest.read<std::optional<Time>>();
}

}  // namespace mlbilling::sqlite
