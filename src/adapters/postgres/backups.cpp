#include "adapters/postgres/backups.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<void> record_backup(Session& session, const BackupRecord& record) {
    co_await session.run("INSERT INTO backups (file, bytes, made_at) VALUES ($1, $2, $3)",
                         record.file, record.bytes, record.made_at);
}

Async<std::optional<Time>> last_backup(Session& session) {
    auto newest = co_await session.query("SELECT max(made_at) FROM backups");
    CHECK(newest.next());
    co_return newest.read<std::optional<Time>>();
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
