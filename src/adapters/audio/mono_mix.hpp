#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mlbilling::audio {

/// Makes one channel of two, and notices when they cancel each other out: a recorder with one
/// channel inverted is heard by everybody but the mix.
class MonoMix {
  public:
    enum class From { both, left, right };

    explicit MonoMix(From from = From::both) : from_(from) {}

    /// Appends one sample for each pair.
    void mix(std::span<const std::int16_t> pairs, std::vector<std::int16_t>& mono);
    /// The louder channel, if it alone has more in it than both together.
    std::optional<From> loudest() const;

  private:
    From from_;
    // Sums of squares; a day of full scale fits.
    std::int64_t left_ = 0;
    std::int64_t right_ = 0;
    std::int64_t both_ = 0;
};

}  // namespace mlbilling::audio
