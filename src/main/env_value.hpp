#pragma once

#include <string>
#include <string_view>

#include "main/env_file.hpp"

namespace mlbilling::env_value {

struct Value {
    std::string value;
    /// How much of the text it took, with its comment and its line end.
    std::size_t size = 0;
};

/// The value that the text begins with, behind the `=`; see parse_env_file. `known` finds the
/// variables that it names. A problem goes on from "line 7 ".
Result<Value> read(std::string_view text, const Lookup& known);

/// Without blanks, tabs and carriage returns around it.
std::string_view trimmed(std::string_view text);
/// Letters, digits and underscores, no digit first.
bool is_name(std::string_view text);

}  // namespace mlbilling::env_value
