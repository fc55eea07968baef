#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mlbilling::audio {

/// Turns 48 kHz, which is what Opus decodes to, into 16 kHz, which is what recognisers take: a
/// low-pass filter that leaves speech up to 7 kHz alone and what would fold back 70 dB down, then
/// every third sample. Keeps time: sample n of the output is at sample 3n of the input.
class Decimator {
  public:
    Decimator();

    /// Appends what the next samples make to `output`.
    void process(std::span<const std::int16_t> samples, std::vector<std::int16_t>& output);
    /// Appends the rest; nothing may follow.
    void finish(std::vector<std::int16_t>& output);

  private:
    std::vector<float> window_;
    std::vector<float> pending_;
    std::size_t taken_ = 0;
    std::size_t given_ = 0;
};

}  // namespace mlbilling::audio
