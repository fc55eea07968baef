#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mlbilling {

/// Decodes `%41` and, in a form, `+`. Nothing when an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

/// Decodes `a=1&b=2` (a query, or a body of application/x-www-form-urlencoded; WHATWG URL 5.1). The
/// last of two with one name wins. Nothing when an escape is broken or there are more than 1,000
/// pairs.
std::optional<std::map<std::string, std::string>> parse_form(std::string_view text);

struct RequestTarget {
    std::string path;
    std::map<std::string, std::string> query;
};

/// Splits and decodes the target of a request line (RFC 9112 3.2.1, origin form). Nothing when it
/// does not begin with a slash, an escape is broken, or the path holds a NUL.
std::optional<RequestTarget> parse_target(std::string_view target);

}  // namespace mlbilling
