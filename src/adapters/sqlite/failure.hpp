#pragma once

#include <string_view>

#include "base/unavailable.hpp"

struct sqlite3;

namespace mlbilling::sqlite {

/// Pages of the file hold what no database holds.
class Damaged : public Unavailable {
  public:
    using Unavailable::Unavailable;
};

/// Turns SQLite's failure into ours. Throws Unavailable (Damaged for what a damaged file does) when
/// the file, the disk or another process is the cause; a constraint that fires, or SQL that is
/// wrong, is a broken promise and ends the process. `doing` is the SQL, or `opening FILE`; of the
/// two only a file is in Unavailable (SQLite result codes: sqlite.org/rescode.html).
[[noreturn]] void fail(sqlite3* database, int code, std::string_view doing);

}  // namespace mlbilling::sqlite
