#include "standin/latency.hpp"

#include <cmath>
#include <numbers>

#include "standin/bytes.hpp"

namespace mlbilling::standin {
namespace {

/// Between 0 and 1, neither of them. FNV alone leaves alike what differs in the last letters only.
double uniform(std::uint64_t seed) {
    constexpr double steps = 1ULL << 53U;
    seed = (seed ^ (seed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27U)) * 0x94D049BB133111EBULL;
    seed ^= seed >> 31U;
    return (static_cast<double>(seed >> 11U) + 0.5) / steps;
}

}  // namespace

Duration lognormal(const Latency& latency, std::string_view fingerprint) {
    const auto seed = hash_of(fingerprint);
    const double radius = std::sqrt(-2 * std::log(uniform(seed)));
    const double normal = radius * std::cos(2 * std::numbers::pi * uniform(~seed));
    const double median = static_cast<double>(latency.base.count());
    return Duration(std::llround(median * std::exp(latency.sigma * normal)));
}

}  // namespace mlbilling::standin
