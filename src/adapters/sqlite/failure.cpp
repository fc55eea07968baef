#include "adapters/sqlite/failure.hpp"

#include <sqlite3.h>

#include <string>

#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

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

}  // namespace

void fail(sqlite3* database, int code, std::string_view doing) {
    const std::string detail =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    const std::string what =
        detail + " (" + std::to_string(code) + ") at: " + std::string(doing.substr(0, 300));
    if (is_our_mistake(code)) check_failed(what.c_str(), __FILE__, __LINE__);
    if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        throw Damaged("database: " + what);
    throw Unavailable("database: " + what);
}

}  // namespace mlbilling::sqlite
