#pragma once

#include <optional>

#include "adapters/yandex/options.hpp"
#include "base/result.hpp"

namespace mlbilling::yandex {

/// What is wrong with what was configured; nothing when it can be used. Never repeats a secret.
std::optional<Problem> problem_with(const Options& options);

}  // namespace mlbilling::yandex
