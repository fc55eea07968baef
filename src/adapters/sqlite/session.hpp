#pragma once

#include "adapters/sqlite/connection.hpp"
#include "base/time.hpp"

namespace mlbilling::sqlite {

/// What an operation works with: the connection inside its transaction, and the one moment that the
/// whole operation takes place at.
struct Session {
    Connection& database;
    Time now;
};

}  // namespace mlbilling::sqlite
