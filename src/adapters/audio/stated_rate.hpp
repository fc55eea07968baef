#pragma once

#include <optional>
#include <string_view>

namespace mlbilling::audio {

/// The sample rate in Hz that a WAV, AIFF, AU, CAF or FLAC file states in front of its sound, if it
/// is found; `demuxer` says which kind it is (Container).
std::optional<double> stated_rate(std::string_view bytes, std::string_view demuxer);

/// Whether nobody records at such a rate: few bytes would be hours, or a second megabytes.
bool is_absurd_rate(double hertz);

}  // namespace mlbilling::audio
