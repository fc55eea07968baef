#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace mlbilling {

/// Stands for a value of a kind that no message of ours has: null, a fraction, an object.
struct OtherValue {};
using FlatValue =
    std::variant<OtherValue, bool, std::int64_t, std::string, std::vector<std::string>>;
using FlatObject = std::map<std::string, FlatValue, std::less<>>;

/// Reads the top level of one JSON object: its scalars and arrays of strings; what lies deeper is
/// checked and forgotten. Refuses what is not UTF-8, two fields of one name, nesting beyond 8
/// levels, and more than 64 fields. The problem never quotes the text.
Result<FlatObject> parse_flat_object(std::string_view json);

}  // namespace mlbilling
