#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace mlbilling {

/// What keeps `scheme://user:password@host…` from being read as it was meant: a blank or a control
/// character, or a bare @ / ? # or % in the user or the password. Says which, and how it is written
/// instead; never quotes the text. Nothing when there is none of that, which does not make it a
/// URL.
std::optional<Problem> problem_with_url_text(std::string_view url);

/// The first of these alone.
std::optional<Problem> problem_with_blanks(std::string_view url);

/// A number from 1 to 65535.
bool is_port(std::string_view text);

}  // namespace mlbilling
