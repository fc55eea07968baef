#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace mlbilling {

/// A whole number of credits, signed. Nothing converts to or from it by accident, and its value
/// always fits the INTEGER column of every store (design.md, Money rule 7).
class Credits {
  public:
    static constexpr std::int64_t limit = 2'147'483'647;

    constexpr Credits() = default;
    /// CHECKs that the value lies within [-limit, limit]: for values that our own code made.
    explicit Credits(std::int64_t value);
    /// Nothing when the value lies outside [-limit, limit]: for values from outside.
    static std::optional<Credits> from(std::int64_t value);

    constexpr std::int64_t value() const { return value_; }

    friend constexpr auto operator<=>(Credits, Credits) = default;
    friend Credits operator+(Credits a, Credits b) { return Credits(a.value_ + b.value_); }
    friend Credits operator-(Credits a, Credits b) { return Credits(a.value_ - b.value_); }
    friend Credits operator-(Credits a) { return Credits(-a.value_); }

  private:
    std::int64_t value_ = 0;
};

}  // namespace mlbilling
