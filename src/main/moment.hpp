#pragma once

#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "base/time.hpp"

namespace mlbilling {

/// ISO 8601 in UTC to the second, e.g. `2026-11-23T08:00:00Z`.
std::string written(Time moment);
/// The same, or JSON's null.
boost::json::value written(const std::optional<Time>& moment);

}  // namespace mlbilling
