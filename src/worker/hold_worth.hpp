#pragma once

#include <cstdint>
#include <optional>

#include "domain/credits.hpp"
#include "domain/micro_roubles.hpp"

namespace mlbilling {

/// What the `part` of `whole` units that a call is for may cost us, when the whole holds so many
/// credits. Nothing when a credit has no worth. `whole` is above zero; rounded down.
std::optional<MicroRoubles> worth_of(Credits held, std::optional<MicroRoubles> credit,
                                     std::int64_t part, std::int64_t whole);

}  // namespace mlbilling
