#include "adapters/http_client/http_call.hpp"

namespace mlbilling {

std::string_view HttpAnswer::header(std::string_view name) const {
    std::string_view found;
    for (const auto& [candidate, value] : headers)
        if (candidate == name) found = value;
    return found;
}

}  // namespace mlbilling
