#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/speech.hpp"

namespace mlbilling {

/// All voices, the first of two with one id.
std::vector<Voice> union_of(const std::vector<std::vector<Voice>>& providers);

/// The voice with which `voices` speaks for the asked one: itself when it is among them; else one
/// of the same language, another for each of the asked voice's siblings as far as there are enough;
/// nothing when none speaks its language. An id that nobody has is passed on as it is: each
/// provider has a rule of its own for it.
std::optional<std::string> nearest_voice(const std::vector<Voice>& voices,
                                         const std::vector<Voice>& all, const std::string& asked);

}  // namespace mlbilling
