#include "main/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace mlbilling {
namespace {

/// Plenty. Libraries that go through all possible descriptors would take long with a million.
constexpr rlim_t enough = 8'192;
constexpr rlim_t max_connections = 1'024;

}  // namespace

void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const auto wanted = std::min(limit.rlim_max, enough);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    // Where it is refused there is less to share out, and that is all.
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t connections_for(int listeners) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
    const auto each = limit.rlim_cur / 4 / static_cast<rlim_t>(listeners);
    return static_cast<std::size_t>(std::clamp<rlim_t>(each, 1, max_connections));
}

}  // namespace mlbilling
