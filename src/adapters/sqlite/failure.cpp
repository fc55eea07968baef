#include "adapters/sqlite/failure.hpp"

#include <sqlite3.h>

#include <string>

#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

constexpr std::string_view opening = "opening ";

bool is_our_mistake(int code) {
    switch (code & 0xff) {
        case SQLITE_ERROR:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_TOOBIG: return true;
        default: return false;
    }
}

/// What was being done is of no interest to who has to mend the file or the disk; which file is.
std::string file_of(sqlite3* database, std::string_view doing) {
    if (doing.starts_with(opening)) return " " + std::string(doing.substr(opening.size()));
    const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
    return file == nullptr || *file == '\0' ? std::string() : " " + std::string(file);
}

}  // namespace

void fail(sqlite3* database, int code, std::string_view doing) {
    const std::string detail =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    const auto what = detail + " (" + std::to_string(code) + ")";
    if (is_our_mistake(code))
        check_failed((what + " at: " + std::string(doing.substr(0, 300))).c_str(), __FILE__,
                     __LINE__);
    const auto message = "database" + file_of(database, doing) + ": " + what;
    if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB) throw Damaged(message);
    throw Unavailable(message);
}

}  // namespace mlbilling::sqlite
