#include "domain/pricing.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling {
namespace {

constexpr std::int64_t micro = 1'000'000;
constexpr std::int64_t highest_rate = Credits::limit * micro;

/// How many units of measurement one priced unit has: audio is measured in ms, priced in seconds.
std::int64_t measured_per_priced(TaskType type) { return type == TaskType::voice ? 1000 : 1; }

}  // namespace

Result<Price> checked(Price price) {
    if (price.micro_credits_per_unit < 0 || price.micro_credits_per_unit > highest_rate)
        return Problem{"a price per unit lies between 0 and 2147483647 credits"};
    if (price.min_credits < Credits(1)) return Problem{"the minimum price is at least 1 credit"};
    if (price.cached_percent < 0 || price.cached_percent > 100)
        return Problem{"the cached price lies between 0 and 100 percent"};
    return price;
}

std::optional<Credits> cost_of(const Price& price, Units units) {
    CHECK(units.value() >= 0);
    CHECK(price.micro_credits_per_unit >= 0);
    // The product of two 63-bit numbers needs 126 bits.
    const auto divisor = static_cast<__int128>(micro) * measured_per_priced(price.type);
    const auto product = static_cast<__int128>(units.value()) * price.micro_credits_per_unit;
    const auto rounded_up = (product + divisor - 1) / divisor;
    if (rounded_up > Credits::limit) return std::nullopt;
    return std::max(price.min_credits, Credits(static_cast<std::int64_t>(rounded_up)));
}

std::optional<Units> max_units(const Price& price, Credits credits) {
    CHECK(credits >= Credits(0));
    CHECK(price.micro_credits_per_unit >= 0);
    if (price.micro_credits_per_unit == 0) return std::nullopt;
    const auto product =
        static_cast<__int128>(credits.value()) * micro * measured_per_priced(price.type);
    const auto units = product / price.micro_credits_per_unit;
    return Units(static_cast<std::int64_t>(units));
}

Credits cached_cost(const Price& price, Credits full_cost) {
    CHECK(full_cost >= Credits(0));
    CHECK(price.cached_percent >= 0);
    CHECK(price.cached_percent <= 100);
    return Credits((full_cost.value() * price.cached_percent + 99) / 100);
}

}  // namespace mlbilling
