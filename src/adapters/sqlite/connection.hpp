#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sqlite/statement.hpp"

namespace mlbilling::sqlite {

/// One open database with its prepared statements. Used by one thread at a time.
class Connection {
  public:
    enum class Mode { read_write, read_only };

    /// Opens, and creates when missing, the file or `:memory:`, in WAL mode. `durable`: every
    /// commit waits for the disk (synchronous=FULL; SQLite documentation, pragma synchronous).
    /// Throws Unavailable.
    Connection(const std::string& path, Mode mode, bool durable);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The statement with its values bound, ready to be stepped through.
    template <class... Values>
    Query query(Sql sql, const Values&... values) {
        return Query(statement(sql), values...);
    }
    /// Runs it to the end; says how many rows an INSERT, UPDATE or DELETE has changed.
    template <class... Values>
    int run(Sql sql, const Values&... values) {
        Query(statement(sql), values...).finish();
        return changes();
    }
    /// Runs several statements that return nothing: a migration.
    void run_script(const std::string& script);

    /// Whether the next commit waits for the disk; never when `durable` was false at the start.
    /// Outside of transactions only.
    void set_durable(bool durable);
    /// Ends the transaction, if there still is one, as if it had not been.
    void roll_back();

    std::int64_t last_insert_id() const;
    bool in_transaction() const;
    /// How many transactions that wrote something were committed. Any thread.
    std::int64_t commits() const { return commits_.load(std::memory_order_relaxed); }
    /// The text of every statement used so far, for tests of their query plans.
    std::vector<std::string> statements() const;

  private:
    Statement& statement(Sql sql);
    int changes() const;
    void configure(Mode mode);
    void enter_wal_mode();

    sqlite3* handle_ = nullptr;
    bool may_be_durable_;
    std::optional<bool> durable_;
    std::unordered_map<const char*, Statement> statements_;
    std::atomic<std::int64_t> commits_ = 0;
};

}  // namespace mlbilling::sqlite
