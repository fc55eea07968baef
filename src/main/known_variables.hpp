#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "main/environment.hpp"

namespace mlbilling {

struct KnownVariable {
    std::string_view name;
    /// It is hidden wherever something is shown, and `NAME_FILE` may name a file that holds it.
    bool secret = false;
};

/// Every variable that the configuration reads (docs/configuration.md).
std::span<const KnownVariable> known_variables();

struct UnknownVariable {
    std::string name;
    /// The known one that it may have been meant for; empty: none is near.
    std::string nearest;
    friend bool operator==(const UnknownVariable&, const UnknownVariable&) = default;
};

/// Names that the configuration does not read: all of `.env`, and of the process's own those that
/// look like one of ours.
std::vector<UnknownVariable> unknown_variables(const FoundEnvironment& found);

/// `START_BALNCE is not a variable of mlbilling; did you mean START_BALANCE?`
std::string told(const UnknownVariable& variable);

}  // namespace mlbilling
