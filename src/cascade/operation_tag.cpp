#include "cascade/operation_tag.hpp"

namespace mlbilling {

std::string tagged(std::string_view provider, std::string_view operation) {
    return std::string(provider) + ":" + std::string(operation);
}

TaggedOperation read_tag(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return {"", std::string(text)};
    return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

}  // namespace mlbilling
