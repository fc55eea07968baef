#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "adapters/sqlite/sqlite_copy.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "main/backup.hpp"
#include "main/commands.hpp"
#include "main/moment.hpp"
#include "main/report.hpp"

namespace mlbilling {
namespace {

/// What a command of one shot runs in.
struct Workshop {
    boost::asio::io_context loop{1};
    SystemClock clock{loop.get_executor()};

    void run(Async<void> work) {
        std::exception_ptr failure;
        boost::asio::co_spawn(loop, std::move(work),
                              [&failure](std::exception_ptr error) { failure = error; });
        loop.run();
        if (failure) std::rethrow_exception(failure);
    }
};

std::unique_ptr<Store> open_store(const Config& config, Workshop& workshop) {
    return std::make_unique<sqlite::SqliteStore>(
        sqlite::Options{.path = config.database_path, .inline_execution = true},
        workshop.loop.get_executor(), workshop.clock);
}

std::unique_ptr<DatabaseCopy> open_copy(const Config& config) {
    return std::make_unique<sqlite::SqliteCopy>(config.database_path);
}

BackupPolicy policy_of(const Config& config, const AdminRequest& request) {
    BackupPolicy policy;
    policy.directory = request.path.empty() ? config.backup_directory : request.path;
    policy.keep = std::chrono::days(request.keep_days.value_or(config.backup_keep_days));
    return policy;
}

Async<void> make_backup(Backup* backup, BackupPolicy policy, Time now, bool json) {
    const auto done = co_await backup->make(std::move(policy), now);
    Report report({"file", "bytes", "made_at", "old_backups_removed"});
    report.add(done.record.file, done.record.bytes, written(done.record.made_at),
               static_cast<std::int64_t>(done.removed.size()));
    report.print_single(std::cout, json);
}

/// What an operator wants to know of a book that came out of a file: how much it is, and whether
/// it is in order.
Async<void> examine_restored(Store* store, bool json) {
    const auto sums = co_await store->statistics();
    const auto violations = co_await store->verify();
    Report report({"users", "credits", "held", "tasks_not_ended", "answers_owed", "verdict"});
    report.add(sums.users, sums.balance_total, sums.held_total,
               sums.tasks_created + sums.tasks_processing, sums.undelivered,
               violations.empty() ? "the ledger is in order" : "THE LEDGER IS BROKEN");
    report.print_single(std::cout, json);
    if (!violations.empty())
        throw std::runtime_error(std::to_string(violations.size()) +
                                 " promises of the ledger are broken in this backup; see mlbilling "
                                 "admin ledger verify, and try an older one");
}

}  // namespace

int run_backup(const Config& config, const AdminRequest& request) {
    // A mistyped path must not become a backup of nothing.
    if (!std::filesystem::exists(config.database_path))
        throw std::runtime_error("no database at " + config.database_path + "; set DATABASE_URL");
    Workshop workshop;
    const auto store = open_store(config, workshop);
    const auto copy = open_copy(config);
    Backup backup(*copy, *store);
    workshop.run(
        make_backup(&backup, policy_of(config, request), workshop.clock.now(), request.json));
    return 0;
}

int run_restore(const Config& config, const AdminRequest& request) {
    const auto file = std::filesystem::absolute(request.path);
    if (!std::filesystem::is_regular_file(file))
        throw std::runtime_error("there is no file " + file.string());
    {
        Workshop workshop;
        workshop.run(open_copy(config)->restore(file));
    }
    Workshop workshop;
    const auto store = open_store(config, workshop);
    workshop.run(examine_restored(store.get(), request.json));
    return 0;
}

}  // namespace mlbilling
