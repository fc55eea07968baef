#pragma once

#include <string_view>

#include "adapters/openai/options.hpp"

namespace mlbilling::openai {

/// The voice of that id, else the first whose language has the text's letters, else the first.
/// CHECKs that there is one.
const NamedVoice& voice_for(const std::vector<NamedVoice>& voices, std::string_view id,
                            std::string_view text);

/// Languages that Whisper was trained for, two letters each.
const std::vector<std::string>& recognised_languages();

}  // namespace mlbilling::openai
