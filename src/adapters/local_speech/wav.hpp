#pragma once

#include <optional>
#include <string_view>

#include "ports/audio.hpp"

namespace mlbilling::local_speech {

/// Reads a WAV file of mono 16-bit PCM. A data chunk that claims more than there is, as from a
/// program that wrote it before it knew, goes to the end. Nothing when it is no such file.
std::optional<Sound> parse_wav(std::string_view bytes);

}  // namespace mlbilling::local_speech
