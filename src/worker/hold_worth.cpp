#include "worker/hold_worth.hpp"

#include <limits>

#include "base/check.hpp"

namespace mlbilling {

std::optional<MicroRoubles> worth_of(Credits held, std::optional<MicroRoubles> credit,
                                     std::int64_t part, std::int64_t whole) {
    CHECK(whole > 0 && part >= 0);
    if (!credit) return std::nullopt;
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    std::int64_t all = 0;
    if (__builtin_mul_overflow(held.value(), credit->value(), &all)) return MicroRoubles(most);
    // Divided first, so that it cannot overflow; the remainder is below `whole`, units of a task.
    const auto share = part >= whole ? all : all / whole * part + all % whole * part / whole;
    return MicroRoubles(share);
}

}  // namespace mlbilling
