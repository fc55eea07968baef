#pragma once

#include <optional>
#include <string>
#include <variant>

#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// A recording with less sound than this, cut off by damage, is of no use to anyone.
constexpr Duration shortest_remainder{100};

/// Decodes Ogg/Opus by libopusfile, from the first byte to the last: chained streams one after the
/// other, also those that no header tells of, so that what is measured is what can be heard
/// (audio.md 2); of two channels that cancel each other out the louder one. Nothing when
/// libopusfile does not take it for Ogg/Opus. Blocks.
std::optional<std::variant<Sound, UnusableAudio>> read_opus(const std::string& bytes,
                                                            Duration longest,
                                                            const work_threads::Stop& stop);

}  // namespace mlbilling::audio
