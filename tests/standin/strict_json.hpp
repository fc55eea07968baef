#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.hpp"

namespace mlbilling::standin {

/// Parses an object of JSON. A key that stands twice in one object is a problem, as is anything
/// after the object.
Result<boost::json::object> parse_strictly(std::string_view text);

}  // namespace mlbilling::standin
