#pragma once

#include <string_view>

#include "adapters/postgres/session.hpp"

namespace mlbilling::postgres {

/// Writes down what an operator did, to what, and how.
void note(Session& session, std::string_view actor, std::string_view action,
          std::string_view target, std::string_view detail);

}  // namespace mlbilling::postgres
