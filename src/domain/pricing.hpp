#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/task.hpp"

namespace mlbilling {

/// How much work a task is, measured by us (design.md, Money rule 6): Unicode code points of the
/// normalised text for `text`, milliseconds of decoded audio for `voice`. Never negative.
using Units = Strong<struct UnitsTag, std::int64_t>;

/// What one line of the price list says; never edited, only closed and replaced (Money rule 5).
struct Price {
    PriceId id;
    TaskType type = TaskType::text;
    /// Millionths of a credit for one character (`text`) or one second (`voice`).
    std::int64_t micro_credits_per_unit = 0;
    Credits min_credits;
    /// What part of the full price an answer from the cache of results costs, in percent, 0..100.
    int cached_percent = 50;
    Time valid_from;
    std::optional<Time> valid_until;

    friend bool operator==(const Price&, const Price&) = default;
};

/// Refuses what no price may be: negative or absurdly large rates, a minimum above the limit.
Result<Price> checked(Price price);

/// The one price formula, for estimate and settlement alike: `max(min_credits, ceil(units ×
/// micro_credits_per_unit / 1,000,000))` in integers (Money rule 7); audio is billed by the
/// started millisecond. Nothing when the result does not fit Credits.
std::optional<Credits> cost_of(const Price& price, Units units);

/// The most units that cost no more than so many credits, which are no fewer than the minimum;
/// nothing when nobody can ask for too much, since units cost nothing.
std::optional<Units> max_units(const Price& price, Credits credits);

/// The price of an answer from the cache: cached_percent of the full cost, rounded up.
Credits cached_cost(const Price& price, Credits full_cost);

}  // namespace mlbilling
