#include "adapters/http_client/http_call.hpp"

#include <algorithm>

namespace mlbilling {

std::string lower_case(std::string_view name) {
    std::string lowered(name);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lowered;
}

std::string_view HttpAnswer::header(std::string_view name) const {
    std::string_view found;
    for (const auto& [candidate, value] : headers)
        if (candidate == name) found = value;
    return found;
}

}  // namespace mlbilling
