#include "standin/quotas.hpp"

#include <optional>

namespace mlbilling::standin {
namespace {

struct Quota {
    /// Calls of which kind share it.
    int family = 0;
    std::size_t calls = 0;
    Duration window{};
};

std::optional<Quota> quota_of(Endpoint endpoint, const Settings& settings) {
    constexpr Duration second{1'000};
    constexpr Duration hour{3'600'000};
    const auto quota = [](int family, int calls, Duration window) {
        return Quota{family, static_cast<std::size_t>(calls), window};
    };
    switch (endpoint) {
        case Endpoint::synthesis_v1:
        case Endpoint::synthesis_v3: return quota(1, settings.synthesis_per_second, second);
        case Endpoint::recognition_v1: return quota(2, settings.recognition_per_second, second);
        case Endpoint::recognition_v3: return quota(3, settings.submissions_per_hour, hour);
        case Endpoint::operation: return quota(4, settings.polls_per_second, second);
        default: return std::nullopt;
    }
}

}  // namespace

bool Quotas::admit(Endpoint endpoint, const Settings& settings, Time now) {
    const auto quota = settings.enforce_quotas ? quota_of(endpoint, settings) : std::nullopt;
    if (!quota) return true;
    auto& window = admitted_[quota->family];
    while (!window.empty() && window.front() <= now - quota->window) window.pop_front();
    if (window.size() >= quota->calls) return false;
    window.push_back(now);
    return true;
}

}  // namespace mlbilling::standin
