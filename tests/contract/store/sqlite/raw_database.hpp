#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace mlbilling::test {

/// A second program at the same file: plain SQLite without any of our settings.
class RawDatabase {
  public:
    explicit RawDatabase(const std::string& path) {
        if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
    }
    ~RawDatabase() { sqlite3_close(handle_); }
    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;

    /// Runs the statements; returns SQLite's message, empty when all went well.
    std::string run(const std::string& sql) {
        char* message = nullptr;
        sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
        const std::string text = message == nullptr ? "" : message;
        sqlite3_free(message);
        return text;
    }

    /// A column of every row.
    std::vector<std::string> values(const std::string& sql, int column) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
        std::vector<std::string> texts;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const auto* text = sqlite3_column_text(statement, column);
            texts.emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
        }
        sqlite3_finalize(statement);
        return texts;
    }
    /// The first column of the first row.
    std::string value(const std::string& sql) {
        const auto texts = values(sql, 0);
        return texts.empty() ? "" : texts.front();
    }

  private:
    sqlite3* handle_ = nullptr;
};

}  // namespace mlbilling::test
