#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <variant>

#include "adapters/child_process/child_process.hpp"
#include "adapters/postgres_copy/postgres_copy.hpp"
#include "adapters/sqlite/sqlite_copy.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "main/backup.hpp"
#include "main/commands.hpp"
#include "main/moment.hpp"
#include "main/open_store.hpp"
#include "main/report.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {
namespace {

std::unique_ptr<DatabaseCopy> open_copy(const DatabaseUrl& database,
                                        child_process::ChildProcesses& children) {
    if (const auto* file = std::get_if<SqliteFile>(&database))
        return std::make_unique<sqlite::SqliteCopy>(file->path);
    return std::make_unique<postgres_copy::PostgresCopy>(children,
                                                         std::get<PostgresUrl>(database).url);
}

BackupPolicy policy_of(const Config& config, const AdminRequest& request) {
    BackupPolicy policy;
    policy.directory = request.path.empty() ? config.backup_directory : request.path;
    policy.keep = std::chrono::days(request.keep_days.value_or(config.backup_keep_days));
    return policy;
}

/// What an operator wants to know of a book that came out of a file: how much it is, and whether
/// it is in order.
void print(const Statistics& sums, const std::vector<Violation>& violations, bool json) {
    Report report({"users", "credits", "held", "tasks_not_ended", "answers_owed", "verdict"});
    report.add(sums.users, sums.balance_total, sums.held_total,
               sums.tasks_created + sums.tasks_processing, sums.undelivered,
               violations.empty() ? "the ledger is in order" : "THE LEDGER IS BROKEN");
    report.print_single(std::cout, json);
}

}  // namespace

int run_backup(const Config& config, const AdminRequest& request) {
    boost::asio::io_context loop(1);
    const SystemClock clock(loop.get_executor());
    child_process::ChildProcesses children(1);
    const auto store = open_store(config, Schema::check, loop, clock);
    const auto copy = open_copy(config.database, children);
    Backup backup(*copy, *store);
    const auto done = run_to_end(loop, backup.make(policy_of(config, request), clock.now()));
    Report report({"file", "bytes", "made_at", "old_backups_removed"});
    report.add(done.record.file, done.record.bytes, written(done.record.made_at),
               static_cast<std::int64_t>(done.removed.size()));
    report.print_single(std::cout, request.json);
    return 0;
}

int run_restore(const Config& config, const AdminRequest& request) {
    const auto file = std::filesystem::absolute(request.path);
    if (!std::filesystem::is_regular_file(file))
        throw std::runtime_error("there is no file " + file.string());
    boost::asio::io_context loop(1);
    const SystemClock clock(loop.get_executor());
    child_process::ChildProcesses children(1);
    run_to_end(loop, open_copy(config.database, children)->restore(file));
    // A backup of an older release is brought up to this one.
    const auto store = open_store(config, Schema::migrate, loop, clock);
    const auto sums = run_to_end(loop, store->statistics());
    const auto violations = run_to_end(loop, store->verify());
    print(sums, violations, request.json);
    if (violations.empty()) return 0;
    throw std::runtime_error(std::to_string(violations.size()) +
                             " promises of the ledger are broken in this backup; see mlbilling "
                             "admin ledger verify, and try an older one");
}

}  // namespace mlbilling
