#pragma once

#include <cstdint>

#include "main/config.hpp"

namespace mlbilling {

/// For the start of `bot` and `worker`: returns when PostgreSQL answers and has the newest schema.
/// While it does not answer, the process listens already, lives, is not ready and says why. False
/// when the process is told to end meanwhile. `usual_port`: where it listens on loopback without
/// HTTP_LISTEN. Throws postgres::SchemaMismatch, or Unavailable when it cannot listen.
bool await_database(const Config& config, std::uint16_t usual_port);

}  // namespace mlbilling
