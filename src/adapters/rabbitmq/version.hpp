#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace mlbilling::rabbitmq {

/// A RabbitMQ release.
struct Version {
    int major = 0;
    int minor = 0;

    friend auto operator<=>(const Version&, const Version&) = default;
};

/// The first with at-least-once dead-lettering, without which a poison message may be lost
/// (reliability.md 1.1).
constexpr Version oldest_version{3, 10};

/// Reads `3.10.8` or `4.1.0-rc.1`; nothing when it does not begin like a version.
std::optional<Version> parse_version(std::string_view text);

}  // namespace mlbilling::rabbitmq
