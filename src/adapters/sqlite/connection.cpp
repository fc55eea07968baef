#include "adapters/sqlite/connection.hpp"

#include <sqlite3.h>

#include "adapters/sqlite/failure.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

/// How long a statement waits for another process that writes.
constexpr int busy_timeout_ms = 5'000;
constexpr int busy_pause_ms = 10;

int count_commit(void* counter) {
    static_cast<std::atomic<std::int64_t>*>(counter)->fetch_add(1, std::memory_order_relaxed);
    return 0;
}

}  // namespace

Connection::Connection(const std::string& path, Mode mode, bool durable)
    : may_be_durable_(durable) {
    const int flags =
        mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    try {
        if (code != SQLITE_OK) fail(handle_, code, "opening " + path);
        // SQLite opens for reading what may not be written to, and says so with the first write.
        if (mode == Mode::read_write && sqlite3_db_readonly(handle_, "main") == 1)
            throw Unavailable("database " + path + ": this user may not write to it");
        configure(mode);
    } catch (...) {
        sqlite3_close_v2(handle_);
        throw;
    }
    sqlite3_commit_hook(handle_, count_commit, &commits_);
}

Connection::~Connection() {
    statements_.clear();
    sqlite3_close_v2(handle_);
}

void Connection::configure(Mode mode) {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    if (mode == Mode::read_only) return;
    enter_wal_mode();
    set_durable(true);
    // With recursive triggers REPLACE, too, meets the triggers that keep the ledger append-only.
    run_script(
        "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY;"
        "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16000");
}

void Connection::enter_wal_mode() {
    // Two processes that change the mode at the same time get SQLITE_BUSY without any waiting.
    for (int waited = 0;; waited += busy_pause_ms) {
        const int code =
            sqlite3_exec(handle_, "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
        if (code == SQLITE_OK) return;
        if ((code & 0xff) != SQLITE_BUSY || waited >= busy_timeout_ms)
            fail(handle_, code, "PRAGMA journal_mode=WAL");
        sqlite3_sleep(busy_pause_ms);
    }
}

void Connection::run_script(const std::string& script) {
    const int code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle_, code, script);
}

void Connection::set_durable(bool durable) {
    CHECK(!in_transaction());
    durable = durable && may_be_durable_;
    if (durable_ == durable) return;
    // In WAL mode NORMAL keeps the book consistent but leaves the newest commits to the system's
    // cache; the next commit under FULL takes them to the disk with it (SQLite documentation,
    // pragma synchronous).
    run_script(durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    durable_ = durable;
}

void Connection::roll_back() {
    // Whatever made this necessary is on its way to the caller; a failure to end is found below.
    if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    CHECK(!in_transaction());
}

std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int Connection::changes() const { return sqlite3_changes(handle_); }

Statement& Connection::statement(Sql sql) {
    return statements_.try_emplace(sql.text().data(), handle_, sql.text()).first->second;
}

std::vector<std::string> Connection::statements() const {
    std::vector<std::string> texts;
    texts.reserve(statements_.size());
    for (const auto& [address, statement] : statements_)
        texts.emplace_back(sqlite3_sql(statement.handle()));
    return texts;
}

}  // namespace mlbilling::sqlite
