#include "domain/credits.hpp"

#include "base/check.hpp"

namespace mlbilling {

Credits::Credits(std::int64_t value) : value_(value) {
    CHECK(value >= -limit);
    CHECK(value <= limit);
}

std::optional<Credits> Credits::from(std::int64_t value) {
    if (value < -limit || value > limit) return std::nullopt;
    return Credits(value);
}

}  // namespace mlbilling
