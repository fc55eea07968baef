#include "adapters/rabbitmq/version.hpp"

#include <charconv>

namespace mlbilling::rabbitmq {

std::optional<Version> parse_version(std::string_view text) {
    Version version;
    const char* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
    if (std::from_chars(major.ptr + 1, end, version.minor).ec != std::errc()) return std::nullopt;
    return version;
}

}  // namespace mlbilling::rabbitmq
