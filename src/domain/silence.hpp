#pragma once

#include <cstdint>
#include <span>

namespace mlbilling {

/// Whether mono samples are certainly silence: no stretch of 30 ms is louder than -56 dB of full
/// scale, its mean removed. Far below the quietest speech, so that noise passes: the provider
/// judges that.
bool is_silent(std::span<const std::int16_t> samples, int sample_rate);

/// Whether there is hardly anything to hear in mono samples: less than 0.3 s in all is louder than
/// -40 dB of full scale, by the same measure. Speech that is meant to be heard is well above.
bool is_nearly_silent(std::span<const std::int16_t> samples, int sample_rate);

}  // namespace mlbilling
