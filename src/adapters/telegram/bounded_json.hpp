#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

namespace mlbilling::telegram {

/// Parses JSON from outside; nothing when it is not JSON, or nested more deeply than anything that
/// the Bot API sends. Its size is bounded by whoever received it.
std::optional<boost::json::value> parse_bounded(std::string_view text);

}  // namespace mlbilling::telegram
